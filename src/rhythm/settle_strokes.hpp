// SPDX-License-Identifier: GPL-3.0-or-later

/// Single strokes that nobody means where their beat's grid has them.
#pragma once

#include <vector>

#include "rhythm/lay_bars.hpp"
#include "rhythm/ornaments.hpp"

namespace fyr::rhythm {

/// Moves `ticks`, of which each stroke has one, from the start of the first bar: kick and crash
/// that stand together just before a bar line go to it, and lone strokes between two sixteenths to
/// the nearer one, told by `positions`. The rules are in docs/rhythm.md.
void settle_strokes(const std::vector<Stroke>& strokes, const std::vector<double>& positions,
                    const std::vector<Bar>& bars, std::vector<Tick>& ticks);

}  // namespace fyr::rhythm
