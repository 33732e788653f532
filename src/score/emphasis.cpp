// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/emphasis.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "median.hpp"

namespace fyr {
namespace {

// By hand: velocities are annotated, marks are not. docs/notation.md tells what they do.
constexpr int kNearbyBars = 4;       ///< To each side.
constexpr double kGhostRatio = 0.5;  ///< Of the full level.
/// Of the median of the strokes that are not ghosts. Velocities as they are heard scatter by a
/// fifth: what a lower limit would mark is mostly chance.
constexpr double kSnareAccentRatio = 1.5;
constexpr double kTomAccentRatio = 1.4;
constexpr double kSureTom = 0.5;        ///< Below: what is heard may be another drum.
constexpr std::size_t kFewest = 4;      ///< A median of fewer strokes says little.
constexpr double kUnsure = 0.25;        ///< This near a limit the pattern decides.
constexpr double kUnsureAccent = 0.15;  ///< The same for accents outside streams.

/// The snare keeps the time, as in marches and train beats, where for some bars it has as many
/// strokes a bar and so many for each of the hands' other ones; or in one bar, as in a build-up,
/// where it has twice as many and each is about as loud as the one before.
constexpr int kStreamBars = 4;
constexpr int kStreamStrokes = 6;
constexpr int kStreamShare = 4;
constexpr int kBuildUpStrokes = 12;
constexpr double kBuildUpStep = 0.25;  ///< From stroke to stroke on average, of the mean velocity.
constexpr double kStreamAccentRatio = 1.5;  ///< Soft strokes vary more than loud ones.

bool is_tom(Drum drum) { return same_instrument(drum, Drum::HighTom); }

bool is_marked(Drum drum) { return drum == Drum::Snare || is_tom(drum); }

/// The strokes of one drum, by bar: one drum's level says little about another's.
using Strokes = std::map<int, std::vector<double>>;

/// How often the hands strike in the bars around one.
struct HandStrokes {
  int n_snare = 0;
  int n_other = 0;
  int n_bars = 0;
};

/// By bar, as far as it is struck.
using Hands = std::map<int, HandStrokes>;

Hands hands_of(const std::vector<QuantisedHit>& hits) {
  Hands by_bar;
  for (const QuantisedHit& hit : hits) {
    if (info(hit.drum).limb == Limb::Foot) continue;
    HandStrokes& bar = by_bar[hit.bar];
    bar.n_bars = 1;
    ++(hit.drum == Drum::Snare ? bar.n_snare : bar.n_other);
  }
  return by_bar;
}

/// Whether the snare is what the hands keep time on: there soft strokes are the rule, and it is the
/// loud ones that must be seen.
bool snare_keeps_time(const Hands& hands, int bar) {
  HandStrokes nearby;
  const auto end = hands.upper_bound(bar + kNearbyBars);
  for (auto it = hands.lower_bound(bar - kNearbyBars); it != end; ++it) {
    nearby.n_snare += it->second.n_snare;
    nearby.n_other += it->second.n_other;
    nearby.n_bars += it->second.n_bars;
  }
  return nearby.n_bars >= kStreamBars && nearby.n_snare >= kStreamStrokes * nearby.n_bars &&
         nearby.n_snare >= kStreamShare * nearby.n_other;
}

bool builds_up(const HandStrokes& here, const std::vector<double>& snare) {
  if (here.n_snare < kBuildUpStrokes || here.n_snare < kStreamShare * here.n_other) return false;
  double steps = 0;
  for (std::size_t i = 1; i < snare.size(); ++i) steps += std::abs(snare[i] - snare[i - 1]);
  const double mean =
      std::accumulate(snare.begin(), snare.end(), 0.0) / static_cast<double>(snare.size());
  return steps <= kBuildUpStep * mean * static_cast<double>(snare.size() - 1);
}

double full_level(const Strokes& strokes, int bar) {
  std::vector<double> loudest;
  const auto end = strokes.upper_bound(bar + kNearbyBars);
  for (auto it = strokes.lower_bound(bar - kNearbyBars); it != end; ++it) {
    loudest.push_back(std::ranges::max(it->second));
  }
  return median(std::move(loudest));
}

/// The level of the softer strokes: where every other one is accented, the median would be either.
double soft_level(std::vector<double> velocities) {
  const auto place = velocities.begin() + std::ssize(velocities) * 2 / 5;
  std::ranges::nth_element(velocities, place);
  return *place;
}

/// Levels around one bar.
struct Level {
  double ghost_below = 0;
  double accent_above = 128;
  bool stream = false;    ///< The snare keeps the time …
  bool build_up = false;  ///< … in this bar alone: its places are not those of the bars around.
};

Level level_at(const Strokes& strokes, int bar, Drum drum, const Hands& hands) {
  const auto is_build_up = [&](const Strokes::value_type& of_bar) {
    return drum == Drum::Snare && builds_up(hands.at(of_bar.first), of_bar.second) &&
           !snare_keeps_time(hands, of_bar.first);
  };
  Level level;
  level.build_up = is_build_up(*strokes.find(bar));
  level.stream = level.build_up || (drum == Drum::Snare && snare_keeps_time(hands, bar));
  if (drum == Drum::Snare && !level.stream) {
    level.ghost_below = kGhostRatio * full_level(strokes, bar);
  }
  std::vector<double> plain;
  const auto end = strokes.upper_bound(bar + kNearbyBars);
  for (auto it = strokes.lower_bound(bar - kNearbyBars); it != end; ++it) {
    if (is_build_up(*it) != level.build_up) continue;  // The groove before it is no louder for it.
    std::ranges::copy_if(it->second, std::back_inserter(plain),
                         [&](double velocity) { return velocity >= level.ghost_below; });
  }
  if (plain.size() < kFewest) return level;
  level.accent_above = level.stream          ? kStreamAccentRatio * soft_level(std::move(plain))
                       : drum == Drum::Snare ? kSnareAccentRatio * median(std::move(plain))
                                             : kTomAccentRatio * median(std::move(plain));
  return level;
}

/// The snare's velocities by place in the bar, then bar.
using Pattern = std::map<std::pair<Tick, int>, double>;

Pattern pattern_of(const std::vector<QuantisedHit>& hits) {
  Pattern pattern;
  for (const QuantisedHit& hit : hits) {
    if (hit.drum == Drum::Snare) pattern[{hit.tick, hit.bar}] = hit.velocity;
  }
  return pattern;
}

/// How loud the pattern is here: the mean over those of the strokes in nearby bars that count.
template <typename Counts>
double usual_velocity(const Pattern& pattern, const QuantisedHit& hit, Counts counts) {
  double sum = 0;
  int n = 0;
  const auto end = pattern.upper_bound({hit.tick, hit.bar + kNearbyBars});
  for (auto it = pattern.lower_bound({hit.tick, hit.bar - kNearbyBars}); it != end; ++it) {
    if (!counts(it->second)) continue;
    sum += it->second;
    ++n;
  }
  return sum / n;
}

bool is_near(double velocity, double limit, double unsure) {
  return std::abs(velocity - limit) < unsure * limit;
}

/// A stroke of a pattern near a limit would be marked in one bar and not in the next: there its
/// place in the bar decides.
double deciding_velocity(const QuantisedHit& hit, double limit, const Pattern& pattern) {
  if (!is_near(hit.velocity, limit, kUnsure)) return hit.velocity;
  return usual_velocity(pattern, hit, [](double) { return true; });
}

/// Of accents the strokes in question decide alone: one accent among plain strokes of its place is
/// meant, backbeats of which some are a little over the limit and some under it are alike.
double deciding_for_accent(const QuantisedHit& hit, double limit, const Pattern& pattern) {
  const auto in_question = [limit](double velocity) {
    return is_near(velocity, limit, kUnsureAccent);
  };
  return in_question(hit.velocity) ? usual_velocity(pattern, hit, in_question) : hit.velocity;
}

/// Of three and more snare strokes a 32nd apart none is a ghost: a run of brackets is no easier to
/// read, and a roll is one gesture.
void clear_rolls(const std::vector<QuantisedHit>& hits, std::vector<Emphasis>& emphasis) {
  constexpr std::size_t kFewestInRun = 3;
  std::vector<std::size_t> run;
  const auto clear = [&] {
    for (const std::size_t i : run) {
      if (run.size() >= kFewestInRun && emphasis[i] == Emphasis::Ghost)
        emphasis[i] = Emphasis::Plain;
    }
    run.clear();
  };
  for (std::size_t i = 0; i < hits.size(); ++i) {
    if (hits[i].drum != Drum::Snare) continue;
    const bool goes_on = !run.empty() && hits[run.back()].bar == hits[i].bar &&
                         hits[i].tick - hits[run.back()].tick <= kThirtySecond;
    if (!goes_on) clear();
    run.push_back(i);
  }
  clear();
}

}  // namespace

std::vector<Emphasis> find_emphasis(const std::vector<QuantisedHit>& hits) {
  PerDrum<Strokes> strokes;
  for (const QuantisedHit& hit : hits) {
    strokes[index_of(hit.drum)][hit.bar].push_back(hit.velocity);
  }

  const Pattern pattern = pattern_of(hits);
  const Hands hands = hands_of(hits);
  std::map<std::pair<Drum, int>, Level> levels;
  std::vector<Emphasis> emphasis(hits.size(), Emphasis::Plain);
  for (std::size_t i = 0; i < hits.size(); ++i) {
    const QuantisedHit& hit = hits[i];
    const Drum drum = hit.drum;
    if (!is_marked(drum)) continue;
    const auto [level, is_new] = levels.try_emplace({drum, hit.bar});
    if (is_new) level->second = level_at(strokes[index_of(drum)], hit.bar, drum, hands);
    const auto [ghost_below, accent_above, stream, build_up] = level->second;
    if (deciding_velocity(hit, ghost_below, pattern) < ghost_below) emphasis[i] = Emphasis::Ghost;
    // A tom under a snare is heard louder than it is.
    const bool is_heard_well = hit.confidence >= kSureTom && !pattern.contains({hit.tick, hit.bar});
    if (is_tom(drum) && !is_heard_well) continue;
    double velocity = hit.velocity;
    if (stream && !build_up) {
      velocity = deciding_velocity(hit, accent_above, pattern);
    } else if (drum == Drum::Snare && !build_up) {
      velocity = deciding_for_accent(hit, accent_above, pattern);
    }
    if (velocity > accent_above) emphasis[i] = Emphasis::Accent;
  }
  clear_rolls(hits, emphasis);
  return emphasis;
}

}  // namespace fyr
