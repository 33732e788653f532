// SPDX-License-Identifier: GPL-3.0-or-later

/// Small statistics, each with its source.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "fyr/scoring.hpp"

namespace fyr {

/// Linear interpolation between closest ranks (Hyndman & Fan 1996, type 7; NumPy's default).
/// `values` need not be sorted; none give nothing.
std::optional<double> quantile(std::vector<double> values, double q);

/// Pearson's r; nothing for fewer than three pairs or a side without variance.
std::optional<double> correlation(const std::vector<double>& x, const std::vector<double>& y);

/// The samples of one bootstrap (Efron 1979): indices drawn with replacement, the same for every
/// figure, so that figures stay paired.
class Resamples {
 public:
  explicit Resamples(std::size_t n_items);

  /// Percentile interval (95 %) of `statistic` over the samples. Samples in which it is undefined
  /// are left out; nothing for fewer than two items or when every sample is undefined.
  std::optional<Interval> interval(
      const std::function<std::optional<double>(const std::vector<std::uint32_t>&)>& statistic)
      const;

 private:
  std::size_t n_items_;
  std::vector<std::vector<std::uint32_t>> samples_;
};

}  // namespace fyr
