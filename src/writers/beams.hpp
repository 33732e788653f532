// SPDX-License-Identifier: GPL-3.0-or-later

/// Beams, for formats whose readers draw none by themselves.
#pragma once

#include <vector>

#include "fyr/score.hpp"

namespace fyr {

/// What one beam does at a chord.
enum class Beam { Begin, Continue, End, ForwardHook, BackwardHook };

/// For every chord of the voice its beams, the one of eighths first; none for rests and chords that
/// stand alone. Beams join what a beat holds and end at rests.
std::vector<std::vector<Beam>> beams_of(const Measure& measure, const Voice& voice);

}  // namespace fyr
