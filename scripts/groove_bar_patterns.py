#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Learns what drummers play where in a 4/4 bar: the tables in src/rhythm/groove_patterns.hpp.

    scripts/groove_bar_patterns.py FYR_DATA/groove > src/rhythm/groove_patterns.hpp

Reads the train split of the Groove MIDI Dataset (beats of at least four bars in 4/4). Every hit is
counted at the nearest sixteenth or triplet of the metronome. The performances are then sorted into
eight patterns that explain them best: a mixture of multinomials, fitted by hard assignments from 100
random starts. A performance may lie some beats off the metronome's bar; that is found as well. Every
performance has equal weight. Patterns in rhythm tracking: Krebs, Böck & Widmer, "Rhythmic pattern
modeling for beat and downbeat tracking in musical audio", ISMIR 2013.
"""
import argparse
import csv
import pathlib

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
N_PATTERNS = 8
N_BARS = 8  # What a performance's mean bar is worth as evidence.


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


def log_rates(pattern):
    """Rates against each part's own mean, so that only the places count."""
    sums = pattern.sum(axis=(1, 2), keepdims=True)
    smooth = pattern + 0.01 * sums / (4 * len(PLACES)) + 0.0005
    return numpy.log(smooth / smooth.mean(axis=(1, 2), keepdims=True))


def spread_out(turned, random):
    """Performances to start from, each likely to be one that the others explain badly."""
    chosen = [turned[random.randint(len(turned)), 0]]
    own = numpy.array([(p * log_rates(p)).sum() for p in turned[:, 0]])
    while len(chosen) < N_PATTERNS:
        explained = numpy.max([numpy.einsum("npbx,pbx->n", turned[:, 0], log_rates(c)) for c in chosen], axis=0)
        missing = numpy.maximum(own - explained, 0)
        chosen.append(turned[random.choice(len(turned), p=missing / missing.sum()), 0])
    return chosen


def fit(turned, seed):
    """The log-likelihood, the patterns and how many performances each has."""
    random = numpy.random.RandomState(seed)
    patterns = spread_out(turned, random)
    before = None
    for _ in range(40):
        scores = N_BARS * numpy.stack([numpy.einsum("nspbx,pbx->ns", turned, log_rates(p)) for p in patterns], axis=2)
        scores[:, 0] += STAYS
        flat = scores.reshape(len(turned), -1)
        best = flat.argmax(axis=1)
        shift, kind = best // N_PATTERNS, best % N_PATTERNS
        if before is not None and (kind == before).all():
            break
        before = kind
        for k in range(N_PATTERNS):
            members = numpy.flatnonzero(kind == k)
            patterns[k] = (turned[members, shift[members]].mean(axis=0) if len(members) >= 6
                           else turned[random.randint(len(turned)), 0])
    return flat.max(axis=1).sum(), patterns, numpy.bincount(kind, minlength=N_PATTERNS)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("groove", type=pathlib.Path, help="Groove MIDI Dataset")
    root = parser.parse_args().groove
    performances = []
    for row in csv.DictReader(open(root / "info.csv")):
        if (row["split"], row["beat_type"], row["time_signature"]) != ("train", "beat", "4-4"):
            continue
        hits = read(root / row["midi_filename"])
        if hits and max(beat for beat, _ in hits) >= 16:
            performances.append(count(hits))
    counts = numpy.array(performances)
    turned = numpy.stack([numpy.roll(counts, shift, axis=2) for shift in range(4)], axis=1)
    _, patterns, sizes = max((fit(turned, seed) for seed in range(100)), key=lambda result: result[0])
    print("// SPDX-License-Identifier: GPL-3.0-or-later\n")
    print("/// What drummers play where in a 4/4 bar, learned by scripts/groove_bar_patterns.py from\n"
          f"/// {len(counts)} performances of the train split of the Groove MIDI Dataset.\n"
          "#pragma once\n\n#include <array>\n\nnamespace fyr::rhythm {\n")
    print("/// Mean hits a bar of 7 parts on beats 1 to 4, at 0, 1/4, 1/3, 1/2, 2/3 and 3/4 of the beat.")
    print("using GroovePattern = std::array<std::array<std::array<double, 6>, 4>, 7>;\n")
    print(f"inline constexpr int kNPatterns = {N_PATTERNS};\n")
    print("/// The most frequent first.\ninline constexpr std::array<GroovePattern, kNPatterns> kPatterns{{")
    for pattern in sorted(range(N_PATTERNS), key=lambda k: -sizes[k]):
        print(f"    // {sizes[pattern]} performances\n    {{{{")
        for part, title in enumerate(PARTS):
            for beat in range(4):
                numbers = ", ".join(f"{max(x, 0.002):.3f}" for x in patterns[pattern][part, beat])
                print(f"        {'{{' if beat == 0 else '  '}{{{numbers}}}{'}},' if beat == 3 else ','}"
                      + (f"  // {title}" if beat == 0 else ""))
        print("    }},")
    print("}};\n\n}  // namespace fyr::rhythm")


if __name__ == "__main__":
    main()
