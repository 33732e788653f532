// SPDX-License-Identifier: GPL-3.0-or-later

/// Random rhythms that keep the promises of fyr/rhythm.hpp, the same for a seed on every machine.
#pragma once

#include <cstdint>
#include <vector>

#include "fyr/rhythm.hpp"

namespace fyr::testing {

/// Up to 40 seconds of hits by time, then drum: steady, swung, drifting or without any pulse, with
/// pauses, rolls and hits at once.
std::vector<Onset> random_onsets(std::uint32_t seed);

/// Any mixture of meters, pickups, lead-ins, tempi, grids, densities and ornaments.
Rhythm random_rhythm(std::uint32_t seed);

}  // namespace fyr::testing
