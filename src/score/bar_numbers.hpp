// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "fyr/score.hpp"

namespace fyr {

/// What the page counts each measure as: a pickup or lead-in as the bar before it, 0 at the start.
std::vector<int> bar_numbers(const Score& score);

}  // namespace fyr
