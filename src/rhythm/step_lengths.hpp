// SPDX-License-Identifier: GPL-3.0-or-later

/// How many frames a step of a tempo lasts, and what that costs.
#pragma once

#include <cmath>
#include <vector>

#include "rhythm/state_space.hpp"

namespace fyr::rhythm {

/// Lengths up to this many frames from the nearest to a tempo are tried.
inline constexpr int kMostDeviation = 1;

inline int nearest_length(double period) { return static_cast<int>(std::lround(period)); }

/// A length that suits a tempo.
struct Fit {
  int length;     ///< In frames, at least 2.
  int deviation;  ///< Of the length from the nearest one to the tempo.
  float cost;     ///< Added to the score, at most 0.
};

/// [tempo]: the lengths of full steps, or of half ones, from short to long. The cost is a normal
/// distribution of lengths around the tempo, and where people tap: a log-normal preference around
/// 105 BPM, 0.7 octaves wide (after van Noorden & Moelants, J. New Music Research 28, 1999).
/// `rigidity` is the inverse variance of the lengths, against the usual.
std::vector<std::vector<Fit>> step_lengths(const StateSpace& space, bool half, float rigidity,
                                           double frame_s);

}  // namespace fyr::rhythm
