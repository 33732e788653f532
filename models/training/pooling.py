#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides which instruments' weak evidence a model file pools, on whole rendered songs, through fyr itself.

    python3 models/training/pooling.py models/drums.safetensors --fyr build/release/fyr \\
        --songs build/training/validation

Pooling (include/fyr/onsets.hpp) finds strokes on an instrument whose sound is in doubt: it can raise
the F of strokes while more sounds are named wrongly. So fyr transcribes the songs without and with
it, and an instrument gets it where the F of its strokes and the F of its sounds rise together by
LEAST_GAIN. Songs, kinds, kits and soft hits count as in thresholds.py, which comes before: thresholds
are those of single sounds.
"""

import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

from drums import DRUMS, INSTRUMENTS
from program import run
from safetensors import read_model, write_model
from scoring import f_measure, match
from thresholds import fitting_options, kind_and_kit, read_hits, recordings_in, song_weights, without_soft

# Of the two F together. On 660 songs the hi-hat gained .0045 and the ride .0010: chosen between them,
# not measured.
LEAST_GAIN = 0.002


class Gain(NamedTuple):
    sounds: float  # F with pooling minus F without, each drum for itself
    strokes: float  # the same, all drums of the instrument as one


def transcribe(fyr: Path, model: Path, recordings: list[Path]) -> list[list[np.ndarray]]:
    """Of each recording per drum [n, 2]: times and confidences."""
    with tempfile.TemporaryDirectory(prefix="fyr-") as folder:
        command = [fyr, "transcribe", "-q", "-f", "csv", "-o", f"{folder}/", "--model", model, *recordings]
        subprocess.run([str(word) for word in command], check=True)
        return [read_hits(Path(folder) / f"{r.stem}.csv", "confidence") for r in recordings]


def counts(reference: list[np.ndarray], found: list[np.ndarray]) -> np.ndarray:
    """TP, found, reference of one song, drums added up; soft hits left out."""
    total = np.zeros(3)
    for true, estimates in zip(*without_soft(reference, found)):
        times = np.sort(estimates[:, 0])
        total += match(true, times).shape[1], len(times), len(true)
    return total


def f_of(references, found, weights, drums) -> tuple[float, float]:
    """F of the instrument's sounds and of its strokes over all songs."""
    sounds, strokes = np.zeros(3), np.zeros(3)
    for truth, hits, weight in zip(references, found, weights):
        truth, hits = [truth[drum] for drum in drums], [hits[drum] for drum in drums]
        sounds += weight * counts(truth, hits)
        strokes += weight * counts([np.concatenate(truth)], [np.concatenate(hits)])
    return f_measure(*sounds), f_measure(*strokes)


def gains(fyr: Path, model: Path, recordings: list[Path]) -> dict[tuple[int, ...], Gain]:
    """What pooling gives each instrument of several sounds."""
    tensors, description = read_model(model)
    found = []
    with tempfile.TemporaryDirectory(prefix="fyr-") as folder:
        for pooled in (False, True):
            for picking in description["peak_picking"].values():
                picking["pooled"] = pooled
            variant = Path(folder) / "variant.safetensors"
            write_model(variant, tensors, description)
            found.append(transcribe(fyr, variant, recordings))
    references = [read_hits(recording.with_suffix(".csv"), "velocity") for recording in recordings]
    weights = song_weights([kind_and_kit(recording) for recording in recordings])
    result = {}
    for drums in (instrument for instrument in INSTRUMENTS if len(instrument) > 1):
        without, with_it = (f_of(references, hits, weights, drums) for hits in found)
        result[drums] = Gain(with_it[0] - without[0], with_it[1] - without[1])
    return result


def main():
    arguments = fitting_options("Decide which instruments' evidence a model pools.").parse_args()
    recordings = recordings_in(arguments.songs)
    tensors, description = read_model(arguments.model)
    for drums, gain in gains(arguments.fyr, arguments.model, recordings).items():
        pooled = bool(gain.sounds + gain.strokes >= LEAST_GAIN)
        for drum in drums:
            description["peak_picking"][DRUMS[drum]]["pooled"] = pooled
        names = " ".join(DRUMS[drum] for drum in drums)
        change = f"F of sounds {gain.sounds:+.4f}, of strokes {gain.strokes:+.4f}"
        print(f"{names}: {change}: {'pooled' if pooled else 'not pooled'}")
    write_model(arguments.output or arguments.model, tensors, description)


if __name__ == "__main__":
    run(main)
