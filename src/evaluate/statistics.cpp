// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace fyr {
namespace {

/// Percentile intervals want a thousand or more: Efron & Tibshirani, "An Introduction to the
/// Bootstrap", 1993.
constexpr std::size_t kNResamples = 2000;
constexpr std::uint64_t kSeed = 20261123;  ///< Any will do, so long as it stays.

}  // namespace

std::optional<double> quantile(std::vector<double> values, double q) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  const double rank = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return std::lerp(values[below], values[above], rank - static_cast<double>(below));
}

std::optional<double> correlation(const std::vector<double>& x, const std::vector<double>& y) {
  if (x.size() < 3) return std::nullopt;
  const auto n = static_cast<double>(x.size());
  double mean_x = 0;
  double mean_y = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    mean_x += x[i] / n;
    mean_y += y[i] / n;
  }
  double xx = 0;
  double yy = 0;
  double xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  if (xx <= 0 || yy <= 0) return std::nullopt;
  return xy / std::sqrt(xx * yy);
}

Resamples::Resamples(std::size_t n_items) : n_items_(n_items) {
  if (n_items < 2) return;
  // The engine's sequence is fixed by the standard, its distributions' are not.
  std::mt19937_64 engine(kSeed);
  samples_.resize(kNResamples);
  for (auto& sample : samples_) {
    sample.resize(n_items);
    for (auto& item : sample) item = static_cast<std::uint32_t>(engine() % n_items);
  }
}

std::optional<Interval> Resamples::interval(
    const std::function<std::optional<double>(const std::vector<std::uint32_t>&)>& statistic)
    const {
  if (n_items_ < 2) return std::nullopt;
  std::vector<double> values;
  values.reserve(samples_.size());
  for (const auto& sample : samples_) {
    if (const auto value = statistic(sample)) values.push_back(*value);
  }
  const auto low = quantile(values, 0.025);
  const auto high = quantile(values, 0.975);
  if (!low || !high) return std::nullopt;
  return Interval{*low, *high};
}

}  // namespace fyr
