// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/beat_counts.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "rhythm/bar_patterns.hpp"

namespace fyr::rhythm {
namespace {

constexpr double kBackbeatsABar = 0.6;  ///< By hand: at least, where a beat is the backbeat.

}  // namespace

bool Backbeat::is_clear(int n_bars, double share_of_others) const {
  return n >= kBackbeatsABar * n_bars && n_others <= share_of_others * n;
}

Backbeat backbeat_of(const BeatCounts& snares, std::size_t first_beat) {
  const auto most =
      std::max_element(snares.begin() + static_cast<std::ptrdiff_t>(first_beat), snares.end());
  return {static_cast<std::size_t>(most - snares.begin()), *most,
          std::accumulate(snares.begin(), snares.end(), -*most)};
}

StrokesInBars strokes_in_bars(const std::vector<Bar>& bars, const std::vector<double>& quarters) {
  StrokesInBars counts;
  Tick bar_line = 0;
  auto next = quarters.begin();
  for (const Bar& bar : bars) {
    bar_line += bar.length;
    const double end = static_cast<double>(bar_line) / kTicksPerQuarter;
    const auto first = next;
    while (next != quarters.end() && *next < end - kNearBeat) ++next;
    if (bar.meter != Meter{4, 4} || next == first) continue;
    ++counts.n_bars;
    for (auto stroke = first; stroke != next; ++stroke) {
      const double place = *stroke - (end - 4);
      const auto eighth = std::lround(2 * place);
      if (eighth < 0 || std::abs(place - 0.5 * static_cast<double>(eighth)) > kNearBeat) continue;
      BeatCounts& beats = eighth % 2 == 0 ? counts.on_beat : counts.before_beat;
      ++beats[static_cast<std::size_t>((eighth + 1) / 2) % beats.size()];
    }
  }
  return counts;
}

std::vector<double> quarters_of(const std::vector<Onset>& onsets, const TimeMap& map) {
  std::vector<double> quarters;
  quarters.reserve(onsets.size());
  for (const Onset& onset : onsets) {
    quarters.push_back(map.tick_at(onset.time_s) / kTicksPerQuarter);
  }
  return quarters;
}

std::vector<double> backbeats_of(const std::vector<Onset>& onsets, const TimeMap& map) {
  std::vector<Onset> backbeats;
  const std::vector<Part> parts = parts_of(onsets);
  for (std::size_t i = 0; i < onsets.size(); ++i) {
    if (onsets[i].drum == Drum::Snare && parts[i] == Part::Snare) backbeats.push_back(onsets[i]);
  }
  return quarters_of(backbeats, map);
}

}  // namespace fyr::rhythm
