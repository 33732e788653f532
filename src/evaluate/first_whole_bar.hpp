// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <vector>

namespace fyr {

/// Index of the first whole bar. Shorter ones may stand before it: fyr writes one before music that
/// does not begin with the recording, and one for an upbeat.
inline std::size_t first_whole_bar(const std::vector<double>& lengths) {
  const auto end = lengths.begin() + std::min<std::ptrdiff_t>(3, std::ssize(lengths));
  return static_cast<std::size_t>(std::max_element(lengths.begin(), end) - lengths.begin());
}

}  // namespace fyr
