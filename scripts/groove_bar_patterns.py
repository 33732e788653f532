#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts what drummers play where in a 4/4 bar: the table in src/rhythm/groove_patterns.hpp.

    scripts/groove_bar_patterns.py FYR_DATA/groove > src/rhythm/groove_patterns.hpp

Reads the train split of the Groove MIDI Dataset (beats of at least four bars in 4/4). Every hit is
counted at the nearest sixteenth or triplet of the metronome. A performance may lie some beats off
the metronome's bar, and is straight or swung: both are chosen to suit the table best, and the table
is counted again, ten times (Viterbi training). Every performance has equal weight.
"""
import csv
import pathlib
import sys

import mido
import numpy

PLACES = numpy.array([0, 3, 4, 6, 8, 9])  # Twelfths of a beat; the last is the next beat's.
PARTS = ["kick", "snare and side stick", "ghost", "stick on hi-hat or ride", "pedal hi-hat", "crash", "toms"]
KICK, SNARE, GHOST, CYMBAL, PEDAL, CRASH, TOM = range(7)
PART_OF_PITCH = {36: KICK, 35: KICK, 38: SNARE, 40: SNARE, 37: SNARE, 44: PEDAL}
PART_OF_PITCH.update(dict.fromkeys([42, 22, 46, 26, 51, 59, 53, 39, 54, 56, 70, 64, 75], CYMBAL))
PART_OF_PITCH.update(dict.fromkeys([48, 50, 45, 47, 43, 58, 41], TOM))
PART_OF_PITCH.update(dict.fromkeys([49, 52, 55, 57], CRASH))
STAYS = 3.0  # Natural logarithm by which the metronome's own bar is preferred.
FEELS = ["kStraight", "kSwung"]


def read(path):
    """The hits as (beat, part), ghosts being the soft strokes on the snare."""
    midi = mido.MidiFile(path)
    hits = []
    for track in midi.tracks:
        tick = 0
        for message in track:
            tick += message.time
            if message.type == "note_on" and message.velocity > 0 and message.note in PART_OF_PITCH:
                hits.append((tick / midi.ticks_per_beat, message.note, message.velocity))
    strong = [velocity for _, note, velocity in hits if note in (38, 40)]
    ghost_below = 0.55 * numpy.percentile(strong, 85) if strong else 0
    return [(beat, GHOST if note in (38, 40) and velocity < ghost_below else PART_OF_PITCH[note])
            for beat, note, velocity in hits]


def count(hits):
    """Mean hits a bar: [part, beat, place]."""
    counts = numpy.zeros((len(PARTS), 4, len(PLACES)))
    for beat, part in hits:
        place = int(numpy.argmin(numpy.abs(numpy.append(PLACES, 12) - beat % 1 * 12)))
        counts[part, (int(beat) + place // len(PLACES)) % 4, place % len(PLACES)] += 1
    n_bars = max(beat for beat, _ in hits) / 4
    return counts / n_bars


def suits(counts, table):
    rates = table + 0.002
    return float((counts * numpy.log(rates) - rates).sum())


def main():
    root = pathlib.Path(sys.argv[1])
    performances = []
    for row in csv.DictReader(open(root / "info.csv")):
        if (row["split"], row["beat_type"], row["time_signature"]) != ("train", "beat", "4-4"):
            continue
        hits = read(root / row["midi_filename"])
        if hits and max(beat for beat, _ in hits) >= 16:
            performances.append(count(hits))
    # To begin with: swung is what has more hits on the last triplet than on the eighth.
    feels = [int(c[:, :, 4].sum() > c[:, :, 3].sum()) for c in performances]
    shifts = [0] * len(performances)
    for _ in range(10):
        tables = [numpy.mean([numpy.roll(c, s, axis=1) for c, s, f in zip(performances, shifts, feels)
                              if f == feel], axis=0) for feel in (0, 1)]
        for i, counts in enumerate(performances):
            choices = [(suits(numpy.roll(counts, s, axis=1), tables[feel]) + (STAYS / 4 if s == 0 else 0), -s, feel)
                       for feel in (0, 1) for s in range(4)]
            _, shift, feels[i] = max(choices)
            shifts[i] = -shift
    print("// SPDX-License-Identifier: GPL-3.0-or-later\n")
    print("/// What drummers play where in a 4/4 bar, counted by scripts/groove_bar_patterns.py in the train\n"
          f"/// split of the Groove MIDI Dataset: {len(performances)} performances, {sum(feels)} of them swung.\n"
          "#pragma once\n\n#include <array>\n\nnamespace fyr::rhythm {\n")
    print("/// Mean hits a bar of 7 parts on beats 1 to 4, at 0, 1/4, 1/3, 1/2, 2/3 and 3/4 of the beat.")
    print("using GroovePatterns = std::array<std::array<std::array<double, 6>, 4>, 7>;\n")
    for feel, name in enumerate(FEELS):
        print(f"inline constexpr GroovePatterns {name}{{{{")
        for part, title in enumerate(PARTS):
            for beat in range(4):
                numbers = ", ".join(f"{max(x, 0.002):.3f}" for x in tables[feel][part, beat])
                print(f"    {'{{' if beat == 0 else '  '}{{{numbers}}}{'}},' if beat == 3 else ','}"
                      + (f"  // {title}" if beat == 0 else ""))
        print("}};\n")
    print("}  // namespace fyr::rhythm")


if __name__ == "__main__":
    main()
