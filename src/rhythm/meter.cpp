// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/rhythm.hpp"

namespace fyr {

Tick Meter::beat_ticks() const {
  const bool compound = denominator == 8 && numerator % 3 == 0 && numerator > 3;
  return (compound ? 3 : 1) * 4 * kTicksPerQuarter / denominator;
}

}  // namespace fyr
