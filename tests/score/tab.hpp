// SPDX-License-Identifier: GPL-3.0-or-later

/// Rhythms written as drum tabs, so that a test shows what it plays.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "fyr/rhythm.hpp"

namespace fyr::testing {

/// One line of a tab: as many characters as the bar has places. `x` is a stroke, `X` a loud one,
/// `g` a ghost note, `f` a flam, `d` a drag, `r` a roll, `c` a choked crash, `?` a doubtful stroke,
/// `-` nothing.
using TabLine = std::pair<Drum, std::string_view>;

/// Appends a bar of `length` ticks (0: the full meter) to the end of the rhythm at 120 quarters a
/// minute. A number of places that three divides makes all beats of a quarter triplets.
void add_tab(Rhythm& rhythm, const Meter& meter, const std::vector<TabLine>& lines,
             Tick length = 0);

}  // namespace fyr::testing
