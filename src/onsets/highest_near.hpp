// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <vector>

#include "fyr/onset.hpp"

namespace fyr {

/// Confidence of the highest of one drum's peaks, in time order, nearer to time_s than reach_s; 0
/// where there is none.
inline double highest_near(const std::vector<Peak>& peaks, double time_s, double reach_s) {
  float highest = 0;
  auto peak =
      std::lower_bound(peaks.begin(), peaks.end(), time_s - reach_s,
                       [](const Peak& earlier, double time) { return earlier.time_s <= time; });
  for (; peak != peaks.end() && peak->time_s < time_s + reach_s; ++peak) {
    highest = std::max(highest, peak->confidence);
  }
  return static_cast<double>(highest);
}

}  // namespace fyr
