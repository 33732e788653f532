# SPDX-License-Identifier: GPL-3.0-or-later
"""Sounds around the drums that no stroke of the song made, and that therefore carry no label:
snare wires that buzz along with kicks and toms, sticks that count in, hum, applause and room."""

from __future__ import annotations

import numpy as np
from scipy import signal

import effects
from drums import FLOOR_TOM, HIGH_TOM, KICK, MID_TOM
from sample_rate import SAMPLE_RATE

_EXCITING = (KICK, HIGH_TOM, MID_TOM, FLOOR_TOM)


class SnareWires:
    """The rattle of one song's snare when another drum is struck; many snares have none."""

    def __init__(self, rng: np.random.Generator, share: float = 0.4) -> None:
        self._rattles: list[np.ndarray] = []
        if rng.random() >= share:
            return
        self._gain = float(10 ** (rng.uniform(-42.0, -20.0) / 20))
        band = signal.butter(1, [rng.uniform(600, 2500), rng.uniform(4000, 11000)], "band",
                             fs=SAMPLE_RATE, output="sos")
        decay_s, rise_s = rng.uniform(0.06, 0.35), rng.uniform(0.001, 0.02)
        time_s = np.arange(int(decay_s * SAMPLE_RATE)) / SAMPLE_RATE
        shape = (1 - np.exp(-time_s / rise_s)) * np.exp(-6.9 / decay_s * time_s)
        for _ in range(3):
            noise = rng.standard_normal(len(shape), dtype=np.float32)
            rattle = effects.filtered(noise, band) * shape
            self._rattles.append((rattle / np.sqrt(np.sum(rattle**2))).astype(np.float32))

    def excite(self, rng: np.random.Generator, bus: np.ndarray, at: int, drum: int,
               struck: np.ndarray) -> None:
        """Adds to `bus` what the stroke `struck` of `drum` on sample `at` sets rattling."""
        if not self._rattles or drum not in _EXCITING:
            return
        rattle = self._rattles[rng.integers(len(self._rattles))]
        energy = float(np.dot(struck[:4410], struck[:4410]))
        part = bus[at:at + len(rattle)]
        part += rattle[:len(part)] * np.float32(
            self._gain * np.sqrt(energy) * 10 ** (rng.normal(0, 2.0) / 20))


def add_count_in(rng: np.random.Generator, audio: np.ndarray, lead_s: float, beat_s: float
                 ) -> None:
    """Sticks struck on the beats before the song starts at `lead_s`, as loud as hats or softer."""
    count = int(lead_s / beat_s)
    stick = _stick(rng)
    gain = 10 ** (rng.uniform(-26.0, -8.0) / 20) * float(np.abs(audio).max(initial=0.0))
    half = rng.random() >= 0.8 and count >= 8
    for beats in (1, 2, 3, 4, 6, 8) if half else range(1, count + 1):  # one, two, 1 2 3 4
        at = round((lead_s - beats * beat_s + rng.normal(0, 0.006)) * SAMPLE_RATE)
        if 0 <= at < len(audio):
            part = audio[at:at + len(stick)]
            part += stick[:len(part)] * np.float32(gain * rng.uniform(0.7, 1.0))


def _stick(rng: np.random.Generator) -> np.ndarray:
    time_s = np.arange(int(0.06 * SAMPLE_RATE)) / SAMPLE_RATE
    first_hz = rng.uniform(1000, 2600)
    tone = (np.sin(2 * np.pi * first_hz * time_s)
            + rng.uniform(0.2, 1.0) * np.sin(2 * np.pi * first_hz * rng.uniform(1.4, 2.7) * time_s))
    tone *= np.exp(-time_s / rng.uniform(0.002, 0.012))
    click = rng.standard_normal(len(time_s)) * np.exp(-time_s / 0.0015)
    sound = tone + rng.uniform(0.1, 1.0) * click
    return (sound / np.abs(sound).max()).astype(np.float32)


def surroundings(rng: np.random.Generator, count: int, lead_s: float) -> np.ndarray | None:
    """A guitar amplifier's hum, a restless room or an audience; RMS 1 where it sounds; often
    nothing."""
    draw = rng.random()
    if draw < 0.08:
        return _hum(rng, count)
    if draw < 0.16:
        return _room_noise(rng, count)
    if draw < 0.20:
        return _applause(rng, count, lead_s)
    return None


def _hum(rng: np.random.Generator, count: int) -> np.ndarray:
    phase = (np.arange(count) * (2 * np.pi * rng.choice([50.0, 60.0]) / SAMPLE_RATE))
    sound = np.zeros(count, dtype=np.float32)
    for overtone in (1, 2, 3, 4, 6, 8, 10, 14, 18):
        sound += np.float32(rng.uniform(0.2, 1.0) / overtone**rng.uniform(0.3, 1.0)) * np.sin(
            (phase * overtone).astype(np.float32))
    return sound / np.float32(np.std(sound))


def _room_noise(rng: np.random.Generator, count: int) -> np.ndarray:
    band = signal.butter(1, [rng.uniform(30, 200), rng.uniform(400, 5000)], "band", fs=SAMPLE_RATE,
                         output="sos")
    sound = effects.filtered(rng.standard_normal(count, dtype=np.float32), band)
    knots = 10 ** (rng.normal(0, 4.0, count // 22050 + 2) / 20)
    sound *= np.interp(np.arange(count), np.arange(len(knots)) * 22050.0, knots)
    return (sound / np.std(sound)).astype(np.float32)


def _applause(rng: np.random.Generator, count: int, lead_s: float) -> np.ndarray:
    """Over the lead and the end, sometimes all along; dense claps are noise with a rough level."""
    band = signal.butter(1, [rng.uniform(500, 1200), rng.uniform(2500, 6000)], "band",
                         fs=SAMPLE_RATE, output="sos")
    claps = np.zeros(count, dtype=np.float32)
    number = int(count / SAMPLE_RATE * rng.uniform(40, 400))
    claps[rng.integers(0, count, number)] = rng.uniform(0.1, 1.0, number)
    rough = signal.lfilter([1.0], np.array([1.0, -np.exp(-1 / (0.008 * SAMPLE_RATE))]), claps)
    sound = effects.filtered(
        (rng.standard_normal(count, dtype=np.float32) * rough).astype(np.float32), band)
    sound /= np.std(sound) + 1e-9
    fade_s = rng.uniform(0.5, 3.0)
    time_s = np.arange(count) / SAMPLE_RATE
    level = np.interp(time_s, [lead_s, lead_s + fade_s, time_s[-1] - fade_s, time_s[-1]],
                      [1.0, rng.choice([0.0, 0.1]), 0.0, rng.uniform(0.3, 1.0)])
    return (sound * level).astype(np.float32)
