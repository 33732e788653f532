// SPDX-License-Identifier: GPL-3.0-or-later

/// Which moments of a recording sound alike, and what is played there: fyr/context.hpp has the
/// definitions and sources.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "fyr/drum.hpp"
#include "fyr/onset.hpp"
#include "fyr/timbre.hpp"

namespace fyr::rhythm {

inline constexpr float kShown = 0.1F;  ///< Peaks this sure show that something is played.
inline constexpr double kTogether_s = 0.03;

/// Peaks that come together: less than kTogether_s after the first.
struct Moment {
  double first_s = 0;    ///< Of its first peak.
  double time_s = 0;     ///< Of its highest peak.
  float confidence = 0;  ///< Of its highest peak.
  PerDrum<float> confidences{};
};

/// In time order.
std::vector<Moment> moments_of(const Peaks& peaks);

/// For each moment the mean of each drum's highest peak at those that sound most like it; nothing
/// where they are too few. Only timbre from value number `first_value` on is compared. Requires:
/// timbre is known.
std::vector<std::optional<PerDrum<double>>> alike_moments(const std::vector<Moment>& moments,
                                                          const Timbre& timbre,
                                                          std::size_t first_value);

}  // namespace fyr::rhythm
