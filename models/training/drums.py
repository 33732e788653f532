# SPDX-License-Identifier: GPL-3.0-or-later
"""The 13 drums, in the order that files, labels and the network's outputs use."""

DRUMS = (
    "kick", "snare", "side_stick", "closed_hihat", "pedal_hihat", "open_hihat", "high_tom",
    "mid_tom", "floor_tom", "ride", "ride_bell", "crash", "percussion",
)
(KICK, SNARE, SIDE_STICK, CLOSED, PEDAL, OPEN, HIGH_TOM, MID_TOM, FLOOR_TOM, RIDE, BELL, CRASH,
 PERCUSSION) = range(len(DRUMS))
TOMS = (HIGH_TOM, MID_TOM, FLOOR_TOM)
HATS = (CLOSED, PEDAL, OPEN)
CYMBALS = (RIDE, BELL, CRASH)
# Drums that are sounds of one instrument, as same_instrument of include/fyr/drum.hpp has them.
INSTRUMENTS = ((KICK,), (SNARE, SIDE_STICK), HATS, TOMS, (RIDE, BELL), (CRASH,), (PERCUSSION,))

# Groove and E-GMD were played on a Roland TD-11: 22 and 26 are the hat's edge, 40 the snare's rim,
# 52 and 55 the crashes' edges and 58 the floor tom's rim, unlike General MIDI.
_PITCHES = {
    KICK: (35, 36), SNARE: (38, 40), SIDE_STICK: (37,), CLOSED: (42, 22), PEDAL: (44,),
    OPEN: (46, 26), HIGH_TOM: (48, 50), MID_TOM: (45, 47), FLOOR_TOM: (43, 58, 41),
    RIDE: (51, 59), BELL: (53,), CRASH: (49, 52, 55, 57),
    PERCUSSION: (39, 54, 56, 70, 64, 75),
}
DRUM_OF_PITCH = {pitch: drum for drum, pitches in _PITCHES.items() for pitch in pitches}

# Folder names of the one-shot bank.
DRUM_OF_CLASS = {
    "kick": KICK, "snare": SNARE, "sidestick": SIDE_STICK, "hihat_closed": CLOSED,
    "hihat_pedal": PEDAL, "hihat_open": OPEN, "tom_high": HIGH_TOM, "tom_mid": MID_TOM,
    "tom_low": FLOOR_TOM, "ride": RIDE, "ride_bell": BELL, "crash": CRASH, "china": CRASH,
    "splash": CRASH, "tambourine": PERCUSSION, "cowbell": PERCUSSION, "clap": PERCUSSION,
}
