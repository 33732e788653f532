// SPDX-License-Identifier: GPL-3.0-or-later

/// Strokes on their places in the bars.
#pragma once

#include <vector>

#include "fyr/rhythm.hpp"
#include "rhythm/ornaments.hpp"

namespace fyr::rhythm {

/// Puts the strokes into their bars. Of strokes of one drum on one tick, one moves to a finer place
/// next to it (`finest_straight` ticks away, outside triplets) if that lies closer and is free;
/// others become one hit, with an ornament unless it is part of a run.
std::vector<QuantisedHit> place_hits(const std::vector<Stroke>& strokes,
                                     const std::vector<Tick>& ticks,
                                     const std::vector<double>& positions,
                                     const std::vector<Bar>& bars, Tick finest_straight);

}  // namespace fyr::rhythm
