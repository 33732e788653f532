# SPDX-License-Identifier: GPL-3.0-or-later
"""The network that reads hits: two bidirectional LSTM layers and a dense sigmoid, beat and downbeat.

include/fyr/beats_in_hits.hpp has the formula of its inputs; frames are 40 ms, each in two halves.
"""

from __future__ import annotations

import blas  # noqa: F401  (sets OpenBLAS up before numpy and torch load it)

import numpy as np
import torch
from torch import nn

from drums import DRUMS
from lstm_cpu import BiLstm, named_weights

FRAME_S = 0.04
LEAST_STRENGTH = 0.3
SEGMENT_S = 30.0
OVERLAP_FRAMES = 100  # discarded on each side of a segment when fyr runs it
N_INPUTS = 2 * len(DRUMS)
_NEAR_S = 0.03  # a frame whose middle is that near to a beat holds it
# How the log-odds of sound and hits are put together (beats_in_hits.hpp).
WEIGHTS = {"sound_weight": 0.5, "hits_weight": 0.5, "offset": -0.5}


class HitsNetwork(nn.Module):
    """[batch, frames, inputs] -> logits [batch, frames, 2]."""

    def __init__(self, units: int = 64, dropout: float = 0.2):
        super().__init__()
        self.units = units
        self.layers = nn.ModuleList([BiLstm(N_INPUTS, units), BiLstm(2 * units, units)])
        self.dropout = nn.Dropout(dropout)
        self.dense = nn.Linear(2 * units, 2)
        with torch.no_grad():  # beats are in one frame of ten, downbeats in one of fifty
            self.dense.bias.copy_(torch.tensor([-2.5, -4.0]))

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        x = frames.transpose(0, 1)
        for layer in self.layers:
            x = self.dropout(layer(x))
        return self.dense(x).transpose(0, 1)


def n_frames(seconds: float) -> int:
    return int(round(seconds / FRAME_S))


def hit_frames(hits: np.ndarray, frames: int) -> np.ndarray:
    """[frames, inputs] of hits [n, 3] (time in s, drum, velocity 0..1), as hit_frames of the C++."""
    halves = np.zeros((2 * frames + 2, len(DRUMS)), np.float32)
    place = hits[:, 0] / (FRAME_S / 2)
    half, drum = np.floor(place).astype(int), hits[:, 1].astype(int)
    share = place - half
    strength = LEAST_STRENGTH + (1 - LEAST_STRENGTH) * hits[:, 2]
    for where, part in ((half, (1 - share) * strength), (half + 1, share * strength)):
        inside = (where >= 0) & (where < 2 * frames)
        np.maximum.at(halves, (where[inside], drum[inside]), part[inside])
    return halves[: 2 * frames].reshape(frames, N_INPUTS)


def beat_targets(beats: np.ndarray, frames: int) -> np.ndarray:
    """[frames, 2] of beats [m, 2] (time in s, 1 on downbeats): 1 in the frames around each."""
    targets = np.zeros((frames, 2), np.float32)
    middles = (np.arange(frames) + 0.5) * FRAME_S
    for time_s, is_down in beats:
        begin, end = np.searchsorted(middles, [time_s - _NEAR_S, time_s + _NEAR_S])
        targets[begin:end, 0] = 1
        if is_down:
            targets[begin:end, 1] = 1
    return targets


def tensors_of(network: HitsNetwork) -> dict[str, np.ndarray]:
    """As they stand in a model file, the matrices with no more than float16 holds."""
    tensors = {"hits.dense.weight": network.dense.weight, "hits.dense.bias": network.dense.bias,
               **named_weights(network.layers, "hits.lstm")}
    arrays = {name: tensor.detach().numpy() for name, tensor in tensors.items()}
    return {name: array.astype(np.float16).astype(np.float32) if array.ndim > 1 else array
            for name, array in arrays.items()}


def description_of(network: HitsNetwork) -> dict:
    """The entry "hits_network" of a model's description."""
    return {
        "frame_s": FRAME_S,
        "least_strength": LEAST_STRENGTH,
        "layers": [{"type": "bilstm", "units": network.units} for _ in network.layers]
        + [{"type": "dense", "activation": "sigmoid", "units": 2}],
        "segment_frames": n_frames(SEGMENT_S),
        "overlap_frames": OVERLAP_FRAMES,
        **WEIGHTS,
    }
