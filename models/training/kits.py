# SPDX-License-Identifier: GPL-3.0-or-later
"""The bank of drum one-shots: decoded audio, where each one's attack starts, and its layers.

A *piece* is one drum of one kit struck in one zone: velocity layers, each with round robins.
Kits held out for validation never serve training; they are split by source library.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from drums import DRUM_OF_CLASS, DRUMS, PERCUSSION
from program import InputError
from sample_rate import SAMPLE_RATE
from synthesis import percussion_sounds


# Kits of libraries that no training kit draws from (see the bank's LICENSES.md). mot4i_garden has
# recordings in common with uzu_drumkit, wa_linn is the machine of linndrum_lm2.
HELD_OUT_KITS = frozenset({"muldjord", "sams_sonor", "pearl_master_studio", "uzu_drumkit",
                           "mot4i_garden", "linndrum_lm2", "wa_linn"})
# Zones that sound like another drum than their folder says.
_AMBIGUOUS_ZONES = {("ride", "plcrash"), ("crash", "ride2crash")}

_COLUMNS = {"kit", "class", "tag", "layer", "vel_nominal", "rms200_db", "file"}  # Those read here.
_NUMBERS = ("layer", "vel_nominal", "rms200_db")

_CACHE_VERSION = 3
_ATTACK_SEARCH = int(0.30 * SAMPLE_RATE)


def attack_start(audio: np.ndarray) -> int:
    """Sample at which a listener hears `audio` start.

    The first sample whose size reaches a tenth of the attack's peak. Where the sound needs more
    than 12 ms from there to a third of the peak (a pedal's rustle, a tambourine's swing), that
    residue is no attack, and the sample that reaches a third of the peak counts.
    """
    size = np.abs(audio[:_ATTACK_SEARCH])
    peak = float(size.max(initial=0.0))
    if peak <= 0.0:
        return 0
    tenth = int(np.argmax(size >= 0.1 * peak))
    third = int(np.argmax(size >= 0.33 * peak))
    return third if third - tenth > 0.012 * SAMPLE_RATE else tenth


@dataclass(frozen=True)
class Piece:
    """One zone of one drum: `layers[i]` holds the one-shots of velocity `velocities[i]` (0..1)."""

    kit: str
    drum: int
    kind: str  # folder in the bank: tells china from crash, clap from cowbell
    zone: str
    velocities: np.ndarray  # [layers], ascending
    levels_db: np.ndarray  # [layers], of the first 200 ms
    layers: tuple[tuple[int, ...], ...]

    def level_at(self, velocity: float, exponent: float) -> float:
        """Level in dB that a hit of `velocity` has: between layers linear, beyond them a power
        law of `exponent`."""
        low, high = self.velocities[0], self.velocities[-1]
        inside = float(np.interp(velocity, self.velocities, self.levels_db))
        nearest = low if velocity < low else high if velocity > high else velocity
        return inside + exponent * 20.0 * float(np.log10(max(velocity, 0.01) / nearest))

    def layer_at(self, velocity: float) -> int:
        return int(np.argmin(np.abs(self.velocities - velocity)))


class OneShotBank:
    """All pieces of one split ("train", "validation"), with audio in shared memory-mapped files."""

    def __init__(self, kits_dir: Path, split: str) -> None:
        if split not in ("train", "validation"):
            raise ValueError(f"split {split!r} is neither train nor validation")
        rows = _read_index(kits_dir)
        pieces = _group_pieces(rows, split, kits_dir / "index.tsv")
        described = read_kits(kits_dir)
        if strangers := {piece.kit for piece in pieces} - described.keys():
            raise InputError(f"{kits_dir / 'kits.json'}: lacks {', '.join(sorted(strangers))}, which "
                             "index.tsv has")
        self.split = split
        self.kit_types = {name: kit["type"] for name, kit in described.items()}
        self.kits: dict[str, dict[int, list[Piece]]] = {}
        for piece in pieces:
            self.kits.setdefault(piece.kit, {}).setdefault(piece.drum, []).append(piece)
        self._made = percussion_sounds(seed=1 if split == "train" else 2, count=24)
        for number, (kind, audio) in enumerate(self._made):
            self._add_made(kind, len(rows) + number, audio)
        self.pieces = {drum: [p for kit in self.kits.values() for p in kit.get(drum, [])]
                       for drum in range(len(DRUMS))}
        if missing := [DRUMS[drum] for drum, found in self.pieces.items() if not found]:
            raise InputError(f"{kits_dir}: no kit for {split} has {', '.join(missing)}; HELD_OUT_KITS "
                             "in kits.py names those for validation")
        self._audio, self._bounds, self._onsets = _load_audio(kits_dir, rows)

    def _add_made(self, kind: str, index: int, audio: np.ndarray) -> None:
        """Every made sound is a piece of the kit "synthesis"."""
        level_db = 10 * np.log10(np.mean(audio[:SAMPLE_RATE // 5].astype(np.float64)**2))
        piece = Piece("synthesis", PERCUSSION, kind, str(index), np.array([0.9]),
                      np.array([level_db]), ((index,),))
        self.kits.setdefault("synthesis", {}).setdefault(PERCUSSION, []).append(piece)
        self.kit_types["synthesis"] = "percussion"

    def audio(self, index: int) -> np.ndarray:
        recorded = len(self._bounds) - 1
        if index >= recorded:
            return self._made[index - recorded][1]
        return self._audio[self._bounds[index]:self._bounds[index + 1]]

    def onset(self, index: int) -> int:
        if index >= len(self._onsets):
            return attack_start(self.audio(index))
        return int(self._onsets[index])


def usable(kit: str, split: str) -> bool:
    """Whether `kit` may serve `split`."""
    return (kit in HELD_OUT_KITS) == (split == "validation")


def read_kits(kits_dir: Path) -> dict[str, dict[str, Any]]:
    """What kits.json tells of each kit, by name. Raises OSError, and InputError for other files."""
    path = kits_dir / "kits.json"
    try:
        kits = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{path}: {error}") from error
    if not isinstance(kits, dict) or not all(isinstance(kit, dict) and "type" in kit
                                             for kit in kits.values()):
        raise InputError(f"{path}: does not tell the type of every kit by its name")
    return kits


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _read_index(kits_dir: Path) -> list[dict[str, str]]:
    """The rows of index.tsv. Raises OSError, and InputError for another table."""
    path = kits_dir / "index.tsv"
    with open(path, newline="") as file:
        table = csv.DictReader(file, delimiter="\t")
        if missing := _COLUMNS - set(table.fieldnames or ()):
            raise InputError(f"{path}: lacks the columns {', '.join(sorted(missing))}")
        rows = list(table)
    for number, row in enumerate(rows, start=2):
        if any(row[column] is None for column in _COLUMNS):
            raise InputError(f"{path}, line {number}: ends before its last column")
        for column in _NUMBERS:
            if not _is_number(row[column]):
                raise InputError(f"{path}, line {number}: {column} {row[column]!r} is no number; leave "
                                 "silent one-shots out")
    return rows


def _group_pieces(rows: list[dict[str, str]], split: str, table: Path) -> list[Piece]:
    """The pieces of the kits that serve `split`. Raises InputError, which names the file `table`, for
    a class that there is not."""
    if strangers := {row["class"] for row in rows} - DRUM_OF_CLASS.keys():
        raise InputError(f"{table}: class {', '.join(sorted(strangers))} is none of "
                         f"{', '.join(DRUM_OF_CLASS)}")
    groups: dict[tuple[str, str, str], dict[int, list[int]]] = {}
    for index, row in enumerate(rows):
        zone = (row["class"], row["tag"])
        if usable(row["kit"], split) and zone not in _AMBIGUOUS_ZONES:
            layers = groups.setdefault((row["kit"], *zone), {})
            layers.setdefault(int(float(row["layer"])), []).append(index)
    pieces = []
    for (kit, kind, zone), layers in groups.items():
        members = [tuple(layers[number]) for number in sorted(layers)]
        velocities = [np.mean([float(rows[i]["vel_nominal"]) for i in m]) / 127 for m in members]
        levels = [np.mean([float(rows[i]["rms200_db"]) for i in m]) for m in members]
        order = np.argsort(velocities, kind="stable")
        pieces.append(Piece(kit, DRUM_OF_CLASS[kind], kind, zone,
                            np.maximum.accumulate(np.array(velocities)[order]),
                            np.maximum.accumulate(np.array(levels)[order]),
                            tuple(members[i] for i in order)))
    return pieces


def _load_audio(kits_dir: Path, rows: list[dict[str, str]]
                ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every one-shot end to end as float32, their bounds and attack starts; decoded once, and anew
    when a file was replaced: what was decoded before of this bank goes then."""
    key = hashlib.sha256((kits_dir / "index.tsv").read_bytes())
    for row in rows:
        status = (kits_dir / row["file"]).stat()
        key.update(f"{status.st_size} {status.st_mtime_ns}\n".encode())
    folder = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "fyr"
    place = hashlib.sha256(str(kits_dir.resolve()).encode()).hexdigest()[:8]
    name = f"one-shots-{_CACHE_VERSION}-{place}"
    target = folder / f"{name}-{key.hexdigest()[:12]}"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _decode_all(kits_dir, rows, target)
        for other in folder.glob(f"{name}-*"):
            if other != target:
                shutil.rmtree(other, ignore_errors=True)
    return (np.load(target / "audio.npy", mmap_mode="r"), np.load(target / "bounds.npy"),
            np.load(target / "onsets.npy"))


def _decode_all(kits_dir: Path, rows: list[dict[str, str]], target: Path) -> None:
    sounds = []
    for row in rows:
        path = kits_dir / row["file"]
        try:
            audio, rate = soundfile.read(path, dtype="float32")
        except soundfile.LibsndfileError as error:
            raise InputError(f"{path}: {error.error_string}") from error
        if rate != SAMPLE_RATE or audio.ndim != 1:
            raise InputError(f"{path} is not mono at {SAMPLE_RATE} Hz")
        if len(audio) < 2:
            raise InputError(f"{path} holds no sound")
        sounds.append(audio)
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        made = Path(name) / "made"
        made.mkdir()
        np.save(made / "audio.npy", np.concatenate(sounds))
        np.save(made / "bounds.npy", np.cumsum([0] + [len(s) for s in sounds]))
        np.save(made / "onsets.npy", np.array([attack_start(s) for s in sounds]))
        try:
            made.rename(target)
        except OSError:
            if not target.exists():  # otherwise another worker was faster
                raise
