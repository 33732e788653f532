// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/dynamics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>

#include "median.hpp"

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
constexpr std::size_t kFewestBars = 2;      ///< A median of fewer says little.
constexpr std::size_t kContextBars = 4;     ///< To each side of where the level changes.
constexpr int kMuchLouder = 32;             ///< Two levels.
constexpr std::size_t kFewestCompared = 3;  ///< Bars in which a drum is struck, where it changes, …
constexpr std::size_t kFewestMoved = 4;     ///< … and since the dynamic before.
constexpr int kMoved = 16;                  ///< A level: less is no other dynamic.
constexpr int kMovedOfOthers = 24;          ///< The same where other drums are struck than before.
constexpr int kAllMoved = 12;               ///< What leads, all of it together, at least.

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

/// Strokes are compared with those of the same drum: a song that goes from snare to side stick, or
/// from toms to the snare, is no louder or softer for it.
using LevelsByDrum = std::array<Levels, 3>;

LevelsByDrum levels_by_drum(const Rhythm& rhythm) {
  const auto levels = [&](auto... drums) {
    return levels_of(rhythm, [=](const QuantisedHit& hit) { return ((hit.drum == drums) || ...); });
  };
  return {levels(Drum::Snare), levels(Drum::SideStick),
          levels(Drum::HighTom, Drum::MidTom, Drum::FloorTom)};
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
  if (softer.size() < kFewestCompared || louder.size() < kFewestCompared) return false;
  if (median(softer) > median(louder)) std::swap(softer, louder);
  if (median(louder) - median(softer) < kMuchLouder) return false;
  std::ranges::sort(softer, std::greater{});
  std::ranges::sort(louder);
  return louder[louder.size() / 4] > softer[softer.size() / 4];
}

bool any_differs_much(const LevelsByDrum& drums, const Stretch& one, const Stretch& other) {
  return std::ranges::any_of(drums,
                             [&](const Levels& drum) { return differ_much(drum, one, other); });
}

/// Whether a drum that is struck often enough on both sides is so much louder, or so much softer,
/// and all that leads is a little. Where there is no such drum, all that leads must differ by more.
bool has_moved(const Levels& leading, const LevelsByDrum& drums, const Stretch& before,
               const Stretch& after, bool louder) {
  const auto moved = [&](const Levels& levels, int enough) -> std::optional<bool> {
    const std::optional<int> from = level_in(levels, before, kFewestMoved);
    const std::optional<int> to = level_in(levels, after, kFewestMoved);
    if (!from || !to) return std::nullopt;
    return (louder ? *to - *from : *from - *to) >= enough;
  };
  if (moved(leading, kAllMoved) == false) return false;
  bool any = false;
  for (const Levels& drum : drums) {
    const std::optional<bool> here = moved(drum, kMoved);
    if (here == true) return true;
    any |= here.has_value();
  }
  return !any && moved(leading, kMovedOfOthers) == true;
}

/// By how much the bars before and from `i` differ, where that is much; else 0. The means say best
/// where it happens.
double change_at(const LevelsByDrum& drums, const Stretch& section, std::size_t i) {
  if (i < section.first + kContextBars || i + kContextBars > section.last) return 0;
  const Stretch before{i - kContextBars, i};
  const Stretch after{i, i + kContextBars};
  double change = 0;
  for (const Levels& drum : drums) {
    if (!differ_much(drum, before, after)) continue;
    change = std::max(change, std::abs(mean_in(drum, after) - mean_in(drum, before)));
  }
  return change;
}

/// Halves what becomes louder or softer bit by bit.
void add_halved(const LevelsByDrum& drums, const Stretch& bars, std::vector<Stretch>& stretches) {
  const bool splits = bars.last - bars.first >= 2 * kContextBars &&
                      any_differs_much(drums, {bars.first, bars.first + kContextBars},
                                       {bars.last - kContextBars, bars.last});
  if (!splits) {
    stretches.push_back(bars);
    return;
  }
  const std::size_t middle = (bars.first + bars.last) / 2;
  add_halved(drums, {bars.first, middle}, stretches);
  add_halved(drums, {middle, bars.last}, stretches);
}

/// The section, cut where its level changes much though the groove stays.
std::vector<Stretch> cut_by_level(const LevelsByDrum& drums, const Stretch& section) {
  std::vector<double> changes;
  for (std::size_t i = section.first; i < section.last; ++i) {
    changes.push_back(change_at(drums, section, i));
  }
  std::vector<Stretch> stretches;
  std::size_t first = section.first;
  for (std::size_t i = section.first; i < section.last; ++i) {
    if (!is_peak(changes, i - section.first, kContextBars) || changes[i - section.first] == 0) {
      continue;
    }
    add_halved(drums, {first, i}, stretches);
    first = i;
  }
  add_halved(drums, {first, section.last}, stretches);
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

/// The first bar of [first, last) in which what tells the level is struck.
std::size_t first_leading(const Levels& leading, const Stretch& bars) {
  std::size_t bar = bars.first;
  while (!leading[bar]) ++bar;
  return bar;
}

DynamicMark at_first_note(const Measure& measure, Dynamic level) {
  DynamicMark mark{level, 0, 0};
  Tick earliest = measure.length;
  for (std::size_t voice = 0; voice < measure.voices.size(); ++voice) {
    const std::vector<Chord>& chords = measure.voices[voice].chords;
    const auto first =
        std::ranges::find_if(chords, [](const Chord& c) { return !c.notes.empty(); });
    if (first == chords.end() || first->tick >= earliest) continue;
    earliest = first->tick;
    mark = {level, voice, static_cast<std::size_t>(first - chords.begin())};
  }
  return earliest == 0 ? DynamicMark{level, 0, 0} : mark;
}

}  // namespace

void add_dynamics(Score& score, const Rhythm& rhythm, const std::vector<Section>& sections) {
  const Levels leading = levels_of(rhythm, leads);
  const LevelsByDrum drums = levels_by_drum(rhythm);
  std::optional<Dynamic> current;
  std::size_t since = 0;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const std::size_t next =
        i + 1 < sections.size() ? sections[i + 1].first_bar : rhythm.bars.size();
    for (const Stretch& stretch : cut_by_level(drums, {sections[i].first_bar, next})) {
      std::optional<int> level = level_in(leading, stretch, kFewestBars);
      if (!current) {
        // Something stands at the beginning, whatever is played.
        const Levels all = levels_of(rhythm, [](const QuantisedHit&) { return true; });
        if (!level) level = level_in(all, stretch, 1);
        if (!level) continue;
        // Loud music lies around that limit: 21 of the 38 songs of Debian's supertuxkart-data.
        current = *level < kLevels.back().from_velocity + kUnsure
                      ? std::min(dynamic_of(*level), Dynamic::F)
                      : Dynamic::Ff;
        Measure& first = score.measures[first_struck(rhythm, stretch.first, stretch.last)];
        first.dynamic = at_first_note(first, *current);
        continue;
      }
      if (!level || dynamic_of(*level, current) == current) continue;
      const Dynamic dynamic = dynamic_of(*level);
      if (!has_moved(leading, drums, {since, stretch.first}, stretch, dynamic > *current)) continue;
      current = dynamic;
      since = first_leading(leading, stretch);
      score.measures[since].dynamic = at_first_note(score.measures[since], dynamic);
    }
  }
}

}  // namespace fyr
