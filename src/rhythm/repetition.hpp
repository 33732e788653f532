// SPDX-License-Identifier: GPL-3.0-or-later

/// After how many eighths the drumming repeats, as evidence of the meter.
///
/// Foote, "Visualizing music and audio using self-similarity", ACM Multimedia 1999; beat by beat
/// for meters as in Gainza, "Automatic musical meter detection", ICASSP 2009.
#pragma once

#include <vector>

#include "rhythm/evidence.hpp"
#include "rhythm/track_bars.hpp"

namespace fyr::rhythm {

/// For every second of the frames, what a bar of each meter loses (natural logarithm, 0 for the
/// best): 15 times how much worse kicks, snares and toms within 6 s repeat after its length. Of a
/// bar no longer than 4/4 two may count as well, where two of 4/4 have room twice, if they repeat
/// better than one and two of 4/4. How they repeat is Dice's coefficient of the eighths of
/// `pulses`, as if 8 more hits differed. Empty unless a meter is better than 4/4 by 4 in six
/// seconds.
std::vector<std::vector<float>> meter_gains(const Evidence& evidence,
                                            const std::vector<Pulse>& pulses,
                                            const std::vector<MeterChoice>& meters);

}  // namespace fyr::rhythm
