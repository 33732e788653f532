// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/half_tempo.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "median.hpp"
#include "rhythm/bar_patterns.hpp"
#include "rhythm/foot_lead.hpp"
#include "rhythm/time_map.hpp"

namespace fyr::rhythm {
namespace {

// By hand: they name two of Groove's performances with hits given, both of the train split, and of
// 51 rendered ones three, all fast jazz counted at half its tempo; those of odd meters were chosen
// on scripts/meter_grooves.py, where Groove's figures stay (2026-11-28).
constexpr double kFastest_bpm = 150;
constexpr double kNear = 0.12;  ///< Of a quarter: a pedal stroke on a beat or between two.
constexpr int kFewest = 8;      ///< Pedal strokes between the beats, or strokes at all …
constexpr double kFewestAQuarter = 0.15;  ///< … and in how many of all quarters, at least.
constexpr double kMoreThanOnBeat = 4;
constexpr double kOddMoreThanOnBeat = 0.5;  ///< Every other bar has the foot on the beat.
constexpr double kEarliest = 0.40;  ///< Offbeats are looked for from here, in an eighth, …
constexpr double kLatest = 0.72;    ///< … to here; as in swing.cpp.
constexpr double kLate = 0.57;
constexpr double kShareLate = 0.78;
constexpr double kOffbeatsAQuarter = 0.4;  ///< At least.
constexpr double kShareFiner = 0.05;       ///< Of the hits: off the eighths, at most.
constexpr double kShareAgain = 0.75;       ///< Of the strokes: again half a bar later, at least.

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

/// Where the hits lie, in quarters.
std::vector<double> quarters_of(const BarPlan& plan, const std::vector<Onset>& onsets) {
  const TimeMap map(plan.knots);
  std::vector<double> quarters;
  quarters.reserve(onsets.size());
  for (const Onset& onset : onsets) {
    quarters.push_back(map.tick_at(meant_s(onset)) / kTicksPerQuarter);
  }
  return quarters;
}

/// Whether the offbeat sixteenths are late.
bool swings(const std::vector<double>& quarters) {
  int n_offbeats = 0;
  int n_late = 0;
  for (const double quarter : quarters) {
    const double inside = phase(2 * quarter);
    if (inside <= kEarliest || inside >= kLatest) continue;
    ++n_offbeats;
    n_late += inside > kLate ? 1 : 0;
  }
  const double n_quarters = quarters.back() - quarters.front();
  return n_offbeats > kOffbeatsAQuarter * n_quarters && n_late > kShareLate * n_offbeats;
}

/// Whether the pedal stands on the "and", so many times as often as on the beat at least.
bool foot_is_between(const std::vector<double>& quarters, const std::vector<Onset>& onsets,
                     double more_than_on_beat) {
  int n_on_beat = 0;
  int n_between = 0;
  for (std::size_t i = 0; i < onsets.size(); ++i) {
    if (onsets[i].drum != Drum::PedalHiHat) continue;
    const double from_middle = std::abs(phase(quarters[i]) - 0.5);
    n_between += from_middle < kNear ? 1 : 0;
    n_on_beat += from_middle > 0.5 - kNear ? 1 : 0;
  }
  const double n_quarters = quarters.back() - quarters.front();
  return n_between >= kFewest && n_between >= kFewestAQuarter * n_quarters &&
         n_between > more_than_on_beat * n_on_beat;
}

/// Whether nothing is finer than an eighth, and kick, snare, toms and pedal of a bar's halves, an
/// odd number of eighths each, are alike.
bool halves_are_alike(const std::vector<double>& quarters, const std::vector<Onset>& onsets,
                      int half_bar_eighths) {
  const std::vector<Part> parts = parts_of(onsets);
  std::set<std::pair<Part, long>> played;
  int n_finer = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const double eighth = 2 * quarters[i];
    n_finer += std::abs(eighth - std::round(eighth)) > 2 * kNear ? 1 : 0;
    if (parts[i] != Part::Cymbal && parts[i] != Part::Crash) {
      played.emplace(parts[i], std::lround(eighth));
    }
  }
  const auto n_again = std::ranges::count_if(played, [&](const auto& stroke) {
    const auto& [part, eighth] = stroke;
    return played.contains({part, eighth + half_bar_eighths});
  });
  return n_finer <= kShareFiner * static_cast<double>(parts.size()) && played.size() >= kFewest &&
         static_cast<double>(n_again) >= kShareAgain * static_cast<double>(played.size());
}

}  // namespace

std::optional<double> half_tempo(const BarPlan& plan, const std::vector<Onset>& onsets) {
  const double bpm = median_bpm(plan.knots);
  const Meter meter = counted_meter(plan.bars);
  if (onsets.empty() || bpm > kFastest_bpm || meter.beat_ticks() != kTicksPerQuarter) {
    return std::nullopt;
  }
  const bool odd = meter.numerator % 2 != 0 && meter.numerator > 1;
  const std::vector<double> quarters = quarters_of(plan, onsets);
  const double more_than_on_beat = odd ? kOddMoreThanOnBeat : kMoreThanOnBeat;
  const bool halved = (swings(quarters) && foot_is_between(quarters, onsets, more_than_on_beat)) ||
                      (odd && halves_are_alike(quarters, onsets, meter.numerator));
  return halved ? std::optional(bpm) : std::nullopt;
}

}  // namespace fyr::rhythm
