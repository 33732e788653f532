// SPDX-License-Identifier: GPL-3.0-or-later

/// Bar lines where crashes and backbeat say that bars begin.
#pragma once

#include <vector>

#include "fyr/onset.hpp"
#include "fyr/rhythm.hpp"

namespace fyr::rhythm {

/// Moves the bar lines of music that begins in 4/4, and mostly is, by whole beats:
///
/// - if kick and crash, which begin a part on the first beat or push it from the eighth before,
///   clearly say so: at least five times on the same beat, at least five times as often as on the
///   first, and three in five of all that stand on beats or before them. Not by one beat or three
///   if the snare, ghost notes apart, plays second and fourth beat.
/// - otherwise, from 116 BPM on, if there is one backbeat a bar, on the second beat or the fourth:
///   in half time it is the third. Not if more crashes are on the first beat than would be then.
///
/// The hits must lie in bars (see cover). docs/rhythm_history.md tells what it does in Groove.
void move_bar_lines(BarPlan& plan, const std::vector<Onset>& onsets);

}  // namespace fyr::rhythm
