// SPDX-License-Identifier: GPL-3.0-or-later

/// Likelihoods as log-odds.
#pragma once

#include <algorithm>
#include <cmath>

namespace fyr::rhythm {

/// Of `p`, taken for at least `least` and at most one minus it.
inline float log_odds(float p, float least) {
  const float likely = std::clamp(p, least, 1 - least);
  return std::log(likely / (1 - likely));
}

}  // namespace fyr::rhythm
