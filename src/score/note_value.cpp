// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/score.hpp"

namespace fyr {

Tick NoteValue::ticks() const {
  const Tick plain = 4 * kTicksPerQuarter / denominator;
  return dots == 0 ? plain : plain + plain / 2;
}

}  // namespace fyr
