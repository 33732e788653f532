// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/markings.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>

#include "median.hpp"
#include "score/form.hpp"

namespace fyr {
namespace {

/// A level begins at this velocity: halfway between MuseScore's values for neighbouring dynamics
/// (p 49, mp 64, mf 80, f 96, ff 112).
struct Level {
  int from_velocity;
  Dynamic dynamic;
};
constexpr std::array<Level, 5> kLevels{
    {{0, Dynamic::P}, {57, Dynamic::Mp}, {72, Dynamic::Mf}, {88, Dynamic::F}, {104, Dynamic::Ff}}};

/// By hand: nearer to a limit a section keeps the dynamic before it.
constexpr int kUnsure = 6;
constexpr std::size_t kFewestBars = 2;   ///< A median of fewer says little.
constexpr std::size_t kContextBars = 4;  ///< To each side of where the level changes.
constexpr int kMuchLouder = 32;          ///< Two levels.

Dynamic dynamic_of(int velocity) {
  Dynamic found = kLevels.front().dynamic;
  for (const Level& level : kLevels) {
    if (velocity >= level.from_velocity) found = level.dynamic;
  }
  return found;
}

Dynamic dynamic_of(int velocity, std::optional<Dynamic> before) {
  const bool may_stay = before && dynamic_of(velocity - kUnsure) <= *before &&
                        dynamic_of(velocity + kUnsure) >= *before;
  return may_stay ? *before : dynamic_of(velocity);
}

/// Bars [first, last).
struct Stretch {
  std::size_t first = 0;
  std::size_t last = 0;
};

/// The velocity of each bar: the median of the strokes that are at least half as loud as its
/// loudest, so that neither ghost notes nor an accent tell it. None where nothing is struck.
using Levels = std::vector<std::optional<int>>;

template <typename Counts>
Levels levels_of(const Rhythm& rhythm, Counts counts) {
  std::vector<std::vector<int>> by_bar(rhythm.bars.size());
  for (const QuantisedHit& hit : rhythm.hits) {
    if (counts(hit)) by_bar[static_cast<std::size_t>(hit.bar)].push_back(hit.velocity);
  }
  Levels levels;
  for (std::vector<int>& velocities : by_bar) {
    levels.emplace_back();
    if (velocities.empty()) continue;
    const int loudest = std::ranges::max(velocities);
    std::erase_if(velocities, [&](int velocity) { return 2 * velocity < loudest; });
    levels.back() = median(velocities);
  }
  return levels;
}

/// Sticks on skins lead: a foot or a cymbal that plays softly does not make a loud bar soft.
bool leads(const QuantisedHit& hit) {
  switch (hit.drum) {
    case Drum::Snare:
    case Drum::SideStick:
    case Drum::HighTom:
    case Drum::MidTom:
    case Drum::FloorTom:
      return true;
    default:
      return false;
  }
}

std::vector<int> struck_in(const Levels& by_bar, const Stretch& bars) {
  std::vector<int> velocities;
  for (std::size_t bar = bars.first; bar < bars.last; ++bar) {
    if (by_bar[bar]) velocities.push_back(*by_bar[bar]);
  }
  return velocities;
}

/// The median of the bars' levels. Empty where too few are struck.
std::optional<int> level_in(const Levels& by_bar, const Stretch& bars, std::size_t fewest) {
  const std::vector<int> velocities = struck_in(by_bar, bars);
  if (velocities.size() < fewest) return std::nullopt;
  return median(velocities);
}

double mean_in(const Levels& by_bar, const Stretch& bars) {
  const std::vector<int> velocities = struck_in(by_bar, bars);
  return std::accumulate(velocities.begin(), velocities.end(), 0.0) /
         static_cast<double>(velocities.size());
}

/// By two levels, and all but a quarter of the louder bars above all but a quarter of the softer
/// ones: where single strokes stick out of some bars, neither side is the louder one.
bool differ_much(const Levels& leading, const Stretch& one, const Stretch& other) {
  std::vector<int> softer = struck_in(leading, one);
  std::vector<int> louder = struck_in(leading, other);
  if (softer.size() < kFewestBars || louder.size() < kFewestBars) return false;
  if (median(softer) > median(louder)) std::swap(softer, louder);
  if (median(louder) - median(softer) < kMuchLouder) return false;
  std::ranges::sort(softer, std::greater{});
  std::ranges::sort(louder);
  return louder[louder.size() / 4] > softer[softer.size() / 4];
}

/// By how much the bars before and from `i` differ, where that is much; else 0. The means say best
/// where it happens.
double change_at(const Levels& leading, const Stretch& section, std::size_t i) {
  if (i < section.first + kContextBars || i + kContextBars > section.last) return 0;
  const Stretch before{i - kContextBars, i};
  const Stretch after{i, i + kContextBars};
  if (!differ_much(leading, before, after)) return 0;
  return std::abs(mean_in(leading, after) - mean_in(leading, before));
}

/// Halves what becomes louder or softer bit by bit.
void add_halved(const Levels& leading, const Stretch& bars, std::vector<Stretch>& stretches) {
  const bool splits = bars.last - bars.first >= 2 * kContextBars &&
                      differ_much(leading, {bars.first, bars.first + kContextBars},
                                  {bars.last - kContextBars, bars.last});
  if (!splits) {
    stretches.push_back(bars);
    return;
  }
  const std::size_t middle = (bars.first + bars.last) / 2;
  add_halved(leading, {bars.first, middle}, stretches);
  add_halved(leading, {middle, bars.last}, stretches);
}

/// The section, cut where its level changes much though the groove stays.
std::vector<Stretch> cut_by_level(const Levels& leading, const Stretch& section) {
  std::vector<double> changes;
  for (std::size_t i = section.first; i < section.last; ++i) {
    changes.push_back(change_at(leading, section, i));
  }
  std::vector<Stretch> stretches;
  std::size_t first = section.first;
  for (std::size_t i = section.first; i < section.last; ++i) {
    if (!is_peak(changes, i - section.first, kContextBars) || changes[i - section.first] == 0) {
      continue;
    }
    add_halved(leading, {first, i}, stretches);
    first = i;
  }
  add_halved(leading, {first, section.last}, stretches);
  return stretches;
}

/// The first bar of [first, last) that is struck at all.
std::size_t first_struck(const Rhythm& rhythm, std::size_t first, std::size_t last) {
  for (const QuantisedHit& hit : rhythm.hits) {
    const auto bar = static_cast<std::size_t>(hit.bar);
    if (bar >= first && bar < last) return bar;
  }
  return first;
}

/// A section that begins with a pickup has its letter over the first full bar.
std::size_t after_pickup(const Score& score, std::size_t bar) {
  const bool pickup = bar == 0 && !score.measures[0].numbered && score.measures.size() > 1;
  return pickup ? 1 : bar;
}

}  // namespace

void add_markings(Score& score, const Rhythm& rhythm) {
  std::vector<Section> sections = find_sections(rhythm);
  for (const Section& section : sections) {
    if (!section.letter) continue;
    score.measures[after_pickup(score, section.first_bar)].rehearsal = *section.letter;
  }
  if (sections.empty()) sections.push_back({});
  const Levels leading = levels_of(rhythm, leads);
  const Levels all = levels_of(rhythm, [](const QuantisedHit&) { return true; });
  std::optional<Dynamic> current;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const std::size_t next =
        i + 1 < sections.size() ? sections[i + 1].first_bar : rhythm.bars.size();
    for (const Stretch& stretch : cut_by_level(leading, {sections[i].first_bar, next})) {
      std::optional<int> level = level_in(leading, stretch, kFewestBars);
      // Something stands at the beginning, whatever is played.
      if (!level && !current) level = level_in(all, stretch, 1);
      if (!level || dynamic_of(*level, current) == current) continue;
      current = dynamic_of(*level);
      score.measures[first_struck(rhythm, stretch.first, stretch.last)].dynamic = current;
    }
  }
}

}  // namespace fyr
