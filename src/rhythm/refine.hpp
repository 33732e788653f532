// SPDX-License-Identifier: GPL-3.0-or-later

/// Beat times finer than the tracker's frames.
#pragma once

#include <vector>

#include "fyr/onset.hpp"
#include "rhythm/time_map.hpp"

namespace fyr::rhythm {

/// Moves the knots to where the hits near the main divisions of the beat want them, at a tempo that
/// changes as little as possible: least squares with a penalty on the change of tempo (a cubic
/// smoothing spline in all but name), solved three times as hits choose their places anew.
void refine(std::vector<Knot>& knots, const std::vector<Onset>& onsets);

}  // namespace fyr::rhythm
