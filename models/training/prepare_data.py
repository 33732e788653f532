#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turns recordings of public data sets into items that train.py reads.

    python3 models/training/prepare_data.py mdb:fold1,fold2=MDBDrums egmd=e-gmd-v1.0.0 \\
        --fyr build/release/fyr --out build/training/run_recordings

--out is that of the train.py to come, which otherwise does the same before it trains. Each data set
becomes a folder of items (see dataset.py; datasets.py names data sets and parts), with features from
`fyr features`. Items that are there already stay. Labels are moved by the recording's lag, which is
measured on the drums alone where the data set does not tell it.
"""

from __future__ import annotations

import argparse
import itertools
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from dataset import write_item
from datasets import Choice, Recording, parse_choice, recordings
from program import InputError, run

FEATURES = Path(__file__).with_name("features.json")
_BATCH = 8  # recordings of one `fyr features` call
_MOST_LAG_S = 0.06
# Sharpest rise of the spectrum before the attack's sample, as rendered songs show it: median of 11.
_RISE_LEADS_S = 0.002
_LEAST_HITS = 20


def measure_lag(audio: Path, times: np.ndarray, most_s: float = 60.0) -> float:
    """Seconds by which the drums in `audio` lie behind `times`, within ±60 ms.

    The shift at which the labels meet the steepest rises of the spectrum, summed over the first
    `most_s`; 0 with fewer than 20 hits, which would not tell.
    """
    rate = soundfile.info(audio).samplerate
    sound, _ = soundfile.read(audio, frames=int(most_s * rate), dtype="float32", always_2d=True)
    window, hop = round(0.0116 * rate), rate // 200
    sound = np.pad(sound.mean(1), window)
    frames = np.lib.stride_tricks.sliding_window_view(sound, window)[::hop]
    spectrum = np.log1p(1000 * np.abs(np.fft.rfft(frames * np.hanning(window).astype(np.float32))))
    rises = np.maximum(np.diff(spectrum, axis=0), 0).sum(1)
    at_s = ((np.arange(len(rises)) + 0.5) * hop - window / 2) / rate
    times = times[times < at_s[-1] - _MOST_LAG_S]
    if len(times) < _LEAST_HITS:
        return 0.0
    lags = np.arange(-_MOST_LAG_S, _MOST_LAG_S, 0.001)
    rise = [np.interp(times + lag, at_s, rises).mean() for lag in lags]
    return float(lags[int(np.argmax(rise))]) + _RISE_LEADS_S


def folder_of(choice: Choice, out: Path) -> Path:
    """Where the items of `choice` lie for a training in `out`. Each choice of parts has its own
    folder: another training there may leave other parts out."""
    return out / "data" / "-".join((choice.name, *sorted(choice.parts)))


def prepare(choice: Choice, folder: Path, fyr: Path, settings: Path = FEATURES) -> int:
    """Fills `folder` with the items of `choice`; returns how many it holds then. Recordings that
    cannot be read are left out; fyr names them. Raises InputError where there is none."""
    settings.read_bytes()  # raises OSError, where fyr would blame every recording
    folder.mkdir(parents=True, exist_ok=True)
    wanted = recordings(choice, but={path.stem for path in folder.glob("*.npz")})
    made = 0
    while batch := list(itertools.islice(wanted, _BATCH)):
        made += _store(batch, choice, folder, fyr, settings)
        print(f"prepare_data: {choice.name}, {made} recordings", file=sys.stderr, flush=True)
    items = len(list(folder.glob("*.npz")))
    if not items:
        parts = ",".join(choice.parts)
        raise InputError(f"{choice.folder} holds no recording of {choice.name}:{parts} to be read")
    return items


def _store(batch: list[Recording], choice: Choice, folder: Path, fyr: Path, settings: Path) -> int:
    """Returns how many of the batch could be read."""
    with tempfile.TemporaryDirectory(prefix="fyr-") as name:
        place = Path(name)
        links = [place / f"{recording.name}{recording.audio.suffix}" for recording in batch]
        for link, recording in zip(links, batch):
            link.symlink_to(recording.audio.resolve())
        command = [fyr, "features", "--settings", settings, "--output", place, *links]
        ended = subprocess.run([str(part) for part in command], stdout=subprocess.DEVNULL)
        readable = [r for r in batch if (place / f"{r.name}.npy").exists()]
        # 1: some recordings cannot be read, 3: none. Where it has never read one of several, the
        # settings may be to blame; later a batch is often what could not be read before.
        is_first = not any(folder.glob("*.npz"))
        if ended.returncode not in (0, 1, 3) or (not readable and len(batch) > 1 and is_first):
            ended.check_returncode()
        for recording in readable:
            _write_item(recording, choice.name, np.load(place / f"{recording.name}.npy"), folder)
        return len(readable)


def _lag(recording: Recording) -> float:
    """As the drums alone show it, which a whole mix would not; 0 where they cannot be read."""
    if recording.drums_audio is None:
        return 0.0
    try:
        return measure_lag(recording.drums_audio, recording.onsets[:, 0])
    except soundfile.LibsndfileError as error:
        print(f"prepare_data: {error} The labels of {recording.name} stay where they are.",
              file=sys.stderr)
        return 0.0


def _write_item(recording: Recording, dataset: str, features: np.ndarray, folder: Path) -> None:
    lag_s = _lag(recording) if recording.lag_s is None else recording.lag_s
    onsets, beats = recording.onsets.astype(np.float32), recording.beats.astype(np.float32)
    for times in (onsets, beats):
        times[:, 0] = np.maximum(times[:, 0] + lag_s, 0.0)
    write_item(folder, recording.name, features, onsets=onsets, beats=beats,
               has_beats=len(beats) > 0, labelled=recording.labelled,
               has_velocities=recording.has_velocities, kind=recording.kind, dataset=dataset,
               sources=[str(recording.audio.name)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="+", help="NAME=FOLDER or NAME:PART,PART=FOLDER")
    parser.add_argument("--out", type=Path, required=True, help="folder of the training")
    parser.add_argument("--fyr", type=Path, required=True, help="the fyr program")
    parser.add_argument("--settings", type=Path, default=FEATURES, help="feature settings (JSON)")
    arguments = parser.parse_args()
    for choice in [parse_choice(text) for text in arguments.data]:
        folder = folder_of(choice, arguments.out)
        items = prepare(choice, folder, arguments.fyr, arguments.settings)
        print(f"{folder}: {items} items")


if __name__ == "__main__":
    run(main)
