# SPDX-License-Identifier: GPL-3.0-or-later

"""A wider network that computes what a narrower one does.

A trained network's knowledge is the start of a larger one (Chen et al., "Net2Net", ICLR 2016). Units
are not doubled as there but added: nothing reads a new unit yet, so every output stays the same,
while what comes into it is drawn at random, so that no two learn alike.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch

from network import DrumNetwork, Front
from program import InputError


def widened(
    weights: dict[str, torch.Tensor], units: Sequence[int], front: Front | None = None
) -> dict[str, torch.Tensor]:
    """The state of a DrumNetwork with `units` per direction and layer that equals the one of which
    `weights` are the state. `front`: the convolutions of both, which stay as they are.

    Raises InputError where `units` has another number of layers or one of them would shrink, and
    where the convolutions are others.
    """
    before = [weights[name].shape[1] for name in weights if name.endswith("lstm.weight_hh_l0")]
    if len(before) != len(units) or any(new < old for new, old in zip(units, before)):
        raise InputError(f"a network of {before} units does not widen to {list(units)}")
    state = DrumNetwork(len(weights["input_mean"]), tuple(units), front=front).state_dict()
    first = "layers.0.lstm.weight_ih_l0"
    convolutions, wanted = (
        {name: value.shape for name, value in found.items() if name.startswith("convolutions.")}
        for found in (weights, state)
    )
    if convolutions != wanted or weights[first].shape[1] != state[first].shape[1]:
        raise InputError("a network does not widen to one with other convolutions")
    for name in ("input_mean", "input_scale", *convolutions, "dense.bias"):
        state[name] = weights[name].clone()
    read = torch.arange(weights[first].shape[1])  # inputs of a layer that the narrow one has
    for layer, (old, new) in enumerate(zip(before, units)):
        rows = (torch.arange(4)[:, None] * new + torch.arange(old)).flatten()
        for suffix in ("", "_reverse"):
            for part, columns in (("weight_ih", read), ("weight_hh", torch.arange(old))):
                name = f"layers.{layer}.lstm.{part}_l0{suffix}"
                state[name][rows] = 0
                state[name][rows[:, None], columns] = weights[name]
            for part in ("bias_ih", "bias_hh"):
                name = f"layers.{layer}.lstm.{part}_l0{suffix}"
                state[name][rows] = weights[name]
        read = torch.cat([torch.arange(old), new + torch.arange(old)])
    state["dense.weight"][:] = 0
    state["dense.weight"][:, read] = weights["dense.weight"]
    return state
