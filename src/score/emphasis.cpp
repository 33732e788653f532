// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/emphasis.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "median.hpp"

namespace fyr {
namespace {

// By hand: velocities are annotated, marks are not. docs/notation.md tells what they do.
constexpr int kNearbyBars = 4;        ///< To each side.
constexpr double kGhostRatio = 0.5;   ///< Of the full level.
constexpr double kAccentRatio = 1.3;  ///< Of the median of the strokes that are not ghosts.
constexpr int kLoudestGhost = 64;     ///< Middle of the MIDI range: the limit is never higher.
constexpr std::size_t kFewest = 4;    ///< A median of fewer strokes says little.
constexpr double kUnsure = 0.25;      ///< This near a ghost's limit the pattern decides.

/// Strokes are compared within a family: one drum's level says little about another's.
enum class Family { None, Snare, Toms };

Family family_of(Drum drum) {
  switch (drum) {
    case Drum::Snare:
      return Family::Snare;
    case Drum::HighTom:
    case Drum::MidTom:
    case Drum::FloorTom:
      return Family::Toms;
    default:
      return Family::None;
  }
}

/// The strokes of one family, by bar.
using Strokes = std::map<int, std::vector<double>>;

double full_level(const Strokes& strokes, int bar) {
  std::vector<double> loudest;
  const auto end = strokes.upper_bound(bar + kNearbyBars);
  for (auto it = strokes.lower_bound(bar - kNearbyBars); it != end; ++it) {
    loudest.push_back(std::ranges::max(it->second));
  }
  return median(std::move(loudest));
}

/// Levels around one bar.
struct Level {
  double ghost_below = 0;
  double accent_above = 128;
};

Level level_at(const Strokes& strokes, int bar, Family family) {
  Level level;
  if (family == Family::Snare) {
    level.ghost_below = std::min<double>(kLoudestGhost, kGhostRatio * full_level(strokes, bar));
  }
  std::vector<double> plain;
  const auto end = strokes.upper_bound(bar + kNearbyBars);
  for (auto it = strokes.lower_bound(bar - kNearbyBars); it != end; ++it) {
    std::ranges::copy_if(it->second, std::back_inserter(plain),
                         [&](double velocity) { return velocity >= level.ghost_below; });
  }
  if (plain.size() >= kFewest) level.accent_above = kAccentRatio * median(std::move(plain));
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

/// How loud the pattern is here: the mean over nearby bars.
double usual_velocity(const Pattern& pattern, const QuantisedHit& hit) {
  double sum = 0;
  int n = 0;
  const auto end = pattern.upper_bound({hit.tick, hit.bar + kNearbyBars});
  for (auto it = pattern.lower_bound({hit.tick, hit.bar - kNearbyBars}); it != end; ++it) {
    sum += it->second;
    ++n;
  }
  return sum / n;
}

/// A stroke of a pattern near the limit would be a ghost in one bar and none in the next.
bool is_ghost(const QuantisedHit& hit, double ghost_below, const Pattern& pattern) {
  if (hit.drum != Drum::Snare) return false;
  const bool unsure = std::abs(hit.velocity - ghost_below) < kUnsure * ghost_below;
  return (unsure ? usual_velocity(pattern, hit) : hit.velocity) < ghost_below;
}

/// Of three and more snare strokes a 32nd apart none is a ghost: a run of brackets is no easier to
/// read, and a roll is one gesture.
void clear_rolls(const std::vector<QuantisedHit>& hits, std::vector<Emphasis>& emphasis) {
  constexpr Tick kThirtySecond = kTicksPerQuarter / 8;
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
  std::map<Family, Strokes> strokes;
  for (const QuantisedHit& hit : hits)
    strokes[family_of(hit.drum)][hit.bar].push_back(hit.velocity);

  const Pattern pattern = pattern_of(hits);
  std::map<std::pair<Family, int>, Level> levels;
  std::vector<Emphasis> emphasis(hits.size(), Emphasis::Plain);
  for (std::size_t i = 0; i < hits.size(); ++i) {
    const Family family = family_of(hits[i].drum);
    if (family == Family::None) continue;
    const auto [level, is_new] = levels.try_emplace({family, hits[i].bar});
    if (is_new) level->second = level_at(strokes.at(family), hits[i].bar, family);
    if (is_ghost(hits[i], level->second.ghost_below, pattern)) emphasis[i] = Emphasis::Ghost;
    if (hits[i].velocity > level->second.accent_above) emphasis[i] = Emphasis::Accent;
  }
  clear_rolls(hits, emphasis);
  return emphasis;
}

}  // namespace fyr
