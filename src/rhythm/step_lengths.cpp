// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/step_lengths.hpp"

namespace fyr::rhythm {
namespace {

/// Standard deviation of a step's length around its tempo, in frames.
constexpr double kLengthDeviation = 0.8;

// The preferred tempo; docs/rhythm_history.md, "What did not help", has others.
constexpr double kPreferredBpm = 105;
constexpr double kPreferenceWidth = 0.7;  ///< Octaves.
constexpr double kPreferenceShare = 0.8;  ///< In natural logarithms a second.

}  // namespace

std::vector<std::vector<Fit>> step_lengths(const StateSpace& space, bool half, float rigidity,
                                           double frame_s) {
  std::vector<std::vector<Fit>> lengths;
  const double half_rigidity = 0.5 * static_cast<double>(rigidity);
  for (int k = 0; k < space.n_tempi(); ++k) {
    const double period = space.period(k) / (half ? 2 : 1);
    const double bpm = 60 / (space.period(k) * frame_s);
    lengths.emplace_back();
    const double octaves = std::log2(bpm / kPreferredBpm) / kPreferenceWidth;
    for (int deviation = -kMostDeviation; deviation <= kMostDeviation; ++deviation) {
      const int length = nearest_length(period) + deviation;
      if (length < 2) continue;
      const double off = (length - period) / kLengthDeviation;
      const double preference = -0.5 * octaves * octaves * kPreferenceShare * length * frame_s;
      lengths.back().push_back(
          {length, deviation, static_cast<float>(preference - half_rigidity * off * off)});
    }
  }
  return lengths;
}

}  // namespace fyr::rhythm
