// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/drum.hpp"

namespace fyr {

std::optional<Drum> drum_from_id(std::string_view id) {
  for (const DrumInfo& drum : kDrums) {
    if (drum.id == id) return drum.drum;
  }
  return std::nullopt;
}

std::string drum_ids() {
  std::string ids;
  for (const DrumInfo& drum : kDrums) {
    if (!ids.empty()) ids += ", ";
    ids += drum.id;
  }
  return ids;
}

}  // namespace fyr
