// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/track_bars.hpp"

#include "rhythm/repetition.hpp"
#include "rhythm/viterbi.hpp"

namespace fyr::rhythm {

std::vector<MeterChoice> usual_meters() {
  return {{{4, 4}, 0.0, false},  {{4, 4}, -0.5, true},  {{3, 4}, -1.5, false},
          {{2, 4}, -1.0, false}, {{5, 4}, -2.5, false}, {{6, 8}, -1.5, false},
          {{7, 8}, -2.5, false}, {{12, 8}, -3.0, false}};
}

std::vector<Pulse> track_bars(const Evidence& evidence, const TrackerOptions& options) {
  if (evidence.hits.empty()) return {};
  const std::vector<Pulse> pulses = Viterbi(evidence, options).run();
  if (options.meters.size() < 2) return pulses;
  TrackerOptions second = options;
  second.gains = meter_gains(evidence, pulses, options.meters);
  return second.gains.empty() ? pulses : Viterbi(evidence, second).run();
}

}  // namespace fyr::rhythm
