// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/half_tempo.hpp"

#include <cmath>

#include "median.hpp"
#include "rhythm/foot_lead.hpp"
#include "rhythm/time_map.hpp"

namespace fyr::rhythm {
namespace {

// By hand: they name two of Groove's performances with hits given, both of the train split, and of
// 51 rendered ones three, all fast jazz counted at half its tempo (2026-11-28).
constexpr double kFastest_bpm = 150;
constexpr double kNear = 0.12;  ///< Of a quarter: a pedal stroke on a beat or between two.
constexpr int kFewest = 8;      ///< Pedal strokes between the beats …
constexpr double kFewestAQuarter = 0.15;  ///< … and in how many of all quarters, at least.
constexpr double kMoreThanOnBeat = 4;
constexpr double kEarliest = 0.40;  ///< Offbeats are looked for from here, in an eighth, …
constexpr double kLatest = 0.72;    ///< … to here; as in swing.cpp.
constexpr double kLate = 0.57;
constexpr double kShareLate = 0.78;
constexpr double kOffbeatsAQuarter = 0.4;  ///< At least.

/// Where in its unit a position lies, 0 to 1.
double phase(double position) { return position - std::floor(position); }

double median_bpm(const std::vector<Knot>& knots) {
  std::vector<double> bpm;
  for (std::size_t i = 1; i < knots.size(); ++i) {
    const double quarters =
        static_cast<double>(knots[i].tick - knots[i - 1].tick) / kTicksPerQuarter;
    bpm.push_back(60 * quarters / (knots[i].time_s - knots[i - 1].time_s));
  }
  return median(std::move(bpm));
}

}  // namespace

std::optional<double> half_tempo_of_swing(const BarPlan& plan, const std::vector<Onset>& onsets) {
  const double bpm = median_bpm(plan.knots);
  if (onsets.empty() || bpm > kFastest_bpm ||
      counted_meter(plan.bars).beat_ticks() != kTicksPerQuarter) {
    return std::nullopt;
  }
  const TimeMap map(plan.knots);
  const auto quarter_at = [&](double time_s) { return map.tick_at(time_s) / kTicksPerQuarter; };
  int n_on_beat = 0;
  int n_between = 0;
  int n_offbeats = 0;
  int n_late = 0;
  for (const Onset& onset : onsets) {
    const double quarter = quarter_at(meant_s(onset));
    if (onset.drum == Drum::PedalHiHat) {
      const double from_middle = std::abs(phase(quarter) - 0.5);
      n_between += from_middle < kNear ? 1 : 0;
      n_on_beat += from_middle > 0.5 - kNear ? 1 : 0;
    }
    const double inside = phase(2 * quarter);
    if (inside <= kEarliest || inside >= kLatest) continue;
    ++n_offbeats;
    n_late += inside > kLate ? 1 : 0;
  }
  const double n_quarters = quarter_at(onsets.back().time_s) - quarter_at(onsets.front().time_s);
  const bool between = n_between >= kFewest && n_between >= kFewestAQuarter * n_quarters &&
                       n_between > kMoreThanOnBeat * n_on_beat;
  const bool late = n_offbeats > kOffbeatsAQuarter * n_quarters && n_late > kShareLate * n_offbeats;
  return between && late ? std::optional(bpm) : std::nullopt;
}

}  // namespace fyr::rhythm
