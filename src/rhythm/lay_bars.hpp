// SPDX-License-Identifier: GPL-3.0-or-later

/// From tracked steps to whole bars without a gap.
#pragma once

#include <vector>

#include "fyr/rhythm.hpp"
#include "rhythm/time_map.hpp"
#include "rhythm/track_bars.hpp"

namespace fyr::rhythm {

/// How much of the beat that it begins in lies before a pickup, whose beats are counted from the
/// bar line; 0 for whole bars. `beat` is their length.
inline Tick before_pickup(const Bar& bar, Tick beat) { return (beat - bar.length % beat) % beat; }

/// A first bar may begin this much before the recording does, and what sounds this early in it is
/// of the beat that follows.
inline constexpr double kBeforeRecording_s = 0.05;

/// A whole bar.
Bar whole(const Meter& meter);

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

}  // namespace fyr::rhythm
