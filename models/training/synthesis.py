# SPDX-License-Identifier: GPL-3.0-or-later
"""Percussion one-shots made from noise and partials: the bank has few shakers and tambourines,
and they are what a network mistakes for hats."""

from __future__ import annotations

import numpy as np
from scipy import signal

from sample_rate import SAMPLE_RATE



def percussion_sounds(seed: int, count: int) -> list[tuple[str, np.ndarray]]:
    """`count` sounds of each kind, as (kind, mono float32 with peak 0.5)."""
    rng = np.random.default_rng(seed)
    makers = {"shaker": _shaker, "tambourine": _tambourine, "clap": _clap, "cowbell": _cowbell,
              "woodblock": _woodblock}
    sounds = []
    for kind, make in makers.items():
        for _ in range(count):
            audio = make(rng)
            fade = np.linspace(1, 0, 441)
            audio[-441:] *= fade
            sounds.append((kind, (0.5 * audio / np.abs(audio).max()).astype(np.float32)))
    return sounds


def _noise(rng: np.random.Generator, seconds: float, low_hz: float, high_hz: float) -> np.ndarray:
    band = signal.butter(2, [low_hz, high_hz], "band", fs=SAMPLE_RATE, output="sos")
    return signal.sosfilt(band, rng.standard_normal(int(seconds * SAMPLE_RATE)))


def _decay(count: int, seconds: float) -> np.ndarray:
    return np.exp(-6.9 / seconds * np.arange(count) / SAMPLE_RATE)


def _shaker(rng: np.random.Generator) -> np.ndarray:
    low = rng.uniform(2500, 6000)
    audio = _noise(rng, 0.3, low, min(low * rng.uniform(1.8, 4), 18000))
    rise = int(rng.uniform(0.001, 0.03) * SAMPLE_RATE)
    grains = 1 + rng.uniform(0, 2) * (rng.random(len(audio)) < 0.01)
    audio *= _decay(len(audio), rng.uniform(0.05, 0.25)) * grains
    audio[:rise] *= np.linspace(0, 1, rise)**2
    return audio


def _tambourine(rng: np.random.Generator) -> np.ndarray:
    count = int(0.7 * SAMPLE_RATE)
    time_s = np.arange(count) / SAMPLE_RATE
    audio = np.zeros(count)
    for _ in range(int(rng.integers(2, 7))):  # jingles that strike one after the other
        start = int(abs(rng.normal(0, 0.008)) * SAMPLE_RATE)
        partials = rng.uniform(3500, 15000, 8)
        tone = np.sin(2 * np.pi * partials[:, None] * time_s + rng.uniform(0, 6, (8, 1))).sum(0)
        tone *= _decay(count, rng.uniform(0.08, 0.5))
        audio[start:] += tone[:count - start]
    rattle = _noise(rng, 0.7, 5000, 15000) * _decay(count, rng.uniform(0.05, 0.25))
    return audio + rattle * rng.uniform(0.5, 3) * np.std(audio) / (np.std(rattle) + 1e-9)


def _clap(rng: np.random.Generator) -> np.ndarray:
    centre = rng.uniform(900, 2200)
    audio = _noise(rng, 0.5, centre * 0.6, centre * rng.uniform(1.5, 4))
    level = np.zeros(len(audio))
    at = 0
    for _ in range(int(rng.integers(1, 5))):
        level[at:] = np.maximum(level[at:], _decay(len(audio) - at, rng.uniform(0.02, 0.04)))
        at += int(rng.uniform(0.006, 0.014) * SAMPLE_RATE)
    level[at:] = np.maximum(level[at:], 0.9 * _decay(len(audio) - at, rng.uniform(0.1, 0.45)))
    return audio * level


def _cowbell(rng: np.random.Generator) -> np.ndarray:
    time_s = np.arange(int(0.5 * SAMPLE_RATE)) / SAMPLE_RATE
    base = rng.uniform(450, 900)
    audio = (signal.square(2 * np.pi * base * time_s)
             + signal.square(2 * np.pi * base * rng.uniform(1.4, 1.55) * time_s))
    band = signal.butter(1, [base, base * 5], "band", fs=SAMPLE_RATE, output="sos")
    return signal.sosfilt(band, audio) * _decay(len(audio), rng.uniform(0.08, 0.5))


def _woodblock(rng: np.random.Generator) -> np.ndarray:
    count = int(0.2 * SAMPLE_RATE)
    time_s = np.arange(count) / SAMPLE_RATE
    base = rng.uniform(700, 2800)
    tone = (np.sin(2 * np.pi * base * time_s)
            + rng.uniform(0, 0.6) * np.sin(2 * np.pi * base * rng.uniform(1.5, 2.8) * time_s))
    click = _noise(rng, 0.2, 1500, 8000) * _decay(count, 0.01)
    return tone * _decay(count, rng.uniform(0.03, 0.15)) + rng.uniform(0, 0.5) * click
