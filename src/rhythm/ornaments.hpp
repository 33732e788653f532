// SPDX-License-Identifier: GPL-3.0-or-later

/// Strokes of one drum that are too close to be notes of their own.
#pragma once

#include <vector>

#include "fyr/onsets.hpp"
#include "fyr/rhythm.hpp"

namespace fyr::rhythm {

/// Onsets of one drum played as one gesture; almost always a single one.
struct Stroke {
  Onset onset;  ///< The main one, as loud as the loudest: the last, but a much louder one before.
  int n_strokes = 1;
  double first_s = 0;
  double last_s = 0;
  int beside_velocity = 0;  ///< Of the loudest that is not the main one.
};

/// Gathers flams (a second stroke of the drum within 45 ms, or within 65 ms one that stands alone)
/// and drags (a third). In a run of strokes of a skin only what is too close for a run belongs to
/// the next. Ordered by time of the main stroke, then drum.
std::vector<Stroke> gather_strokes(const std::vector<Onset>& onsets);

/// Puts the strokes into their bars. Of strokes of one drum on one tick, one moves to a finer place
/// next to it (`finest_straight` ticks away, outside triplets) if that lies closer and is free;
/// others become one hit, with an ornament unless it is part of a run.
std::vector<QuantisedHit> place_hits(const std::vector<Stroke>& strokes,
                                     const std::vector<Tick>& ticks,
                                     const std::vector<double>& positions,
                                     const std::vector<Bar>& bars, Tick finest_straight);

}  // namespace fyr::rhythm
