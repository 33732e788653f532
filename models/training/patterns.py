# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drummer or programmer might have played instead: variations and programmed grooves.

Groove alone has few toms, crashes, bells, pedal hats and no percussion, and nothing faster than
its players. Each variation below changes a song's hits in place of a grid that the song knows.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from drums import (BELL, CLOSED, CRASH, FLOOR_TOM, HATS, HIGH_TOM, KICK, MID_TOM, OPEN, PEDAL,
                   PERCUSSION, RIDE, SIDE_STICK, SNARE, TOMS)
from groove import Library, Performance, assemble, sort_hits

_EARLY_S = 0.04  # a hit that early before a bar line still belongs to the bar
_METERS = (((4, 4), 0.88), ((3, 4), 0.06), ((6, 8), 0.06))


TempoChoice = Callable[[np.random.Generator, float, tuple[int, int]], float | None]


def compose(rng: np.random.Generator, library: Library, seconds: float, strength: float,
            tempo: TempoChoice | None = None) -> Performance:
    """A song of about `seconds`. `strength` scales how often the variations happen: 1 for
    training, less for validation, whose share of rare drums should look like real songs'. `tempo`
    may ask for a factor on a song's tempo, given its quarter notes per minute and meter."""
    if rng.random() < 0.14:
        song = programmed(rng, seconds)
    else:
        song = assemble(rng, library, seconds)
    factor = tempo(rng, song.bpm, song.meter) if tempo is not None else None
    if factor is not None:
        song.bpm *= factor
        song.seconds /= factor
        song.hits[:, 0] /= factor
    for probability, variation in VARIATIONS:
        if rng.random() < probability * strength:
            song.hits = sort_hits(variation(rng, song))
    song.hits = song.hits[song.hits[:, 0] < song.bars * song.bar_s]
    song.hits[:, 2] = _velocity_curve(rng, song.hits)
    return song


def programmed(rng: np.random.Generator, seconds: float) -> Performance:
    """A groove from a 16-step pattern repeated on a strict or slightly loose grid."""
    bpm = float(rng.uniform(60, 190))
    index = rng.choice(len(_METERS), p=[share for _, share in _METERS])
    song = Performance("programmed", "none", bpm, _METERS[index][0], np.zeros((0, 3)), seconds)
    song.seconds = song.bars * song.bar_s
    steps = song.beats_per_bar * (4 if song.meter[1] == 4 else 3)
    step_s = song.bar_s / steps
    looseness_s = rng.choice([0.0, 0.003, 0.008])
    rows = _programmed_rows(rng, steps, steps // song.beats_per_bar)
    hits = []
    for bar in range(song.bars):
        for drum, levels in rows:
            played = np.flatnonzero(levels * (rng.random(steps) < 0.97))
            times = bar * song.bar_s + played * step_s + rng.normal(0, looseness_s, len(played))
            hits.append(_hits(times, drum, levels[played] * rng.uniform(0.93, 1.0, len(played))))
    song.hits = sort_hits(np.concatenate(hits))
    return song


def _programmed_rows(rng: np.random.Generator, steps: int, per_beat: int
                     ) -> list[tuple[int, np.ndarray]]:
    """Drum and level of each step (0: no hit) of one bar."""
    number = np.arange(steps)
    beat, within = number // per_beat, number % per_beat
    kick = np.where((within == 0) & (rng.random() < 0.4), 0.9, 0.0)
    kick[rng.random(steps) < rng.uniform(0.05, 0.4)] = 0.85
    kick[0] = 1.0
    snare = np.where((within == 0) & (beat % 2 == 1), 0.95, 0.0)
    snare[(snare == 0) & (rng.random(steps) < rng.choice([0.0, 0.06, 0.2]))] = rng.uniform(0.2, 0.6)
    every = int(rng.choice([1, 2, per_beat]))
    top = np.where(number % every == 0, np.where(within == 0, 0.9, rng.uniform(0.3, 0.9)), 0.0)
    lead = int(rng.choice([*[CLOSED] * 9, OPEN, OPEN, RIDE, RIDE, BELL, CRASH, PERCUSSION]))
    backbeat = int(rng.choice([SNARE, SNARE, SNARE, SNARE, SIDE_STICK, PERCUSSION]))
    rows = [(KICK, kick), (backbeat, snare), (lead, top)]
    if lead == CLOSED and rng.random() < 0.4:
        lifted = (within == per_beat // 2) & (rng.random(steps) < 0.5)
        rows[2] = (CLOSED, np.where(lifted, 0.0, top))
        rows.append((OPEN, np.where(lifted, 0.8, 0.0)))
    if lead not in (CLOSED, OPEN) and rng.random() < 0.4:
        rows.append((PEDAL, np.where((within == 0) & (beat % 2 == 1), 0.7, 0.0)))
    keep = rng.random()
    if keep < 0.12:  # sparse: one or two rows alone
        rows = [rows[i] for i in rng.choice(len(rows), size=int(rng.integers(1, 3)), replace=False)]
    elif keep < 0.3:  # dense: every drum somewhere
        extra = rng.choice([SIDE_STICK, *TOMS, BELL, CRASH, PERCUSSION], size=3, replace=False)
        for drum in extra:
            rows.append((int(drum), np.where(rng.random(steps) < 0.12, 0.8, 0.0)))
    return rows


def _hits(times: np.ndarray, drum: int | np.ndarray, velocity: float | np.ndarray) -> np.ndarray:
    times = np.atleast_1d(np.asarray(times, dtype=np.float64))
    return np.stack([times, np.broadcast_to(drum, times.shape).astype(np.float64),
                     np.broadcast_to(velocity, times.shape).astype(np.float64)], axis=1)


def _is(song: Performance, *drums: int) -> np.ndarray:
    return np.isin(song.hits[:, 1], drums)


def _free_of(hits: np.ndarray, times: np.ndarray, drums: tuple[int, ...], gap_s: float
             ) -> np.ndarray:
    """`hits` without those of `drums` within `gap_s` of one of `times`."""
    if not len(times):
        return hits
    times = np.sort(times)
    after = np.searchsorted(times, hits[:, 0])
    nearest = np.minimum(np.abs(hits[:, 0] - times[np.maximum(after - 1, 0)]),
                         np.abs(hits[:, 0] - times[np.minimum(after, len(times) - 1)]))
    return hits[~(np.isin(hits[:, 1], drums) & (nearest < gap_s))]


def _grid(song: Performance, per_beat: int) -> np.ndarray:
    count = song.bars * song.beats_per_bar * per_beat
    return np.arange(count) * (song.beat_s / per_beat)


def _renamed(song: Performance, mask: np.ndarray, drum: int) -> np.ndarray:
    hits = song.hits.copy()
    hits[mask, 1] = drum
    return hits


def _drop_a_drum(rng: np.random.Generator, song: Performance) -> np.ndarray:
    present = np.unique(song.hits[:, 1])
    if len(present) < 3:
        return song.hits
    gone = rng.choice(present, size=int(rng.integers(1, len(present) - 1)), replace=False)
    return song.hits[~np.isin(song.hits[:, 1], gone)]


def _without_toms(rng: np.random.Generator, song: Performance) -> np.ndarray:
    return song.hits[~_is(song, *TOMS)]


def _without_pedal(rng: np.random.Generator, song: Performance) -> np.ndarray:
    return song.hits[~_is(song, PEDAL)]


def _ride_to_hats(rng: np.random.Generator, song: Performance) -> np.ndarray:
    return _renamed(song, _is(song, RIDE, BELL), CLOSED)


def _hats_and_ride_swapped(rng: np.random.Generator, song: Performance) -> np.ndarray:
    hats, rides = _is(song, CLOSED, OPEN), _is(song, RIDE, BELL)
    hits = song.hits.copy()
    hits[hats, 1] = RIDE
    hits[rides, 1] = CLOSED
    return hits


def _hats_on_another_drum(rng: np.random.Generator, song: Performance) -> np.ndarray:
    drum = rng.choice([CRASH, BELL, FLOOR_TOM, PERCUSSION, OPEN, HIGH_TOM],
                      p=[0.25, 0.2, 0.15, 0.1, 0.25, 0.05])
    first, last = np.sort(rng.integers(0, song.bars + 1, 2)) * song.bar_s
    times = song.hits[:, 0]
    mask = _is(song, CLOSED, OPEN, RIDE) & (times >= first) & (times < max(last, first + 8.0))
    return _renamed(song, mask, int(drum))


def _snare_to_side_stick(rng: np.random.Generator, song: Performance) -> np.ndarray:
    until = rng.choice([0.5, 1.0]) * song.bars * song.bar_s
    mask = _is(song, SNARE) & (song.hits[:, 2] > 0.35) & (song.hits[:, 0] < until)
    return _renamed(song, mask, SIDE_STICK)


def _snare_to_clap(rng: np.random.Generator, song: Performance) -> np.ndarray:
    mask = _is(song, SNARE) & (song.hits[:, 2] > 0.5)
    if rng.random() < 0.5:  # layered on the snare, as produced records do
        layered = song.hits[mask].copy()
        layered[:, 1] = PERCUSSION
        return np.concatenate([song.hits, layered])
    return _renamed(song, mask, PERCUSSION)


def _open_hats_off_beat(rng: np.random.Generator, song: Performance) -> np.ndarray:
    beat = song.hits[:, 0] / song.beat_s
    share = rng.choice([0.3, 1.0])
    mask = _is(song, CLOSED) & (np.abs(beat % 1.0 - 0.5) < 0.1)
    return _renamed(song, mask & (rng.random(len(mask)) < share), OPEN)


def _time_on_hats(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """Steady closed hats, mostly eighths, in place of the ride's, bell's and hats' own strokes."""
    per_beat = int(rng.choice([1, 2, 4], p=[0.15, 0.55, 0.3]))
    while song.beat_s / per_beat < 0.09:
        per_beat //= 2
    per_beat = max(1, per_beat) if song.meter[1] == 4 else 3
    times = _grid(song, per_beat)
    number = np.arange(len(times))
    accent, other = rng.uniform(0.6, 1.0), rng.uniform(0.2, 0.95)
    velocity = np.where(number % per_beat == 0, accent, other) * rng.uniform(0.85, 1, len(times))
    times = times + rng.normal(0, rng.uniform(0.002, 0.009), len(times))
    keep = rng.random(len(times)) < rng.choice([0.93, 1.0])
    hats = _hits(times, CLOSED, velocity)[keep]
    others = song.hits[~_is(song, CLOSED, RIDE, BELL)]
    return np.concatenate([others, _free_of(hats, others[np.isin(others[:, 1], (OPEN, PEDAL)), 0],
                                            (CLOSED,), 0.06)])


def _washy_hats(rng: np.random.Generator, song: Performance) -> np.ndarray:
    return _renamed(song, _is(song, CLOSED), OPEN)


def _pedal_hats(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """The foot on 2 and 4, on every beat or off the beat, under a ride or toms."""
    times = _grid(song, 2)
    number = np.arange(len(times))
    style = rng.random()
    mask = number % 4 == 2 if style < 0.5 else number % 2 == 0 if style < 0.75 else number % 2 == 1
    times = times[mask] + rng.normal(0, 0.006, mask.sum())
    hits = song.hits
    if rng.random() < 0.4:
        hits = _renamed(song, _is(song, CLOSED, OPEN), RIDE)
    hits = _free_of(hits, times, HATS, 0.07)
    return np.concatenate([hits, _hits(times, PEDAL, rng.uniform(0.3, 0.9, len(times)))])


def _bell(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """The ride's bell on beats, off-beats or all along (hats become the ride if there is none)."""
    ride = _is(song, RIDE)
    hits = song.hits if ride.sum() > 8 else _renamed(song, _is(song, CLOSED, OPEN), RIDE)
    phase = (hits[:, 0] / song.beat_s) % 1.0
    from_half = np.abs(phase - 0.5)
    where = rng.random()
    mask = from_half > 0.4 if where < 0.4 else from_half < 0.1 if where < 0.7 else from_half >= 0
    hits = hits.copy()
    hits[(hits[:, 1] == RIDE) & mask, 1] = BELL
    return hits


def _crashes(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """A crash on the one of every nth bar, in place of hats and ride there."""
    every = int(rng.choice([1, 2, 4, 8], p=[0.2, 0.3, 0.35, 0.15]))
    times = np.arange(0, song.bars, every) * song.bar_s
    if rng.random() < 0.25:  # and an accent somewhere in the bar
        times = np.concatenate([times, times + rng.integers(1, 8) * song.beat_s / 2])
    times = times + rng.normal(0, 0.005, len(times))
    hits = _free_of(song.hits, times, (*HATS, RIDE, BELL), 0.06)
    crashes = _hits(times, CRASH, rng.uniform(0.5, 1.0, len(times)))
    kicks = _hits(times, KICK, rng.uniform(0.6, 0.95, len(times)))
    return np.concatenate([_free_of(hits, times, (KICK,), 0.06), crashes, kicks])


def _percussion(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """Tambourine-, shaker-, cowbell- or clap-like layers: 16ths, 8ths, beats, backbeats."""
    per_beat = int(rng.choice([1, 2, 4, 3], p=[0.35, 0.35, 0.25, 0.05]))
    times = _grid(song, per_beat)
    number = np.arange(len(times))
    accent = number % per_beat == rng.integers(per_beat)
    velocity = np.where(accent, rng.uniform(0.7, 1.0), rng.uniform(0.2, 0.9))
    keep = rng.random(len(times)) < rng.choice([0.8, 1.0])
    if per_beat == 1 and rng.random() < 0.7:
        keep &= number % 2 == 1
    start = rng.choice([0.0, 0.0, 0.4]) * song.bars * song.bar_s
    keep &= times >= start
    times = times + rng.normal(rng.normal(0, 0.008), rng.uniform(0.0, 0.008), len(times))
    return np.concatenate([song.hits, _hits(times, PERCUSSION, velocity)[keep]])


def _tom_fills(rng: np.random.Generator, song: Performance) -> np.ndarray:
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
        hits = np.concatenate([hits[~gone], _hits(times, drums, velocity)[keep]])
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


def _tom_groove(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """Hats give way to a running tom ostinato for some bars."""
    first = int(rng.integers(0, song.bars))
    last = min(song.bars, first + int(rng.integers(4, 12)))
    start, end = first * song.bar_s, last * song.bar_s
    steps = np.arange(start, end - 0.01, song.beat_s / int(rng.choice([2, 4])))
    pattern = rng.choice([FLOOR_TOM, FLOOR_TOM, MID_TOM, HIGH_TOM], size=8)
    inside = (song.hits[:, 0] >= start) & (song.hits[:, 0] < end)
    hits = song.hits[~(inside & _is(song, CLOSED, OPEN, RIDE, *TOMS))]
    number = np.arange(len(steps))
    levels = np.where(number % 4 == 0, 0.9, rng.uniform(0.4, 0.8))
    toms = _hits(steps + rng.normal(0, 0.005, len(steps)), pattern[number % 8], levels)
    return np.concatenate([hits, toms])


def _flams_and_drags(rng: np.random.Generator, song: Performance) -> np.ndarray:
    strong = song.hits[_is(song, SNARE, *TOMS) & (song.hits[:, 2] > 0.5)]
    strong = strong[rng.random(len(strong)) < rng.uniform(0.05, 0.4)]
    graces = strong.copy()
    graces[:, 0] -= rng.uniform(0.018, 0.045, len(strong))
    graces[:, 2] *= rng.uniform(0.25, 0.7, len(strong))
    drags = graces[rng.random(len(graces)) < 0.35].copy()
    drags[:, 0] -= rng.uniform(0.03, 0.06, len(drags))
    return np.concatenate([song.hits, graces, drags])


def _rolls(rng: np.random.Generator, song: Performance) -> np.ndarray:
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
        parts[0] = _free_of(parts[0], times, (drum,), gap_s)
        parts.append(_hits(times, drum, levels * rng.uniform(0.8, 1.0, len(times))))
    return np.concatenate(parts)


def _fast_hats(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """Trap: runs of 16ths to 64ths on the closed hat."""
    parts = [song.hits]
    for bar in range(song.bars):
        for beat in np.flatnonzero(rng.random(song.beats_per_bar) < 0.35):
            per_beat = int(rng.choice([4, 6, 8, 12, 16]))
            gap_s = max(song.beat_s / per_beat, 0.028)
            start = bar * song.bar_s + beat * song.beat_s
            times = np.arange(start, start + song.beat_s - gap_s / 2, gap_s)
            parts[0] = _free_of(parts[0], times, HATS, gap_s)
            parts.append(_hits(times, CLOSED, rng.uniform(0.5, 0.9, len(times))))
    return np.concatenate(parts)


def _double_kick(rng: np.random.Generator, song: Performance) -> np.ndarray:
    per_beat = int(rng.choice([4, 3, 6, 8]))
    while song.beat_s / per_beat < 0.06:
        per_beat = per_beat // 2 if per_beat > 3 else 2
    times = _grid(song, per_beat)
    active = np.repeat(rng.random(song.bars) < rng.uniform(0.2, 0.9),
                       song.beats_per_bar * per_beat)
    times = times[active]
    hits = _free_of(song.hits, times, (KICK,), 0.7 * song.beat_s / per_beat)
    times = times + rng.normal(0, 0.004, len(times))
    return np.concatenate([hits, _hits(times, KICK, rng.uniform(0.7, 1.0, len(times)))])


def _blast(rng: np.random.Generator, song: Performance) -> np.ndarray:
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
        _hits((steps + jitter)[::2], KICK, rng.uniform(0.7, 1.0, len(steps[::2]))),
        _hits((steps + jitter)[0 if together else 1::2], SNARE,
              rng.uniform(0.6, 1.0, len(steps[0 if together else 1::2]))),
        _hits(steps[::2] + rng.normal(0, 0.004, len(steps[::2])), top,
              rng.uniform(0.5, 0.9, len(steps[::2])))])


def _ghost_notes(rng: np.random.Generator, song: Performance) -> np.ndarray:
    times = _grid(song, 4)
    times = times[rng.random(len(times)) < rng.uniform(0.1, 0.45)]
    times = times + rng.normal(0, 0.008, len(times))
    snares = song.hits[_is(song, SNARE)]
    ghosts = _hits(times, SNARE, rng.uniform(0.1, 0.35, len(times)))
    return np.concatenate([song.hits, _free_of(ghosts, snares[:, 0], (SNARE,), 0.06)])


def _breaks(rng: np.random.Generator, song: Performance) -> np.ndarray:
    """Bars without drums: a late entry, an early end or a break, with or without a pulse."""
    length = int(rng.integers(1, max(2, song.bars // 3) + 1))
    first = int(rng.choice([0, song.bars - length, rng.integers(song.bars)]))
    times = song.hits[:, 0] + _EARLY_S
    silent = (times >= first * song.bar_s) & (times < (first + length) * song.bar_s)
    if rng.random() < 0.4:
        silent &= ~_is(song, int(rng.choice([KICK, CLOSED, PEDAL, RIDE, PERCUSSION])))
    return song.hits[~silent]


def _velocity_curve(rng: np.random.Generator, hits: np.ndarray) -> np.ndarray:
    """Velocities as another player, pad or programmer would have made them."""
    style = rng.random()
    exponent = rng.uniform(0.6, 1.5) if style < 0.85 else rng.uniform(0.05, 0.4)
    noise = rng.normal(0, 0.04, len(hits))
    return np.clip(hits[:, 2] ** exponent * rng.uniform(0.75, 1.1) + noise, 0.04, 1.0)


Variation = Callable[[np.random.Generator, Performance], np.ndarray]
VARIATIONS: tuple[tuple[float, Variation], ...] = (
    (0.25, _without_toms),
    (0.45, _without_pedal),
    (0.22, _ride_to_hats),
    (0.06, _hats_and_ride_swapped),
    (0.22, _time_on_hats),
    (0.09, _hats_on_another_drum),
    (0.09, _snare_to_side_stick),
    (0.06, _snare_to_clap),
    (0.14, _open_hats_off_beat),
    (0.07, _washy_hats),
    (0.17, _pedal_hats),
    (0.09, _bell),
    (0.12, _ghost_notes),
    (0.06, _double_kick),
    (0.05, _fast_hats),
    (0.27, _tom_fills),
    (0.05, _tom_groove),
    (0.05, _blast),
    (0.32, _crashes),
    (0.07, _rolls),
    (0.15, _flams_and_drags),
    (0.16, _drop_a_drum),
    (0.20, _percussion),
    (0.25, _breaks),
)
