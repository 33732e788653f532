#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures how early drummers close the hi-hat with the foot: kPedalEarly_s in src/rhythm/foot_lead.hpp.

    scripts/groove_foot_lead.py FYR_DATA/groove

Reads the train split of the Groove MIDI Dataset: beats of at least 50 hits and at most 160 BPM. Each hit's
distance from the nearest sixteenth of the metronome is taken against the median of all hits within
two quarters, for drummers drag and rush as a whole. Prints the median for each drum, in ms.
"""
import argparse
import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "models/training"))
from drums import DRUMS
from groove import load_groove

FASTEST_BPM, LEAST_HITS, AROUND_QUARTERS = 160, 50, 2


def lags_s(performance):
    """Of every hit, behind the hits around it."""
    quarter_s = 60 / performance.bpm
    times_s = performance.hits[:, 0]
    off_s = times_s - np.round(times_s / (quarter_s / 4)) * quarter_s / 4
    around = [np.abs(times_s - t) < AROUND_QUARTERS * quarter_s for t in times_s]
    return off_s - np.array([np.median(off_s[near]) for near in around])


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("groove", type=pathlib.Path, help="Groove MIDI Dataset")
    groove = parser.parse_args().groove
    by_drum = [[] for _ in DRUMS]
    for performance in load_groove(groove, "train").grooves:
        if performance.bpm > FASTEST_BPM or len(performance.hits) < LEAST_HITS:
            continue
        for drum, lag_s in zip(performance.hits[:, 1].astype(int), lags_s(performance)):
            by_drum[drum].append(1000 * lag_s)
    for name, lags_ms in zip(DRUMS, by_drum):
        if lags_ms:
            print(f"{name:13s} {len(lags_ms):6d} hits  median {np.median(lags_ms):+.1f} ms")


if __name__ == "__main__":
    main()
