// SPDX-License-Identifier: GPL-3.0-or-later

/// Whether beats are dotted quarters.
#pragma once

#include <vector>

#include "fyr/onset.hpp"
#include "fyr/rhythm.hpp"

namespace fyr::rhythm {

/// Whether bars of two beats are 6/8 rather than 2/4: all bars have two beats, and inside the beats
/// more hits lie on thirds than on halves and, counted twice, on quarters. On the first third lie
/// at least a third as many as on the second, else it is a shuffle. Fewer than 8 hits on thirds
/// prove nothing. `beats` in time order. The counts were chosen on Groove's train split.
bool is_compound_duple(const std::vector<Beat>& beats, const std::vector<Onset>& onsets);

/// Names tracked bars of four beats, for to the tracker a beat in triplets and a dotted quarter are
/// alike: 12/8 where hits fill the thirds of most beats and there are less than 85 beats a minute,
/// else 4/4, which has triplets and swing. Bar lines stay where they are. `onsets` in time order.
void name_four_beats(BarPlan& plan, const std::vector<Onset>& onsets);

/// Names bars of 3/4 so or, of the same length, 6/8: where the snare answers in the middle of
/// nearly every bar and seldom on 2 or 3. Bar lines stay where they are. `onsets` in time order.
void name_three_quarters(BarPlan& plan, const std::vector<Onset>& onsets);

}  // namespace fyr::rhythm
