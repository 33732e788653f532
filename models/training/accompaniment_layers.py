# SPDX-License-Identifier: GPL-3.0-or-later
"""The layers of a backing: pieces of the bank brought into a song's time, and notes played along.

A layer is mono float32 at 44.1 kHz, as long as the song. All take their audio as int16.
"""

from __future__ import annotations

import numpy as np

from sample_rate import SAMPLE_RATE

_FROM_INT16 = np.float32(1 / 32768)
_FADE = 441
PROGRESSIONS = [
    (0, 7, 9, 5),
    (9, 5, 0, 7),
    (0, 5, 7, 7),
    (0, 10, 5, 0),
    (0, 0, 8, 7),
    (0, 3, 10, 5),
    (0, 8, 3, 10),
    (0, 1, 0, 1),
    (0, 6, 8, 10),
    (0,),
    (0, 0, 5, 0),
    (2, 7, 0, 9),
]
KICK = 0


def positions(count: int, length: int, start: float, speed: float) -> tuple[np.ndarray, np.ndarray]:
    """Where in a loop of `length` samples each of `count` output samples lies: whole part and rest."""
    place = start % length + np.arange(count, dtype=np.float64) * speed
    whole = place.astype(np.int64)
    part = (place - whole).astype(np.float32)
    whole %= length
    return whole, part


def looped(audio: np.ndarray, where: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """The loop read at `where` with straight lines between its samples."""
    whole, part = where
    extended = np.append(audio, audio[:1]).astype(np.float32)
    here = extended[whole]
    return (here + (extended[whole + 1] - here) * part) * _FROM_INT16


def pulse(
    labels, bpm: float, meter: tuple[int, int], seconds: float
) -> tuple[np.ndarray, np.ndarray]:
    """(times of eighths, times of downbeats) over the song, from its beats or else from its tempo."""
    beats = np.asarray(labels.beats, dtype=float)
    if len(beats) < 2 or not np.any(beats[:, 1] == 1):
        beat_s = 60.0 / bpm
        times = np.arange(0.0, seconds, beat_s)
        return np.arange(0.0, seconds, beat_s / 2), times[:: max(1, meter[0] * 4 // meter[1])]
    between = (beats[:-1, 0] + beats[1:, 0]) / 2
    return np.sort(np.concatenate([beats[:, 0], between])), beats[beats[:, 1] == 1, 0]


def note_times(
    rng: np.random.Generator,
    labels,
    eighths: np.ndarray,
    downbeats: np.ndarray,
    on_kick: float,
    on_eighth: float,
) -> np.ndarray:
    """When notes start: with the kicks, on a rhythm of eighths that repeats, on downbeats; some ms loose."""
    onsets = np.asarray(labels.onsets).reshape(-1, 3)
    kicks = onsets[onsets[:, 1] == KICK, 0]
    pattern = rng.random(16) < on_eighth
    chosen = [
        kicks[rng.random(len(kicks)) < on_kick],
        eighths[np.resize(pattern, len(eighths))],
        downbeats[rng.random(len(downbeats)) < 0.7],
    ]
    times = np.concatenate(chosen)
    times = np.sort(
        times + rng.uniform(-0.004, 0.012) + rng.normal(0, rng.uniform(0.001, 0.008), len(times))
    )
    if len(times) == 0:
        return times
    return times[np.append(True, np.diff(times) > 0.07)]


def played_notes(
    rng: np.random.Generator,
    count: int,
    table: np.ndarray,
    entry: dict,
    times: np.ndarray,
    roots: np.ndarray,
) -> np.ndarray:
    """Notes of a table (pitches rising by semitone, one each step_samples) from `times` to the next.

    `roots` are semitones over the table's first pitch, one a time.
    """
    layer = np.zeros(count + SAMPLE_RATE, np.float32)
    step, available = entry["step_samples"], entry["notes"]
    starts = np.maximum(0, np.round(times * SAMPLE_RATE)).astype(int)
    lengths = np.diff(np.append(starts, count)) * (
        1.0 if rng.random() < 0.6 else rng.uniform(0.3, 0.9)
    )
    fade = np.linspace(1, 0, _FADE, dtype=np.float32)
    dynamics = rng.uniform(rng.uniform(0.3, 1.0), 1.0, len(starts)).astype(np.float32)
    for start, length, root, gain in zip(starts, lengths, roots, dynamics):
        if start >= count:
            break
        index = int(root)
        while index >= available:
            index -= 12
        begin = index * step
        note = table[begin : begin + int(np.clip(length, _FADE + 1, step))] * (gain * _FROM_INT16)
        note[-_FADE:] *= fade
        room = layer[start : start + len(note)]
        room += note[: len(room)]
    return layer[:count]


def roots_at(
    rng: np.random.Generator,
    times: np.ndarray,
    downbeats: np.ndarray,
    tonic: int,
    progression: tuple[int, ...],
    steady: float,
) -> np.ndarray:
    """Semitones over the lowest note for each time: the bar's root, or a fifth, seventh or octave."""
    bars = np.maximum(0, np.searchsorted(downbeats, times + 0.03) - 1)
    roots = (tonic + np.resize(progression, max(1, bars.max(initial=0) + 1))[bars]) % 12
    ornaments = rng.choice([3, 5, 7, 10, 12], len(times))
    return roots + np.where(rng.random(len(times)) < steady, 0, ornaments)


def doubled(rng: np.random.Generator, audio: np.ndarray) -> np.ndarray:
    """The layer with a late copy of itself: double tracking or a wide record folded to mono."""
    delay = int(rng.uniform(0.004, 0.03) * SAMPLE_RATE)
    out = audio.copy()
    out[delay:] += audio[:-delay] * np.float32(rng.uniform(-0.8, 0.9))
    return out


def sections(rng: np.random.Generator, count: int, downbeats: np.ndarray) -> np.ndarray:
    """A gain that lets a layer come and go at bar lines: 0 or 1, faded out over 20 ms."""
    lines = (np.asarray(downbeats) * SAMPLE_RATE).astype(int)
    lines = lines[(lines > 0) & (lines < count)]
    changes = np.unique(rng.choice(lines, int(rng.integers(1, 5)))) if len(lines) else []
    gain = np.ones(count, np.float32)
    silent = rng.random() < 0.5
    for start, end in zip([0, *changes], [*changes, count]):
        if silent and len(changes):
            gain[start:end] = 0
            fade = gain[max(0, start - 882) : start]
            fade *= np.linspace(1, 0, len(fade), dtype=np.float32)
        silent = not silent
    return gain
