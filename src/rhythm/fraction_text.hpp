// SPDX-License-Identifier: GPL-3.0-or-later

/// Meters and lengths as fractions.
#pragma once

#include <numeric>
#include <string>

#include "fyr/rhythm.hpp"

namespace fyr {

/// "6/8".
inline std::string fraction_text(const Meter& meter) {
  return std::to_string(meter.numerator) + "/" + std::to_string(meter.denominator);
}

/// A length, > 0, as a fraction of a whole note in lowest terms: 7/8 for seven eighths.
inline Meter as_fraction(Tick ticks) {
  constexpr Tick kWhole = 4 * kTicksPerQuarter;
  const Tick divisor = std::gcd(ticks, kWhole);
  return {ticks / divisor, kWhole / divisor};
}

}  // namespace fyr
