#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fits a model file's context: how a recording's other peaks change what one peak means.

    python3 models/training/context.py models/drums.safetensors --fyr build/release/fyr \\
        --songs build/training/validation

include/fyr/context.hpp holds the model and its features; fyr itself computes them (`fyr features
--peaks-of`), so that training and product agree. A logistic regression tells true peaks of rendered
songs from others: its weights are those of all drums together plus each drum's own deviation, which
a penalty holds small, for a drum alone has too few songs to learn from. Divided by the weight of the
peak's own log-odds, they shift log-odds: thresholds keep their meaning. Fit thresholds before (they
find the bars) and after (they apply to what the context makes of the peaks): retrain.sh does.
"""

from pathlib import Path
from typing import NamedTuple

import blas  # noqa: F401  (sets OpenBLAS up before numpy loads it)

import numpy as np
from scipy.optimize import minimize

from drums import DRUMS
from program import run
from safetensors import read_model, write_model
from thresholds import (SOFT, fitting_options, kind_and_kit, peak_tables, read_hits, recordings_in,
                        song_weights)

FEATURES = ("highest", "shown", "rate", "one_bar", "two_bars")
LEAST = 0.03
NEAR_S = 0.03
# Penalties of the weights that all drums share, of a drum's deviations, and of its constant. On
# songs left out 100, 1000 and 1e6 (one weight for all drums) for the deviations gave the same F.
SHARED, OWN, CONSTANT = 3.0, 100.0, 3.0
# Bars are found by peaks of at least this share of the threshold before context: of .2 to 1.25 the best
# beat and downbeat F on 111 rendered songs (.810 and .669; 1: .782 and .625).
FIRST_SHARE = 0.5
# A drum whose peaks tell so little about its hits gets no context: dividing by it would blow up.
LEAST_OWN_WEIGHT = 0.2


class Peaks(NamedTuple):
    drum: np.ndarray  # [n]
    features: np.ndarray  # [n, 1 + 5]: log-odds of the confidence, then FEATURES
    is_hit: np.ndarray  # [n] 0 or 1
    weight: np.ndarray  # [n]


def log_odds(confidence: np.ndarray) -> np.ndarray:
    p = np.clip(confidence, 0.01, 0.97)
    return np.log(p / (1 - p))


def label(times: np.ndarray, confidences: np.ndarray, hits: np.ndarray, window_s: float = 0.05):
    """1 for the peaks that are hits, 0 for others, -1 for those of hits too soft to be written:
    from the most confident peak on, each takes the nearest free hit. hits: [n, 2] times, velocities."""
    labels, free = np.zeros(len(times), np.int64), np.ones(len(hits), bool)
    for k in np.argsort(-confidences, kind="stable"):
        near = np.flatnonzero((np.abs(hits[:, 0] - times[k]) <= window_s) & free)
        if len(near):
            hit = near[np.argmin(np.abs(hits[near, 0] - times[k]))]
            free[hit] = False
            labels[k] = 1 if hits[hit, 1] >= SOFT else -1
    return labels


def read_song(rows: np.ndarray, hits: list[np.ndarray], weight: float) -> Peaks:
    drum = rows[:, 0].astype(int)
    labels = np.zeros(len(rows), np.int64)
    for k in range(len(DRUMS)):
        of_drum = drum == k
        labels[of_drum] = label(rows[of_drum, 1], rows[of_drum, 2], hits[k])
    features = np.column_stack([log_odds(rows[:, 2]), rows[:, 4:]])
    kept = labels >= 0
    return Peaks(drum[kept], features[kept], labels[kept], np.full(kept.sum(), weight))


def collect(fyr: Path, model: Path, recordings: list[Path]) -> Peaks:
    """All peaks of the songs, weighed as for the thresholds."""
    weights = song_weights([kind_and_kit(recording) for recording in recordings])
    songs = []
    for recording, weight, table in zip(recordings, weights, peak_tables(fyr, model, recordings)):
        hits = read_hits(recording.with_suffix(".csv"), "velocity")
        songs.append(read_song(table, hits, weight))
    peaks = Peaks(*(np.concatenate(column) for column in zip(*songs)))
    return peaks._replace(weight=peaks.weight / max(peaks.weight.sum(), 1e-9) * len(peaks.weight))


def fit_weights(peaks: Peaks) -> np.ndarray:
    """[drums, 1 + 5] weights of the features."""
    deviation = peaks.features.std(axis=0) + 1e-3
    x = (peaks.features - peaks.features.mean(axis=0)) / deviation
    n_drums, n = len(DRUMS), x.shape[1]
    by_drum = [np.flatnonzero(peaks.drum == k) for k in range(n_drums)]

    def loss(parameters):
        shared, constant = parameters[:n], parameters[n]
        own = parameters[n + 1 : n + 1 + n_drums * n].reshape(n_drums, n)
        constants = parameters[n + 1 + n_drums * n :]
        total = (SHARED * shared @ shared + OWN * (own**2).sum() + CONSTANT * constants @ constants) / 2
        d_own, d_constants = OWN * own, CONSTANT * constants
        d_shared, d_constant = SHARED * shared, 0.0
        for k, rows in enumerate(by_drum):
            score = x[rows] @ (shared + own[k]) + constant + constants[k]
            truth, weight = peaks.is_hit[rows], peaks.weight[rows]
            total += (weight * (np.logaddexp(0, score) - truth * score)).sum()
            error = weight * (1 / (1 + np.exp(-score)) - truth)
            slope = error @ x[rows]
            d_own[k] += slope
            d_shared = d_shared + slope
            d_constants[k] += error.sum()
            d_constant += error.sum()
        return total, np.concatenate([d_shared, [d_constant], d_own.ravel(), d_constants])

    start = np.zeros(n + 1 + n_drums * (n + 1))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    own = found[n + 1 : n + 1 + n_drums * n].reshape(n_drums, n)
    return (found[:n] + own) / deviation


def context_of(peaks: Peaks, first_thresholds: dict[str, float]) -> dict:
    """The model file's "context"."""
    drums = {}
    # A model after minutes of training may have no peaks.
    weights = fit_weights(peaks) if len(peaks.drum) else np.zeros((len(DRUMS), 1 + len(FEATURES)))
    for k, name in enumerate(DRUMS):
        true = peaks.features[(peaks.drum == k) & (peaks.is_hit == 1), 1:]
        use = weights[k, 0] >= LEAST_OWN_WEIGHT and len(true) > 0
        shifts = weights[k, 1:] / weights[k, 0] if use else np.zeros(len(FEATURES))
        # Around the means of hits, so that the confidence of a usual hit stays.
        means = true.mean(axis=0) if use else np.zeros(len(FEATURES))
        drums[name] = {
            "first_threshold": first_thresholds[name],
            "weights": dict(zip(FEATURES, np.round(shifts, 4).tolist())),
            "means": dict(zip(FEATURES, np.round(means, 4).tolist())),
        }
    return {"least": LEAST, "near_s": NEAR_S, "drums": drums}


def main():
    arguments = fitting_options("Fit the context of a model.").parse_args()
    recordings = recordings_in(arguments.songs)
    tensors, description = read_model(arguments.model)
    # A model that has a context keeps what finds its bars.
    before = description.get("context", {}).get("drums", {})
    first = {
        name: before[name]["first_threshold"]
        if before
        else round(FIRST_SHARE * picking["threshold"], 3)
        for name, picking in description["peak_picking"].items()
    }
    peaks = collect(arguments.fyr, arguments.model, recordings)
    description["context"] = context_of(peaks, first)
    write_model(arguments.output or arguments.model, tensors, description)
    for name, drum in description["context"]["drums"].items():
        shifts = "  ".join(f"{feature} {w:+.2f}" for feature, w in drum["weights"].items())
        print(f"{name:13s} {shifts}")
    print(f"context from {len(peaks.drum)} peaks of {len(recordings)} songs")


if __name__ == "__main__":
    run(main)
