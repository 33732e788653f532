// SPDX-License-Identifier: GPL-3.0-or-later
#include <ostream>

#include "fyr/writers.hpp"
#include "number.hpp"

namespace fyr {

void write_csv(const std::vector<Onset>& onsets, std::ostream& out) {
  out << "time_s,drum,velocity,confidence\n";
  for (const Onset& onset : onsets) {
    out << Fixed{onset.time_s, 4} << ',' << info(onset.drum).id << ',' << onset.velocity << ','
        << Fixed{onset.confidence, 4} << '\n';
  }
}

}  // namespace fyr
