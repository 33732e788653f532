#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures what a recording's level does to its hits, with the model's input level and without.

    scripts/quiet_recordings.py SONGS --model models/drums.safetensors --fyr build/release/fyr

SONGS is a folder of validation songs (mono) that models/training/make_data.py wrote (.flac, .csv).
Every eighth of those with a peak over -4 dB is lowered to several levels; those with a peak under
-18 dB stay as they are. Prints F of all drums, 13 classes, of each level.
"""
import argparse
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import soundfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "models/training"))
from safetensors import read_model, write_model

ORDINARY_DB, QUIET_DB, EVERY = -4, -18, 8
LOWERED_DB = (None, -25, -35, -45)


def peak_db(song):
    return 20 * np.log10(np.abs(soundfile.read(song, dtype="float32")[0]).max() + 1e-9)


def write_at(song, level_db, folder):
    """The song with its peak at the level, None: as it is, and its labels as fyr reads them."""
    audio, rate_hz = soundfile.read(song, dtype="float32")
    if level_db is not None:
        audio = audio * 10 ** (level_db / 20) / np.abs(audio).max()
    soundfile.write(folder / song.name, audio, rate_hz, subtype="PCM_24")
    with open(song.with_suffix(".csv"), newline="") as labels:
        rows = [{**row, "velocity": max(1, round(127 * float(row["velocity"])))}
                for row in csv.DictReader(labels)]
    with open(folder / "truth" / f"{song.stem}.csv", "w", newline="") as truth:
        writer = csv.DictWriter(truth, ["time_s", "drum", "velocity", "confidence"],
                                extrasaction="ignore", restval=1)
        writer.writeheader()
        writer.writerows(rows)


def f_of(fyr, model, folder):
    heard = folder / "heard"
    subprocess.run([fyr, "transcribe", *sorted(folder.glob("*.flac")), "-o", f"{heard}/", "-f",
                    "csv", "--force", "-q", "--model", model], check=True)
    report = subprocess.run([fyr, "evaluate", folder / "truth", heard, "--vocabulary", "13",
                             "--json", "-q"], check=True, capture_output=True).stdout
    return json.loads(report)["sheets"][0]["all"]["f"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("songs", type=pathlib.Path)
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--fyr", required=True)
    arguments = parser.parse_args()
    peaks = {song: peak_db(song) for song in sorted(arguments.songs.glob("*.flac"))}
    ordinary = [song for song, peak in peaks.items() if peak > ORDINARY_DB][::EVERY]
    quiet = [song for song, peak in peaks.items() if peak < QUIET_DB]
    with tempfile.TemporaryDirectory() as place:
        plain = pathlib.Path(place) / "plain.safetensors"
        tensors, description = read_model(arguments.model)
        description.pop("input_level", None)
        write_model(plain, tensors, description)
        tests = [(ordinary, level_db) for level_db in LOWERED_DB] + [(quiet, None)]
        for number, (songs, level_db) in enumerate(tests):
            folder = pathlib.Path(place) / str(number)
            (folder / "truth").mkdir(parents=True)
            for song in songs:
                write_at(song, level_db, folder)
            name = (f"under {QUIET_DB} dB" if songs is quiet else
                    "as they are" if level_db is None else f"at {level_db} dB")
            print(f"{len(songs)} songs {name}: F {f_of(arguments.fyr, plain, folder):.3f}, raised "
                  f"{f_of(arguments.fyr, arguments.model, folder):.3f}", flush=True)


if __name__ == "__main__":
    main()
