// SPDX-License-Identifier: GPL-3.0-or-later

/// Emphasis: which notes the page calls ghost notes and accents.
#pragma once

#include <vector>

#include "fyr/rhythm.hpp"

namespace fyr {

enum class Emphasis { Plain, Ghost, Accent };

/// One value a hit.
///
/// Only the snare and the toms are marked: on cymbals the small differences of every stroke would
/// speckle the page. A drum's full level is the median, over nearby bars, of the bar's loudest
/// stroke on it. Below half of that level a snare stroke is a ghost note; within a
/// quarter of that limit the mean of its place in the nearby bars decides. Above 1.5 times (toms:
/// 1.4) the median of the strokes that are not ghosts a stroke is an accent, but no tom under a
/// snare or with a confidence under .5. Of three and more snare strokes a 32nd apart none is a
/// ghost. Where the snare keeps the time none is either, and accents are measured against the
/// softer strokes.
std::vector<Emphasis> find_emphasis(const std::vector<QuantisedHit>& hits);

}  // namespace fyr
