// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/tab.hpp"

#include <algorithm>

namespace fyr::testing {
namespace {

constexpr double kSecondsPerQuarter = 0.5;

QuantisedHit stroke(char letter) {
  QuantisedHit hit;
  hit.velocity = letter == 'X' ? 127 : letter == 'g' ? 28 : 84;
  hit.confidence = letter == '?' ? 0.2 : 0.9;
  hit.ornament = letter == 'f'   ? Ornament::Flam
                 : letter == 'd' ? Ornament::Drag
                 : letter == 'r' ? Ornament::Roll
                                 : Ornament::None;
  hit.choked_after_s = letter == 'c' ? 0.2 : 0;
  hit.n_strokes = hit.ornament == Ornament::None ? 1 : 2;
  return hit;
}

}  // namespace

void add_tab(Rhythm& rhythm, const Meter& meter, const std::vector<TabLine>& lines, Tick length) {
  Bar bar;
  bar.meter = meter;
  bar.length = length == 0 ? meter.bar_ticks() : length;
  bar.start_s = rhythm.bars.empty() ? 0 : rhythm.bars.back().end_s;
  bar.end_s = bar.start_s + kSecondsPerQuarter * bar.length / kTicksPerQuarter;
  const Tick n_beats = (bar.length + meter.beat_ticks() - 1) / meter.beat_ticks();
  bar.grids.assign(static_cast<std::size_t>(n_beats), Grid::Straight);
  rhythm.bars.push_back(bar);
  const auto first_hit = std::ssize(rhythm.hits);
  for (const auto& [drum, places] : lines) {
    const Tick step = bar.length / static_cast<Tick>(places.size());
    if (meter.beat_ticks() == kTicksPerQuarter && step % 80 == 0 && step % 60 != 0) {
      std::ranges::fill(rhythm.bars.back().grids, Grid::Triplet);
    }
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (places[i] == '-') continue;
      QuantisedHit hit = stroke(places[i]);
      hit.bar = static_cast<int>(rhythm.bars.size()) - 1;
      hit.tick = static_cast<Tick>(i) * step;
      hit.drum = drum;
      hit.time_s = bar.start_s + kSecondsPerQuarter * hit.tick / kTicksPerQuarter;
      rhythm.hits.push_back(hit);
    }
  }
  std::stable_sort(rhythm.hits.begin() + first_hit, rhythm.hits.end(),
                   [](const QuantisedHit& one, const QuantisedHit& two) {
                     return std::pair(one.tick, one.drum) < std::pair(two.tick, two.drum);
                   });
}

}  // namespace fyr::testing
