// SPDX-License-Identifier: GPL-3.0-or-later

/// Music that was counted at half its tempo or twice it.
#pragma once

#include <optional>
#include <vector>

#include "fyr/onset.hpp"
#include "fyr/rhythm.hpp"

namespace fyr::rhythm {

/// Where there should be twice as many quarters, how many a minute the plan counts now:
///
/// - In swing the foot closes the hi-hat on 2 and 4, and the offbeat eighths are late. Where nearly
///   all pedals stand on "and"s, one for seven quarters at least, and the offbeat sixteenths are
///   late, those are the beats. In 3/4 and 5/4 pedals stand there in every other bar.
/// - At 110 and less, where the strong strokes of the snare stand on the "and"s and next to none on
///   the beats, they are the backbeats of 2 and 4.
/// - Two bars of 3/4 in quarters are one in eighths, whose halves are alike; so in 5/4.
///
/// None where the beat is not a quarter, or faster than 150 a minute.
std::optional<double> half_tempo(const BarPlan& plan, const std::vector<Onset>& onsets);

/// Where there should be half as many quarters of 4/4, how many a minute the plan counts now:
///
/// - Where the snare answers once a bar, always on the same beat, and nothing is finer than an
///   eighth, a bar is half of one with the backbeat on 2 or 4, in sixteenths. Under 112 quarters a
///   minute next to nothing may be finer than a quarter. None where that would be slower than 44
///   or faster than 90 a minute.
/// - Where two bars repeat, but one does not. None where that would be slower than 65 or faster
///   than 110 a minute.
std::optional<double> double_tempo(const BarPlan& plan, const std::vector<Onset>& onsets);

/// Where most of a recording is counted at one tempo and the rest at twice or half of it, for four
/// seconds or more: how many steps a minute (tempo_step, bar_patterns.hpp) most of it has. A band
/// that plays half-time goes on counting.
std::optional<double> tempo_of_most(const BarPlan& plan, const std::vector<Onset>& onsets);

}  // namespace fyr::rhythm
