# SPDX-License-Identifier: GPL-3.0-or-later
"""Small tools on the hits of a song, [n, 3]: time in s, drum, velocity 0..1."""

from __future__ import annotations

import numpy as np

from groove import Performance


def hits_at(times: np.ndarray, drum: int | np.ndarray, velocity: float | np.ndarray) -> np.ndarray:
    times = np.atleast_1d(np.asarray(times, dtype=np.float64))
    return np.stack([times, np.broadcast_to(drum, times.shape).astype(np.float64),
                     np.broadcast_to(velocity, times.shape).astype(np.float64)], axis=1)


def played_by(song: Performance, *drums: int) -> np.ndarray:
    return np.isin(song.hits[:, 1], drums)


def free_of(hits: np.ndarray, times: np.ndarray, drums: tuple[int, ...], gap_s: float
             ) -> np.ndarray:
    """`hits` without those of `drums` within `gap_s` of one of `times`."""
    if not len(times):
        return hits
    times = np.sort(times)
    after = np.searchsorted(times, hits[:, 0])
    nearest = np.minimum(np.abs(hits[:, 0] - times[np.maximum(after - 1, 0)]),
                         np.abs(hits[:, 0] - times[np.minimum(after, len(times) - 1)]))
    return hits[~(np.isin(hits[:, 1], drums) & (nearest < gap_s))]


def grid(song: Performance, per_beat: int) -> np.ndarray:
    count = song.bars * song.beats_per_bar * per_beat
    return np.arange(count) * (song.beat_s / per_beat)


def renamed(song: Performance, mask: np.ndarray, drum: int) -> np.ndarray:
    hits = song.hits.copy()
    hits[mask, 1] = drum
    return hits


def swing(times: np.ndarray, pair_s: float, ratio: float) -> np.ndarray:
    """`times` with the middle of every pair of notes, `pair_s` long, moved to `ratio` of it."""
    pair = np.floor(times / pair_s)
    phase = times / pair_s - pair
    return (pair + np.interp(phase, [0.0, 0.5, 1.0], [0.0, ratio, 1.0])) * pair_s
