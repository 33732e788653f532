// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/onset.hpp"

#include <string>

#include "fyr/error.hpp"
#include "text.hpp"

namespace fyr {

void check(const std::vector<Onset>& onsets) {
  double before_s = 0;
  for (const Onset& onset : onsets) {
    if (!(onset.time_s >= 0 && onset.time_s <= kLatest_s)) {
      throw UsageError("hits: times must be from 0 to 1000000 s");
    }
    if (onset.time_s < before_s) throw UsageError("hits: must be in time order");
    before_s = onset.time_s;
    if (onset.velocity < 1 || onset.velocity > 127) {
      throw UsageError("hits: velocities must be from 1 to 127, not " +
                       std::to_string(onset.velocity));
    }
    if (index_of(onset.drum) >= kNDrums) throw UsageError("hits: there is no such drum");
  }
}

}  // namespace fyr
