// SPDX-License-Identifier: GPL-3.0-or-later
#include "rhythm/patterns.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

#include "rhythm/evidence.hpp"
#include "rhythm/tracker_kernels.hpp"

namespace fyr::rhythm {
namespace {

/// Drummers' timing and the tracker's frames together scatter hits by about this (Groove train
/// split: 22 ms median standard deviation of kick and snare around sixteenths).
constexpr double kScatter_s = 0.022;

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

bool are_alike(const std::vector<MeterChoice>& a, const std::vector<MeterChoice>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const MeterChoice& x, const MeterChoice& y) {
                      return x.meter == y.meter && x.pattern == y.pattern;
                    });
}

}  // namespace

Patterns::Patterns(std::vector<MeterChoice> choices) : meters(std::move(choices)) {
  for (std::size_t m = 0; m < meters.size(); ++m) {
    const std::vector<Step> steps = steps_of(meters[m].meter);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const bool half = bins_of(steps[i]) < kBins;
      if (half) {
        if (half_end == 0) half_begin = states.size() / kRowFloats * kRowFloats;
        half_end = (states.size() / kRowFloats + 1) * kRowFloats;
      }
      states.push_back({static_cast<int>(m), static_cast<int>(i), half});
      firsts.push_back(i == 0 ? 1.0F : 0.0F);
    }
  }
  stride = (states.size() + kRowFloats - 1) / kRowFloats * kRowFloats;
  firsts.resize(stride, 0.0F);
  for (const double period : kTablePeriods) {
    tables.push_back(make_table(kScatter_s / (period * 1.25 * kFrame_s)));
  }
}

Patterns::Table Patterns::make_table(double spread) const {
  Table table;
  table.log_rates.assign(static_cast<std::size_t>(kNParts * kBins) * stride, kNever);
  table.shares.assign(kNParts * stride, 0.0);
  std::size_t s = 0;
  for (const MeterChoice& choice : meters) {
    const std::vector<Step> steps = steps_of(choice.meter);
    const std::vector<StepRates> bar = bar_rates(steps, spread, choice.pattern);
    for (std::size_t step = 0; step < steps.size(); ++step, ++s) {
      const auto n_bins = static_cast<std::size_t>(bins_of(steps[step]));
      for (std::size_t part = 0; part < kNParts; ++part) {
        const double mean = mean_rate(bar, steps, part);
        double sum = 0;
        for (std::size_t bin = 0; bin < n_bins; ++bin) {
          const double relative = bar[step][part][bin] / mean;
          table.log_rates[(part * kBins + bin) * stride + s] =
              static_cast<float>(std::log(relative));
          sum += relative;
        }
        table.shares[part * stride + s] = sum / static_cast<double>(n_bins);
      }
    }
  }
  return table;
}

std::shared_ptr<const Patterns> patterns_of(const std::vector<MeterChoice>& meters) {
  static std::mutex mutex;
  static std::shared_ptr<const Patterns> last;
  const std::lock_guard lock(mutex);
  if (last == nullptr || !are_alike(last->meters, meters)) {
    last = std::make_shared<const Patterns>(meters);
  }
  return last;
}

}  // namespace fyr::rhythm
