// SPDX-License-Identifier: GPL-3.0-or-later

/// How much the foot is ahead of the hands.
#pragma once

#include "fyr/onset.hpp"

namespace fyr::rhythm {

/// The foot that closes the hats comes before what the hands play with it: the median of 39,912
/// strokes in Groove's train split against the hits around (scripts/groove_foot_lead.py).
inline constexpr double kPedalEarly_s = 0.009;

/// When the hands would have played it.
inline double meant_s(const Onset& onset) {
  return onset.time_s + (onset.drum == Drum::PedalHiHat ? kPedalEarly_s : 0);
}

}  // namespace fyr::rhythm
