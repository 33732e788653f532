// SPDX-License-Identifier: GPL-3.0-or-later

/// The texts of data/maps/*.json, compiled in.
#pragma once

#include <string_view>
#include <vector>

namespace fyr {

struct CarriedMap {
  std::string_view id;
  std::string_view json;
};

const std::vector<CarriedMap>& carried_maps();
std::string_view carried_vocabularies();

}  // namespace fyr
