# SPDX-License-Identifier: GPL-3.0-or-later
"""Composes the strokes of a song: a performance or a programmed groove, and variations on it.

Groove alone has few toms, crashes, bells, pedal hats and no percussion, and nothing faster than
its players. Each variation changes a song's hits in place of a grid that the song knows.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

import cymbal_variations as cymbals
import drum_variations as drums
import tom_variations as toms
from groove import Library, Performance, assemble, sort_hits
from programmed import PROGRAMMED, programmed

TempoChoice = Callable[[np.random.Generator, float, tuple[int, int]], float | None]
Variation = Callable[[np.random.Generator, Performance], np.ndarray]
_VARIATIONS: tuple[tuple[float, Variation], ...] = (
    (0.25, drums.without_toms),
    (0.45, drums.without_pedal),
    (0.22, cymbals.ride_to_hats),
    (0.06, cymbals.hats_and_ride_swapped),
    (0.10, drums.half_time),
    (0.09, cymbals.hats_on_another_drum),
    (0.13, drums.snare_to_side_stick),
    (0.06, drums.snare_to_clap),
    (0.17, cymbals.open_hats_off_beat),
    (0.11, cymbals.washy_hats),
    (0.15, cymbals.lifted_hats),
    (0.06, cymbals.ridden_crash),
    (0.20, cymbals.dynamic_ride),
    (0.17, cymbals.pedal_hats),
    (0.06, cymbals.hats_by_foot),
    (0.14, cymbals.bell),
    (0.40, cymbals.time_on_hats),
    (0.18, drums.ghost_notes),
    (0.06, drums.double_kick),
    (0.05, cymbals.fast_hats),
    (0.27, toms.tom_fills),
    (0.05, toms.tom_groove),
    (0.05, drums.blast),
    (0.32, cymbals.crashes),
    (0.15, cymbals.accents),
    (0.07, drums.rolls),
    (0.15, drums.flams_and_drags),
    (0.16, drums.drop_a_drum),
    (0.20, drums.percussion),
    (0.08, drums.swung),
    (0.25, drums.breaks),
)


def compose(rng: np.random.Generator, library: Library, seconds: float, strength: float,
            tempo: TempoChoice | None = None) -> Performance:
    """A song of about `seconds`. `strength` scales how often the variations happen: 1 for
    training, less for validation, whose share of rare drums should look like real songs'. `tempo`
    may ask for a factor on a song's tempo, given its quarter notes per minute and meter; without
    it the tempo may drift."""
    if rng.random() < 0.14:
        song = programmed(rng, seconds)
    else:
        song = assemble(rng, library, seconds)
    factor = tempo(rng, song.bpm, song.meter) if tempo is not None else None
    if factor is not None:
        song.bpm *= factor
        song.seconds /= factor
        song.hits[:, 0] /= factor
    for probability, variation in _VARIATIONS:
        if rng.random() < probability * strength:
            song.hits = sort_hits(variation(rng, song))
    song.hits = song.hits[song.hits[:, 0] < song.bars * song.bar_s]
    song.hits[:, 2] = _velocity_curve(rng, song.hits)
    if tempo is None and song.name != PROGRAMMED and rng.random() < 0.3:
        song.drift = _drift(rng, song.bars * song.bar_s)
        song.hits[:, 0] = song.played(song.hits[:, 0])
    return song


def _drift(rng: np.random.Generator, seconds: float) -> np.ndarray:
    """[2, knots] of a tempo that wavers by up to 3 % over 8 to 60 s and may gain or lose 3 %."""
    times = np.arange(0.0, seconds + 4.0, 1.0)
    rate = 1 + rng.uniform(-0.03, 0.03) * times / times[-1]
    for _ in range(2):
        period_s, phase = rng.uniform(8.0, 60.0), rng.uniform(0, 2 * np.pi)
        rate += rng.uniform(0.0, 0.015) * np.sin(2 * np.pi * times / period_s + phase)
    played = np.concatenate([[0.0], np.cumsum((rate[1:] + rate[:-1]) / 2)])
    return np.stack([times, played])


def _velocity_curve(rng: np.random.Generator, hits: np.ndarray) -> np.ndarray:
    """Velocities as another player, pad or programmer would have made them."""
    style = rng.random()
    exponent = rng.uniform(0.6, 1.5) if style < 0.85 else rng.uniform(0.05, 0.4)
    noise = rng.normal(0, 0.04, len(hits))
    # Rounded: the last bit of a power depends on how the array happens to lie in memory.
    return np.clip(hits[:, 2] ** exponent * rng.uniform(0.75, 1.1) + noise, 0.04, 1.0).round(6)
