# SPDX-License-Identifier: GPL-3.0-or-later

"""What a network makes of whole rendered songs that it never trained on."""

import numpy as np
import torch

from dataset import Pool
from drums import DRUMS
from losses import DrumLoss
from network import N_DRUMS, DrumNetwork, run_song
from scoring import count_at, f_measure, pick_peaks
from targets import build_targets

FLAT = 0.3
THRESHOLDS = np.array([0.05, 0.1, 0.15, 0.2, 0.25, FLAT, 0.35, 0.4, 0.5, 0.6])


def validate(
    network: DrumNetwork,
    loss: DrumLoss,
    pool: Pool,
    device,
    minutes: float = 60.0,
    segment: int = 500,
) -> dict:
    """Loss over the first `minutes` of the pool (by name), and F at ±50 ms; songs are heard in
    segments of so many frames.

    `f_flat`: pooled over all drums at threshold 0.3. `f_best`: mean over drums, each at its best
    of ten thresholds, which flatters a little. `per_drum`: F at 0.3, best F, its threshold, hits.
    """
    network.eval()
    losses, weights, songs, seconds = [], [], [[] for _ in DRUMS], 0.0
    for item in sorted(pool.view.items, key=lambda item: item.name):
        features = torch.from_numpy(item.features).to(device).float()
        activations = run_song(network, features, segment)
        targets = torch.from_numpy(build_targets(item.onsets, item.beats, 0, len(features))).to(
            device
        )
        parts = loss(
            torch.logit(activations, eps=1e-6)[None],
            targets[None],
            torch.from_numpy(item.known).to(device)[None],
        )
        losses.append([float(part) for part in parts])
        weights.append(len(features))
        found = activations[:, :N_DRUMS].cpu().numpy()
        for drum in np.flatnonzero(item.known[:N_DRUMS]):
            times, confidences = pick_peaks(found[:, drum])
            songs[drum].append((item.onsets[item.onsets[:, 1] == drum, 0], times, confidences))
        seconds += len(features) / 100
        if seconds > 60 * minutes:
            break
    counts = np.stack([count_at(of_drum, THRESHOLDS) for of_drum in songs])  # [13, thresholds, 3]
    flat = int(np.flatnonzero(THRESHOLDS == FLAT)[0])
    best = [max(range(len(THRESHOLDS)), key=lambda k: f_measure(*drum[k])) for drum in counts]
    f_best = [f_measure(*counts[drum, k]) for drum, k in enumerate(best)]
    heard = counts[:, 0, 2] > 0
    total, onset, velocity, beat = np.average(losses, axis=0, weights=weights).tolist()
    return {
        "loss": total,
        "onset_loss": onset,
        "velocity_loss": velocity,
        "beat_loss": beat,
        "f_flat": f_measure(*counts[:, flat].sum(0)),
        "f_best": float(np.mean(f_best, where=heard)) if heard.any() else 1.0,
        "per_drum": {
            name: [
                round(f_measure(*counts[drum, flat]), 3),
                round(f_best[drum], 3),
                float(THRESHOLDS[best[drum]]),
                int(counts[drum, flat, 2]),
            ]
            for drum, name in enumerate(DRUMS)
        },
    }
