# SPDX-License-Identifier: GPL-3.0-or-later
"""Drum parts of the grooves that mma (Debian's package, GPL-2+) brings: bars of many styles and meters.

accompaniment_midi.py takes the same grooves without their drums. Here only the drums count, as hits on
the beats that they were written for: train_hits.py learns bars from them.
"""

from __future__ import annotations

import functools
import json
import os
import pickle
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import mido
import numpy as np

from drums import DRUMS
from program import InputError

LIBRARY = Path("/usr/share/mma/lib")
_CACHE_VERSION = 1
NOT_WHOLE = ("intro", "end", "fill", "metronome")
_CHORDS = ("C", "Am", "F", "G7")
_BARS = (16, 24, 32)
_FEWEST_HITS = 32
_DRUM_CHANNEL = 9
_GM = Path(__file__).resolve().parents[2] / "data" / "maps" / "gm.json"


@dataclass
class MmaGroove:
    """Some bars of one groove, with fills of its style between them."""

    style: str
    hits: np.ndarray  # [n, 3]: time in mma's beats, drum, velocity 0..1; sorted by time
    bars: int
    bar_length: float  # in mma's beats
    beats_per_bar: int  # as fyr counts: two in 6/8


def load_mma_grooves(cache_dir: Path | None = None) -> dict[str, list[MmaGroove]]:
    """By style; made by running mma once for each groove (about two minutes), then kept."""
    base = cache_dir or Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "fyr"
    target = base / f"mma-grooves-{_CACHE_VERSION}.pickle"
    if not target.exists():
        styles = sorted(LIBRARY.rglob("*.mma"))
        if not styles:
            raise FileNotFoundError(f"{LIBRARY}: no grooves; install Debian's package mma")
        jobs = [job for style in styles for job in jobs_of(style)]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            made = [g for g in pool.map(_play, jobs, range(len(jobs))) if g is not None]
        if not made:  # which would be kept, and every later training go without
            raise InputError(f"mma plays none of the grooves in {LIBRARY}; does the program mma run?")
        base.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(f".{os.getpid()}.part")
        partial.write_bytes(pickle.dumps(made))
        partial.rename(target)
    grooves: dict[str, list[MmaGroove]] = {}
    for groove in pickle.loads(target.read_bytes()):
        grooves.setdefault(groove.style, []).append(groove)
    return grooves


@dataclass
class Job:
    style: Path
    groove: str
    fills: list[str]
    time: int  # mma's beats in a bar
    signature: tuple[int, int]


def jobs_of(style: Path) -> list[Job]:
    """The whole grooves that a style file defines, with the time that holds at each definition."""
    found: list[tuple[str, int, tuple[int, int] | None]] = []
    time, signature = 4, None
    for line in style.read_text(errors="replace").splitlines():
        words = line.split("//")[0].split()
        if len(words) < 2:
            continue
        numbers = re.match(r"(\d+)(?:[/ ]+(\d+))?$", " ".join(words[1:]))
        if words[0].lower() == "time" and numbers:
            time = int(numbers[1])
            signature = (time, int(numbers[2])) if numbers[2] else signature
        elif words[0].lower() == "timesig" and numbers and numbers[2]:
            signature = (int(numbers[1]), int(numbers[2]))
        elif words[0].lower() == "defgroove":
            found.append((words[1], time, signature))
    fills = [name for name, _, _ in found if "fill" in name.lower()]
    return [Job(style, name, fills, time, signature or (time, 4)) for name, time, signature in found
            if not any(word in name.lower() for word in NOT_WHOLE)]


def _beats_per_bar(job: Job) -> int | None:
    """None: what mma writes as one of its beats is no beat of the signature."""
    if job.signature == (6, 8):
        return 2
    return job.time if job.signature == (job.time, 4) else None


def _play(job: Job, seed: int) -> MmaGroove | None:
    beats_per_bar = _beats_per_bar(job)
    if beats_per_bar is None:
        return None
    random = np.random.default_rng(seed)
    path = job.style.relative_to(LIBRARY)
    prefix = f"{path.parent}/{path.stem}:"
    bars = int(random.choice(_BARS))
    has_fills = bool(job.fills) and random.random() < 0.7
    lines = [f"RndSeed {seed}", "Tempo 120", f"Groove {prefix}{job.groove}"]
    for bar in range(bars):
        if has_fills and bar % 4 == 3 and (bar % 8 == 7 or random.random() < 0.3):
            lines.append(f"Groove {prefix}{random.choice(job.fills)}")
        elif has_fills and bar % 4 == 0 and bar > 0:
            lines.append(f"Groove {prefix}{job.groove}")
        lines.append(f"{bar + 1} {_CHORDS[bar % len(_CHORDS)]}")
    hits = _drum_hits("\n".join(lines) + "\n")
    if len(hits) < _FEWEST_HITS:
        return None
    return MmaGroove(path.stem, hits, bars, float(job.time), beats_per_bar)


@functools.cache
def _drum_of_key() -> dict[int, int]:
    labels = json.loads(_GM.read_text(encoding="utf-8"))["labels"]
    return {int(key): DRUMS.index(label["13"]) for key, label in labels.items()}


def run_mma(text: str) -> mido.MidiFile:
    """What mma makes of a piece. Raises CalledProcessError, or FileNotFoundError where it makes nothing."""
    with tempfile.TemporaryDirectory() as name:
        piece, midi = Path(name) / "piece.mma", Path(name) / "piece.mid"
        piece.write_text(text)
        subprocess.run(["mma", str(piece), "-f", str(midi)], check=True, cwd=name, capture_output=True)
        return mido.MidiFile(str(midi))


def _drum_hits(text: str) -> np.ndarray:
    """[n, 3] as MmaGroove.hits of what mma makes of `text`; empty where it makes nothing."""
    try:
        file = run_mma(text)
    except (subprocess.CalledProcessError, FileNotFoundError):
        return np.zeros((0, 3))
    hits = []
    for track in file.tracks:
        tick = 0
        for message in track:
            tick += message.time
            if message.type != "note_on" or message.velocity == 0 or message.channel != _DRUM_CHANNEL:
                continue
            drum = _drum_of_key().get(message.note)
            if drum is not None:
                hits.append((tick / file.ticks_per_beat, drum, message.velocity / 127))
    return np.array(sorted(hits)).reshape(-1, 3)
