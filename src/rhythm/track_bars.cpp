// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/track_bars.hpp"

#include <algorithm>

#include "rhythm/groove_patterns.hpp"
#include "rhythm/repetition.hpp"
#include "rhythm/viterbi.hpp"

namespace fyr::rhythm {
namespace {

/// Of the Groove patterns, those that suit other meters than 4/4: the rock beat and swing.
constexpr int kBackbeat = 0;
constexpr int kSwing = 2;

/// By hand: three eighths of what is faster are one eighth of something slower.
constexpr double kFastestCompound_bpm = 110;

}  // namespace

std::vector<MeterChoice> usual_meters() {
  std::vector<MeterChoice> meters = in_all_patterns({4, 4}, -0.3);
  meters.insert(meters.end(), {{{3, 4}, -1.5, kSwing},
                               {{3, 4}, -1.5, kBackbeat},
                               {{2, 4}, -2.0, kBackbeat},
                               {{5, 4}, -2.5, kBackbeat},
                               {{6, 8}, -1.5, kBackbeat, kFastestCompound_bpm},
                               {{7, 8}, -3.0, kBackbeat},
                               {{12, 8}, -3.0, kBackbeat, kFastestCompound_bpm}});
  return meters;
}

std::vector<MeterChoice> in_all_patterns(const Meter& meter, double log_prior) {
  std::vector<MeterChoice> choices;
  choices.reserve(kNPatterns);
  for (int pattern = 0; pattern < kNPatterns; ++pattern) {
    choices.push_back({meter, log_prior, pattern});
  }
  return choices;
}

std::vector<Pulse> track_bars(const Evidence& evidence, const TrackerOptions& options) {
  if (evidence.hits.empty()) return {};
  // All give the same to the bit, so nobody needs to choose among them.
  const TrackerKernels& kernels = tracker_kernels(widest_instruction_set());
  StateSpace space(options, evidence, kernels);
  std::vector<Pulse> pulses = Viterbi(evidence, options, space, kernels).run();
  const auto same_meter = [&](const MeterChoice& choice) {
    return choice.meter == options.meters.front().meter;
  };
  if (std::ranges::all_of(options.meters, same_meter)) return pulses;
  TrackerOptions second = options;
  second.gains = meter_gains(evidence, pulses, options.meters);
  return second.gains.empty() ? pulses : Viterbi(evidence, second, space, kernels).run();
}

}  // namespace fyr::rhythm
