// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/settle_strokes.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace fyr::rhythm {
namespace {

/// Fills rush, but nobody begins a phrase a 32nd early: kick and crash that stand together on the
/// last 32nd or sextuplet place of a bar go to the bar line, if nothing else is there.
void catch_early_crashes(const std::vector<Stroke>& strokes, const std::vector<Bar>& bars,
                         std::vector<Tick>& ticks) {
  std::map<Tick, std::vector<std::size_t>> places;
  for (std::size_t i = 0; i < ticks.size(); ++i) places[ticks[i]].push_back(i);
  Tick bar_line = 0;
  for (const Bar& bar : bars) {
    bar_line += bar.length;
    if (places.contains(bar_line)) continue;
    const auto after = places.lower_bound(bar_line);
    if (after == places.begin()) continue;
    const auto before = std::prev(after);
    if (bar_line - before->first > kTicksPerQuarter / 6) continue;
    const std::vector<std::size_t>& early = before->second;
    const auto strikes = [&](Drum drum) {
      return std::ranges::any_of(early,
                                 [&](std::size_t i) { return strokes[i].onset.drum == drum; });
    };
    if (!strikes(Drum::Kick) || !strikes(Drum::Crash)) continue;
    for (const std::size_t i : early) ticks[i] = bar_line;
  }
}

/// What a run of 32nds is played on.
enum class Surface { Kick, Pedal, Drumhead, Cymbal };

Surface surface_of(Drum drum) {
  if (!takes_a_hand(drum)) return drum == Drum::Kick ? Surface::Kick : Surface::Pedal;
  return is_cymbal(drum) ? Surface::Cymbal : Surface::Drumhead;
}

bool is_between_sixteenths(Tick tick) { return tick % (2 * kThirtySecond) == kThirtySecond; }

/// By their mean place: limbs that strike together move together.
Tick to_nearer_sixteenth(const std::vector<std::size_t>& moment, Tick tick,
                         const std::vector<double>& positions) {
  double late = 0;
  for (const std::size_t i : moment) late += positions[i] - tick;
  return late < 0 ? -kThirtySecond : kThirtySecond;
}

/// Lone strokes of hands and kick between the sixteenths were early or late, and go to the nearer
/// one: lone if nothing on their surface is a 32nd away and nothing of their limbs, the two hands
/// or the foot, between the next sixteenths. What is struck together stays if one of it is not.
void keep_lone_strokes_on_sixteenths(const std::vector<Stroke>& strokes,
                                     const std::vector<double>& positions,
                                     std::vector<Tick>& ticks) {
  std::set<std::pair<Surface, Tick>> taken;
  std::map<Tick, std::vector<std::size_t>> moments;
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    const Surface surface = surface_of(strokes[i].onset.drum);
    if (surface == Surface::Pedal) continue;
    taken.emplace(surface, ticks[i]);
    if (is_between_sixteenths(ticks[i])) moments[ticks[i]].push_back(i);
  }
  const auto limbs_play = [&](Surface surface, Tick tick) {
    return surface == Surface::Kick ? taken.contains({Surface::Kick, tick})
                                    : taken.contains({Surface::Drumhead, tick}) ||
                                          taken.contains({Surface::Cymbal, tick});
  };
  const auto is_lone = [&](std::size_t i) {
    const Surface surface = surface_of(strokes[i].onset.drum);
    const Tick tick = ticks[i];
    return !taken.contains({surface, tick - kThirtySecond}) &&
           !taken.contains({surface, tick + kThirtySecond}) &&
           !limbs_play(surface, tick - 2 * kThirtySecond) &&
           !limbs_play(surface, tick + 2 * kThirtySecond);
  };
  for (const auto& [tick, moment] : moments) {
    if (!std::ranges::all_of(moment, is_lone)) continue;
    const Tick move = to_nearer_sixteenth(moment, tick, positions);
    for (const std::size_t i : moment) ticks[i] += move;
  }
}

/// A foot on the hi-hat plays no lone 32nd, whatever hands and kick do beside it. Two that are a
/// sixteenth apart would meet.
void keep_lone_pedals_on_sixteenths(const std::vector<Stroke>& strokes,
                                    const std::vector<double>& positions,
                                    std::vector<Tick>& ticks) {
  std::set<Tick> pedals;
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    if (strokes[i].onset.drum == Drum::PedalHiHat) pedals.insert(ticks[i]);
  }
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    const Tick tick = ticks[i];
    if (strokes[i].onset.drum == Drum::PedalHiHat && is_between_sixteenths(tick) &&
        !pedals.contains(tick - kThirtySecond) && !pedals.contains(tick + kThirtySecond) &&
        !pedals.contains(tick - 2 * kThirtySecond) && !pedals.contains(tick + 2 * kThirtySecond)) {
      ticks[i] += to_nearer_sixteenth({i}, tick, positions);
    }
  }
}

}  // namespace

void settle_strokes(const std::vector<Stroke>& strokes, const std::vector<double>& positions,
                    const std::vector<Bar>& bars, std::vector<Tick>& ticks) {
  catch_early_crashes(strokes, bars, ticks);
  keep_lone_pedals_on_sixteenths(strokes, positions, ticks);
  keep_lone_strokes_on_sixteenths(strokes, positions, ticks);
}

}  // namespace fyr::rhythm
