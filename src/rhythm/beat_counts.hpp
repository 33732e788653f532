// SPDX-License-Identifier: GPL-3.0-or-later

/// On which beats of 4/4 strokes stand.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "fyr/onset.hpp"
#include "fyr/rhythm.hpp"
#include "rhythm/time_map.hpp"

namespace fyr::rhythm {

/// How near to a beat a stroke on it is, or to the eighth before it: in quarters.
inline constexpr double kNearBeat = 0.125;

/// A number of strokes for each beat of the bar.
using BeatCounts = std::array<int, 4>;

struct StrokesInBars {
  BeatCounts on_beat{};      ///< Within kNearBeat of it.
  BeatCounts before_beat{};  ///< Within kNearBeat of the eighth before it.
  int n_bars = 0;            ///< Bars that have a stroke anywhere.
};

/// Of strokes at these quarters, which go up, in the bars of 4/4; a shorter one is the end of one.
StrokesInBars strokes_in_bars(const std::vector<Bar>& bars, const std::vector<double>& quarters);

/// The beat of the bar that most snare strokes are on.
struct Backbeat {
  std::size_t beat = 0;
  int n = 0;
  int n_others = 0;  ///< Strokes on the other beats.

  /// In most of so many bars, and no more than this share of it elsewhere.
  bool is_clear(int n_bars, double share_of_others) const;
};

/// Of the beats from `first_beat` on.
Backbeat backbeat_of(const BeatCounts& snares, std::size_t first_beat);

/// Where hits lie, in quarters.
std::vector<double> quarters_of(const std::vector<Onset>& onsets, const TimeMap& map);

/// The same of the snare's, ghost notes apart.
std::vector<double> backbeats_of(const std::vector<Onset>& onsets, const TimeMap& map);

}  // namespace fyr::rhythm
