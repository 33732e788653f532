// SPDX-License-Identifier: GPL-3.0-or-later

/// Plot: a still picture of what was heard.
#pragma once

#include <string>

#include "fyr/analysis.hpp"
#include "fyr/onset.hpp"
#include "fyr/transcription.hpp"

namespace fyr {

enum class PlotFormat { Svg, Png };

/// A picture file's bytes: the activation of every drum that is struck or reaches .1 (of all, if
/// none is struck) over time in seconds, its threshold dashed, a dot for each hit, lines for beats
/// and bars with the score's numbers. 60 pixels a second, as far as 32000 pixels go; black on
/// white. Throws OutputError where libcairo is not installed or cannot draw.
std::string plot_activations(const Analysis& analysis, const PerDrum<PeakPicking>& peak_picking,
                             const Transcription& heard, PlotFormat format);

}  // namespace fyr
