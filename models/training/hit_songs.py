# SPDX-License-Identifier: GPL-3.0-or-later
"""Songs of hits alone for train_hits.py: drum hits, their beats, and the mistakes of a transcription.

Hits come from Groove's train split and mma's grooves. The network must read hits that were heard, so
drums are missed, invented, moved and taken for others.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

import groove
from drums import (BELL, CLOSED, CRASH, FLOOR_TOM, HIGH_TOM, KICK, MID_TOM, OPEN, PEDAL, PERCUSSION,
                   RIDE, SIDE_STICK, SNARE, TOMS)
from mma_grooves import MmaGroove

# Taken for another throughout: drum, for which, how often.
_CONFUSIONS = ((CLOSED, RIDE, 0.1), (RIDE, CLOSED, 0.1), (CLOSED, OPEN, 0.05), (CRASH, RIDE, 0.06),
               (RIDE, BELL, 0.03), (CLOSED, PERCUSSION, 0.04), (SNARE, SIDE_STICK, 0.05),
               (SIDE_STICK, SNARE, 0.2), (PEDAL, CLOSED, 0.1), (CLOSED, PEDAL, 0.03),
               (SNARE, PERCUSSION, 0.02))
# Not heard, or not played, at all.
_ABSENT = {PEDAL: 0.3, **dict.fromkeys((CRASH, OPEN, *TOMS, RIDE, BELL, PERCUSSION, CLOSED), 0.05)}
_INVENTED = (KICK, SNARE, SNARE, CLOSED, CLOSED, PEDAL, OPEN, HIGH_TOM, MID_TOM, RIDE, CRASH,
             SIDE_STICK, PERCUSSION, FLOOR_TOM)
_SLOWEST_BPM, _FASTEST_BPM = 70.0, 200.0  # of mma's grooves, in their own beats
_SLOWEST_COMPOUND_BPM = 90.0


class Song(NamedTuple):
    """Everything in seconds."""

    hits: np.ndarray  # [n, 3]: time, drum, velocity 0..1
    beats: np.ndarray  # [m, 2]: time, 1 on the bar's first beat and 0 elsewhere
    seconds: float


class Sources:
    """Draws songs. mma_share: how many of them are mma's; 0 where there are none."""

    def __init__(self, library: groove.Library, grooves: dict[str, list[MmaGroove]], mma_share: float):
        self._library = library
        self._styles = list(grooves.values())
        self._mma_share = mma_share if self._styles else 0.0
        weights = np.array([math.sqrt(min(p.seconds, 180.0)) for p in library.grooves])
        self._weights = weights / weights.sum()
        self._odd = [p for p in library.grooves if p.meter != (4, 4)]

    def draw(self, rng: np.random.Generator) -> Song:
        song = self._of_mma(rng) if rng.random() < self._mma_share else self._of_groove(rng)
        return _drifting(rng, song) if rng.random() < 0.3 else song

    def _of_mma(self, rng: np.random.Generator) -> Song:
        style = self._styles[rng.integers(len(self._styles))]
        played = style[rng.integers(len(style))]
        slowest = _SLOWEST_COMPOUND_BPM if played.beats_per_bar == 2 else _SLOWEST_BPM
        beat_s = 60 / math.exp(rng.uniform(math.log(slowest), math.log(_FASTEST_BPM)))
        hits = played.hits.copy()
        hits[:, 0] = hits[:, 0] * beat_s + rng.normal(0, rng.uniform(0, 0.012), len(hits))
        number = np.arange(played.bars * played.beats_per_bar)
        bar_s = played.bar_length * beat_s
        beats = np.stack([number * bar_s / played.beats_per_bar,
                          number % played.beats_per_bar == 0], axis=1)
        return Song(hits, beats, played.bars * bar_s)

    def _of_groove(self, rng: np.random.Generator) -> Song:
        kind = rng.random()
        if kind < 0.5:
            played = groove.assemble(rng, self._library, 45)
        elif kind < 0.53 and self._odd:
            played = self._odd[rng.integers(len(self._odd))]
        else:
            played = self._library.grooves[rng.choice(len(self._weights), p=self._weights)]
        stretch = math.exp(rng.normal(0, 0.13))
        hits, beats = played.hits.copy(), played.beats().astype(float)
        hits[:, 0] *= stretch
        beats[:, 0] *= stretch
        return Song(hits, beats, played.end_s * stretch)


def _drifting(rng: np.random.Generator, song: Song) -> Song:
    knots = np.linspace(0, song.seconds + 10, 6)
    steps = np.diff(knots) * np.exp(rng.normal(0, 0.03, len(knots) - 1))
    bent = np.concatenate([[0], np.cumsum(steps)])
    hits, beats = song.hits.copy(), song.beats.copy()
    for times in (hits, beats):
        times[:, 0] = np.interp(times[:, 0], knots, bent)
    return Song(hits, beats, float(np.interp(song.seconds, knots, bent)))


def cut(rng: np.random.Generator, song: Song, seconds: float) -> tuple[np.ndarray, np.ndarray]:
    """Hits, as they may be heard, and beats of `seconds` of a song, mostly from its inside."""
    if song.seconds <= seconds or rng.random() < 0.35:
        start = -rng.uniform(0, 4.5) if rng.random() < 0.7 else rng.uniform(0, 4)
    else:
        start = rng.uniform(0, song.seconds - seconds / 2)
    hits, beats = (times[(times[:, 0] > start - 0.02) & (times[:, 0] < start + seconds)].copy()
                   for times in (song.hits, song.beats))
    hits[:, 0] -= start
    beats[:, 0] -= start
    hits = heard(rng, hits)
    if rng.random() < 0.1 and song.seconds > 10:  # the drummer rests
        begin = rng.uniform(0, seconds)
        end = begin + rng.uniform(0.5, 4)
        hits = hits[(hits[:, 0] < begin) | (hits[:, 0] > end)]
    return hits, beats


def heard(rng: np.random.Generator, hits: np.ndarray) -> np.ndarray:
    """The hits with a transcription's mistakes."""
    hits = _taken_for_others(rng, hits.copy())
    hits = hits[_found(rng, hits)]
    if len(hits) > 0 and rng.random() < 0.5:
        hits = np.concatenate([hits, _invented(rng, hits)])
    hits[:, 0] += rng.normal(0, rng.uniform(0, 0.008), len(hits))
    if rng.random() < 0.15:
        hits[:, 2] = 0.7
    else:
        scatter = rng.normal(0, rng.uniform(0, 0.12), len(hits))
        hits[:, 2] = np.clip(hits[:, 2] * rng.uniform(0.7, 1.2) + scatter, 0.02, 1)
    return hits


def _taken_for_others(rng: np.random.Generator, hits: np.ndarray) -> np.ndarray:
    drums = hits[:, 1]
    for drum, other, rate in _CONFUSIONS:
        if rng.random() < rate:
            drums[drums == drum] = other
    for tom in TOMS:
        if rng.random() < 0.15:
            drums[drums == tom] = rng.choice(TOMS)
    if rng.random() < 0.05:
        drums[np.isin(drums, TOMS)] = SNARE
    return hits


def _found(rng: np.random.Generator, hits: np.ndarray) -> np.ndarray:
    found = np.ones(len(hits), bool)
    for drum, rate in _ABSENT.items():
        if rng.random() < rate:
            found &= hits[:, 1] != drum
    if rng.random() < 0.5:
        found &= rng.random(len(hits)) > rng.uniform(0, 0.3) * (1.5 - hits[:, 2])
        if rng.random() < 0.3:
            found &= ~((hits[:, 1] == CLOSED) & (rng.random(len(hits)) < rng.uniform(0, 0.6)))
        if rng.random() < 0.3:
            found &= ~((hits[:, 2] < 0.35) & (rng.random(len(hits)) < 0.8))
    return found


def _invented(rng: np.random.Generator, hits: np.ndarray) -> np.ndarray:
    """Beside others for the most part."""
    count = int(len(hits) * rng.uniform(0, 0.1))
    invented = hits[rng.integers(len(hits), size=count)].copy()
    invented[:, 1] = rng.choice(_INVENTED, size=count)
    apart = rng.random(count) < 0.3
    invented[apart, 0] += rng.uniform(-0.4, 0.4, apart.sum())
    invented[:, 2] *= rng.uniform(0.3, 1, count)
    return invented
