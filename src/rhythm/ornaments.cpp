// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/ornaments.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>

#include "rhythm/lay_bars.hpp"

namespace fyr::rhythm {
namespace {

// By hand; docs/rhythm.md, "Ornaments".
constexpr double kFlam_s = 0.045;      ///< Longest distance of a grace note from the next stroke.
constexpr double kWideFlam_s = 0.065;  ///< Where nothing else is near.
constexpr double kAlone_s = 0.100;     ///< No other stroke of the drum so near a wide flam.
constexpr double kDrag_s = 0.080;      ///< Longest drag, first to last stroke.
constexpr int kMostGathered = 3;
constexpr double kRebound = 1.3;  ///< A stroke so much louder than the next one is the main one.

/// A grace note leads to a stroke out of nothing. After another stroke of the drum so shortly, or
/// before one, it is a stroke of a run itself, if it is about as loud as the main one.
constexpr double kRunBefore_s = 0.130;  ///< Sixteenths at 115.
constexpr double kRunAfter_s = 0.070;
constexpr double kTouching_s = 0.035;  ///< Nearer strokes are no run: thirty-seconds at 214.

constexpr Tick kFinestTriplet = 80;

/// Two hands that strike one skin play grace notes.
bool has_grace_notes(Drum drum) {
  constexpr std::array kSkins{Drum::Snare, Drum::HighTom, Drum::MidTom, Drum::FloorTom};
  return std::ranges::find(kSkins, drum) != kSkins.end();
}

bool about_as_loud(int one, int other) {
  return std::max(one, other) < kRebound * std::min(one, other);
}

/// What follows a main stroke within a drag's time is a rebound, which nobody writes.
Ornament ornament_of(const Stroke& stroke, bool in_run) {
  const bool lone_foot = stroke.n_strokes == 2 && !takes_a_hand(stroke.onset.drum);
  if (stroke.n_strokes == 1 || lone_foot) return Ornament::None;
  if (stroke.n_strokes > kMostGathered || stroke.last_s - stroke.first_s > kDrag_s)
    return Ornament::Roll;
  if (!has_grace_notes(stroke.onset.drum) || stroke.onset.time_s < stroke.last_s)
    return Ornament::None;
  const bool wide = stroke.last_s - stroke.first_s > (stroke.n_strokes - 1) * kFlam_s;
  if (in_run && (wide || about_as_loud(stroke.beside_velocity, stroke.onset.velocity)))
    return Ornament::None;
  return stroke.n_strokes == 2 ? Ornament::Flam : Ornament::Drag;
}

void join(Stroke& into, const Stroke& other) {
  const bool comes_after = other.onset.time_s >= into.onset.time_s;
  const Onset& first = comes_after ? into.onset : other.onset;
  const Onset& second = comes_after ? other.onset : into.onset;
  Onset main = second.velocity * kRebound >= first.velocity ? second : first;
  const int softer = std::min(first.velocity, second.velocity);
  into.beside_velocity = std::max({softer, into.beside_velocity, other.beside_velocity});
  main.velocity = std::max(first.velocity, second.velocity);
  main.confidence = std::max(first.confidence, second.confidence);
  const double until_second_s = second.time_s - main.time_s;
  main.choked_after_s = second.choked_after_s > 0 ? until_second_s + second.choked_after_s : 0;
  into.onset = main;
  into.n_strokes += other.n_strokes;
  into.first_s = std::min(into.first_s, other.first_s);
  into.last_s = std::max(into.last_s, other.last_s);
}

/// Whether `before` and the onset at `i`, strokes of one skin, are a flam that opened wide: alone,
/// and the grace note no louder.
bool is_wide_flam(const Stroke& before, const std::vector<Onset>& onsets, std::size_t i) {
  const Onset& main = onsets[i];
  if (!has_grace_notes(main.drum) || before.n_strokes > 1 ||
      before.onset.velocity > main.velocity || main.time_s - before.last_s > kWideFlam_s) {
    return false;
  }
  const auto is_near = [&](const Onset& other) {
    return other.drum == main.drum && other.time_s != before.first_s && other.time_s != main.time_s;
  };
  const auto by_time = [](const Onset& onset) { return onset.time_s; };
  const auto first = std::ranges::lower_bound(onsets, before.first_s - kAlone_s, {}, by_time);
  const auto last = std::ranges::upper_bound(onsets, main.time_s + kAlone_s, {}, by_time);
  return std::none_of(first, last, is_near);
}

/// Whether `before` and `onset`, the next stroke of the skin, are strokes of a run that began
/// before them.
bool goes_on(const std::vector<Onset>& onsets, const Stroke& before, const Onset& onset) {
  if (!has_grace_notes(onset.drum) || before.n_strokes > 1 ||
      onset.time_s - before.last_s < kTouching_s ||
      !about_as_loud(before.onset.velocity, onset.velocity)) {
    return false;
  }
  const auto by_time = [](const Onset& other) { return other.time_s; };
  const auto first = std::ranges::lower_bound(onsets, before.first_s - kRunBefore_s, {}, by_time);
  const auto last = std::ranges::lower_bound(onsets, before.first_s, {}, by_time);
  return std::any_of(first, last, [&](const Onset& other) { return other.drum == onset.drum; });
}

/// Whether other strokes of the drum are so near that these are part of a run.
bool in_run(const std::vector<Stroke>& strokes, const Stroke& stroke) {
  const auto by_time = [](const Stroke& other) { return other.onset.time_s; };
  const auto first =
      std::ranges::lower_bound(strokes, stroke.first_s - kRunBefore_s - kDrag_s, {}, by_time);
  const auto last =
      std::ranges::upper_bound(strokes, stroke.last_s + kRunAfter_s + kDrag_s, {}, by_time);
  return std::any_of(first, last, [&](const Stroke& other) {
    if (other.onset.drum != stroke.onset.drum) return false;
    const bool before =
        other.last_s < stroke.first_s && other.last_s >= stroke.first_s - kRunBefore_s;
    const bool after =
        other.first_s > stroke.last_s && other.first_s <= stroke.last_s + kRunAfter_s;
    return before || after;
  });
}

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

std::vector<Stroke> gather_strokes(const std::vector<Onset>& onsets) {
  std::vector<Stroke> strokes;
  PerDrum<int> open;
  open.fill(-1);
  for (std::size_t i = 0; i < onsets.size(); ++i) {
    const Onset& onset = onsets[i];
    const Stroke single{onset, 1, onset.time_s, onset.time_s};
    int& last = open[index_of(onset.drum)];
    if (last >= 0) {
      Stroke& before = strokes[static_cast<std::size_t>(last)];
      const bool is_near = onset.time_s - before.last_s <= kFlam_s &&
                           onset.time_s - before.first_s <= kDrag_s &&
                           before.n_strokes < kMostGathered;
      if ((is_near && !goes_on(onsets, before, onset)) || is_wide_flam(before, onsets, i)) {
        join(before, single);
        continue;
      }
    }
    last = static_cast<int>(strokes.size());
    strokes.push_back(single);
  }
  std::stable_sort(strokes.begin(), strokes.end(), [](const Stroke& a, const Stroke& b) {
    return std::tie(a.onset.time_s, a.onset.drum) < std::tie(b.onset.time_s, b.onset.drum);
  });
  return strokes;
}

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
                    onset.confidence, ornament_of(stroke, in_run(strokes, stroke)),
                    stroke.n_strokes, onset.choked_after_s});
  }
  return hits;
}

}  // namespace fyr::rhythm
