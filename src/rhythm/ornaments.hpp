// SPDX-License-Identifier: GPL-3.0-or-later

/// Strokes of one drum that are too close to be notes of their own.
#pragma once

#include <vector>

#include "fyr/onset.hpp"
#include "fyr/rhythm.hpp"

namespace fyr::rhythm {

/// Onsets of one drum played as one gesture; almost always a single one.
struct Stroke {
  Onset onset;  ///< The main one, as loud as the loudest: the last, but a much louder one before.
  int n_strokes = 1;
  double first_s = 0;
  double last_s = 0;
  int beside_velocity = 0;  ///< Of the loudest that is not the main one.
  double least_confidence = 1;
};

/// Gathers flams (a second stroke of the drum within 45 ms, or within 65 ms one that stands alone)
/// and drags (a third). In a run of strokes of a skin only what is too close for a run belongs to
/// the next. Ordered by time of the main stroke, then drum.
std::vector<Stroke> gather_strokes(const std::vector<Onset>& onsets);

/// Makes one gesture of two of a drum.
void join(Stroke& into, const Stroke& other);

/// What the gesture is written as beside the other strokes of the music, in time order: nothing if
/// it is part of a run, or two strokes of which one is doubtful.
Ornament ornament_of(const Stroke& stroke, const std::vector<Stroke>& strokes);

}  // namespace fyr::rhythm
