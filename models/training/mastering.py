# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to a whole mix before it is a record; nothing here moves an attack in time."""

from __future__ import annotations

import numpy as np
from scipy import signal
from scipy.ndimage import maximum_filter1d, uniform_filter1d

import effects
from sample_rate import SAMPLE_RATE

_BLOCK = 32  # samples of one step of the limiter's detector, .7 ms


def limited(audio: np.ndarray, ceiling: float, release_s: float) -> np.ndarray:
    """A look-ahead limiter: the gain falls over the 3 ms before a peak and recovers in release_s."""
    count = -(-len(audio) // _BLOCK)
    padded = np.zeros(count * _BLOCK, np.float32)
    padded[: len(audio)] = audio
    blocks = padded.reshape(count, _BLOCK)
    peaks = np.maximum(blocks.max(axis=1), -blocks.min(axis=1))
    reduction = maximum_filter1d(np.log(np.maximum(peaks / ceiling, 1.0)), 9)
    pole = float(np.exp(-_BLOCK / SAMPLE_RATE / release_s))
    released = signal.lfilter([1 - pole], [1, -pole], reduction)
    held = uniform_filter1d(np.maximum(reduction, released), 5)
    limited_audio = blocks * ramps(np.exp(-held).astype(np.float32), _BLOCK)
    return np.clip(limited_audio.reshape(-1)[: len(audio)], -ceiling, ceiling)


def shelved(audio: np.ndarray, corner_hz: float, gain_db: float) -> np.ndarray:
    """The audio with everything above a corner raised or lowered, 6 dB per octave around it."""
    high = effects.filtered(audio, effects.high_pass(corner_hz, 1))
    return audio + np.float32(10 ** (gain_db / 20) - 1) * high


def excited(audio: np.ndarray, corner_hz: float, gain_db: float) -> np.ndarray:
    """The audio with new overtones of all that lies above a corner, as loud as that plus gain_db."""
    high = effects.filtered(audio, effects.high_pass(corner_hz))
    level = np.sqrt(np.mean(high**2)) + np.float32(1e-9)
    overtones = np.tanh(high * (2 / level)) * level
    overtones = effects.filtered(overtones, effects.high_pass(min(2 * corner_hz, 7000.0)))
    return audio + np.float32(10 ** (gain_db / 20)) * overtones


def ramps(values: np.ndarray, step: int) -> np.ndarray:
    """[len(values), step]: straight lines from each value to the next."""
    following = np.append(values[1:], values[-1:])
    slope = np.linspace(0, 1, step, endpoint=False, dtype=np.float32)
    return values[:, None] + (following - values)[:, None] * slope


def mastered(rng: np.random.Generator, mix: np.ndarray) -> np.ndarray:
    """The mix as a record: equaliser, bus compression, saturation, limiting, codec, level."""
    mix = effects.filtered(mix, effects.equaliser(rng, 4.0))
    if rng.random() < 0.3:  # dark records: everything above lies low, hats too
        mix = shelved(mix, rng.uniform(1500, 6000), -rng.uniform(2, 12))
    if rng.random() < 0.5:
        mix = effects.compressed(rng, mix)
    if rng.random() < 0.2:
        mix = effects.saturated(mix, rng.uniform(-6, 9))
    if rng.random() < 0.75:
        peak = float(np.abs(mix).max(initial=0.0)) + 1e-9
        mix = limited(mix, peak * 10 ** (-rng.uniform(1, 13) / 20), rng.uniform(0.02, 0.25))
    if rng.random() < 0.35:
        mix = effects.filtered(mix, effects.low_pass(rng.uniform(9500, 18500), 4))
    peak = float(np.abs(mix).max(initial=0.0)) + 1e-9
    mix = mix * np.float32(10 ** (-rng.choice([rng.uniform(0, 1), rng.uniform(0, 15)]) / 20) / peak)
    if rng.random() < 0.15:
        mix = mix + effects.noise_floor(rng, len(mix), rng.uniform(-75, -50))
    if rng.random() < 0.12:
        mix = effects.through_codec(rng, mix)
    return mix.astype(np.float32, copy=False)
