# SPDX-License-Identifier: GPL-3.0-or-later
"""Grooves that a sequencer plays: one bar's pattern repeated in some feel."""

from __future__ import annotations

import numpy as np

from drums import BELL, CLOSED, CRASH, KICK, OPEN, PEDAL, PERCUSSION, RIDE, SIDE_STICK, SNARE, TOMS
from groove import Performance, sort_hits
from hits import hits_at, swing

PROGRAMMED = "programmed"
_METERS = (((4, 4), 0.82), ((3, 4), 0.06), ((6, 8), 0.12))
_SHUFFLE_SHARE = 0.22  # of the 4/4 and 3/4 grooves; 12 steps a bar of 4/4
_Rows = list[tuple[int, np.ndarray]]  # drum and level of each step (0: no hit) of one bar


def programmed(rng: np.random.Generator, seconds: float) -> Performance:
    """A groove repeated on a strict, loose or swung grid."""
    bpm = float(rng.uniform(60, 190))
    index = rng.choice(len(_METERS), p=[share for _, share in _METERS])
    song = Performance(PROGRAMMED, bpm, _METERS[index][0], np.zeros((0, 3)), seconds)
    song.seconds = song.bars * song.bar_s
    per_beat = 3 if song.meter[1] == 8 or rng.random() < _SHUFFLE_SHARE else 4
    steps = song.beats_per_bar * per_beat
    looseness_s = rng.choice([0.0, 0.003, 0.008])
    rows = _rows(rng, steps, per_beat)
    times = np.arange(steps) * (song.bar_s / steps)
    if per_beat == 4 and rng.random() < 0.25:
        times = swing(times, song.beat_s / int(rng.choice([1, 2])), rng.uniform(0.53, 0.67))
    hits = []
    for bar in range(song.bars):
        for drum, levels in rows:
            played = np.flatnonzero(levels * (rng.random(steps) < 0.97))
            at = bar * song.bar_s + times[played] + rng.normal(0, looseness_s, len(played))
            hits.append(hits_at(at, drum, levels[played] * rng.uniform(0.93, 1.0, len(played))))
    song.hits = sort_hits(np.concatenate(hits))
    return song


def _rows(rng: np.random.Generator, steps: int, per_beat: int) -> _Rows:
    beat, within = np.divmod(np.arange(steps), per_beat)
    beats = steps // per_beat
    half_time = beats == 4 and rng.random() < 0.2
    kick = np.where((within == 0) & (rng.random() < 0.4) & (not half_time), 0.9, 0.0)
    kick[rng.random(steps) < rng.uniform(0.05, 0.4)] = 0.85
    kick[0] = 1.0
    backbeats = beat == 2 if half_time else beat % 2 == 1
    snare = np.where((within == 0) & backbeats, 0.95, 0.0)
    snare[(snare == 0) & (rng.random(steps) < rng.choice([0.0, 0.06, 0.2]))] = rng.uniform(0.1, 0.6)
    backbeat = int(rng.choice([SNARE, SNARE, SNARE, SNARE, SIDE_STICK, PERCUSSION]))
    rows = [(KICK, kick), (backbeat, snare), *_time_rows(rng, beat, within, per_beat)]
    keep = rng.random()
    if keep < 0.12:  # sparse: one or two rows alone
        rows = [rows[i] for i in rng.choice(len(rows), size=int(rng.integers(1, 3)), replace=False)]
    elif keep < 0.3:  # dense: every drum somewhere
        extra = rng.choice([SIDE_STICK, *TOMS, BELL, CRASH, PERCUSSION], size=3, replace=False)
        for drum in extra:
            rows.append((int(drum), np.where(rng.random(steps) < 0.12, 0.8, 0.0)))
    return rows


def _time_rows(rng: np.random.Generator, beat: np.ndarray, within: np.ndarray, per_beat: int
               ) -> _Rows:
    """The drum that keeps time, and what lies over or under it."""
    steps = len(beat)
    if per_beat == 3 and rng.random() < 0.6:  # shuffle: the middle of three stays silent
        struck = within != 1
    else:
        struck = np.arange(steps) % int(rng.choice([1, 2 if per_beat == 4 else 1, per_beat])) == 0
    levels = np.where(struck, np.where(within == 0, 0.9, rng.uniform(0.3, 0.9)), 0.0)
    lead = int(rng.choice([*[CLOSED] * 9, OPEN, OPEN, RIDE, RIDE, BELL, CRASH, PERCUSSION]))
    rows = [(lead, levels)]
    if lead == CLOSED and rng.random() < 0.4:
        lifted = (within == per_beat // 2) & (rng.random(steps) < 0.5)
        rows = [(CLOSED, np.where(lifted, 0.0, levels)), (OPEN, np.where(lifted, 0.8, 0.0))]
    if lead not in (CLOSED, OPEN) and rng.random() < 0.4:
        rows.append((PEDAL, np.where((within == 0) & (beat % 2 == 1), 0.7, 0.0)))
    return rows
