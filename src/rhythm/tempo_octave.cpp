// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/tempo_octave.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "rhythm/bar_patterns.hpp"
#include "rhythm/beat_counts.hpp"
#include "rhythm/counted_steps.hpp"
#include "rhythm/swing.hpp"
#include "rhythm/time_map.hpp"

namespace fyr::rhythm {
namespace {

// By hand: they name two of Groove's performances with hits given, both of the train split, and of
// 51 rendered ones three, all fast jazz counted at half its tempo; those of odd meters were chosen
// on scripts/meter_grooves.py, where Groove's figures stay (2026-11-28).
constexpr double kFastest_bpm = 150;
constexpr int kFewest = 8;                ///< Strokes between the beats, or strokes at all …
constexpr double kFewestAQuarter = 0.15;  ///< … and of the pedal in how many of all quarters.
constexpr double kMoreThanOnBeat = 4;
constexpr double kOddMoreThanOnBeat = 0.5;  ///< Every other bar has the foot on the beat.
constexpr double kShareLate = 0.78;
constexpr double kOffbeatsAQuarter = 0.4;  ///< At least.
constexpr double kOff = 0.12;              ///< Of a quarter: a hit off the grid.
constexpr double kShareFiner = 0.05;       ///< Of the hits: off the eighths, at most.
constexpr double kShareAgain = 0.75;       ///< Of the strokes: again half a bar later, at least.

// By hand: of Groove's performances with hits given they name two, both of the train split and
// rightly (docs/rhythm_history.md, "Tempo and its octaves").
constexpr double kFastestBackbeat_bpm = 110;
constexpr int kFewestBackbeatsBetween = 32;  ///< Eight bars of them.
constexpr double kBackbeatsAQuarter = 0.8;

// By hand: from 112 BPM on they name three of Groove's performances with hits given, all of the
// train split at 60 to 63 BPM and rightly (2026-11-28); below it, where five made-up ballads were
// counted double, none that changes its figures (2026-11-29).
constexpr double kSlowestDouble_bpm = 88;
constexpr double kFastestDouble_bpm = 180;
/// Slower ones have next to nothing between the quarters: that is the eighths of a ballad.
constexpr double kBallad_bpm = 112;
constexpr double kShareOffQuarters = 0.12;  ///< Of the hits, at most.
constexpr int kFewestBackbeats = 4;
constexpr double kOtherSnares = 0.35;       ///< A backbeat: strong ones on other beats, at most.
constexpr double kShareFinerDouble = 0.08;  ///< Of the hits: off the eighths, at most.

// By hand: with hits given they name three of Groove's performances, at 67 to 75 BPM and rightly; a
// hip-hop at 140 has .65 for the last (2026-11-30).
constexpr double kSlowestByTwo_bpm = 130;
constexpr double kFastestByTwo_bpm = 220;
constexpr double kShareAfterTwo = 0.4;
constexpr double kOneToTwo = 0.62;

// By hand: music at twice or half the tempo of the rest, but for the factor …
constexpr double kSameTempo = 1.08;
constexpr double kShortestStray_s = 4;  ///< … for so long …
constexpr double kShareOfOne = 0.75;    ///< … where so much is at one of the two: no medley.

/// Where in its unit a position lies, 0 to 1.
double phase(double position) { return position - std::floor(position); }

double bpm_of(const BarPlan& plan, const std::vector<Onset>& onsets) {
  return bpm_of_most(counted_steps(plan.knots, onsets));
}

/// Whether the offbeat sixteenths are late, in a recording that has many.
bool has_late_sixteenths(const std::vector<double>& quarters) {
  int n_offbeats = 0;
  int n_late = 0;
  for (const double quarter : quarters) {
    const double inside = phase(2 * quarter);
    if (inside <= kOffbeatFrom || inside >= kOffbeatTo) continue;
    ++n_offbeats;
    n_late += inside > kLateOffbeat ? 1 : 0;
  }
  const double n_quarters = quarters.back() - quarters.front();
  return n_offbeats > kOffbeatsAQuarter * n_quarters && n_late > kShareLate * n_offbeats;
}

/// Whether of `n_quarters` these stand on the "and": so many, so many in a quarter on average, and
/// so many times as many as on the beat, at least.
bool are_between(const std::vector<double>& strokes, double n_quarters, int fewest,
                 double a_quarter, double more_than_on_beat) {
  int n_on_beat = 0;
  int n_between = 0;
  for (const double quarter : strokes) {
    const double from_middle = std::abs(phase(quarter) - 0.5);
    n_between += from_middle < kNearBeat ? 1 : 0;
    n_on_beat += from_middle > 0.5 - kNearBeat ? 1 : 0;
  }
  return n_between >= fewest && n_between >= a_quarter * n_quarters &&
         n_between > more_than_on_beat * n_on_beat;
}

bool foot_is_between(const std::vector<double>& quarters, const std::vector<Onset>& onsets,
                     double more_than_on_beat) {
  const std::vector<Part> parts = parts_of(onsets);
  std::vector<double> pedals;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] == Part::Pedal) pedals.push_back(quarters[i]);
  }
  return are_between(pedals, quarters.back() - quarters.front(), kFewest, kFewestAQuarter,
                     more_than_on_beat);
}

/// How many hits of all lie off a grid of so many places a quarter.
double share_off(const std::vector<double>& quarters, int places) {
  const auto n_off = std::ranges::count_if(quarters, [places](double quarter) {
    return std::abs(quarter - std::round(places * quarter) / places) > kOff;
  });
  return static_cast<double>(n_off) / static_cast<double>(quarters.size());
}

/// How many hits of all lie off the eighths.
double share_finer(const std::vector<double>& quarters) { return share_off(quarters, 2); }

/// The eighths on which each of kick, snare, toms and pedal are played.
using Strokes = std::set<std::pair<Part, long>>;

Strokes strokes_of(const std::vector<double>& quarters, const std::vector<Onset>& onsets) {
  const std::vector<Part> parts = parts_of(onsets);
  Strokes strokes;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] != Part::Cymbal && parts[i] != Part::Crash) {
      strokes.emplace(parts[i], std::lround(2 * quarters[i]));
    }
  }
  return strokes;
}

/// How many of all strokes come again so many eighths later.
double share_again(const Strokes& strokes, int eighths) {
  const auto n_again = std::ranges::count_if(strokes, [&](const auto& stroke) {
    const auto& [part, eighth] = stroke;
    return strokes.contains({part, eighth + eighths});
  });
  return static_cast<double>(n_again) / static_cast<double>(strokes.size());
}

/// Whether nothing is finer than an eighth, and the strokes of a bar's halves, an odd number of
/// eighths each, are alike.
bool halves_are_alike(const std::vector<double>& quarters, const std::vector<Onset>& onsets,
                      int half_bar_eighths) {
  const Strokes strokes = strokes_of(quarters, onsets);
  return share_finer(quarters) <= kShareFiner && strokes.size() >= kFewest &&
         share_again(strokes, half_bar_eighths) >= kShareAgain;
}

/// Whether two bars of 4/4 repeat, but one does not.
bool repeats_by_two(const std::vector<double>& quarters, const std::vector<Onset>& onsets) {
  const Strokes strokes = strokes_of(quarters, onsets);
  if (strokes.empty()) return false;
  const double two = share_again(strokes, 16);
  return two >= kShareAfterTwo && share_again(strokes, 8) <= kOneToTwo * two;
}

/// Whether nearly all backbeats are on one beat, which is not the first, of most bars.
bool has_one_backbeat(const std::vector<Bar>& bars, const std::vector<double>& quarters,
                      const std::vector<double>& backbeats) {
  const int n_bars = strokes_in_bars(bars, quarters).n_bars;
  const Backbeat backbeat = backbeat_of(strokes_in_bars(bars, backbeats).on_beat, 1);
  return backbeat.n >= kFewestBackbeats && backbeat.is_clear(n_bars, kOtherSnares);
}

}  // namespace

std::optional<double> half_tempo(const BarPlan& plan, const std::vector<Onset>& onsets) {
  const double bpm = bpm_of(plan, onsets);
  const Meter meter = counted_meter(plan.bars);
  if (onsets.empty() || bpm > kFastest_bpm || meter.beat_ticks() != kTicksPerQuarter) {
    return std::nullopt;
  }
  const bool odd = meter.numerator % 2 != 0 && meter.numerator > 1;
  const TimeMap map(plan.knots);
  const std::vector<double> quarters = quarters_of(onsets, map);
  const double n_quarters = quarters.back() - quarters.front();
  const double more_than_on_beat = odd ? kOddMoreThanOnBeat : kMoreThanOnBeat;
  const bool halved =
      (has_late_sixteenths(quarters) && foot_is_between(quarters, onsets, more_than_on_beat)) ||
      (bpm <= kFastestBackbeat_bpm &&
       are_between(backbeats_of(onsets, map), n_quarters, kFewestBackbeatsBetween,
                   kBackbeatsAQuarter, kMoreThanOnBeat)) ||
      (odd && halves_are_alike(quarters, onsets, meter.numerator));
  return halved ? std::optional(bpm) : std::nullopt;
}

std::optional<double> double_tempo(const BarPlan& plan, const std::vector<Onset>& onsets) {
  const double bpm = bpm_of(plan, onsets);
  if (onsets.empty() || counted_meter(plan.bars) != Meter{4, 4}) return std::nullopt;
  const TimeMap map(plan.knots);
  const std::vector<double> quarters = quarters_of(onsets, map);
  const auto is_plain = [&] {
    return bpm < kBallad_bpm ? share_off(quarters, 1) <= kShareOffQuarters
                             : share_finer(quarters) <= kShareFinerDouble;
  };
  const bool doubled =
      (bpm >= kSlowestDouble_bpm && bpm <= kFastestDouble_bpm && is_plain() &&
       has_one_backbeat(plan.bars, quarters, backbeats_of(onsets, map))) ||
      (bpm >= kSlowestByTwo_bpm && bpm <= kFastestByTwo_bpm && repeats_by_two(quarters, onsets));
  return doubled ? std::optional(bpm) : std::nullopt;
}

std::optional<double> tempo_of_most(const BarPlan& plan, const std::vector<Onset>& onsets) {
  const std::vector<CountedStep> steps = counted_steps(plan.knots, onsets);
  const double bpm = bpm_of_most(steps);
  const double width = std::log2(kSameTempo);
  double same_s = 0;
  double stray_s = 0;
  double all_s = 0;
  for (const CountedStep& step : steps) {
    if (!step.played()) continue;
    const double octaves = std::abs(std::log2(step.bpm() / bpm));
    if (octaves <= width) same_s += step.length_s();
    if (std::abs(octaves - 1) <= width) stray_s += step.length_s();
    all_s += step.length_s();
  }
  const bool strays = stray_s >= kShortestStray_s && same_s + stray_s >= kShareOfOne * all_s;
  if (!strays) return std::nullopt;
  return bpm * kTicksPerQuarter / tempo_step(counted_meter(plan.bars));
}

}  // namespace fyr::rhythm
