# SPDX-License-Identifier: GPL-3.0-or-later
"""Fills and grooves on the toms, which Groove has too few of."""

from __future__ import annotations

import numpy as np

from drums import CLOSED, FLOOR_TOM, HIGH_TOM, KICK, MID_TOM, OPEN, PEDAL, RIDE, SNARE, TOMS
from groove import Performance
from hits import hits_at, played_by


def tom_fills(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """Toms over the last one to four beats of every nth bar, high to low or back and forth."""
    hits = song.hits
    every = int(rng.choice([1, 2, 4], p=[0.2, 0.4, 0.4]))
    for bar in range(every - 1, song.bars, every):
        beats = int(rng.choice([1, 1, 2, min(4, song.beats_per_bar)]))
        per_beat = int(rng.choice([2, 3, 4, 6, 8], p=[0.2, 0.15, 0.4, 0.15, 0.1]))
        while song.beat_s / per_beat < 0.055:
            per_beat = max(1, per_beat // 2)
        count = beats * per_beat
        start = (bar + 1) * song.bar_s - beats * song.beat_s
        times = start + np.arange(count) * song.beat_s / per_beat + rng.normal(0, 0.006, count)
        drums = np.array(_fill_drums(rng, count))
        velocity = rng.uniform(0.45, 1.0, count) * np.where(rng.random(count) < 0.1, 0.5, 1.0)
        keep = rng.random(count) < rng.choice([0.75, 1.0])
        inside = (hits[:, 0] > start - 0.03) & (hits[:, 0] < start + beats * song.beat_s - 0.03)
        gone = inside & ~np.isin(hits[:, 1], (KICK, PEDAL))
        hits = np.concatenate([hits[~gone], hits_at(times, drums, velocity)[keep]])
    return hits


def _fill_drums(rng: np.random.Generator, count: int) -> list[int]:
    ladder = [SNARE, HIGH_TOM, MID_TOM, FLOOR_TOM]
    style = rng.random()
    if style < 0.5:
        start = int(rng.integers(0, 2))
        return [ladder[min(3, start + i * (4 - start) // count)] for i in range(count)]
    if style < 0.75:
        group = rng.choice(ladder, size=int(rng.choice([2, 3, 4])))
        return [int(group[i % len(group)]) for i in range(count)]
    return [int(d) for d in rng.choice(TOMS, size=count)]


def tom_groove(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """Hats give way to a running tom ostinato for some bars."""
    first = int(rng.integers(0, song.bars))
    last = min(song.bars, first + int(rng.integers(4, 12)))
    start, end = first * song.bar_s, last * song.bar_s
    steps = np.arange(start, end - 0.01, song.beat_s / int(rng.choice([2, 4])))
    pattern = rng.choice([FLOOR_TOM, FLOOR_TOM, MID_TOM, HIGH_TOM], size=8)
    inside = (song.hits[:, 0] >= start) & (song.hits[:, 0] < end)
    hits = song.hits[~(inside & played_by(song, CLOSED, OPEN, RIDE, *TOMS))]
    number = np.arange(len(steps))
    levels = np.where(number % 4 == 0, 0.9, rng.uniform(0.4, 0.8))
    toms = hits_at(steps + rng.normal(0, 0.005, len(steps)), pattern[number % 8], levels)
    return np.concatenate([hits, toms])
