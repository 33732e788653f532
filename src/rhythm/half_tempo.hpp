// SPDX-License-Identifier: GPL-3.0-or-later

/// Music that was counted at half its tempo: fast swing, fast waltzes.
#pragma once

#include <optional>
#include <vector>

#include "fyr/onsets.hpp"
#include "fyr/rhythm.hpp"

namespace fyr::rhythm {

/// Where there should be twice as many quarters, how many a minute the plan counts now:
///
/// - In swing the foot closes the hi-hat on 2 and 4, and the offbeat eighths are late. Where the
///   pedal stands on nearly every "and" and the offbeat sixteenths are late, those are the beats.
///   In 3/4 and 5/4 it stands there in every other bar.
/// - Two bars of 3/4 in quarters are one in eighths, whose halves are alike; so in 5/4.
///
/// None where the beat is not a quarter, or faster than 150 a minute.
std::optional<double> half_tempo(const BarPlan& plan, const std::vector<Onset>& onsets);

}  // namespace fyr::rhythm
