// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/bar_lines.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <numeric>

#include "rhythm/beat_counts.hpp"
#include "rhythm/counted_steps.hpp"
#include "rhythm/move_bars.hpp"
#include "rhythm/time_map.hpp"

namespace fyr::rhythm {
namespace {

// By hand, counted in Groove's train and validation split.
constexpr int kFewest = 5;
constexpr int kPerFirst = 5;    ///< So many for each on the first beat.
constexpr double kOfAll = 0.6;  ///< A share.
constexpr int kBackbeat = 3;    ///< So often for each on the first or third beat.

// By hand: from 80 to 114 BPM three of Groove's performances have their one backbeat on the fourth
// beat or the second, but two at 117 and 140 on the third, as two of 80 programmed songs.
constexpr double kSlowestHalfTime_bpm = 116;
constexpr int kFewestBackbeats = 8;
constexpr double kOtherSnares = 0.2;  ///< A backbeat.

constexpr double kTogether_s = 0.03;

constexpr Meter kCommon{4, 4};
constexpr std::size_t kBeats = 4;

/// Whether a hit of a drum is as near as hits of one moment are.
bool is_with(const std::vector<Onset>& onsets, double time_s, Drum drum) {
  const auto first = std::ranges::lower_bound(onsets, time_s - kTogether_s, {}, &Onset::time_s);
  const auto last = std::ranges::upper_bound(onsets, time_s + kTogether_s, {}, &Onset::time_s);
  return std::ranges::find(first, last, drum, &Onset::drum) != last;
}

/// Crashes with the kick. They count from the eighth before a beat if nothing is struck an eighth
/// later.
BeatCounts accented_beats(const BarPlan& plan, const std::vector<Onset>& onsets,
                          const TimeMap& map) {
  std::vector<Onset> crashes;
  std::vector<Onset> strokes;
  for (const Onset& onset : onsets) {
    const bool crash = onset.drum == Drum::Crash;
    if (crash || onset.drum == Drum::Kick || onset.drum == Drum::Snare) strokes.push_back(onset);
    if (crash && is_with(onsets, onset.time_s, Drum::Kick)) crashes.push_back(onset);
  }
  const std::vector<double> accents = quarters_of(crashes, map);
  const std::vector<double> struck = quarters_of(strokes, map);
  std::vector<double> pushes = accents;
  std::erase_if(pushes, [&](double quarter) {
    const auto next = std::ranges::lower_bound(struck, quarter + 0.5 - kNearBeat);
    return next != struck.end() && *next <= quarter + 0.5 + kNearBeat;
  });
  BeatCounts counts = strokes_in_bars(plan.bars, accents).on_beat;
  std::ranges::transform(counts, strokes_in_bars(plan.bars, pushes).before_beat, counts.begin(),
                         std::plus());
  return counts;
}

/// Whether the snare plays the second and the fourth beat, and says so that bars begin on one of
/// the others. (One of the two alone may be the third of a beat in half time.)
bool has_backbeat(const BeatCounts& snares) {
  const int both = std::min(snares[1], snares[3]);
  return both >= kFewest && both > kBackbeat * std::max(snares[0], snares[2]);
}

std::size_t most_of(const BeatCounts& counts) {
  return static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin());
}

int sum(const BeatCounts& counts) { return std::accumulate(counts.begin(), counts.end(), 0); }

/// The beat on which kick and crash say that bars begin; 0 where they say nothing else.
std::size_t first_by_crashes(const BeatCounts& accents, const BeatCounts& snares) {
  const std::size_t most = most_of(accents);
  const bool clear = accents[most] >= kFewest && accents[most] >= kPerFirst * accents[0] &&
                     accents[most] >= kOfAll * sum(accents);
  return !clear || (most % 2 != 0 && has_backbeat(snares)) ? 0 : most;
}

/// The beat on which bars begin whose one backbeat is the third, where it is counted as the second
/// or the fourth and no more crashes are on the first; otherwise 0.
std::size_t first_of_half_time(const BeatCounts& accents, const BeatCounts& snares, int n_bars) {
  const Backbeat backbeat = backbeat_of(snares, 0);
  const std::size_t first = (backbeat.beat + 2) % kBeats;
  const bool clear = backbeat.n >= kFewestBackbeats && backbeat.is_clear(n_bars, kOtherSnares) &&
                     accents[first] >= accents[0];
  return clear && backbeat.beat % 2 != 0 ? first : 0;
}

}  // namespace

void move_bar_lines(BarPlan& plan, const std::vector<Onset>& onsets) {
  if (onsets.empty()) return;
  const auto n_common = std::ranges::count(plan.bars, kCommon, &Bar::meter);
  if (2 * n_common <= std::ssize(plan.bars)) return;
  const double first_s = onsets.front().time_s;
  const double last_s = onsets.back().time_s;
  const TimeMap map(plan.knots);
  const BeatCounts accents = accented_beats(plan, onsets, map);
  const BeatCounts snares = strokes_in_bars(plan.bars, backbeats_of(onsets, map)).on_beat;
  std::size_t first_beat = first_by_crashes(accents, snares);
  if (first_beat == 0 && bpm_of_most(counted_steps(plan.knots, onsets)) >= kSlowestHalfTime_bpm) {
    const int n_played = strokes_in_bars(plan.bars, quarters_of(onsets, map)).n_bars;
    first_beat = first_of_half_time(accents, snares, n_played);
  }
  if (first_beat == 0) return;
  const PlaceInBar first = place_of(plan, first_s);
  if (plan.bars[first.bar].meter != kCommon) return;
  const auto n_beats_left = static_cast<std::size_t>(first.n_beats_left);
  set_pickup(plan, first_s, last_s, static_cast<int>((n_beats_left + first_beat) % kBeats));
  cover(plan, first_s, last_s);
}

}  // namespace fyr::rhythm
