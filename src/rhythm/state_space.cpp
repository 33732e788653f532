// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/state_space.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fyr::rhythm {
namespace {

/// Drummers' timing and the tracker's frames together scatter hits by about this (Groove train
/// split: 22 ms median standard deviation of kick and snare around sixteenths).
constexpr double kScatter_s = 0.022;

/// Hits are not independent as a Poisson process has it: a bar's evidence is worth this share.
constexpr float kEvidenceShare = 0.5F;

/// The network's log-odds of a beat count this much.
constexpr float kActivationShare = 1.0F;

/// Tables are made for periods of these many frames (and up to the next).
constexpr std::array<double, 5> kTablePeriods{10, 16, 25, 40, 64};

constexpr float kNever = -1e9F;

/// Of a part over all bins of a bar.
double mean_rate(const std::vector<StepRates>& bar, const std::vector<Step>& steps,
                 std::size_t part) {
  double sum = 0;
  int n_bins = 0;
  for (std::size_t step = 0; step < steps.size(); ++step) {
    n_bins += bins_of(steps[step]);
    for (const double rate : bar[step][part]) sum += rate;
  }
  return sum / n_bins;
}

}  // namespace

StateSpace::StateSpace(const TrackerOptions& options, const Evidence& evidence) {
  for (std::size_t m = 0; m < options.meters.size(); ++m) {
    const std::vector<Step> steps = steps_of(options.meters[m].meter);
    const int n_steps = static_cast<int>(steps.size());
    for (int i = 0; i < n_steps; ++i) {
      const bool half = bins_of(steps[static_cast<std::size_t>(i)]) < kBins;
      has_halves_ = has_halves_ || half;
      states_.push_back({static_cast<int>(m), i, half});
    }
  }
  stride_ = (n_states() + 3) / 4 * 4;
  tempi_ = likely_tempi(evidence, 60 / options.fastest_bpm / kFrame_s,
                        60 / options.slowest_bpm / kFrame_s);
  for (const double period : kTablePeriods) {
    const double spread = kScatter_s / (period * 1.25 * kFrame_s);
    full_.push_back(make_table(options, evidence, spread, false));
    half_.push_back(make_table(options, evidence, spread, true));
  }
}

StateSpace::Table StateSpace::make_table(const TrackerOptions& options, const Evidence& evidence,
                                         double spread, bool half) const {
  Table table;
  const auto stride = static_cast<std::size_t>(stride_);
  table.log_rates.assign(static_cast<std::size_t>(kNParts * kBins) * stride, kNever);
  table.expected.assign(stride, -kNever);
  std::size_t s = 0;
  for (const MeterChoice& choice : options.meters) {
    const std::vector<Step> steps = steps_of(choice.meter);
    const std::vector<StepRates> bar = bar_rates(steps, spread, choice.pattern);
    for (std::size_t step = 0; step < steps.size(); ++step, ++s) {
      if (states_[s].half != half) continue;
      const auto n_bins = static_cast<std::size_t>(bins_of(steps[step]));
      table.expected[s] = 0;
      for (std::size_t part = 0; part < kNParts; ++part) {
        const double mean = mean_rate(bar, steps, part);
        double sum = 0;
        for (std::size_t bin = 0; bin < n_bins; ++bin) {
          const double relative = bar[step][part][bin] / mean;
          table.log_rates[(part * kBins + bin) * stride + s] =
              static_cast<float>(std::log(relative));
          sum += relative;
        }
        table.expected[s] +=
            static_cast<float>(evidence.rates[part] * sum / static_cast<double>(n_bins));
      }
    }
  }
  return table;
}

const StateSpace::Table& StateSpace::table_for(double step_frames, bool half) const {
  std::size_t i = 0;
  while (i + 1 < kTablePeriods.size() && step_frames >= kTablePeriods[i + 1]) ++i;
  return half ? half_[i] : full_[i];
}

void StateSpace::observe(const Evidence& evidence, int begin, int end, bool half,
                         float* scores) const {
  const int n_frames = end - begin;
  const int n_bins = half ? kBins / 2 : kBins;
  const Table& table = table_for(half ? 2 * n_frames : n_frames, half);
  const auto stride = static_cast<std::size_t>(stride_);
  const auto length = static_cast<float>(n_frames);
  for (std::size_t s = 0; s < stride; ++s) scores[s] = -table.expected[s] * length;
  const int first = evidence.first_hit[static_cast<std::size_t>(begin)];
  const int last = evidence.first_hit[static_cast<std::size_t>(end)];
  const double bins_per_frame = static_cast<double>(n_bins) / n_frames;
  for (int i = first; i < last; ++i) {
    const PartHit& hit = evidence.hits[static_cast<std::size_t>(i)];
    const auto bin =
        std::clamp(static_cast<int>((hit.frame - begin) * bins_per_frame), 0, n_bins - 1);
    const float* row = table.log_rates.data() +
                       static_cast<std::size_t>(static_cast<int>(hit.part) * kBins + bin) * stride;
    for (std::size_t s = 0; s < stride; ++s) scores[s] += row[s];
  }
  for (std::size_t s = 0; s < stride; ++s) scores[s] *= kEvidenceShare;
  if (evidence.beat.empty()) return;
  for (std::size_t s = 0; s < states_.size(); ++s) {
    const auto& odds = states_[s].step == 0 ? evidence.downbeat : evidence.beat;
    scores[s] += kActivationShare * odds[static_cast<std::size_t>(begin)];
  }
}

}  // namespace fyr::rhythm
