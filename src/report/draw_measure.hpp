// SPDX-License-Identifier: GPL-3.0-or-later

/// The notes of one measure in fyr's own engraving.
#pragma once

#include "fyr/score.hpp"
#include "report/svg.hpp"

namespace fyr {

/// Where a measure's notes may stand.
struct MeasureSpace {
  double left = 0;
  double width = 0;
  double top = 0;  ///< Of the staff: its top line.
};

/// Draws chords, rests, beams and tuplets of all voices; no bar lines, no staff.
void draw_measure(SvgDrawing& svg, const Measure& measure, const MeasureSpace& space);

}  // namespace fyr
