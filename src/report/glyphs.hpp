// SPDX-License-Identifier: GPL-3.0-or-later

/// The signs of fyr's own engraving, drawn without a music font. Half a staff space is 5 units.
#pragma once

#include "fyr/score.hpp"
#include "report/svg.hpp"

namespace fyr {

inline constexpr double kHalfSpace = 5;

/// A note head centred on (x, y); `hollow` for half notes and longer.
void draw_head(SvgDrawing& svg, NoteHead head, double x, double y, bool hollow, double size,
               std::string_view extra = "");

/// Flags of a single note at the end of its stem; they hang towards the head.
void draw_flags(SvgDrawing& svg, double x, double y, int n_flags, bool stem_up);

/// A rest whose middle line is at `y`.
void draw_rest(SvgDrawing& svg, const NoteValue& value, bool full_bar, double x, double y);

}  // namespace fyr
