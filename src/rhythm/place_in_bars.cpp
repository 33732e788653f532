// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>
#include <vector>

#include "fyr/rhythm.hpp"
#include "median.hpp"
#include "rhythm/bar_lines.hpp"
#include "rhythm/foot_lead.hpp"
#include "rhythm/lay_bars.hpp"
#include "rhythm/move_bars.hpp"
#include "rhythm/ornaments.hpp"
#include "rhythm/place_hits.hpp"
#include "rhythm/quantise.hpp"
#include "rhythm/swing.hpp"
#include "rhythm/time_map.hpp"

namespace fyr {
namespace {

using namespace rhythm;

/// Fills in when the bars begin and end; returns the beats.
std::vector<Beat> number_beats(std::vector<Bar>& bars, const TimeMap& map) {
  std::vector<Beat> beats;
  Tick tick = 0;
  for (Bar& bar : bars) {
    bar.start_s = map.time_at(tick);
    const Tick beat = bar.meter.beat_ticks();
    int number = bar.meter.n_beats() - bar.length / beat + 1;
    for (Tick inside = bar.length % beat; inside < bar.length; inside += beat, ++number) {
      beats.push_back({map.time_at(tick + inside), number});
    }
    tick += bar.length;
    bar.end_s = map.time_at(tick);
  }
  return beats;
}

/// Of one kind of beats: the median of quarters and eighths would be a tempo of neither.
double median_tempo_bpm(const Rhythm& rhythm) {
  const std::vector<Bar> bars = played_bars(rhythm);
  const Tick counted = counted_meter(bars).beat_ticks();
  std::vector<double> lengths_s;
  auto beat = rhythm.beats.begin();
  for (const Bar& bar : bars) {
    beat = std::ranges::lower_bound(beat, rhythm.beats.end(), bar.start_s, {}, &Beat::time_s);
    while (beat != rhythm.beats.end() && beat->time_s < bar.end_s) {
      const double time_s = beat->time_s;
      const double next_s = ++beat != rhythm.beats.end() ? beat->time_s : bar.end_s;
      if (bar.meter.beat_ticks() == counted) lengths_s.push_back(next_s - time_s);
    }
  }
  // All that there is may be a pickup of less than a beat.
  const Bar& first = bars.front();
  if (lengths_s.empty()) return 60 * first.length / (counted * (first.end_s - first.start_s));
  return 60 / median(std::move(lengths_s));
}

/// The score ends with the last hit's bar; after a pickup one whole bar stays. The beats go on.
void drop_silent_end(Rhythm& rhythm) {
  if (rhythm.hits.empty()) return;
  const Bar& first = rhythm.bars.front();
  const bool pickup = first.length < first.meter.bar_ticks();
  const std::size_t n_played = static_cast<std::size_t>(rhythm.hits.back().bar) + 1;
  const std::size_t n_kept = std::max<std::size_t>(n_played, pickup ? 2 : 1);
  if (n_kept < rhythm.bars.size()) rhythm.bars.resize(n_kept);
}

}  // namespace

BeatGrid beat_grid(const BarPlan& plan) {
  BeatGrid grid;
  std::vector<int> lengths;  // Of the bars, in beats.
  int last_number = 0;
  std::vector<Bar> bars = plan.bars;
  for (const Beat& beat : number_beats(bars, TimeMap(plan.knots))) {
    grid.times_s.push_back(beat.time_s);
    if (beat.number == 1 && last_number > 0) lengths.push_back(last_number);
    last_number = beat.number;
  }
  if (lengths.empty()) return grid;
  grid.beats_per_bar = median(std::move(lengths));
  return grid;
}

Rhythm place_in_bars(BarPlan plan, const std::vector<Onset>& onsets, const RhythmOptions& options) {
  const std::vector<Stroke> strokes = gather_strokes(onsets);
  if (!onsets.empty()) {
    const double first_s = onsets.front().time_s;
    const double last_s = onsets.back().time_s;
    cover(plan, first_s, last_s);
    if (options.pickup_beats) {
      // A flam counts where it is written, at its main stroke.
      const double written_s = strokes.front().onset.time_s;
      set_pickup(plan, written_s, last_s, *options.pickup_beats);
      cover(plan, written_s, last_s);
    } else if (options.beats.empty()) {
      move_bar_lines(plan, onsets);
    }
  }
  TimeMap map(plan.knots);
  std::vector<double> positions;
  positions.reserve(strokes.size());
  for (const Stroke& stroke : strokes) {
    positions.push_back(map.tick_at(meant_s(stroke.onset)));
  }

  Rhythm rhythm;
  const bool in_quarters = counted_meter(plan.bars).grid_ticks() == kTicksPerQuarter;
  rhythm.swing = !options.swing ? find_swing(positions, plan.bars)
                 : in_quarters  ? Swing{*options.swing}
                                : Swing{};
  std::vector<Tick> ticks = quantise(strokes, positions, plan, rhythm.swing);
  if (!ticks.empty() && std::ranges::max(ticks) == end_tick(plan)) {
    // A hit before the last bar line is written on it.
    cover(plan, map.time_at(0), map.time_at(end_tick(plan)));
    ticks = quantise(strokes, positions, plan, rhythm.swing);
  }
  if (!ticks.empty() && !options.pickup_beats) {
    // Beats that were given may begin several bars before the recording.
    while (const Tick silent = drop_silent_opening(plan, std::ranges::min(ticks))) {
      for (Tick& tick : ticks) tick -= silent;
      for (double& position : positions) position -= silent;
    }
    map = TimeMap(plan.knots);
  }
  rhythm.bars = plan.bars;
  const Tick finest = rhythm.swing.of_eighths() ? kFinestSwung : kThirtySecond;
  rhythm.hits = place_hits(strokes, ticks, positions, rhythm.bars, finest);
  rhythm.beats = number_beats(rhythm.bars, map);
  rhythm.tempo_bpm = median_tempo_bpm(rhythm);
  drop_silent_end(rhythm);
  return rhythm;
}

}  // namespace fyr
