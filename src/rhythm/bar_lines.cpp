// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/bar_lines.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "rhythm/bar_patterns.hpp"
#include "rhythm/counted_steps.hpp"
#include "rhythm/lay_bars.hpp"
#include "rhythm/time_map.hpp"

namespace fyr::rhythm {
namespace {

// By hand, counted in Groove's train and validation split.
constexpr double kFewest = 5;
constexpr double kPerFirst = 5;  ///< So many for each on the first beat.
constexpr double kOfAll = 0.6;   ///< A share.
constexpr double kBackbeat = 3;  ///< So often for each on the first or third beat.

// By hand: from 80 to 114 BPM three of Groove's performances have their one backbeat on the fourth
// beat or the second, but two at 117 and 140 on the third, as two of 80 programmed songs.
constexpr double kSlowestHalfTime_bpm = 116;
constexpr double kFewestBackbeats = 8;
constexpr double kBackbeatsABar = 0.6;
constexpr double kOtherSnares = 0.2;  ///< A backbeat.

constexpr double kTogether_s = 0.03;
constexpr Tick kEighth = kTicksPerQuarter / 2;
constexpr Tick kNear = kTicksPerQuarter / 8;  ///< Of an eighth.

constexpr Meter kCommon{4, 4};
constexpr std::size_t kBeats = 4;

/// What tells of bars, in ticks from the start of the first one.
struct Strokes {
  std::vector<double> accents;  ///< Crashes with the kick.
  std::vector<double> snares;   ///< Not the ghost notes.
  std::vector<double> all;      ///< Kick, snare and crash.
};

Strokes strokes_of(const std::vector<Onset>& onsets, const TimeMap& map) {
  Strokes strokes;
  const std::vector<Part> parts = parts_of(onsets);
  for (std::size_t i = 0; i < onsets.size(); ++i) {
    const double time_s = onsets[i].time_s;
    const Drum drum = onsets[i].drum;
    if (drum != Drum::Kick && drum != Drum::Snare && drum != Drum::Crash) continue;
    const double tick = map.tick_at(time_s);
    strokes.all.push_back(tick);
    if (drum == Drum::Snare && parts[i] == Part::Snare) strokes.snares.push_back(tick);
    if (drum != Drum::Crash) continue;
    const auto first = std::ranges::lower_bound(onsets, time_s - kTogether_s, {}, &Onset::time_s);
    const auto last = std::ranges::upper_bound(onsets, time_s + kTogether_s, {}, &Onset::time_s);
    if (std::ranges::find(first, last, Drum::Kick, &Onset::drum) != last) {
      strokes.accents.push_back(tick);
    }
  }
  return strokes;
}

using BeatCounts = std::array<double, kBeats>;

/// How many of these ticks stand on each beat of the bars of 4/4. One on the eighth before a beat
/// counts as that beat's if `is_pushed` says so of the beat's tick.
template <typename IsPushed>
BeatCounts count_on_beats(const BarPlan& plan, const std::vector<double>& ticks,
                          const IsPushed& is_pushed) {
  BeatCounts counts{};
  Tick bar_line = 0;
  auto tick = ticks.begin();
  for (const Bar& bar : plan.bars) {
    const Tick start = bar_line;
    bar_line += bar.length;
    while (tick != ticks.end() && *tick < start - kNear) ++tick;
    for (; tick != ticks.end() && *tick < bar_line - kNear; ++tick) {
      if (bar.meter != kCommon) continue;
      const auto place = static_cast<Tick>(std::lround((*tick - start) / kEighth));
      if (std::abs(*tick - start - place * kEighth) > kNear) continue;
      if (place % 2 != 0 && !is_pushed(start + (place + 1) * kEighth)) continue;
      const Tick from_end = bar.meter.bar_ticks() - bar.length;  // A pickup has the last beats.
      const auto beat = static_cast<std::size_t>((place + 1) / 2 + from_end / kTicksPerQuarter);
      ++counts[beat % kBeats];
    }
  }
  return counts;
}

/// Accents count from the eighth before a beat that is not struck itself.
BeatCounts accented_beats(const BarPlan& plan, const Strokes& strokes) {
  return count_on_beats(plan, strokes.accents, [&](double beat) {
    const auto near = std::ranges::lower_bound(strokes.all, beat - kNear);
    return near == strokes.all.end() || *near > beat + kNear;
  });
}

/// Whether the snare plays the second and the fourth beat, and says so that bars begin on one of
/// the others. (One of the two alone may be the third of a beat in half time.)
bool has_backbeat(const BeatCounts& snares) {
  const double both = std::min(snares[1], snares[3]);
  return both >= kFewest && both > kBackbeat * std::max(snares[0], snares[2]);
}

std::size_t most_of(const BeatCounts& counts) {
  return static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin());
}

double sum(const BeatCounts& counts) { return std::accumulate(counts.begin(), counts.end(), 0.0); }

/// The beat on which kick and crash say that bars begin; 0 where they say nothing else.
std::size_t first_by_crashes(const BeatCounts& accents, const BeatCounts& snares) {
  const std::size_t most = most_of(accents);
  const bool clear = accents[most] >= kFewest && accents[most] >= kPerFirst * accents[0] &&
                     accents[most] >= kOfAll * sum(accents);
  return !clear || (most % 2 != 0 && has_backbeat(snares)) ? 0 : most;
}

/// The beat on which bars begin whose one backbeat is the third, where it is counted as the second
/// or the fourth and no more crashes are on the first; otherwise 0.
std::size_t first_of_half_time(const BeatCounts& accents, const BeatCounts& snares, double n_bars) {
  const std::size_t backbeat = most_of(snares);
  const double n = snares[backbeat];
  const std::size_t first = (backbeat + 2) % kBeats;
  const bool clear = n >= kFewestBackbeats && n >= kBackbeatsABar * n_bars &&
                     sum(snares) - n <= kOtherSnares * n && accents[first] >= accents[0];
  return clear && backbeat % 2 != 0 ? first : 0;
}

}  // namespace

void move_bar_lines(BarPlan& plan, const std::vector<Onset>& onsets) {
  if (onsets.empty()) return;
  const auto n_common = std::ranges::count(plan.bars, kCommon, &Bar::meter);
  if (2 * n_common <= std::ssize(plan.bars)) return;
  const double first_s = onsets.front().time_s;
  const double last_s = onsets.back().time_s;
  const Strokes strokes = strokes_of(onsets, TimeMap(plan.knots));
  const BeatCounts accents = accented_beats(plan, strokes);
  const BeatCounts snares = count_on_beats(plan, strokes.snares, [](double) { return false; });
  std::size_t first_beat = first_by_crashes(accents, snares);
  if (first_beat == 0 && bpm_of_most(counted_steps(plan.knots, onsets)) >= kSlowestHalfTime_bpm) {
    first_beat = first_of_half_time(accents, snares, static_cast<double>(n_common));
  }
  if (first_beat == 0) return;
  const PlaceInBar first = place_of(plan, first_s);
  if (plan.bars[first.bar].meter != kCommon) return;
  const auto n_beats_left = static_cast<std::size_t>(first.n_beats_left);
  set_pickup(plan, first_s, last_s, static_cast<int>((n_beats_left + first_beat) % kBeats));
  cover(plan, first_s, last_s);
}

}  // namespace fyr::rhythm
