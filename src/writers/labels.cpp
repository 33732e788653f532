// SPDX-License-Identifier: GPL-3.0-or-later
#include <ostream>

#include "fyr/writers.hpp"
#include "number.hpp"

namespace fyr {

void write_labels(const std::vector<Onset>& onsets, std::ostream& out) {
  for (const Onset& onset : onsets) {
    const Fixed time_s{onset.time_s, 6};
    out << time_s << '\t' << time_s << '\t' << info(onset.drum).id << '\n';
  }
}

}  // namespace fyr
