// SPDX-License-Identifier: GPL-3.0-or-later

/// Bar lines where the crashes are.
#pragma once

#include <vector>

#include "fyr/onsets.hpp"
#include "fyr/rhythm.hpp"

namespace fyr::rhythm {

/// Moves the bar lines of music that begins in 4/4, and mostly is, by whole beats if kick and
/// crash, which begin a part on the first beat or push it from the eighth before, clearly say so:
/// at least five times on the same beat, at least five times as often as on the first, and three in
/// five of all that stand on beats or before them. The hits must lie in bars (see cover).
/// docs/rhythm.md tells what it does in Groove.
void follow_crashes(BarPlan& plan, const std::vector<Onset>& onsets);

}  // namespace fyr::rhythm
