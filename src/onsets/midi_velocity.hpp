// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace fyr {

/// A velocity activation (0..1) as MIDI says it, 1..127.
int midi_velocity(float velocity);

}  // namespace fyr
