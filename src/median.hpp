// SPDX-License-Identifier: GPL-3.0-or-later

/// The median, which tempo, swing, emphasis and dynamics are told by.
#pragma once

#include <algorithm>
#include <iterator>
#include <vector>

namespace fyr {

/// Of an even number the upper of the two in the middle. `values` must not be empty.
template <typename T>
T median(std::vector<T> values) {
  const auto middle = values.begin() + std::ssize(values) / 2;
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace fyr
