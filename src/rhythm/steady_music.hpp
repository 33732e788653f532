// SPDX-License-Identifier: GPL-3.0-or-later

/// Music that a sequencer plays, or a band with a click: at exactly one tempo.
#pragma once

#include <optional>
#include <vector>

#include "fyr/onset.hpp"
#include "fyr/rhythm.hpp"

namespace fyr::rhythm {

/// Which tempo that is, in quarters a minute, where the plan counts
///
/// - nearly all hits at exactly one, and does not slow down in the end: the rest, most often a
///   sparse intro or break, will be at it too;
/// - or most of the music, but two stretches of it lie half a beat apart: the counting slid to
///   where strokes between the beats look like beats.
///
/// None where the beat is not a quarter.
std::optional<double> tempo_of_steady(const BarPlan& plan, const std::vector<Onset>& onsets);

}  // namespace fyr::rhythm
