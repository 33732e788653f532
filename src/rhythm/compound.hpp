// SPDX-License-Identifier: GPL-3.0-or-later

/// Whether beats are dotted quarters.
#pragma once

#include <vector>

#include "fyr/onsets.hpp"
#include "fyr/rhythm.hpp"

namespace fyr::rhythm {

/// Whether bars of two beats are 6/8 rather than 2/4: all bars have two beats, and inside the beats
/// more hits lie on thirds than on halves and, counted twice, on quarters. On the first third lie
/// at least a third as many as on the second, else it is a shuffle. Fewer than 8 hits on thirds
/// prove nothing. `beats` in time order. The counts were chosen on Groove's train split.
bool is_compound_duple(const std::vector<Beat>& beats, const std::vector<Onset>& onsets);

}  // namespace fyr::rhythm
