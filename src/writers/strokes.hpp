// SPDX-License-Identifier: GPL-3.0-or-later

/// What several score formats ask about a chord and what is around it.
#pragma once

#include <vector>

#include "fyr/score.hpp"

namespace fyr {

/// A stroke before the chord: a flam's, or one of the two of a drag.
struct GraceStroke {
  Ornament ornament = Ornament::Flam;
  std::vector<Note> notes;  ///< By height, at half the velocity: a grace stroke is played softer.
};

/// In the order they are played: the flam's, then the two of the drag.
std::vector<GraceStroke> grace_strokes(const Chord& chord);

/// Through the stem: so many that with the beams or flags it comes to 32nds, but at least one; 0
/// where there is no roll.
int n_slashes(const Chord& chord);

/// Whether the measure's dynamic stands at that chord.
bool is_dynamic_at(const Measure& measure, std::size_t voice, std::size_t chord);

bool has(const Chord& chord, Ornament ornament);

bool is_choked(const Chord& chord);

/// What SMuFL calls the sign of a choke: a comma, Weinberg's.
inline constexpr const char* kChokeGlyph = "pictChokeCymbal";

/// From the bottom of the staff to the top.
std::vector<Note> by_height(std::vector<Note> notes);

}  // namespace fyr
