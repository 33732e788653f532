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

/// A lone stroke between the sixteenths was early or late, and goes to the nearer one: lone if
/// nothing on its surface is a 32nd away and nothing of its limbs between the next sixteenths; the
/// kick is a foot of its own. A kick under a hand stays.
void keep_lone_strokes_on_sixteenths(Limb limb, const std::vector<Stroke>& strokes,
                                     const std::vector<double>& positions,
                                     std::vector<Tick>& ticks) {
  std::set<std::pair<Surface, Tick>> taken;
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    taken.emplace(surface_of(strokes[i].onset.drum), ticks[i]);
  }
  const auto hands_play = [&](Tick tick) {
    return taken.contains({Surface::Drumhead, tick}) || taken.contains({Surface::Cymbal, tick});
  };
  const auto limbs_play = [&](Tick tick) {
    return limb == Limb::Hand ? hands_play(tick) : taken.contains({Surface::Kick, tick});
  };
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    const Tick tick = ticks[i];
    const Surface surface = surface_of(strokes[i].onset.drum);
    if (surface == Surface::Pedal || (limb == Limb::Foot) != (surface == Surface::Kick) ||
        tick % (2 * kThirtySecond) != kThirtySecond ||
        taken.contains({surface, tick - kThirtySecond}) ||
        taken.contains({surface, tick + kThirtySecond}) || limbs_play(tick - 2 * kThirtySecond) ||
        limbs_play(tick + 2 * kThirtySecond) || (limb == Limb::Foot && hands_play(tick))) {
      continue;
    }
    ticks[i] += positions[i] < tick ? -kThirtySecond : kThirtySecond;
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
    if (strokes[i].onset.drum == Drum::PedalHiHat && tick % (2 * kThirtySecond) == kThirtySecond &&
        !pedals.contains(tick - kThirtySecond) && !pedals.contains(tick + kThirtySecond) &&
        !pedals.contains(tick - 2 * kThirtySecond) && !pedals.contains(tick + 2 * kThirtySecond)) {
      ticks[i] += positions[i] < tick ? -kThirtySecond : kThirtySecond;
    }
  }
}

}  // namespace

void settle_strokes(const std::vector<Stroke>& strokes, const std::vector<double>& positions,
                    const std::vector<Bar>& bars, std::vector<Tick>& ticks) {
  catch_early_crashes(strokes, bars, ticks);
  keep_lone_pedals_on_sixteenths(strokes, positions, ticks);
  keep_lone_strokes_on_sixteenths(Limb::Hand, strokes, positions, ticks);
  keep_lone_strokes_on_sixteenths(Limb::Foot, strokes, positions, ticks);
}

}  // namespace fyr::rhythm
