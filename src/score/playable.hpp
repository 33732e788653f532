// SPDX-License-Identifier: GPL-3.0-or-later

/// Playable: a rhythm whose bars the page can hold.
#pragma once

#include "fyr/rhythm.hpp"

namespace fyr {

/// Whole bars of rest that stand for `silence_s` before a bar of `meter` at that speed.
int lead_in_bars(const Meter& meter, double quarters_per_s, double silence_s);

/// The same hits at the same times in bars that can be written: there is at least one, each lasts
/// some time until the next begins, lengths are whole 32nds. Hits are in bars that there are. A
/// pickup that begins inside a 32nd grows to whole beats; one that follows bars of rest grows to a
/// whole bar.
Rhythm playable(Rhythm rhythm);

}  // namespace fyr
