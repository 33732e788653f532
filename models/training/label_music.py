#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later

"""Labels recorded music with what a finished model hears in it, as songs that train.py --heard reads.

    python3 models/training/label_music.py --model models/drums.safetensors --fyr build/release/fyr \\
        --packages build/training/packages --out build/training/heard

Rendered songs lack what records have. A student that learns what a teacher hears on records, from
features that are varied while the teacher heard them plain, can pass the teacher (noisy student
training: Xie et al., CVPR 2020; for drums: Wu & Lerch, ISMIR 2017). The teacher knows more: its
context (include/fyr/context.hpp) looks at the whole recording and at neighbouring bars. Its
confidences are the targets as they are: hits alone, without what it doubts, taught a student to invent.
Only peaks that could not be played beside surer hits count as nothing, for fyr drops them.

Music with little or no drums is left out, and what validation songs may be accompanied by. The
recordings come as Debian packages (MUSIC_PACKAGES), fetched into --packages.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from accompaniment_common import ORCHESTRAS, read_mono, split_of
from accompaniment_recordings import PACKAGES, STEM_PACKAGES, Package, fetch, group_of
from dataset import write_item
from drums import DRUMS, KICK, SNARE
from feature_variations import read_settings
from program import run
from safetensors import read_model
from sample_rate import SAMPLE_RATE
from targets import FRAMES_PER_SECOND

FEATURES = Path(__file__).with_name("features.json")
MUSIC_PACKAGES = [
    *(package for package in PACKAGES if package.name not in ORCHESTRAS),
    *(package._replace(pattern="**/song.ogg") for package in STEM_PACKAGES),
    Package("redeclipse-data", "CC-BY-SA-3.0", "**/sounds/music/track_*.ogg"),
    Package("ufoai-music", "CC-BY-3.0, CC-BY-SA-3.0 and GPL-2+ by piece", "**/music/*.ogg"),
    Package("supertux-data", "GPL-2+", "**/music/**/*.ogg"),
    Package("marsshooter-data", "CC-BY-SA-3.0", "**/music/*.ogg"),
    Package("ardentryst", "CC-BY-SA-3.0", "**/Music/*.ogg"),
]
_MOST_S, _LEAST_S = 100.0, 30.0
_SURE = 0.45  # at this confidence four of five peaks in rendered validation mixes are hits
_LEAST_PER_S = 0.7  # kicks and snares that are sure; fewer is music without a drum kit
_LEAST = 0.05  # peaks below, with the recording considered, are left as faint as this
_NEAR_FRAMES = 2  # a peak of activation is some five frames wide


class Teacher:
    """A model file and the program that runs it."""

    def __init__(self, fyr: Path, model: Path):
        self._fyr, self._model = fyr, model

    def _run(self, *arguments) -> None:
        command = [str(part) for part in (self._fyr, *arguments)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    def heard(self, wav: Path) -> tuple[np.ndarray, np.ndarray]:
        """Hits [n, 3] (time in s, drum, confidence in context), without those that could not be played
        beside surer ones, and activations [frames, 13]."""
        kept, hits = wav.with_suffix(".npz"), wav.with_suffix(".csv")
        self._run("transcribe", wav, "--quiet", "-f", "csv", "-o", hits, "--model", self._model,
                  "--threshold", _LEAST, "--save-activations", kept)
        with open(hits, newline="") as file:
            found = [(float(row["time_s"]), DRUMS.index(row["drum"]), float(row["confidence"]))
                     for row in csv.DictReader(file)]
        return np.array(found, np.float32).reshape(-1, 3), np.load(kept)["onsets"]

    def features(self, wav: Path, settings: Path) -> np.ndarray:
        self._run("features", "--force", "--settings", settings, "-o", wav.with_suffix(".npy"), wav)
        return np.load(wav.with_suffix(".npy"))


def likelihoods(peaks: np.ndarray, activations: np.ndarray) -> np.ndarray:
    """The activations [frames, 13], each peak [n, 3] (time_s, drum, confidence) as high as its
    confidence, all else at most _LEAST."""
    result = np.minimum(activations, np.float32(_LEAST))
    frames = np.floor(peaks[:, 0] * FRAMES_PER_SECOND + 0.5).astype(int)
    for frame, drum, confidence in zip(frames, peaks[:, 1].astype(int), peaks[:, 2]):
        near = slice(max(0, frame - _NEAR_FRAMES), frame + _NEAR_FRAMES + 1)
        shape = activations[near, drum]
        if shape.size and shape.max() > 0:
            raised = np.minimum(shape * (confidence / shape.max()), 0.99)
            result[near, drum] = np.maximum(result[near, drum], raised)
    return result


def recordings(packages: Path):
    """(name, path) of each recording; pieces that game variants repeat or that accompany validation
    songs are left out."""
    for package in MUSIC_PACKAGES:
        for path in sorted((packages / package.name).glob(package.pattern)):
            if "_fast" in path.stem or path.stat().st_size < 300_000:
                continue
            if split_of(group_of(package, path)) == "validation":
                continue
            name = path.parent.name if path.stem == "song" else path.stem
            yield f"{package.name}-{name}".replace(" ", "_"), path


def label(path: Path, name: str, teacher: Teacher, pool: Path, settings: Path) -> str:
    """Writes one item; returns what became of it."""
    seconds = soundfile.info(str(path)).duration
    if seconds < _LEAST_S:
        return "short"
    audio = read_mono(path, max(0.0, (seconds - _MOST_S) / 2), _MOST_S)
    with tempfile.TemporaryDirectory(prefix="fyr-") as place:
        wav = Path(place) / "song.wav"
        soundfile.write(wav, audio, SAMPLE_RATE, subtype="FLOAT")
        peaks, activations = teacher.heard(wav)
        onsets = peaks[peaks[:, 2] >= _SURE]
        beating = np.isin(onsets[:, 1], [KICK, SNARE]).sum()
        if beating < _LEAST_PER_S * len(audio) / SAMPLE_RATE:
            return "few drums"
        features = teacher.features(wav, settings)
    onsets[:, 2] = 0
    write_item(pool, name, features, onsets=onsets,
               likelihoods=likelihoods(peaks, activations)[: len(features)].astype(np.float16),
               beats=np.zeros((0, 2), np.float32), has_beats=False, has_velocities=False,
               kind="mix", dataset="heard", sources=[name])
    return f"{len(onsets)} of {len(peaks)} peaks are clear"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="the teacher")
    parser.add_argument("--fyr", type=Path, required=True, help="the fyr program")
    parser.add_argument("--packages", type=Path, required=True, help="where packages are unpacked")
    parser.add_argument("--out", type=Path, required=True, help="pool to fill")
    parser.add_argument("--settings", type=Path, default=FEATURES, help="feature settings (JSON)")
    arguments = parser.parse_args()
    read_model(arguments.model)  # Fetching takes long: what is wrong is told before.
    read_settings(arguments.settings)
    arguments.out.mkdir(parents=True, exist_ok=True)
    fetch(MUSIC_PACKAGES, arguments.packages)
    teacher = Teacher(arguments.fyr, arguments.model)
    for name, path in recordings(arguments.packages):
        if (arguments.out / f"{name}.npz").exists():
            continue
        fate = label(path, name, teacher, arguments.out, arguments.settings)
        print(f"{name}: {fate}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    run(main)
