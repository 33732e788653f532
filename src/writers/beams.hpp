// SPDX-License-Identifier: GPL-3.0-or-later

/// Beams, for formats whose readers draw none by themselves, or others than MuseScore.
#pragma once

#include <vector>

#include "fyr/score.hpp"

namespace fyr {

/// Flags that the chord would have alone: 1 for an eighth, 0 for a rest.
int n_flags(const Chord& chord);

/// What one beam does at a chord.
enum class Beam { Begin, Continue, End, ForwardHook, BackwardHook };

/// For every chord of the voice its beams, the one of eighths first; none for rests and chords that
/// stand alone. As MuseScore draws them: beams join what a beat holds, in 4/4 and x/2 the eighths
/// of a half note if it holds nothing shorter and no tuplet, and end at rests.
std::vector<std::vector<Beam>> beams_of(const Measure& measure, const Voice& voice);

}  // namespace fyr
