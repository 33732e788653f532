// SPDX-License-Identifier: GPL-3.0-or-later

/// Music that was counted half a beat off for a while.
#pragma once

#include <optional>
#include <vector>

#include "fyr/onsets.hpp"
#include "fyr/rhythm.hpp"

namespace fyr::rhythm {

/// Where nearly all of a recording is counted at exactly one tempo, but between two stretches of it
/// the beats lie half a beat apart: how many quarters a minute. A sequencer or a click made such
/// music, and what slid was the counting, to where strokes between the beats look like beats.
std::optional<double> tempo_of_slips(const BarPlan& plan, const std::vector<Onset>& onsets);

}  // namespace fyr::rhythm
