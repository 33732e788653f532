// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "fyr/scoring.hpp"

namespace fyr {
namespace {

using Times = std::vector<double>;

/// Largest distance of a pair: Dixon 2007, as mir_eval.beat.f_measure.
constexpr double kBeatWindow_s = 0.07;
/// How far phase and period may be off, in beats: Hainsworth 2004, as mir_eval.beat.continuity.
constexpr double kContinuityLimit = 0.175;

Times times_of(const std::vector<Beat>& beats, bool downbeats_only) {
  Times times;
  for (const Beat& beat : beats) {
    if (!downbeats_only || beat.number == 1) times.push_back(beat.time_s);
  }
  return times;
}

double f_measure(const Times& reference, const Times& estimate) {
  if (reference.empty() || estimate.empty()) return 0;
  const auto n_pairs = match_times(reference, estimate, kBeatWindow_s).size();
  return 2.0 * static_cast<double>(n_pairs) /
         static_cast<double>(reference.size() + estimate.size());
}

/// The first of those that are as near, as NumPy's argmin has it.
std::size_t nearest_to(const Times& times, double time) {
  auto nearest = std::ranges::lower_bound(times, time);
  const bool before = nearest == times.end() ||
                      (nearest != times.begin() && time - *std::prev(nearest) <= *nearest - time);
  if (before) nearest = std::ranges::lower_bound(times, *std::prev(nearest));
  return static_cast<std::size_t>(nearest - times.begin());
}

/// The interval that ends at `i`, or begins there when looking forward.
double interval_at(const Times& times, std::size_t i, bool forward) {
  if (forward && i + 1 < times.size()) return times[i + 1] - times[i];
  return times[i] - times[i - 1];
}

bool is_right(const Times& reference, std::size_t nearest, const Times& estimate, std::size_t i) {
  const bool forward = i == 0 || nearest == 0;
  const double reference_interval = interval_at(reference, nearest, forward);
  const double estimated_interval = interval_at(estimate, i, forward);
  const double difference = std::abs(estimate[i] - reference[nearest]);
  if (reference_interval == 0) return false;
  return std::abs(difference / reference_interval) < kContinuityLimit &&
         std::abs(1 - estimated_interval / reference_interval) < kContinuityLimit;
}

/// Share of beats that are right in place and in distance to their neighbour.
double total_continuity(const Times& reference, const Times& estimate) {
  if (reference.size() < 2 || estimate.size() < 2) return 0;
  std::vector<bool> used(reference.size(), false);
  int n_right = 0;
  for (std::size_t i = 0; i < estimate.size(); ++i) {
    const std::size_t nearest = nearest_to(reference, estimate[i]);
    if (used[nearest] || !is_right(reference, nearest, estimate, i)) continue;
    used[nearest] = true;
    ++n_right;
  }
  return static_cast<double>(n_right) /
         static_cast<double>(std::max(reference.size(), estimate.size()));
}

/// `times` with the middle of every interval.
Times doubled(const Times& times) {
  Times all;
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (i > 0) all.push_back(std::midpoint(times[i - 1], times[i]));
    all.push_back(times[i]);
  }
  return all;
}

Times every_second(const Times& times, std::size_t first) {
  Times some;
  for (std::size_t i = first; i < times.size(); i += 2) some.push_back(times[i]);
  return some;
}

}  // namespace

BeatScore score_beats(const std::vector<Beat>& reference, const std::vector<Beat>& estimate) {
  const Times truth = times_of(reference, false);
  const Times heard = times_of(estimate, false);
  BeatScore score;
  score.f = f_measure(truth, heard);
  score.downbeat_f = f_measure(times_of(reference, true), times_of(estimate, true));
  score.cml_t = total_continuity(truth, heard);
  score.aml_t = score.cml_t;
  const Times twice = doubled(truth);
  for (const Times& level :
       {every_second(twice, 1), twice, every_second(truth, 0), every_second(truth, 1)}) {
    score.aml_t = std::max(score.aml_t, total_continuity(level, heard));
  }
  return score;
}

}  // namespace fyr
