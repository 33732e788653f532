// SPDX-License-Identifier: GPL-3.0-or-later

/// The bar pointer: the most likely sequence of steps, tempi and meters behind the evidence.
///
/// Whiteley, Cemgil & Godsill, "Bayesian modelling of temporal structure in musical audio", ISMIR
/// 2006; Krebs, Böck & Widmer, "An efficient state-space model for joint tempo and meter tracking",
/// ISMIR 2015, where tempo changes only between beats. Along a beat the pointer then has one way to
/// go, so the Viterbi recursion need visit only the frames where a step ends: state (frame, tempo,
/// step of a meter) instead of (frame, tempo, position in the bar). Observations are the hits of a
/// step, a Poisson process with the rates of bar_patterns.hpp, and the network's beats.
#pragma once

#include <limits>
#include <vector>

#include "rhythm/evidence.hpp"

namespace fyr::rhythm {

/// What `log_prior` of a meter is said about. By bars it would favour whatever has longer ones, and
/// odd meters would be counted at half their tempo.
inline constexpr double kPriorSpan_s = 2;

/// A meter and how expected it is (natural logarithm, for every kPriorSpan_s in it).
struct MeterChoice {
  Meter meter;
  double log_prior = 0;
  int pattern = 0;  ///< Which of the Groove patterns its bars are expected to show.
  double fastest_bpm = std::numeric_limits<double>::infinity();  ///< Of its steps.
};

/// Meters that a recording may be in when the user names none.
std::vector<MeterChoice> usual_meters();

/// A meter once for each of the Groove patterns.
std::vector<MeterChoice> in_all_patterns(const Meter& meter, double log_prior);

struct TrackerOptions {
  std::vector<MeterChoice> meters = usual_meters();
  double slowest_bpm = 30;
  double fastest_bpm = 300;
  bool steady = false;  ///< Music at one tempo, with frames that suit it: to leave it is dear.
  /// [second of the frames][meter]: what is added to a bar that begins there; or empty.
  std::vector<std::vector<float>> gains;
};

/// A step found in the recording.
struct Pulse {
  double time_s = 0;
  int meter = 0;  ///< Index into TrackerOptions::meters.
  int step = 0;   ///< Index into steps_of(meter).
  double end_s = 0;
};

/// Tracks the steps. Between music that stops and restarts, `end_s` comes before the next `time_s`.
/// Empty if there are no hits. Tracks a second time if the first time shows hits to repeat in
/// another meter than 4/4 (repetition.hpp).
std::vector<Pulse> track_bars(const Evidence& evidence, const TrackerOptions& options);

}  // namespace fyr::rhythm
