// SPDX-License-Identifier: GPL-3.0-or-later

/// Which tempi a step of so many frames suits, and what that costs.
#pragma once

#include <cmath>
#include <vector>

#include "rhythm/state_space.hpp"

namespace fyr::rhythm {

/// Lengths up to this many frames from the nearest to a tempo are tried.
inline constexpr int kMostDeviation = 1;

inline int nearest_length(double period) { return static_cast<int>(std::lround(period)); }

/// A tempo that a step length suits.
struct Fit {
  int tempo;      ///< Index into the space's tempi.
  int deviation;  ///< Of the length from the nearest one to the tempo.
  float cost;     ///< Added to the score, at most 0.
};

/// [length in frames]: full steps, or half ones. The cost is a normal distribution of lengths
/// around the tempo, and where people tap: a log-normal preference around 105 BPM, 0.7 octaves wide
/// (after van Noorden & Moelants, J. New Music Research 28, 1999).
std::vector<std::vector<Fit>> step_lengths(const StateSpace& space, bool half);

}  // namespace fyr::rhythm
