// SPDX-License-Identifier: GPL-3.0-or-later

/// Repeat signs: bars that read like the one before.
#pragma once

#include "fyr/score.hpp"

namespace fyr {

/// Sets Measure::repeats where a full bar has the notes, ornaments, accents and ghosts of the bar
/// before and nothing of its own to say: no letter, dynamic, meter, doubt or change of speed inside
/// it. Velocities may differ. A line starts with a bar that is written out, or the eye would have
/// to go back for it. Lines must be broken already.
void mark_repeats(Score& score);

}  // namespace fyr
