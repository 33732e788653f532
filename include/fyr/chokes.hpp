// SPDX-License-Identifier: GPL-3.0-or-later

/// Chokes: crashes that a hand stops while they still ring.
#pragma once

#include <vector>

#include "fyr/onset.hpp"
#include "fyr/timbre.hpp"

namespace fyr {

/// The same hits, the crashes among them with Onset::choked_after_s.
///
/// With L(k) the level in dB of the amplitude that the mean of frame k's values from
/// kFirstCymbalValue on stands for, plus that of a value of 2 (lower ones tell their rounding), and
/// k_0 the frame of the stroke, a crash is choked where
///     min L(k_0 + 60 ms .. k) - max L(k + 80 ms .. k + 280 ms)
/// is largest, if that is 12 dB at least: 150 dB a second, where cymbals that ring lose a few tens.
/// What sounds beside a crash lifts the level for a while, hence its minimum before and its maximum
/// after; where something else sounds on, or the recording ends within 280 ms, no choke is heard.
/// Looked for is until 1.2 s after the stroke and until the next crash. The method is fyr's own,
/// its constants are from rendered songs: docs/notation.md tells how many are found and invented.
///
/// `onsets` are in time order. Without a timbre whose levels are known all crashes ring.
std::vector<Onset> with_chokes(std::vector<Onset> onsets, const Timbre& timbre);

}  // namespace fyr
