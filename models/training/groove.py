# SPDX-License-Identifier: GPL-3.0-or-later
"""Groove MIDI performances and the songs assembled from them.

Source: Gillick et al., "Learning to Groove with Inverse Sequence Transformations" (ICML 2019),
CC BY 4.0. Only the train split trains; its validation split validates; its test split measures.
Performances were played to a metronome that starts with the file, so tempo and meter give beats.
"""

from __future__ import annotations

import csv
import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

import mido
import numpy as np

from drums import CLOSED, DRUM_OF_PITCH
from program import InputError

_COLUMNS = {"id", "bpm", "beat_type", "time_signature", "midi_filename", "duration", "split"}  # Those read here.
_CACHE_VERSION = 2
_EARLY_S = 0.06  # a hit that early before a bar line still belongs to the bar
_QUIETEST = 6 / 127  # below: cross-talk of the electronic kit's pads rather than a played note


@dataclass
class Performance:
    """Drum hits on a metronome grid that starts at 0 s with a bar. `hits` are as played."""

    name: str
    bpm: float  # quarter notes per minute
    meter: tuple[int, int]
    hits: np.ndarray  # [n, 3]: time in s, drum, velocity 0..1; sorted by time
    seconds: float
    is_fill: bool = False
    drift: np.ndarray | None = None  # [2, knots]: s on the metronome, s as played; None: no drift

    @property
    def bar_s(self) -> float:
        return 240.0 / self.bpm * self.meter[0] / self.meter[1]

    @property
    def beats_per_bar(self) -> int:
        numerator, denominator = self.meter
        return numerator // 3 if denominator == 8 and numerator % 3 == 0 else numerator

    @property
    def beat_s(self) -> float:
        return self.bar_s / self.beats_per_bar

    @property
    def bars(self) -> int:
        return max(1, round(self.seconds / self.bar_s + 0.35))

    def played(self, times: np.ndarray) -> np.ndarray:
        """When the metronome's `times` (s) come in a tempo that drifts."""
        return times if self.drift is None else np.interp(times, *self.drift)

    @property
    def end_s(self) -> float:
        return float(self.played(np.array(self.bars * self.bar_s)))

    def beats(self) -> np.ndarray:
        """[m, 2]: time in s, 1 on the bar's first beat and 0 elsewhere."""
        number = np.arange(self.bars * self.beats_per_bar)
        return np.stack([self.played(number * self.beat_s), number % self.beats_per_bar == 0],
                        axis=1)

    def cut(self, first_bar: int, bars: int, bpm: float) -> np.ndarray:
        """Hits of some bars as they would be at `bpm`, the first bar starting at 0 s."""
        start, end = first_bar * self.bar_s, (first_bar + bars) * self.bar_s
        times = self.hits[:, 0]
        inside = (times >= start - _EARLY_S) & (times < end - _EARLY_S)
        hits = self.hits[inside].copy()
        hits[:, 0] = (hits[:, 0] - start) * (self.bpm / bpm)
        return hits


@dataclass
class Library:
    """The performances of one split, whole grooves and fills apart."""

    grooves: list[Performance] = field(default_factory=list)
    fills: list[Performance] = field(default_factory=list)


def load_groove(folder: Path, split: str) -> Library:
    """Performances of `split` ("train" or "validation"; the test split only measures)."""
    if split not in ("train", "validation"):
        raise ValueError(f"the renderer may not use Groove's {split} split")
    rows = read_table(folder, split)
    hits = _cached_hits(folder, split, rows)
    library = Library()
    for row, played in zip(rows, hits):
        if len(played) < 2:
            continue
        performance = performance_of(row, played)
        (library.fills if performance.is_fill else library.grooves).append(performance)
    return library


def read_table(folder: Path, split: str) -> list[dict[str, str]]:
    """The rows of one split in Groove's table. Raises OSError, and InputError where there are none."""
    path = folder / "info.csv"
    with open(path, newline="") as file:
        table = csv.DictReader(file)
        if missing := _COLUMNS - set(table.fieldnames or ()):
            raise InputError(f"{path}: lacks the columns {', '.join(sorted(missing))}")
        rows = [row for row in table if row["split"] == split]
    if not rows:
        raise InputError(f"{path}: has no performance of the {split} split")
    return rows


def performance_of(row: dict[str, str], hits: np.ndarray) -> Performance:
    """Of a row of Groove's or E-GMD's table."""
    numerator, denominator = map(int, row["time_signature"].split("-"))
    return Performance(row["id"], float(row["bpm"]), (numerator, denominator), hits,
                       float(row["duration"]), row["beat_type"] == "fill")


def read_midi(path: Path) -> np.ndarray:
    """[n, 3] hits of a Groove or E-GMD file. Raises OSError, and InputError for other files."""
    try:
        file = mido.MidiFile(path)
    except FileNotFoundError:
        raise
    except (EOFError, OSError, ValueError) as error:  # which name no file
        raise InputError(f"{path}: not a whole MIDI file ({error})") from error
    hits, time_s = [], 0.0
    for message in file:
        time_s += message.time
        if message.type == "note_on" and message.velocity >= 127 * _QUIETEST:
            drum = DRUM_OF_PITCH.get(message.note)
            if drum is not None:
                hits.append((time_s, drum, message.velocity / 127))
    return np.array(hits, dtype=np.float64).reshape(-1, 3)


def assemble(rng: np.random.Generator, library: Library, seconds: float) -> Performance:
    """A song of about `seconds`: bars of one performance, fills of others between them."""
    main = _choose_main(rng, library)
    bpm = float(np.clip(main.bpm * rng.uniform(0.8, 1.25), 45, 240))
    bar_s = main.bar_s * main.bpm / bpm
    wanted_bars = max(2, round(seconds / bar_s))
    fills = [f for f in library.fills if f.meter == main.meter] or [main]
    fill_rate = 0.9 if main.is_fill else rng.choice([0.0, 0.3, 0.8])
    parts, bars = [], 0
    position = int(rng.integers(max(1, main.bars - wanted_bars + 1)))
    while bars < wanted_bars:
        count = min(main.bars - position, int(rng.integers(2, 9)), wanted_bars - bars)
        parts.append(_shifted(main.cut(position, count, bpm), bars * bar_s))
        bars += count
        position = (position + count) % main.bars
        if rng.random() < fill_rate and bars < wanted_bars:
            fill = fills[rng.integers(len(fills))]
            count = min(fill.bars, 2, wanted_bars - bars)
            parts.append(_shifted(fill.cut(0, count, bpm), bars * bar_s))
            bars += count
    return Performance(main.name, bpm, main.meter, sort_hits(np.concatenate(parts)),
                       bars * bar_s)


def sort_hits(hits: np.ndarray) -> np.ndarray:
    """By time, none before 0 s; of hits of one drum closer than 10 ms the louder stays."""
    hits = hits[np.lexsort((-hits[:, 2], hits[:, 0]))]
    hits[:, 0] = np.maximum(hits[:, 0], 0.0)
    keep = np.ones(len(hits), dtype=bool)
    last: dict[int, int] = {}
    for i, (time_s, drum, velocity) in enumerate(hits):
        before = last.get(int(drum))
        if before is not None and time_s - hits[before, 0] < 0.010:
            loser = before if velocity > hits[before, 2] else i
            keep[loser] = False
            if loser == i:
                continue
        last[int(drum)] = i
    return hits[keep]


def _choose_main(rng: np.random.Generator, library: Library) -> Performance:
    if library.fills and rng.random() < 0.2:
        return library.fills[rng.integers(len(library.fills))]
    # Half of Groove's players keep time on ride and pedal; most songs do on closed hats.
    weights = np.array([np.sqrt(min(p.seconds, 120.0)) * (5.0 if _on_hats(p) else 1.0)
                        for p in library.grooves])
    return library.grooves[rng.choice(len(weights), p=weights / weights.sum())]


def _on_hats(performance: Performance) -> bool:
    return float(np.mean(performance.hits[:, 1] == CLOSED)) > 0.15


def _shifted(hits: np.ndarray, by_s: float) -> np.ndarray:
    hits[:, 0] += by_s
    return hits


def _cached_hits(folder: Path, split: str, rows: list[dict[str, str]]) -> list[np.ndarray]:
    key = hashlib.sha256((folder / "info.csv").read_bytes()).hexdigest()[:12]
    base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "fyr"
    target = base / f"groove-{_CACHE_VERSION}-{key}-{split}.npz"
    if target.exists():
        with np.load(target) as stored:
            return np.split(stored["hits"], stored["bounds"])
    hits = [read_midi(folder / row["midi_filename"]) for row in rows]
    base.mkdir(parents=True, exist_ok=True)
    partial = base / f"{target.stem}.{os.getpid()}.npz"
    np.savez(partial, hits=np.concatenate(hits), bounds=np.cumsum([len(h) for h in hits])[:-1])
    partial.rename(target)
    return hits
