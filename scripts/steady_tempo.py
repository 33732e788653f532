#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How steadily fyr counts music that was made at one tempo.

    fyr transcribe -f json -o found/ songs/*.ogg
    scripts/steady_tempo.py found/

Of each transcription the F of its beats against the even grid that suits them best, within 70 ms,
and of its downbeats against every fourth or third beat of that grid. Beats count where a drum
sounds within a beat of them. Needs no annotations, but songs that a sequencer played: where a song
changes its tempo, or its bars, F stays under 1 however well it is heard. Which tempo the grid has
is not judged. Transcriptions with fewer than 20 beats or less than a hit a second are left out.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

TOLERANCE_S = 0.07
FEWEST_BEATS = 20
FEWEST_HITS_A_SECOND = 1.0
OTHER_PERIODS = np.outer([0.5, 1.0, 2.0], np.linspace(0.994, 1.006, 121)).ravel()
STEADY = 0.98


def near(places_s: np.ndarray, hits_s: np.ndarray, within_s: float) -> np.ndarray:
    """Whether a hit lies within that time of each place."""
    first = np.searchsorted(hits_s, places_s - within_s)
    return (first < len(hits_s)) & (hits_s[np.minimum(first, len(hits_s) - 1)] < places_s + within_s)


def f_measure(found_s: np.ndarray, grid_s: np.ndarray) -> float:
    if not len(found_s) or not len(grid_s):
        return 0.0
    n_both = min(near(found_s, grid_s, TOLERANCE_S).sum(), near(grid_s, found_s, TOLERANCE_S).sum())
    return 2 * n_both / (len(found_s) + len(grid_s))


def grid_of(beats_s: np.ndarray, period_s: float) -> np.ndarray:
    """The even grid of this period, over the whole song, in the phase of most beats."""
    turns = np.exp(2j * np.pi * beats_s / period_s)
    phase_s = np.angle(turns.sum()) / (2 * np.pi) * period_s
    first, last = np.round((beats_s[[0, -1]] - phase_s) / period_s)
    return phase_s + period_s * np.arange(first, last + 1)


def steadiness(transcription: dict) -> tuple[float, float] | None:
    """F of beats and of downbeats; none if there is too little."""
    hits_s = np.array([hit["time_s"] for hit in transcription["onsets"]])
    beats_s = np.array([beat["time_s"] for beat in transcription["beats"]])
    first = np.array([beat["number"] == 1 for beat in transcription["beats"]])
    few = len(hits_s) < FEWEST_HITS_A_SECOND * transcription["duration_s"]
    if len(beats_s) < FEWEST_BEATS or few:
        return None
    beat_s = float(np.median(np.diff(beats_s)))
    played = near(beats_s, hits_s, beat_s)
    if not played.any():
        return None
    beats_s, first = beats_s[played], first[played]
    best, best_grid_s, best_period_s = 0.0, beats_s, beat_s
    for period_s in beat_s * OTHER_PERIODS:
        grid_s = grid_of(beats_s, period_s)
        grid_s = grid_s[near(grid_s, hits_s, period_s)]
        f = f_measure(beats_s, grid_s)
        if f > best:
            best, best_grid_s, best_period_s = f, grid_s, period_s
    numbers = np.round((best_grid_s - best_grid_s[0]) / best_period_s).astype(int)
    downbeats = max(f_measure(beats_s[first], best_grid_s[numbers % length == offset])
                    for length in (4, 3) for offset in range(length))
    return best, downbeats


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path, help="transcriptions in fyr's JSON format")
    folder = parser.parse_args().folder
    found = {path.stem: steadiness(json.loads(path.read_text())) for path in sorted(folder.glob("*.json"))}
    songs = {name: both for name, both in found.items() if both is not None}
    if not songs:
        sys.exit(f"{folder}: no transcription with enough beats and hits")
    for name, (beats, downbeats) in songs.items():
        print(f"{beats:.3f} {downbeats:.3f} {name}")
    beats, downbeats = np.array(list(songs.values())).T
    print(f"{len(songs)} songs: beat F {beats.mean():.3f}, downbeat F {downbeats.mean():.3f}, "
          f"{(beats > STEADY).sum()} with a beat F of more than {STEADY}")


if __name__ == "__main__":
    main()
