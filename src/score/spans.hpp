// SPDX-License-Identifier: GPL-3.0-or-later

/// Spans: the stretches of a bar that are spelled on their own, so that every beat can be seen.
#pragma once

#include <vector>

#include "fyr/rhythm.hpp"

namespace fyr {

/// A beat, or in 5/8 and 7/8 a group of eighths.
struct Span {
  Tick origin = 0;  ///< Where the beat begins; before `start` in a pickup that begins inside it.
  Tick start = 0;   ///< From the start of the bar.
  Tick end = 0;
  bool triplet = false;  ///< Always a whole quarter-note beat.
  /// Whether its beat is the first of a half note, counted from where the full bar would begin.
  bool begins_half = false;
};

/// Where two quarters hang together: under one beam, as one rest.
bool pairs_quarters(const Meter& meter);

/// The spans of a bar, which they cover without gaps.
///
/// Quarter beats in x/2 and x/4, dotted beats in 6/8 9/8 12/8; other x/8 and x/16 start with a
/// group of three if the count is odd and go on in twos, as MuseScore beams them. With
/// `ends_meter` a short bar holds the end of its meter (a pickup), else its beginning.
std::vector<Span> spans_of(const Bar& bar, bool ends_meter);

/// The nearest place of the span's grid, as ticks from the start of the bar.
Tick snap(const Span& span, Tick tick);

}  // namespace fyr
