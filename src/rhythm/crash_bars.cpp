// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/crash_bars.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "rhythm/lay_bars.hpp"
#include "rhythm/time_map.hpp"

namespace fyr::rhythm {
namespace {

// By hand, counted in Groove's train and validation split.
constexpr double kFewest = 5;
constexpr double kPerFirst = 5;  ///< So many for each on the first beat.
constexpr double kOfAll = 0.6;   ///< A share.
constexpr double kTogether_s = 0.03;
constexpr Tick kEighth = kTicksPerQuarter / 2;
constexpr Tick kNear = kTicksPerQuarter / 8;  ///< Of an eighth.

constexpr Meter kCommon{4, 4};
constexpr std::size_t kBeats = 4;

/// What tells of bars, in ticks from the start of the first one.
struct Strokes {
  std::vector<double> accents;  ///< Crashes with the kick.
  std::vector<double> others;   ///< Kick, snare and crash.
};

Strokes strokes_of(const std::vector<Onset>& onsets, const TimeMap& map) {
  Strokes strokes;
  for (auto onset = onsets.begin(); onset != onsets.end(); ++onset) {
    if (onset->drum != Drum::Kick && onset->drum != Drum::Snare && onset->drum != Drum::Crash) {
      continue;
    }
    const double tick = map.tick_at(onset->time_s);
    strokes.others.push_back(tick);
    if (onset->drum != Drum::Crash) continue;
    const auto first =
        std::ranges::lower_bound(onsets, onset->time_s - kTogether_s, {}, &Onset::time_s);
    const auto last =
        std::ranges::upper_bound(onsets, onset->time_s + kTogether_s, {}, &Onset::time_s);
    if (std::ranges::find(first, last, Drum::Kick, &Onset::drum) != last) {
      strokes.accents.push_back(tick);
    }
  }
  return strokes;
}

/// How often each beat of the bars of 4/4 is accented, on it or from the eighth before, where it is
/// not struck itself.
std::array<double, kBeats> accented_beats(const BarPlan& plan, const Strokes& strokes) {
  std::array<double, kBeats> counts{};
  Tick bar_line = 0;
  auto accent = strokes.accents.begin();
  for (const Bar& bar : plan.bars) {
    const Tick start = bar_line;
    bar_line += bar.length;
    while (accent != strokes.accents.end() && *accent < start - kNear) ++accent;
    for (; accent != strokes.accents.end() && *accent < bar_line - kNear; ++accent) {
      if (bar.meter != kCommon) continue;
      const auto place = static_cast<Tick>(std::lround((*accent - start) / kEighth));
      if (std::abs(*accent - start - place * kEighth) > kNear) continue;
      if (place % 2 != 0) {
        const double beat = start + (place + 1) * kEighth;
        const auto near = std::ranges::lower_bound(strokes.others, beat - kNear);
        if (near != strokes.others.end() && *near <= beat + kNear) continue;
      }
      const Tick from_end = bar.meter.bar_ticks() - bar.length;  // A pickup has the last beats.
      const auto beat = static_cast<std::size_t>((place + 1) / 2 + from_end / kTicksPerQuarter);
      ++counts[beat % kBeats];
    }
  }
  return counts;
}

}  // namespace

void follow_crashes(BarPlan& plan, const std::vector<Onset>& onsets) {
  if (onsets.empty()) return;
  const auto n_common = std::ranges::count(plan.bars, kCommon, &Bar::meter);
  if (2 * n_common <= std::ssize(plan.bars)) return;
  const double first_s = onsets.front().time_s;
  const double last_s = onsets.back().time_s;
  const auto counts = accented_beats(plan, strokes_of(onsets, TimeMap(plan.knots)));
  const auto most = static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin());
  const double all = std::accumulate(counts.begin(), counts.end(), 0.0);
  if (most == 0 || counts[most] < kFewest || counts[most] < kPerFirst * counts[0] ||
      counts[most] < kOfAll * all) {
    return;
  }
  const PlaceInBar first = place_of(plan, first_s);
  if (plan.bars[first.bar].meter != kCommon) return;
  const auto n_beats_left = static_cast<std::size_t>(first.n_beats_left);
  set_pickup(plan, first_s, last_s, static_cast<int>((n_beats_left + most) % kBeats));
  cover(plan, first_s, last_s);
}

}  // namespace fyr::rhythm
