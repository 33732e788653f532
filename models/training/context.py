#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fits a model file's context: how a recording's other peaks change what one peak means.

    python3 models/training/context.py models/drums.safetensors --fyr build/release/fyr \\
        --songs build/training/context --known-kits build/training/context_known_kits

include/fyr/context.hpp holds the model and its features; fyr itself computes them (`fyr features
--peaks-of`), of a copy of the model whose context has the first thresholds and no units: so bars are
found by the hits by which the product will find them. Perceptrons with one hidden layer tell true peaks
of rendered songs from others; their mean, which is a wider one, counts.

The songs are of performances that train: the few that validate would be learnt by heart. Songs on kits
that do not train weigh most, for of kits that it knows the network is surer than of a recording's; but
the kits that train are many, and from a few alone a perceptron learns what holds for these. Fit
thresholds before (they find the bars) and after (they apply to what the context makes of the peaks), on
the songs that validate: retrain.sh does.
"""

import tempfile
from pathlib import Path
from typing import NamedTuple

import blas  # noqa: F401  (sets OpenBLAS up before numpy loads it)

import numpy as np
import torch

from drums import DRUMS
from program import run
from safetensors import read_model, write_model
from thresholds import (fitting_options, kind_and_kit, label, peak_tables, read_hits, recordings_in,
                        song_weights)

N_FEATURES = 36
LEAST = 0.03
NEAR_S = 0.03
# On 660 validation songs 16, 32 and 64 units gave F .761, .767 and .768 of drums alone, .705, .709 and
# .710 of mixes, each kit with what the others had taught (models/HISTORY.md).
UNITS = 32
EPOCHS, BATCH, RATE, DECAY, DROPOUT = 3, 4096, 3e-3, 1e-3, 0.1
# Perceptrons whose mean counts: of one alone F of finished records depends on its seed by .02.
SEEDS = (0, 1, 2)
# Weight of the songs on kits that train. 0, .3, .6 and 1 gave F .732, .742, .739 and .727 on 660
# validation songs, of kits that the perceptron did not know either (models/HISTORY.md).
KNOWN_SHARE = 0.3
# Of fewer peaks, as a model after minutes of training has, a perceptron would learn their accidents.
LEAST_PEAKS = 2000
# Bars are found by peaks of at least this share of the threshold before context: of .2 to 1.25 the best
# beat and downbeat F on 111 rendered songs (.810 and .669; 1: .782 and .625).
FIRST_SHARE = 0.5


class Peaks(NamedTuple):
    drum: np.ndarray  # [n]
    confidence: np.ndarray  # [n]
    features: np.ndarray  # [n, N_FEATURES] float32
    is_hit: np.ndarray  # [n] 0 or 1
    weight: np.ndarray  # [n]


class Perceptron(torch.nn.Module):
    """What is added to a peak's log-odds: the formula of include/fyr/context.hpp."""

    def __init__(self, mean: torch.Tensor, deviation: torch.Tensor):
        super().__init__()
        self.mean, self.deviation = mean, deviation
        self.hidden = torch.nn.Linear(N_FEATURES, UNITS, bias=False)
        self.biases = torch.nn.Embedding(len(DRUMS), UNITS)
        self.outputs = torch.nn.Embedding(len(DRUMS), UNITS)
        self.own = torch.nn.Embedding(len(DRUMS), 1)
        self.constant = torch.nn.Embedding(len(DRUMS), 1)
        for table in (self.biases, self.outputs):
            torch.nn.init.normal_(table.weight, std=UNITS**-0.5)
        for table in (self.own, self.constant):
            torch.nn.init.zeros_(table.weight)

    def forward(self, features: torch.Tensor, drum: torch.Tensor) -> torch.Tensor:
        x = (features - self.mean) / self.deviation
        units = torch.relu(self.hidden(x) + self.biases(drum))
        units = torch.nn.functional.dropout(units, DROPOUT, self.training)
        shift = (units * self.outputs(drum)).sum(1)
        return shift + self.own(drum)[:, 0] * x[:, 0] + self.constant(drum)[:, 0]


def log_odds(confidence: np.ndarray) -> np.ndarray:
    p = np.clip(confidence, 1e-6, 1 - 1e-6)
    return np.log(p / (1 - p))


def read_song(rows: np.ndarray, hits: list[np.ndarray], weight: float) -> Peaks:
    drum = rows[:, 0].astype(int)
    labels = np.zeros(len(rows), np.int64)
    for k in range(len(DRUMS)):
        of_drum = drum == k
        labels[of_drum] = label(rows[of_drum, 1], rows[of_drum, 2], hits[k])
    kept = labels >= 0
    return Peaks(drum[kept], rows[kept, 2], rows[kept, 4:].astype(np.float32), labels[kept],
                 np.full(kept.sum(), weight))


def collect(fyr: Path, model: Path, recordings: list[Path]) -> Peaks:
    """All peaks of the songs, weighed as for the thresholds."""
    weights = song_weights([kind_and_kit(recording) for recording in recordings])
    songs = []
    for recording, weight, table in zip(recordings, weights, peak_tables(fyr, model, recordings)):
        hits = read_hits(recording.with_suffix(".csv"), "velocity")
        songs.append(read_song(table, hits, weight))
    return Peaks(*(np.concatenate(column) for column in zip(*songs)))


def together(songs: Peaks, known_kits: Peaks) -> Peaks:
    """Both, those of kits that the network knows with KNOWN_SHARE of the weight."""
    shares = ((songs, 1 - KNOWN_SHARE), (known_kits, KNOWN_SHARE))
    weighed = [peaks._replace(weight=share * peaks.weight / peaks.weight.sum())
               for peaks, share in shares]
    return Peaks(*(np.concatenate(column) for column in zip(*weighed)))


def train(peaks: Peaks, epochs: int, seed: int) -> Perceptron:
    torch.manual_seed(seed)
    features = torch.from_numpy(peaks.features)
    drum, is_hit = torch.from_numpy(peaks.drum), torch.from_numpy(peaks.is_hit).float()
    weight = torch.from_numpy(peaks.weight / peaks.weight.mean()).float()
    given = torch.from_numpy(log_odds(peaks.confidence)).float()
    network = Perceptron(features.mean(0), features.std(0) + 1e-3)
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=DECAY)
    n_steps = epochs * -(-len(drum) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=n_steps + 1)
    network.train()
    for _ in range(epochs):
        for batch in torch.randperm(len(drum)).split(BATCH):
            score = given[batch] + network(features[batch], drum[batch])
            loss = torch.nn.functional.binary_cross_entropy_with_logits(
                score, is_hit[batch], weight=weight[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return network.eval()


def rounded(values: torch.Tensor) -> list[float]:
    return [float(f"{value:.5g}") for value in values.tolist()]


def empty_context(first_thresholds: dict[str, float]) -> dict:
    """The model file's "context" that leaves every peak as it is."""
    drums = {name: {"first_threshold": first_thresholds[name], "own": 0.0, "constant": 0.0}
             for name in DRUMS}
    return {"least": LEAST, "near_s": NEAR_S, "drums": drums, "units": []}


def context_of(peaks: Peaks, first_thresholds: dict[str, float], epochs: int = EPOCHS) -> dict:
    """The model file's "context"."""
    context = empty_context(first_thresholds)
    if len(peaks.drum) < LEAST_PEAKS:
        return context
    own, constant = np.zeros(len(DRUMS)), np.zeros(len(DRUMS))
    for seed in SEEDS:
        network = train(peaks, epochs, seed)
        with torch.no_grad():
            # Standardisation becomes a part of the weights, the mean over seeds a part of the outputs.
            weights = network.hidden.weight / network.deviation
            biases = network.biases.weight - (weights @ network.mean)
            outputs = network.outputs.weight / len(SEEDS)
            of_seed = network.own.weight[:, 0] / network.deviation[0]
            own += of_seed.numpy() / len(SEEDS)
            constant += ((network.constant.weight[:, 0] - of_seed * network.mean[0]).numpy()
                         / len(SEEDS))
        for k in range(UNITS):
            context["units"].append({"weights": rounded(weights[k]), "biases": rounded(biases[:, k]),
                                     "outputs": rounded(outputs[:, k])})
    for name, values in zip(DRUMS, zip(rounded(own), rounded(constant))):
        context["drums"][name] |= dict(zip(("own", "constant"), values))
    return context


def main():
    parser = fitting_options("Fit the context of a model.")
    parser.add_argument("--known-kits", type=Path, help="folder of songs on kits that train")
    arguments = parser.parse_args()
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
    description["context"] = empty_context(first)
    with tempfile.TemporaryDirectory(prefix="fyr-") as folder:
        model = Path(folder) / "first.safetensors"
        write_model(model, tensors, description)
        peaks = collect(arguments.fyr, model, recordings)
        if arguments.known_kits:
            known = recordings_in(arguments.known_kits)
            peaks = together(peaks, collect(arguments.fyr, model, known))
            recordings += known
    description["context"] = context_of(peaks, first)
    description["training"]["context_fitted_on_songs"] = len(recordings)
    write_model(arguments.output or arguments.model, tensors, description)
    print(f"context from {len(peaks.drum)} peaks of {len(recordings)} songs")


if __name__ == "__main__":
    run(main)
