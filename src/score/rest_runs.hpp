// SPDX-License-Identifier: GPL-3.0-or-later

/// Silent bars in a row, which one rest with their number stands for.
#pragma once

#include <cstddef>
#include <vector>

#include "fyr/score.hpp"

namespace fyr {

/// How many measures the rest stands for that begins at measure `first`: two or more, or one where
/// the measure is not silent or stands alone. A run ends before a letter, a new meter and a tempo
/// that is seen, and never with a line: MuseScore would draw over its end. `first` must not lie
/// inside a run.
std::size_t rest_run(const std::vector<Measure>& measures, std::size_t first);

}  // namespace fyr
