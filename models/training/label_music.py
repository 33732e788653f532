#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later

"""Labels recorded music with what a finished model hears in it, as songs that train.py --heard reads.

    python3 models/training/label_music.py --model models/drums.safetensors --fyr build/release/fyr \\
        --packages build/training/packages --out build/training/heard

Rendered songs lack what records have. A student that learns a teacher's clear findings on records,
from features that are varied while the teacher heard them plain, passes the teacher (noisy student
training: Xie et al., CVPR 2020; for drums: Wu & Lerch, ISMIR 2017). The teacher is helped: it hears
each recording three times, as it is, with its highs raised, and with its harmonic part lowered, the
log-odds are averaged, and the context (include/fyr/context.hpp) knows the whole recording. What it
finds with less than --sure is marked as unsure, and the training leaves its frames out.

Music with little or no drums is left out. The recordings come as Debian packages
(accompaniment_recordings.py, MUSIC_PACKAGES here), fetched into --packages.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from accompaniment_common import SAMPLE_RATE, read_mono
from accompaniment_recordings import PACKAGES, STEM_PACKAGES, Package, fetch, harmonic_part
from drums import DRUMS
from mastering import shelved

FEATURES = Path(__file__).with_name("features.json")
MUSIC_PACKAGES = [
    *PACKAGES,
    *(package._replace(pattern="**/song.ogg") for package in STEM_PACKAGES),
    Package("redeclipse-data", "CC-BY-SA-3.0", "**/sounds/music/track_*.ogg"),
    Package("ufoai-music", "CC-BY-3.0, CC-BY-SA-3.0 and GPL-2+ by piece", "**/music/*.ogg"),
    Package("supertux-data", "GPL-2+", "**/music/**/*.ogg"),
    Package("marsshooter-data", "CC-BY-SA-3.0", "**/music/*.ogg"),
    Package("ardentryst", "CC-BY-SA-3.0", "**/Music/*.ogg"),
]
_MOST_S, _LEAST_S = 100.0, 30.0
_HIGHS_HZ, _HIGHS_DB = 4000.0, 6.0
_HARMONIC_DB = -12.0
_LEAST_PER_S = 0.7  # kicks and snares that are sure; fewer is music without a drum kit
_UNSURE_FROM = 0.06  # what lies below is taken for silence


def hearings(audio: np.ndarray) -> list[np.ndarray]:
    """The recording as it is, brighter, and with its drums before its harmonic part."""
    harmonic, _ = harmonic_part(audio)
    gain = np.float32(1 - 10 ** (_HARMONIC_DB / 20))
    return [audio, shelved(audio, _HIGHS_HZ, _HIGHS_DB), audio - gain * harmonic]


def averaged(files: list[Path], target: Path) -> None:
    """Writes activations whose log-odds are the mean of those of `files`."""
    kept = [dict(np.load(file)) for file in files]
    mean = kept[0]
    for name in ("onsets", "beats"):
        if name in mean:
            odds = [np.clip(one[name].astype(np.float64), 1e-6, 1 - 1e-6) for one in kept]
            logits = sum(np.log(p / (1 - p)) for p in odds) / len(odds)
            mean[name] = (1 / (1 + np.exp(-logits))).astype(np.float32)
    np.savez(target, **mean)


class Teacher:
    """A model file and the program that runs it."""

    def __init__(self, fyr: Path, model: Path):
        self._fyr, self._model = fyr, model

    def _run(self, *arguments) -> str:
        command = [str(part) for part in (self._fyr, *arguments)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def activations(self, audio: np.ndarray, folder: Path) -> Path:
        """The mean of what the model hears in the hearings of `audio`."""
        files = []
        for number, heard in enumerate(hearings(audio)):
            wav, kept = folder / f"{number}.wav", folder / f"{number}.npz"
            peak = max(float(np.abs(heard).max()), 1e-9)
            soundfile.write(wav, heard / max(peak, 1.0), SAMPLE_RATE, subtype="FLOAT")
            self._run("transcribe", wav, "-f", "csv", "-o", folder / f"{number}.csv",
                      "--model", self._model, "--save-activations", kept)
            files.append(kept)
        averaged(files, folder / "mean.npz")
        return folder / "mean.npz"

    def hits(self, activations: Path, *options) -> np.ndarray:
        """[n, 3]: time in s, drum, confidence with the recording and the bars considered."""
        text = self._run("decode", activations, "-f", "csv", "-o", "-", *options)
        rows = csv.DictReader(io.StringIO(text))
        found = [(float(r["time_s"]), DRUMS.index(r["drum"]), float(r["confidence"])) for r in rows]
        return np.array(found, np.float32).reshape(-1, 3)

    def features(self, audio: np.ndarray, folder: Path, settings: Path) -> np.ndarray:
        wav = folder / "song.wav"
        soundfile.write(wav, audio, SAMPLE_RATE, subtype="FLOAT")
        self._run("features", "--settings", settings, "-o", folder / "song.npy", wav)
        return np.load(folder / "song.npy")


def split_by_confidence(clear: np.ndarray, all_found: np.ndarray, sure: float):
    """Onsets [n, 3] (time_s, drum, velocity 0) that are sure, and unsure places [k, 2].

    `clear` is found with the model's thresholds, `all_found` with lower ones: a place is unsure
    where one of them shows a hit that is not among the sure ones.
    """
    onsets = clear[clear[:, 2] >= sure].copy()
    onsets[:, 2] = 0
    places = np.concatenate([all_found, clear])[:, :2]
    known = {(round(float(t) * 100), int(d)) for t, d, _ in onsets}
    near = [any((round(float(t) * 100) + k, int(d)) in known for k in (-1, 0, 1))
            for t, d in places]
    return onsets, places[~np.array(near, bool)]


def recordings(packages: Path):
    """(name, path) of each recording; pieces that game variants repeat are left out."""
    for package in MUSIC_PACKAGES:
        for path in sorted((packages / package.name).glob(package.pattern)):
            if "_fast" in path.stem or path.stat().st_size < 300_000:
                continue
            name = path.parent.name if path.stem == "song" else path.stem
            yield f"{package.name}-{name}".replace(" ", "_"), path


def label(path: Path, name: str, teacher: Teacher, pool: Path, settings: Path, sure: float) -> str:
    """Writes one item; returns what became of it."""
    seconds = soundfile.info(str(path)).duration
    if seconds < _LEAST_S:
        return "short"
    audio = read_mono(path, max(0.0, (seconds - _MOST_S) / 2), _MOST_S)
    with tempfile.TemporaryDirectory(prefix="fyr-") as place:
        folder = Path(place)
        kept = teacher.activations(audio, folder)
        onsets, unsure = split_by_confidence(
            teacher.hits(kept), teacher.hits(kept, "--threshold", _UNSURE_FROM), sure)
        beating = np.isin(onsets[:, 1], [DRUMS.index("kick"), DRUMS.index("snare")]).sum()
        if beating < _LEAST_PER_S * len(audio) / SAMPLE_RATE:
            return "few drums"
        features = teacher.features(audio, folder, settings)
    partial = pool / f".{name}.{os.getpid()}.partial"
    with open(partial, "wb") as file:
        np.savez(file, features=features.astype(np.float16), onsets=onsets, unsure=unsure,
                 beats=np.zeros((0, 2), np.float32), has_beats=False, has_velocities=False,
                 kind="mix", dataset="heard", sources=[name])
    partial.rename(pool / f"{name}.npz")
    return f"{len(onsets)} hits, {len(unsure)} unsure"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="the teacher")
    parser.add_argument("--fyr", type=Path, required=True, help="the fyr program")
    parser.add_argument("--packages", type=Path, required=True, help="where packages are unpacked")
    parser.add_argument("--out", type=Path, required=True, help="pool to fill")
    parser.add_argument("--settings", type=Path, default=FEATURES, help="feature settings (JSON)")
    parser.add_argument("--sure", type=float, default=0.45, help="least confidence of a label")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    fetch(MUSIC_PACKAGES, arguments.packages)
    teacher = Teacher(arguments.fyr, arguments.model)
    for name, path in recordings(arguments.packages):
        if (arguments.out / f"{name}.npz").exists():
            continue
        fate = label(path, name, teacher, arguments.out, arguments.settings, arguments.sure)
        print(f"{name}: {fate}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
