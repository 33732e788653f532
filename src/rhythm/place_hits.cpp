// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/place_hits.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <utility>

#include "rhythm/lay_bars.hpp"

namespace fyr::rhythm {
namespace {

constexpr Tick kFinestTriplet = 80;

/// Where a tick lies.
struct Spot {
  int bar = 0;
  Tick start = 0;
};

/// `spot` is that of an earlier tick: who asks in order walks along the bars once.
Spot spot_of(Tick tick, const std::vector<Bar>& bars, Spot spot) {
  while (spot.bar + 1 < static_cast<int>(bars.size()) &&
         tick >= spot.start + bars[static_cast<std::size_t>(spot.bar)].length) {
    spot.start += bars[static_cast<std::size_t>(spot.bar)].length;
    ++spot.bar;
  }
  return spot;
}

using Key = std::pair<Tick, Drum>;

/// The finer place next to `tick` on the side of `position`, if that is plausible.
Tick finer(Tick tick, Spot spot, double position, const std::vector<Bar>& bars,
           Tick finest_straight) {
  const bool early = position < tick;
  // Just before a beat, the beat before decides, and before a bar line the bar.
  if (early && tick == spot.start) {
    if (spot.bar == 0) return tick;
    spot.start -= bars[static_cast<std::size_t>(--spot.bar)].length;
  }
  const Bar& bar = bars[static_cast<std::size_t>(spot.bar)];
  const Tick beat = bar.meter.grid_ticks();
  const Tick inside = tick - spot.start + before_pickup(bar, beat) - (early ? 1 : 0);
  const auto index = static_cast<std::size_t>(inside / beat);
  if (inside < 0 || index >= bar.grids.size()) return tick;
  const Tick step = bar.grids[index] == Grid::Triplet ? kFinestTriplet : finest_straight;
  const Tick moved = tick + (early ? -step : step);
  const bool inside_bar = moved >= spot.start && moved < spot.start + bar.length;
  return inside_bar && std::abs(position - moved) < 0.75 * step ? moved : tick;
}

}  // namespace

std::vector<QuantisedHit> place_hits(const std::vector<Stroke>& strokes,
                                     const std::vector<Tick>& ticks,
                                     const std::vector<double>& positions,
                                     const std::vector<Bar>& bars, Tick finest_straight) {
  std::map<Key, std::vector<std::size_t>> places;
  for (std::size_t i = 0; i < strokes.size(); ++i) {
    places[{ticks[i], strokes[i].onset.drum}].push_back(i);
  }
  std::map<Key, Stroke> placed;
  std::vector<std::pair<Key, std::size_t>> crowded;
  for (const auto& [key, members] : places) {
    const Tick tick = key.first;
    const auto nearest = std::min_element(members.begin(), members.end(), [&](auto a, auto b) {
      return std::abs(positions[a] - tick) < std::abs(positions[b] - tick);
    });
    placed.emplace(key, strokes[*nearest]);
    for (const std::size_t i : members) {
      if (i != *nearest) crowded.emplace_back(key, i);
    }
  }
  Spot spot;
  for (const auto& [key, i] : crowded) {
    spot = spot_of(key.first, bars, spot);
    const Tick moved = finer(key.first, spot, positions[i], bars, finest_straight);
    const auto [place, is_free] = placed.try_emplace({moved, key.second}, strokes[i]);
    if (!is_free) join(placed.at(key), strokes[i]);
  }
  std::vector<QuantisedHit> hits;
  spot = {};
  for (const auto& [key, stroke] : placed) {
    spot = spot_of(key.first, bars, spot);
    const Onset& onset = stroke.onset;
    hits.push_back({spot.bar, key.first - spot.start, onset.drum, onset.velocity, onset.time_s,
                    onset.confidence, ornament_of(stroke, strokes), stroke.n_strokes,
                    onset.choked_after_s});
  }
  return hits;
}

}  // namespace fyr::rhythm
