# SPDX-License-Identifier: GPL-3.0-or-later
"""Synthesised basses for the kicks to hide in: saws and squares under a filter, and booming sines."""

import numpy as np
from scipy.signal import butter, sosfilt

from accompaniment_common import Piece, level
from accompaniment_midi import BASS_NOTES
from sample_rate import SAMPLE_RATE


def filtered_wave(rng, hertz, time_s):
    """A saw or square whose upper harmonics die before the lower ones."""
    order = np.arange(1, int(min(60, 12000 / hertz)) + 1)
    strengths = 1.0 / order
    if rng.random() < 0.4:
        strengths[1::2] = 0.0
    decay = rng.uniform(0.5, 4.0) + rng.uniform(0.0, 0.8) * order
    phases = 2 * np.pi * hertz * np.outer(order, time_s)
    return (strengths[:, None] * np.exp(-np.outer(decay, time_s)) * np.sin(phases)).sum(axis=0)


def booming_sine(rng, hertz, time_s):
    """A sine that falls onto its pitch, driven: the bass of hip-hop, close to a kick itself."""
    fall_s, fall = rng.uniform(0.005, 0.04), rng.uniform(0.0, 2.0)
    phase = 2 * np.pi * hertz * (time_s - fall * fall_s * np.expm1(-time_s / fall_s))
    return np.tanh(rng.uniform(1.0, 4.0) * np.sin(phase) * np.exp(-rng.uniform(0.5, 3.0) * time_s))


def synth_bass_table(rng, number):
    """One note every step_s on rising semitones, as accompaniment_midi.note_table makes them."""
    low, count, step_s = BASS_NOTES
    step = round(step_s * SAMPLE_RATE)
    time_s = np.arange(step) / SAMPLE_RATE
    make = booming_sine if rng.random() < 0.4 else filtered_wave
    attack = np.minimum(1.0, time_s / rng.uniform(0.001, 0.02))
    seed = int(rng.integers(1 << 30))
    notes = []
    for pitch in range(low, low + count):
        hertz = 440.0 * 2 ** ((pitch - 69) / 12)
        notes.append(attack * make(np.random.default_rng(seed), hertz, time_s))
    audio = np.concatenate(notes)
    if rng.random() < 0.4:
        audio = np.tanh(rng.uniform(1, 8) * audio / np.abs(audio).max())
    cutoff = butter(2, np.exp(rng.uniform(np.log(300), np.log(8000))), fs=SAMPLE_RATE, output="sos")
    name = f"notes{number:03d}_bass"
    return Piece(
        name,
        "notes",
        name,
        level(sosfilt(cutoff, audio)),
        "made by numpy",
        "GPL-3.0-or-later",
        "bass",
        extra={"first_pitch": low, "notes": count, "step_samples": step},
    )
