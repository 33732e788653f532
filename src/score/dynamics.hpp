// SPDX-License-Identifier: GPL-3.0-or-later

/// How loud the page says the music is.
#pragma once

#include <vector>

#include "fyr/score.hpp"
#include "score/form.hpp"

namespace fyr {

/// Writes a dynamic at the first hit, and another where a section, or a part of one, is louder or
/// softer than what was played since the one before. The sections are all of the music's, in order.
void add_dynamics(Score& score, const Rhythm& rhythm, const std::vector<Section>& sections);

}  // namespace fyr
