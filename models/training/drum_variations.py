# SPDX-License-Identifier: GPL-3.0-or-later
"""What else a drummer may have done to a song: dropped, replaced, added, ornamented strokes."""

from __future__ import annotations

import numpy as np

from drums import (BELL, CLOSED, CRASH, FLOOR_TOM, HIGH_TOM, KICK, OPEN, PEDAL, PERCUSSION, RIDE,
                   SIDE_STICK, SNARE, TOMS)
from groove import Performance
from hits import free_of, grid, hits_at, played_by, renamed, swing

_EARLY_S = 0.04  # a hit that early before a bar line still belongs to the bar


def drop_a_drum(rng: np.random.Generator, song: Performance) -> np.ndarray:
    present = np.unique(song.hits[:, 1])
    if len(present) < 3:
        return song.hits
    gone = rng.choice(present, size=int(rng.integers(1, len(present) - 1)), replace=False)
    return song.hits[~np.isin(song.hits[:, 1], gone)]


def without_toms(rng: np.random.Generator, song: Performance) -> np.ndarray:
    return song.hits[~played_by(song, *TOMS)]


def without_pedal(rng: np.random.Generator, song: Performance) -> np.ndarray:
    return song.hits[~played_by(song, PEDAL)]


def snare_to_side_stick(rng: np.random.Generator, song: Performance) -> np.ndarray:
    until = rng.choice([0.5, 1.0]) * song.bars * song.bar_s
    mask = played_by(song, SNARE) & (song.hits[:, 2] > 0.35) & (song.hits[:, 0] < until)
    return renamed(song, mask, SIDE_STICK)


def snare_to_clap(rng: np.random.Generator, song: Performance) -> np.ndarray:
    mask = played_by(song, SNARE) & (song.hits[:, 2] > 0.5)
    if rng.random() < 0.5:  # layered on the snare, as produced records do
        layered = song.hits[mask].copy()
        layered[:, 1] = PERCUSSION
        return np.concatenate([song.hits, layered])
    return renamed(song, mask, PERCUSSION)


def percussion(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """Tambourine-, shaker-, cowbell- or clap-like layers: 16ths, 8ths, beats, backbeats."""
    per_beat = int(rng.choice([1, 2, 4, 3], p=[0.35, 0.35, 0.25, 0.05]))
    times = grid(song, per_beat)
    number = np.arange(len(times))
    accent = number % per_beat == rng.integers(per_beat)
    velocity = np.where(accent, rng.uniform(0.7, 1.0), rng.uniform(0.2, 0.9))
    keep = rng.random(len(times)) < rng.choice([0.8, 1.0])
    if per_beat == 1 and rng.random() < 0.7:
        keep &= number % 2 == 1
    start = rng.choice([0.0, 0.0, 0.4]) * song.bars * song.bar_s
    keep &= times >= start
    times = times + rng.normal(rng.normal(0, 0.008), rng.uniform(0.0, 0.008), len(times))
    return np.concatenate([song.hits, hits_at(times, PERCUSSION, velocity)[keep]])


def flams_and_drags(rng: np.random.Generator, song: Performance) -> np.ndarray:
    strong = song.hits[played_by(song, SNARE, *TOMS) & (song.hits[:, 2] > 0.5)]
    strong = strong[rng.random(len(strong)) < rng.uniform(0.05, 0.4)]
    graces = strong.copy()
    graces[:, 0] -= rng.uniform(0.018, 0.045, len(strong))
    graces[:, 2] *= rng.uniform(0.25, 0.7, len(strong))
    drags = graces[rng.random(len(graces)) < 0.35].copy()
    drags[:, 0] -= rng.uniform(0.03, 0.06, len(drags))
    return np.concatenate([song.hits, graces, drags])


def rolls(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """Strokes 28 to 70 ms apart for half a beat to two beats, soft to loud or even."""
    parts = [song.hits]
    for bar in np.flatnonzero(rng.random(song.bars) < 0.3):
        gap_s = rng.uniform(0.028, 0.07)
        length_s = rng.choice([0.5, 1.0, 2.0]) * song.beat_s
        start = bar * song.bar_s + rng.integers(song.beats_per_bar) * song.beat_s
        times = np.arange(start, start + length_s, gap_s)
        times += rng.normal(0, 0.002, len(times))
        drum = int(rng.choice([SNARE, SNARE, SNARE, CLOSED, FLOOR_TOM, HIGH_TOM]))
        levels = np.linspace(rng.uniform(0.2, 0.7), rng.uniform(0.3, 1.0), len(times))
        parts[0] = free_of(parts[0], times, (drum,), gap_s)
        parts.append(hits_at(times, drum, levels * rng.uniform(0.8, 1.0, len(times))))
    return np.concatenate(parts)


def double_kick(rng: np.random.Generator, song: Performance) -> np.ndarray:
    per_beat = int(rng.choice([4, 3, 6, 8]))
    while song.beat_s / per_beat < 0.06:
        per_beat = per_beat // 2 if per_beat > 3 else 2
    times = grid(song, per_beat)
    active = np.repeat(rng.random(song.bars) < rng.uniform(0.2, 0.9),
                       song.beats_per_bar * per_beat)
    times = times[active]
    hits = free_of(song.hits, times, (KICK,), 0.7 * song.beat_s / per_beat)
    times = times + rng.normal(0, 0.004, len(times))
    return np.concatenate([hits, hits_at(times, KICK, rng.uniform(0.7, 1.0, len(times)))])


def blast(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """Kick and snare alternate (or coincide) at 12 to 18 strokes a second for some bars."""
    first = int(rng.integers(0, song.bars))
    start = first * song.bar_s
    end = min(song.bars, first + int(rng.integers(2, 9))) * song.bar_s
    step_s = song.beat_s / max(1, round(song.beat_s / rng.uniform(0.055, 0.085)))
    steps = np.arange(start, end - step_s / 2, step_s) + 0.0
    top = int(rng.choice([CLOSED, RIDE, CRASH, BELL, OPEN]))
    inside = (song.hits[:, 0] >= start) & (song.hits[:, 0] < end)
    together = rng.random() < 0.3
    jitter = rng.normal(0, 0.004, len(steps))
    return np.concatenate([
        song.hits[~inside],
        hits_at((steps + jitter)[::2], KICK, rng.uniform(0.7, 1.0, len(steps[::2]))),
        hits_at((steps + jitter)[0 if together else 1::2], SNARE,
              rng.uniform(0.6, 1.0, len(steps[0 if together else 1::2]))),
        hits_at(steps[::2] + rng.normal(0, 0.004, len(steps[::2])), top,
              rng.uniform(0.5, 0.9, len(steps[::2])))])


def ghost_notes(rng: np.random.Generator, song: Performance) -> np.ndarray:
    times = grid(song, 4)
    times = times[rng.random(len(times)) < rng.uniform(0.1, 0.45)]
    times = times + rng.normal(0, 0.008, len(times))
    snares = song.hits[played_by(song, SNARE)]
    ghosts = hits_at(times, SNARE, rng.uniform(0.1, 0.35, len(times)))
    return np.concatenate([song.hits, free_of(ghosts, snares[:, 0], (SNARE,), 0.06)])


def half_time(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """The backbeat once a bar, on the third of four beats."""
    if song.meter != (4, 4):
        return song.hits
    beat = (song.hits[:, 0] / song.beat_s) % 4
    backbeat = played_by(song, SNARE) & (song.hits[:, 2] > 0.4)
    hits = song.hits[~(backbeat & (np.abs(beat - 2) > 0.15))]
    times = np.arange(song.bars) * song.bar_s + 2 * song.beat_s
    times = times + rng.normal(0, 0.005, len(times))
    hits = free_of(hits, times, (SNARE,), 0.08)
    return np.concatenate([hits, hits_at(times, SNARE, rng.uniform(0.75, 1.0, len(times)))])


def swung(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """Every second eighth or sixteenth comes late, up to the last third of its pair."""
    if song.meter[1] != 4:
        return song.hits
    pair_s = song.beat_s / int(rng.choice([1, 2]))
    hits = song.hits.copy()
    hits[:, 0] = swing(hits[:, 0], pair_s, float(rng.uniform(0.53, 0.67)))
    return hits


def breaks(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """Bars without drums: a late entry, an early end or a break, with or without a pulse."""
    length = int(rng.integers(1, max(2, song.bars // 3) + 1))
    first = int(rng.choice([0, song.bars - length, rng.integers(song.bars)]))
    times = song.hits[:, 0] + _EARLY_S
    silent = (times >= first * song.bar_s) & (times < (first + length) * song.bar_s)
    if rng.random() < 0.4:
        silent &= ~played_by(song, int(rng.choice([KICK, CLOSED, PEDAL, RIDE, PERCUSSION])))
    return song.hits[~silent]
