// SPDX-License-Identifier: GPL-3.0-or-later

/// Which tempi a recording may have: the intervals at which its parts repeat.
#pragma once

#include <vector>

#include "rhythm/evidence.hpp"

namespace fyr::rhythm {

/// Tempi lie 3 % apart: a beat is never more than 1.5 % off, 8 ms at 120 BPM.
inline constexpr double kTempoRatio = 1.03;

/// A tempo of the tracker's logarithmic scale.
struct TempoState {
  int index = 0;      ///< Of the scale; neighbours differ by one.
  double period = 0;  ///< Frames a full step.
};

/// The tempi to track between two step lengths in frames, from fast to slow. In windows of 12 s the
/// intervals between hits are counted (Dixon, "Automatic extraction of tempo and beat from
/// expressive performances", J. New Music Research 30, 2001); around the three or four highest
/// peaks of any window and octave tempi are kept, and up to two that lie between. All are kept if
/// there are few hits.
std::vector<TempoState> likely_tempi(const Evidence& evidence, double shortest, double longest);

}  // namespace fyr::rhythm
