# SPDX-License-Identifier: GPL-3.0-or-later

"""What training minimises."""

import torch
from torch import nn
from torch.nn import functional

from network import BEATS, ONSETS, VELOCITIES


def drum_weights(counts: torch.Tensor, power: float = 0.25, most: float = 3.0) -> torch.Tensor:
    """Weight per drum from hit counts: (commonest / count)^power, at most `most`, mean 1.

    Milder than one over the frequency: with power 0.5 toms fire too often, with 0 crashes are
    hardly found.
    """
    weights = (counts.max() / counts.clamp_min(1.0)).pow(power).clamp_max(most)
    return weights / weights.mean()


class DrumLoss(nn.Module):
    """Cross-entropy of onsets and beats, squared error of velocities where there are onsets.

    weights [13] multiply each drum's terms; `positive` times as much counts what lies on onsets
    (ADTOF weighs frames with onsets 1.1 to 3.4 fold, Zehren et al. 2023).
    """

    def __init__(
        self, weights: torch.Tensor, positive: float = 1.5, velocity: float = 0.5, beat: float = 0.3
    ):
        super().__init__()
        self.register_buffer("weights", weights)
        self.positive, self.velocity, self.beat = positive, velocity, beat

    def forward(self, logits: torch.Tensor, targets: torch.Tensor, known: torch.Tensor):
        """logits, targets [batch, frames, 28], known [batch, 28], 0 where an output's truth is not
        known -> total, onset, velocity and beat loss, each a mean over what is known."""
        frames = logits.shape[1]
        known = known[:, None]
        onsets = targets[..., ONSETS]
        emphasis = self.weights * (1 + (self.positive - 1) * onsets) * known[..., ONSETS]
        onset = functional.binary_cross_entropy_with_logits(
            logits[..., ONSETS], onsets, weight=emphasis, reduction="sum"
        ) / (frames * known[..., ONSETS].sum()).clamp_min(1.0)
        error = (torch.sigmoid(logits[..., VELOCITIES]) - targets[..., VELOCITIES]).square()
        hits = onsets * self.weights * known[..., VELOCITIES]
        velocity = (error * hits).sum() / hits.sum().clamp_min(1.0)
        beat = functional.binary_cross_entropy_with_logits(
            logits[..., BEATS],
            targets[..., BEATS],
            weight=known[..., BEATS].expand(-1, frames, -1),
            reduction="sum",
        ) / (frames * known[..., BEATS].sum()).clamp_min(1.0)
        return onset + self.velocity * velocity + self.beat * beat, onset, velocity, beat
