// SPDX-License-Identifier: GPL-3.0-or-later

/// Likelihoods as log-odds.
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>

namespace fyr::rhythm {

/// Of `p`, taken for at least `least` and at most `most`.
template <std::floating_point Real>
Real log_odds(Real p, Real least, Real most) {
  const Real likely = std::clamp(p, least, most);
  return std::log(likely / (1 - likely));
}

/// The same with one minus `least` for `most`.
inline float log_odds(float p, float least) { return log_odds(p, least, 1 - least); }

}  // namespace fyr::rhythm
