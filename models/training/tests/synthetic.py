# SPDX-License-Identifier: GPL-3.0-or-later

"""Items that need no renderer: every drum lights its own features for a few frames."""

from pathlib import Path

import numpy as np

from network import N_DRUMS
from targets import widened


def make_item(seconds: float, inputs: int, seed: int):
    """Features float16 [frames, inputs], onsets [n, 3], beats [m, 2] as a pool item holds them."""
    random = np.random.default_rng(seed)
    frames = int(100 * seconds)
    features = np.abs(random.normal(0, 0.05, (frames, inputs))).astype(np.float32)
    times = np.sort(random.uniform(0.05, seconds - 0.05, int(6 * seconds)))
    drums = random.integers(0, N_DRUMS, len(times))
    velocities = random.uniform(0.2, 1.0, len(times))
    patterns = np.random.default_rng(0).uniform(0, 1, (N_DRUMS, inputs))
    near, values = widened(100 * times)
    for offset in range(3):
        inside = np.flatnonzero(near[:, offset] < frames)
        height = values[inside, offset] * velocities[inside]
        np.add.at(features, near[inside, offset], height[:, None] * patterns[drums[inside]])
    beats = np.arange(0, seconds, 0.5)
    onsets = np.stack([times, drums, velocities], 1).astype(np.float32)
    return (
        features.astype(np.float16),
        onsets,
        np.stack([beats, np.arange(len(beats)) % 4 == 0], 1).astype(np.float32),
    )


def make_pool(
    folder: Path, items: int, seconds: float = 20.0, inputs: int = 40, first_seed: int = 1
):
    folder.mkdir(parents=True, exist_ok=True)
    for k in range(items):
        features, onsets, beats = make_item(seconds, inputs, first_seed + k)
        np.savez(
            folder / f"item{first_seed + k:04d}.npz",
            features=features,
            onsets=onsets,
            beats=beats,
            has_beats=k % 2 == 0,
            kind="drums",
            dataset="rendered",
        )
