// SPDX-License-Identifier: GPL-3.0-or-later

/// Lines: where the page breaks, so that phrases of four bars can be seen.
#pragma once

#include <cstddef>

#include "fyr/score.hpp"

namespace fyr {

/// How many a line should have: a phrase.
inline constexpr std::size_t kBarsPerLine = 4;

/// Ends a line after every fourth bar, or after two or one where four are too dense to fit, on a
/// staff a little smaller than others if four fit everywhere then.
void break_lines(Score& score);

}  // namespace fyr
