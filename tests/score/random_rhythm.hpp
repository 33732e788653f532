// SPDX-License-Identifier: GPL-3.0-or-later

/// Random rhythms that keep the promises of fyr/rhythm.hpp, the same for a seed on every machine.
#pragma once

#include <cstdint>

#include "fyr/rhythm.hpp"

namespace fyr::testing {

/// Any mixture of meters, pickups, lead-ins, tempi, grids, densities and ornaments.
Rhythm random_rhythm(std::uint32_t seed);

}  // namespace fyr::testing
