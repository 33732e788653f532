// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/state_space.hpp"

#include <algorithm>

namespace fyr::rhythm {
namespace {

/// Added to the log-odds of the beat activations where a step begins: they are seldom sure of a
/// beat, so that one with 8 % already speaks for a step. Without it fast music is counted in half
/// time; docs/rhythm_history.md, "The bar pointer", has others.
constexpr float kBeatLogOdds = 2.5F;

/// So many expected hits a frame that no path goes this way.
constexpr float kBoundless = -4 * kNever;

std::size_t table_of(double step_frames) {
  std::size_t i = 0;
  while (i + 1 < kTablePeriods.size() && step_frames >= kTablePeriods[i + 1]) ++i;
  return i;
}

}  // namespace

StateSpace::StateSpace(const TrackerOptions& options, const Evidence& evidence,
                       const TrackerKernels& kernels)
    : kernels_(kernels),
      patterns_(patterns_of(options.meters)),
      tempi_(likely_tempi(evidence, 60 / options.fastest_bpm / evidence.frame_s,
                          60 / options.slowest_bpm / evidence.frame_s)) {
  for (const Patterns::Table& table : patterns_->tables) {
    expected_full_.push_back(expect(table, evidence, false));
    expected_half_.push_back(expect(table, evidence, true));
  }
}

std::vector<float> StateSpace::expect(const Patterns::Table& table, const Evidence& evidence,
                                      bool half) const {
  std::vector<float> expected(patterns_->stride, kBoundless);
  for (std::size_t s = 0; s < patterns_->states.size(); ++s) {
    if (patterns_->states[s].half != half) continue;
    expected[s] = 0;
    for (std::size_t part = 0; part < kNParts; ++part) {
      expected[s] +=
          static_cast<float>(evidence.rates[part] * table.shares[part * patterns_->stride + s]);
    }
  }
  return expected;
}

void StateSpace::observe(const Evidence& evidence, int begin, int end, bool half, float* scores) {
  const int n_frames = end - begin;
  const int n_bins = half ? kBins / 2 : kBins;
  const std::size_t which = table_of(half ? 2 * n_frames : n_frames);
  const std::size_t from = half ? patterns_->half_begin : 0;
  const std::size_t to = half ? patterns_->half_end : patterns_->stride;
  const float* log_rates = patterns_->tables[which].log_rates.data() + from;
  const int first = evidence.first_hit[static_cast<std::size_t>(begin)];
  const int last = evidence.first_hit[static_cast<std::size_t>(end)];
  const double bins_per_frame = static_cast<double>(n_bins) / n_frames;
  rows_.clear();
  for (int i = first; i < last; ++i) {
    const PartHit& hit = evidence.hits[static_cast<std::size_t>(i)];
    const auto bin =
        std::clamp(static_cast<int>((hit.frame - begin) * bins_per_frame), 0, n_bins - 1);
    rows_.push_back(log_rates + static_cast<std::size_t>(static_cast<int>(hit.part) * kBins + bin) *
                                    patterns_->stride);
  }
  const auto& expected = half ? expected_half_ : expected_full_;
  const bool knows_beats = !evidence.beat.empty();
  const auto frame = static_cast<std::size_t>(begin);
  const ObservedStep step{rows_.data(),
                          last - first,
                          expected[which].data() + from,
                          static_cast<float>(n_frames),
                          kEvidenceShare,
                          patterns_->firsts.data() + from,
                          knows_beats ? evidence.downbeat[frame] + kBeatLogOdds : 0.0F,
                          knows_beats ? evidence.beat[frame] + kBeatLogOdds : 0.0F};
  kernels_.observe(step, static_cast<int>(to - from), scores + from);
}

}  // namespace fyr::rhythm
