// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <Eigen/Core>
#include <span>

namespace fyr {

/// Mean of the squares; `samples` must not be empty.
inline double mean_power(std::span<const float> samples) {
  const Eigen::Map<const Eigen::ArrayXf> all(samples.data(),
                                             static_cast<Eigen::Index>(samples.size()));
  return static_cast<double>(all.square().mean());
}

}  // namespace fyr
