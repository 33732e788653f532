#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds weights between those that a training started from and those that it reached.

    python3 models/training/interpolate.py models/drums.safetensors build/training/run_heard/checkpoint.pt \\
        --validation build/training/validation -o build/training/run_heard/between.pt

A training on new material gains there and loses a little elsewhere; the straight line between start
and end often holds weights better than both (Wortsman et al., "Robust fine-tuning of zero-shot models",
CVPR 2022). The share of the end with the lowest validation loss is kept. Both must have the same layers.
"""

import argparse
from pathlib import Path

import blas  # noqa: F401  (sets OpenBLAS up before numpy and torch load it)

import torch

from dataset import Pool
from export import network_of
from losses import DrumLoss
from network import N_DRUMS
from option_types import more_than_0
from program import InputError, prepare_output, run
from training_state import front_of, load_checkpoint, load_weights, save_whole
from validation import validate

SHARES = (0.3, 0.4, 0.5, 0.6, 0.7, 1.0)


def between(start: dict, end: dict, share: float) -> dict:
    """The checkpoint `end` with its averaged weights moved to `share` of the way from `start`, and
    the origins of both.

    Raises InputError where the networks differ in shape.
    """
    if list(start["units"]) != list(end["units"]) or start["inputs"] != end["inputs"]:
        raise InputError(
            f"{list(start['units'])} units on {start['inputs']} inputs and {list(end['units'])} on "
            f"{end['inputs']} have nothing between them"
        )
    if front_of(start) != front_of(end):
        raise InputError("networks with other convolutions have nothing between them")
    weights = {
        name: torch.lerp(start["average"][name].float(), value, share)
        for name, value in end["average"].items()
    }
    origins = {
        name: sorted({*start[name], *end[name]}) for name in ("trained_on", "validated_on")
    }
    settings = {**end["settings"], "interpolated": share}
    return {**end, **origins, "average": weights, "settings": settings}


def validation_loss(end: dict) -> DrumLoss:
    """The loss that the training which reached checkpoint `end` minimised."""
    settings = end["settings"]
    loss = DrumLoss(
        torch.ones(N_DRUMS), settings["positive_weight"], beat=settings["beat_weight"]
    )
    loss.load_state_dict(end["loss"])
    return loss


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("start", type=Path, help="checkpoint or model file that train.py --init had")
    parser.add_argument("end", type=Path, help="checkpoint of the training")
    parser.add_argument("--validation", type=Path, required=True, help="folder of items")
    parser.add_argument("--minutes", type=more_than_0, default=40.0, help="of audio to validate on")
    parser.add_argument("-o", "--output", type=Path, required=True)
    arguments = parser.parse_args()
    prepare_output(arguments.output)
    start, end = load_weights(arguments.start), load_checkpoint(arguments.end)
    songs = Pool(arguments.validation, 4.0, refresh_s=None, inputs=end["inputs"])
    if songs.view is None:
        raise InputError(f"{arguments.validation} holds no items to validate on")
    loss, frames = validation_loss(end), end["settings"]["frames"]
    best = None
    for share in SHARES:
        candidate = between(start, end, share)
        network = network_of(candidate)
        found = validate(network, loss, songs, torch.device("cpu"), arguments.minutes, frames)["loss"]
        print(f"share {share:.1f}: validation loss {found:.5f}", flush=True)
        if best is None or found < best[0]:
            best = found, candidate
    save_whole(best[1], arguments.output)


if __name__ == "__main__":
    run(main)
