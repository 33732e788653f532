// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/onsets.hpp"

#include "fyr/network.hpp"

namespace fyr {

std::vector<Onset> pick_onsets(const Activations&, const PerDrum<PeakPicking>&, double) {
  return {};
}

}  // namespace fyr
