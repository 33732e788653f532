// SPDX-License-Identifier: GPL-3.0-or-later

/// Reproducible values in [0, 1) that need no file: tests/network/make_fixtures.py makes the same.
#pragma once

#include <cstdint>

#include "fyr/matrix.hpp"

namespace fyr::test {

inline Matrix pseudo_features(Eigen::Index n_rows, Eigen::Index n_columns) {
  Matrix values(n_rows, n_columns);
  for (Eigen::Index i = 0; i < values.size(); ++i) {
    auto state = static_cast<std::uint32_t>(i) * 2654435761U + 12345U;
    state = (state ^ (state >> 15U)) * 2246822519U;
    state ^= state >> 13U;
    values.data()[i] = static_cast<float>(state >> 8U) / 16777216.0F;
  }
  return values;
}

}  // namespace fyr::test
