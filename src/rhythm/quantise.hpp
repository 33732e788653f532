// SPDX-License-Identifier: GPL-3.0-or-later

/// From positions between ticks to places on a grid chosen beat by beat.
#pragma once

#include <vector>

#include "rhythm/lay_bars.hpp"
#include "rhythm/ornaments.hpp"

namespace fyr::rhythm {

/// In a beat of swung eighths nothing finer than a sixteenth is written straight.
inline constexpr Tick kFinestSwung = kTicksPerQuarter / 4;

/// Chooses every beat's grid, fills `Bar::grids` and returns the tick of every stroke from the
/// start of the first bar. Per beat the candidates are eighths, sixteenths, thirty-seconds,
/// triplets and sextuplets (in compound and eighth-note beats the binary ones); the choice
/// minimises the strokes' squared distances from their places, a price for each finer grid and a
/// price for changing between binary and triplet from beat to beat, by Viterbi over the beats; then
/// once more with a price for what the neighbouring bars do not have. At the end single strokes
/// leave the grid for where they are meant (settle_strokes.hpp).
///
/// `positions` are the strokes' times in ticks, rising but for the foot's lead (foot_lead.hpp):
/// a pedal stroke may come up to 9 ms before the stroke that is listed before it. Near a beat line
/// it then falls to the beat after, on whose first place it is written from either side.
std::vector<Tick> quantise(const std::vector<Stroke>& strokes, const std::vector<double>& positions,
                           BarPlan& plan, const Swing& swing);

}  // namespace fyr::rhythm
