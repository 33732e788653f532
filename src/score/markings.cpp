// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/markings.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

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

constexpr std::size_t kFewestHits = 8;   ///< A quartile of fewer says little.
constexpr std::size_t kContextBars = 4;  ///< To each side of where the level changes.
constexpr int kMuchLouder = 32;          ///< Two levels.

Dynamic dynamic_of(int velocity) {
  Dynamic found = kLevels.front().dynamic;
  for (const Level& level : kLevels) {
    if (velocity >= level.from_velocity) found = level.dynamic;
  }
  return found;
}

/// Bars [first, last).
struct Stretch {
  std::size_t first = 0;
  std::size_t last = 0;
};

/// Velocities by bar.
using Velocities = std::vector<std::vector<int>>;

template <typename Counts>
Velocities velocities_of(const Rhythm& rhythm, Counts counts) {
  Velocities by_bar(rhythm.bars.size());
  for (const QuantisedHit& hit : rhythm.hits) {
    if (counts(hit)) by_bar[static_cast<std::size_t>(hit.bar)].push_back(hit.velocity);
  }
  return by_bar;
}

/// Their upper quartile: ghost notes do not make a loud section soft. Empty where too few are
/// struck.
std::optional<int> level_in(const Velocities& by_bar, const Stretch& bars, std::size_t fewest) {
  std::vector<int> velocities;
  for (std::size_t bar = bars.first; bar < bars.last; ++bar) {
    velocities.insert(velocities.end(), by_bar[bar].begin(), by_bar[bar].end());
  }
  if (velocities.size() < fewest) return std::nullopt;
  const auto quartile = velocities.begin() + std::ssize(velocities) * 3 / 4;
  std::ranges::nth_element(velocities, quartile);
  return *quartile;
}

double mean_in(const Velocities& by_bar, const Stretch& bars) {
  double sum = 0;
  std::size_t n = 0;
  for (std::size_t bar = bars.first; bar < bars.last; ++bar) {
    sum = std::accumulate(by_bar[bar].begin(), by_bar[bar].end(), sum);
    n += by_bar[bar].size();
  }
  return sum / static_cast<double>(n);
}

bool differ_much(const Velocities& leading, const Stretch& one, const Stretch& other) {
  const auto level = level_in(leading, one, kFewestHits);
  const auto other_level = level_in(leading, other, kFewestHits);
  return level && other_level && std::abs(*level - *other_level) >= kMuchLouder;
}

/// By how much the bars before and from `i` differ, where that is much; else 0. The means say best
/// where it happens.
double change_at(const Velocities& leading, const Stretch& section, std::size_t i) {
  if (i < section.first + kContextBars || i + kContextBars > section.last) return 0;
  const Stretch before{i - kContextBars, i};
  const Stretch after{i, i + kContextBars};
  if (!differ_much(leading, before, after)) return 0;
  return std::abs(mean_in(leading, after) - mean_in(leading, before));
}

/// Halves what becomes louder or softer bit by bit.
void add_halved(const Velocities& leading, const Stretch& bars, std::vector<Stretch>& stretches) {
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
std::vector<Stretch> cut_by_level(const Velocities& leading, const Stretch& section) {
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
    score.measures[after_pickup(score, section.first_bar)].rehearsal = section.letter;
  }
  if (sections.empty()) sections.push_back({});
  const Velocities leading = velocities_of(rhythm, [](const QuantisedHit& hit) {
    return hit.drum == Drum::Kick || hit.drum == Drum::Snare;
  });
  const Velocities all = velocities_of(rhythm, [](const QuantisedHit&) { return true; });
  std::optional<Dynamic> current;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const std::size_t next =
        i + 1 < sections.size() ? sections[i + 1].first_bar : rhythm.bars.size();
    for (const Stretch& stretch : cut_by_level(leading, {sections[i].first_bar, next})) {
      std::optional<int> level = level_in(leading, stretch, kFewestHits);
      // Something stands at the beginning, whatever is played.
      if (!level && !current) level = level_in(all, stretch, 1);
      if (!level || dynamic_of(*level) == current) continue;
      current = dynamic_of(*level);
      score.measures[first_struck(rhythm, stretch.first, stretch.last)].dynamic = current;
    }
  }
}

}  // namespace fyr
