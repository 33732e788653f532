// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/playable.hpp"

#include <algorithm>
#include <cmath>

namespace fyr {
namespace {

constexpr double kFallbackTempo_bpm = 120;

/// From this share of a bar on, silence is written as a bar of rest.
constexpr double kWorthABar = 0.75;

Tick round_up(Tick ticks, Tick step) { return (ticks + step - 1) / step * step; }

void repair_durations(Rhythm& rhythm) {
  if (!(rhythm.tempo_bpm > 0)) rhythm.tempo_bpm = kFallbackTempo_bpm;
  for (std::size_t i = 0; i < rhythm.bars.size(); ++i) {
    Bar& bar = rhythm.bars[i];
    const Tick full = bar.meter.bar_ticks();
    if (bar.length <= 0 || bar.length > full) bar.length = full;
    if (i + 1 < rhythm.bars.size()) bar.end_s = rhythm.bars[i + 1].start_s;
    if (bar.end_s > bar.start_s) continue;
    const double n_beats = static_cast<double>(bar.length) / bar.meter.beat_ticks();
    bar.end_s = bar.start_s + n_beats * 60.0 / rhythm.tempo_bpm;
  }
}

void repair_places(Rhythm& rhythm) {
  const int last = static_cast<int>(rhythm.bars.size()) - 1;
  for (QuantisedHit& hit : rhythm.hits) hit.bar = std::clamp(hit.bar, 0, last);
}

double seconds_per_tick(const Bar& bar) { return (bar.end_s - bar.start_s) / bar.length; }

/// Lets the first bar begin earlier.
void grow_pickup(Rhythm& rhythm, Tick length) {
  Bar& bar = rhythm.bars.front();
  const Tick growth = length - bar.length;
  const Tick grid = bar.meter.grid_ticks();
  const auto n_grids = static_cast<std::size_t>(round_up(length, grid) / grid);
  if (n_grids > bar.grids.size()) {
    bar.grids.insert(bar.grids.begin(), n_grids - bar.grids.size(), Grid::Straight);
  }
  bar.start_s -= growth * seconds_per_tick(bar);
  bar.length = length;
  for (QuantisedHit& hit : rhythm.hits) {
    if (hit.bar == 0) hit.tick += growth;
  }
}

}  // namespace

int lead_in_bars(const Meter& meter, double quarters_per_s, double silence_s) {
  const double bar_s = meter.bar_ticks() / (kTicksPerQuarter * quarters_per_s);
  const double n_bars = silence_s / bar_s;
  return n_bars < kWorthABar ? 0 : static_cast<int>(std::lround(n_bars));
}

Rhythm playable(Rhythm rhythm) {
  if (rhythm.bars.empty()) rhythm.bars.emplace_back();
  repair_durations(rhythm);
  repair_places(rhythm);
  Bar& first = rhythm.bars.front();
  const Tick full = first.meter.bar_ticks();
  if (first.length % kThirtySecond != 0) {
    grow_pickup(rhythm, std::min(full, round_up(first.length, first.meter.beat_ticks())));
  }
  const double quarters_per_s = 1 / (seconds_per_tick(first) * kTicksPerQuarter);
  const double before_bar_s = first.start_s - (full - first.length) * seconds_per_tick(first);
  if (lead_in_bars(first.meter, quarters_per_s, before_bar_s) > 0) grow_pickup(rhythm, full);
  for (Bar& bar : rhythm.bars) {
    bar.length = std::min(bar.meter.bar_ticks(), round_up(bar.length, kThirtySecond));
  }
  return rhythm;
}

}  // namespace fyr
