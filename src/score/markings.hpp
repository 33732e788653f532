// SPDX-License-Identifier: GPL-3.0-or-later

/// Markings: rehearsal letters and dynamics, few enough to be read while playing.
#pragma once

#include "fyr/score.hpp"

namespace fyr {

/// Writes a letter where a section begins and a dynamic at the first hit and wherever a section
/// is played on another level. `rhythm` has one bar a measure.
void add_markings(Score& score, const Rhythm& rhythm);

}  // namespace fyr
