# SPDX-License-Identifier: GPL-3.0-or-later

"""The network: standardised features, convolutions over the first view's bands where there are any,
stacked bidirectional LSTM layers, one dense sigmoid layer.

Columns of the output: 13 onset activations and 13 velocities in the order of drums.DRUMS, beat,
downbeat.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import nn
from torch.nn import functional

from drums import DRUMS
from lstm_cpu import BiLstm

N_DRUMS = len(DRUMS)
ONSETS = slice(0, N_DRUMS)
VELOCITIES = slice(N_DRUMS, 2 * N_DRUMS)
BEATS = slice(2 * N_DRUMS, 2 * N_DRUMS + 2)
N_OUTPUTS = 2 * N_DRUMS + 2


class SequenceDropout(nn.Module):
    """Drops the same inputs in all frames of a sequence (Gal & Ghahramani, NIPS 2016); input [T, B,
    N]."""

    def __init__(self, rate: float):
        super().__init__()
        self.rate = rate

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training or self.rate == 0:
            return x
        kept = torch.rand(1, *x.shape[1:], device=x.device) >= self.rate
        return x * (kept / (1 - self.rate))


class Front(NamedTuple):
    """Convolutions in front of the LSTM layers, so that a drum tuned higher need not be learnt anew.

    The first `planes` * `bands` features are an image of the bands with `planes` channels (bands, then
    their rises). `layers`: for each the number of channels that it makes and how many bands its
    pooling puts together (1: none).
    """

    planes: int
    bands: int
    layers: tuple[tuple[int, int], ...]

    @property
    def n_columns(self) -> int:
        """Features that the image takes."""
        return self.planes * self.bands

    @property
    def n_outputs(self) -> int:
        bands = self.bands
        for _, pooled in self.layers:
            bands //= pooled
        return bands * self.layers[-1][0]


class Convolutions(nn.Module):
    """[T, B, planes * bands] -> [T, B, bands left * channels], channels of one band side by side.

    Each layer: 3 frames x 3 bands, zeros around the segment, ReLU, the largest of `pooled` neighbouring
    bands; what is left over at the top is dropped.
    """

    def __init__(self, front: Front):
        super().__init__()
        self.front = front
        made = [front.planes] + [channels for channels, _ in front.layers]
        self.layers = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1) for a, b in zip(made, made[1:]))
        for layer in self.layers:
            nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        frames, batch, _ = x.shape
        image = x.reshape(frames, batch, self.front.planes, self.front.bands).permute(1, 2, 0, 3)
        for layer, (_, pooled) in zip(self.layers, self.front.layers):
            image = functional.relu(layer(image))
            if pooled > 1:
                image = functional.max_pool2d(image, (1, pooled))
        return image.permute(2, 0, 3, 1).reshape(frames, batch, -1)


class DrumNetwork(nn.Module):
    """[batch, frames, inputs] -> logits [batch, frames, 28].

    inputs: features per frame; units: units per direction of each layer; dropout: rate in front of
    each layer but the first, and of the dense one; front: convolutions over the first features, which
    they replace, or None.
    """

    def __init__(
        self,
        inputs: int,
        units: tuple[int, ...] = (128, 128),
        dropout: float = 0.2,
        front: Front | None = None,
    ):
        super().__init__()
        self.inputs, self.units, self.front = inputs, tuple(units), front
        self.register_buffer("input_mean", torch.zeros(inputs))
        self.register_buffer("input_scale", torch.ones(inputs))
        self.convolutions = Convolutions(front) if front else None
        first = inputs - front.n_columns + front.n_outputs if front else inputs
        widths = [first] + [2 * n for n in units]
        self.layers = nn.ModuleList(BiLstm(width, n) for width, n in zip(widths, units))
        self.dropout = SequenceDropout(dropout)
        self.dense = nn.Linear(widths[-1], N_OUTPUTS)
        self._initialise()

    def _initialise(self):
        for layer in self.layers:
            for name, parameter in layer.lstm.named_parameters():
                if name.startswith("weight_hh"):
                    for gate in parameter.data.chunk(4):
                        nn.init.orthogonal_(gate)
                elif name.startswith("weight_ih"):
                    nn.init.xavier_uniform_(parameter.data)
                else:
                    parameter.data.zero_()
                    if name.startswith(
                        "bias_ih"
                    ):  # forget gates start open (Jozefowicz et al., ICML 2015)
                        parameter.data.chunk(4)[1].fill_(1.0)
        # Onsets are rare: about 1 frame in 50 per drum.
        self.dense.bias.data[ONSETS] = -4.0
        self.dense.bias.data[BEATS] = -3.0

    def set_standardisation(self, mean: torch.Tensor, deviation: torch.Tensor):
        """x' = (x - mean) / deviation; features that never change are left unscaled."""
        self.input_mean.copy_(mean)
        self.input_scale.copy_(
            torch.where(
                deviation > 1e-5, 1.0 / deviation.clamp_min(1e-5), torch.ones_like(deviation)
            )
        )

    def forward(self, features: torch.Tensor, mask: torch.Tensor = None) -> torch.Tensor:
        """mask [batch, 1, inputs] multiplies the standardised features: 0 hides one behind its
        mean."""
        x = (features.transpose(0, 1) - self.input_mean) * self.input_scale
        if mask is not None:
            x = x * mask.transpose(0, 1)
        if self.front:
            image, others = x.split([self.front.n_columns, self.inputs - self.front.n_columns], dim=2)
            x = torch.cat([self.convolutions(image), others], dim=2)
        for index, layer in enumerate(self.layers):
            x = layer(x if index == 0 else self.dropout(x))
        return self.dense(self.dropout(x)).transpose(0, 1)


def overlap_of(segment: int) -> int:
    """Frames that are discarded on each side of so long a segment, in the product too."""
    return segment // 8


@torch.no_grad()
def run_song(
    network: DrumNetwork, features: torch.Tensor, segment: int = 500, batch: int = 64
) -> torch.Tensor:
    """Activations [frames, 28] of a whole recording [frames, inputs].

    Segments overlap, what lies at their sides is discarded, silence (features 0) surrounds the
    recording: as in the product, but for the frames beyond both ends whose windows still touch the
    recording. `fyr features` leaves them out, so they are 0 here; the product computes them.
    """
    overlap = overlap_of(segment)
    frames, step = len(features), segment - 2 * overlap
    count = max(1, -(-frames // step))
    padded = features.new_zeros((count - 1) * step + segment, features.shape[1])
    padded[overlap : overlap + frames] = features
    cut = padded.unfold(0, segment, step).transpose(1, 2)  # [count, segment, inputs]
    parts = [
        torch.sigmoid(network(cut[k : k + batch].float()))[:, overlap : segment - overlap]
        for k in range(0, count, batch)
    ]
    return torch.cat(parts).reshape(-1, N_OUTPUTS)[:frames]
