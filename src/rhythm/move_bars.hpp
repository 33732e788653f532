// SPDX-License-Identifier: GPL-3.0-or-later

/// Bars that are laid, and where their lines shall be.
#pragma once

#include <cstddef>

#include "rhythm/lay_bars.hpp"

namespace fyr::rhythm {

/// Adds whole bars before and after until all of `first_s` to `last_s` lies in a bar.
void cover(BarPlan& plan, double first_s, double last_s);

/// Cuts off what is silent before the first written stroke, at `first_tick`: a pickup begins with
/// that stroke's beat, and what would begin before the recording with the stroke itself, or its
/// first notes would be played late. A stroke inside a 32nd keeps its beat: no bar can begin there.
/// The bars must have their grids. Returns how much was cut off.
Tick drop_silent_opening(BarPlan& plan, Tick first_tick);

/// Where a hit lies in its bar: a little before a bar line in the bar after it.
struct PlaceInBar {
  std::size_t bar = 0;
  int n_beats_left = 0;  ///< Of the bar, from the one that the hit lies in.
};

/// Of a hit that lies in a bar.
PlaceInBar place_of(const BarPlan& plan, double time_s);

/// Moves the bar lines so that `n_beats` beats stand before the first whole bar, the first of them
/// the one that a hit at `first_s` lies in; with none, that beat opens a whole bar. Beats stay
/// where they are, bars keep their meters; none begins after `last_s`, and those up to it may be
/// missing (see cover). `first_s` must lie in a bar. Throws UsageError if its meter has no more
/// than `n_beats` beats.
void set_pickup(BarPlan& plan, double first_s, double last_s, int n_beats);

}  // namespace fyr::rhythm
