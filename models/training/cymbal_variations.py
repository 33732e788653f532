# SPDX-License-Identifier: GPL-3.0-or-later
"""What the hands and the foot do on hats and cymbals: one song's hits in, changed hits out."""

from __future__ import annotations

import numpy as np

from drums import (BELL, CLOSED, CRASH, FLOOR_TOM, HATS, HIGH_TOM, KICK, OPEN, PEDAL, PERCUSSION,
                   RIDE)
from groove import Performance
from hits import free_of, grid, hits_at, played_by, renamed


def ride_to_hats(rng: np.random.Generator, song: Performance) -> np.ndarray:
    return renamed(song, played_by(song, RIDE, BELL), CLOSED)


def hats_and_ride_swapped(rng: np.random.Generator, song: Performance) -> np.ndarray:
    hats, rides = played_by(song, CLOSED, OPEN), played_by(song, RIDE, BELL)
    hits = song.hits.copy()
    hits[hats, 1] = RIDE
    hits[rides, 1] = CLOSED
    return hits


def hats_on_another_drum(rng: np.random.Generator, song: Performance) -> np.ndarray:
    drum = rng.choice([CRASH, BELL, FLOOR_TOM, PERCUSSION, OPEN, HIGH_TOM],
                      p=[0.25, 0.2, 0.15, 0.1, 0.25, 0.05])
    first, last = np.sort(rng.integers(0, song.bars + 1, 2)) * song.bar_s
    times = song.hits[:, 0]
    mask = played_by(song, CLOSED, OPEN, RIDE) & (times >= first) & (times < max(last, first + 8.0))
    return renamed(song, mask, int(drum))


def open_hats_off_beat(rng: np.random.Generator, song: Performance) -> np.ndarray:
    beat = song.hits[:, 0] / song.beat_s
    share = rng.choice([0.3, 1.0])
    mask = played_by(song, CLOSED) & (np.abs(beat % 1.0 - 0.5) < 0.1)
    return renamed(song, mask & (rng.random(len(mask)) < share), OPEN)


def time_on_hats(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """Steady closed hats, mostly eighths, in place of the ride's, bell's and hats' own strokes, in
    a verse or all along; songs that have hats mostly keep their own."""
    if played_by(song, CLOSED).mean() > 0.15 and rng.random() < 0.8:
        return song.hits
    per_beat = 3
    if song.meter[1] == 4:
        per_beat = int(rng.choice([1, 2, 4], p=[0.15, 0.55, 0.3]))
        while per_beat > 1 and song.beat_s / per_beat < 0.09:
            per_beat //= 2
    inside = _section(rng, song)
    times, number = _grid_within(song, per_beat, inside)
    accent, other = rng.uniform(0.6, 1.0), rng.uniform(0.2, 0.95)
    velocity = np.where(number % per_beat == 0, accent, other) * rng.uniform(0.85, 1, len(times))
    times = times + rng.normal(0, rng.uniform(0.002, 0.009), len(times))
    keep = rng.random(len(times)) < rng.choice([0.93, 1.0])
    others = song.hits[~(inside & played_by(song, CLOSED, RIDE, BELL))]
    hats = free_of(hits_at(times, CLOSED, velocity)[keep],
                   others[np.isin(others[:, 1], (OPEN, PEDAL)), 0], (CLOSED,), 0.06)
    return np.concatenate([others, hats])


def washy_hats(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """Loose, half-open hats for a section or all along."""
    return renamed(song, played_by(song, CLOSED) & _section(rng, song), OPEN)


def ridden_crash(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """A loud section that keeps time on a crash or washes the ride, in quarters or eighths."""
    inside = _section(rng, song)
    per_beat = int(rng.choice([1, 2], p=[0.65, 0.35]))
    times, number = _grid_within(song, per_beat, inside)
    times = times + rng.normal(0, 0.007, len(number))
    velocity = rng.uniform(0.55, 1.0, len(number)) * np.where(number % per_beat == 0, 1.0, 0.8)
    drum = CRASH if rng.random() < 0.75 else RIDE
    kept = song.hits[~(inside & played_by(song, CLOSED, OPEN, RIDE, BELL))]
    kept = free_of(kept, times, (CRASH,), 0.06)
    return np.concatenate([kept, hits_at(times, drum, velocity)])


def lifted_hats(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """Single closed hats that open a little, now and then or before the bar line."""
    closed = played_by(song, CLOSED)
    if rng.random() < 0.5:
        chosen = closed & (rng.random(len(closed)) < rng.uniform(0.05, 0.3))
    else:
        eighth = np.round((song.hits[:, 0] % song.bar_s) / (song.beat_s / 2))
        chosen = closed & (eighth == 2 * song.beats_per_bar - 1)
    return renamed(song, chosen, OPEN)


def accents(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """Single crashes, chinas or splashes with the hats going on underneath."""
    times = grid(song, 2)
    times = times[rng.random(len(times)) < rng.uniform(0.01, 0.08)]
    times = times + rng.normal(0, 0.006, len(times))
    hits = free_of(song.hits, times, (CRASH,), 0.06)
    return np.concatenate([hits, hits_at(times, CRASH, rng.uniform(0.3, 1.0, len(times)))])


def dynamic_ride(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """Ride strokes from a light tip to the edge, stressed on beats or by whim."""
    ride = played_by(song, RIDE)
    on_beat = np.abs((song.hits[:, 0] / song.beat_s + 0.5) % 1.0 - 0.5) < 0.12
    stressed = on_beat if rng.random() < 0.6 else rng.random(len(ride)) < 0.25
    hits = song.hits.copy()
    hits[ride, 2] *= np.where(stressed, 1.0, rng.uniform(0.3, 0.8))[ride]
    return hits


def _section(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """Mask of the hits within some bars, at least four; half of the time all of them."""
    if rng.random() < 0.5:
        return np.ones(len(song.hits), dtype=bool)
    first = int(rng.integers(0, max(1, song.bars - 3)))
    last = first + int(rng.integers(4, 17))
    bar = np.floor(song.hits[:, 0] / song.bar_s + 0.05)
    return (bar >= first) & (bar < last)


def pedal_hats(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """The foot on 2 and 4, on every beat or off the beat, under a ride or toms."""
    times = grid(song, 2)
    number = np.arange(len(times))
    style = rng.random()
    mask = number % 4 == 2 if style < 0.5 else number % 2 == 0 if style < 0.75 else number % 2 == 1
    times = times[mask] + rng.normal(0, 0.006, mask.sum())
    hits = song.hits
    if rng.random() < 0.4:
        hits = renamed(song, played_by(song, CLOSED, OPEN), RIDE)
    hits = free_of(hits, times, HATS, 0.07)
    return np.concatenate([hits, hits_at(times, PEDAL, rng.uniform(0.3, 0.9, len(times)))])


def hats_by_foot(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """The foot plays what the stick played on closed hats, while the hands rest or play others."""
    return renamed(song, played_by(song, CLOSED) & _section(rng, song), PEDAL)


def bell(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """The ride's bell on beats, off-beats or all along (hats become the ride if there is none)."""
    ride = played_by(song, RIDE)
    hits = song.hits if ride.sum() > 8 else renamed(song, played_by(song, CLOSED, OPEN), RIDE)
    phase = (hits[:, 0] / song.beat_s) % 1.0
    from_half = np.abs(phase - 0.5)
    where = rng.random()
    mask = from_half > 0.4 if where < 0.4 else from_half < 0.1 if where < 0.7 else from_half >= 0
    hits = hits.copy()
    hits[(hits[:, 1] == RIDE) & mask, 1] = BELL
    return hits


def crashes(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """A crash on the one of every nth bar, in place of hats and ride there."""
    every = int(rng.choice([1, 2, 4, 8], p=[0.2, 0.3, 0.35, 0.15]))
    times = np.arange(0, song.bars, every) * song.bar_s
    if rng.random() < 0.25:  # and an accent somewhere in the bar
        times = np.concatenate([times, times + rng.integers(1, 8) * song.beat_s / 2])
    times = times + rng.normal(0, 0.005, len(times))
    hits = free_of(song.hits, times, (*HATS, RIDE, BELL), 0.06)
    crashes = hits_at(times, CRASH, rng.uniform(0.5, 1.0, len(times)))
    kicks = hits_at(times, KICK, rng.uniform(0.6, 0.95, len(times)))
    return np.concatenate([free_of(hits, times, (KICK,), 0.06), crashes, kicks])


def fast_hats(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """Trap: runs of 16ths to 64ths on the closed hat."""
    parts = [song.hits]
    for bar in range(song.bars):
        for beat in np.flatnonzero(rng.random(song.beats_per_bar) < 0.35):
            per_beat = int(rng.choice([4, 6, 8, 12, 16]))
            gap_s = max(song.beat_s / per_beat, 0.028)
            start = bar * song.bar_s + beat * song.beat_s
            times = np.arange(start, start + song.beat_s - gap_s / 2, gap_s)
            parts[0] = free_of(parts[0], times, HATS, gap_s)
            parts.append(hits_at(times, CLOSED, rng.uniform(0.5, 0.9, len(times))))
    return np.concatenate(parts)


def _grid_within(song: Performance, per_beat: int, inside: np.ndarray
                 ) -> tuple[np.ndarray, np.ndarray]:
    """Times and numbers of the grid's steps from the first to the last hit that is `inside`."""
    times = grid(song, per_beat)
    start, end = song.hits[inside, 0].min(initial=np.inf), song.hits[inside, 0].max(initial=0.0)
    number = np.flatnonzero((times >= start - 0.03) & (times <= end + 0.03))
    return times[number], number
