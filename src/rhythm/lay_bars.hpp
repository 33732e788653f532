// SPDX-License-Identifier: GPL-3.0-or-later

/// From tracked steps to whole bars without a gap.
#pragma once

#include <cstddef>
#include <vector>

#include "fyr/rhythm.hpp"
#include "rhythm/time_map.hpp"
#include "rhythm/track_bars.hpp"

namespace fyr::rhythm {

/// How much of the beat that it begins in lies before a pickup, whose beats are counted from the
/// bar line; 0 for whole bars. `beat` is their length.
inline Tick before_pickup(const Bar& bar, Tick beat) { return (beat - bar.length % beat) % beat; }

/// Sum of the bars' lengths.
Tick end_tick(const BarPlan& plan);

/// Lays the bars. The first one is a pickup if the music starts in its second half, or if a whole
/// bar would begin before the recording. The last one is completed. Where music stops and restarts
/// lie as many whole bars as fit best. `pulses` must not be empty.
BarPlan lay_bars(const std::vector<Pulse>& pulses, const std::vector<MeterChoice>& meters);

/// The same for beats that the user gives: at least two, numbered from 1 in every bar. `meter`
/// names the bars that have its number of beats, or of the notes that its denominator counts; other
/// bars count quarters. Throws UsageError if it names none.
BarPlan lay_given_beats(const std::vector<Beat>& beats, const Meter* meter);

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
