// SPDX-License-Identifier: GPL-3.0-or-later

/// Which bar of one score became which bar of another.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "score_file/mscx_score.hpp"

namespace fyr {

struct BarPair {
  std::optional<std::size_t> before;  ///< Nothing: the bar was added.
  std::optional<std::size_t> after;   ///< Nothing: the bar was removed.
};

/// Pairs that share as many notes as possible, in order; bars that share nothing are still paired
/// where no others are in between. Needleman & Wunsch, J. Mol. Biol. 48, 1970, in a band that
/// widens until nothing outside it can be better: Ukkonen, Inf. Control 64, 1985. Scores of more
/// than about 5000 bars that have little in common are not searched through: their pairs may be the
/// best only of those near each other, or bars are paired one by one.
std::vector<BarPair> align_bars(const std::vector<MscxBar>& before,
                                const std::vector<MscxBar>& after);

}  // namespace fyr
