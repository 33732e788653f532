#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turns a training checkpoint into the model file that fyr reads.

    python3 models/training/export.py build/training/run1/best.pt -o build/training/drums.safetensors \\
        --model-id drums-1

The averaged weights are exported. Tensors, float32 (matrices float16 with --half), K counting layers
from 0, D forward or backward, gates in the order i, f, g, o: input.mean and input.scale [inputs],
convolution.K.weight [channels, 9 * channels before] (columns: earlier, same, later frame; in each the
lower, same, higher band; in each the channels), convolution.K.bias [channels], lstm.K.D.weight_ih [4H,
inputs], lstm.K.D.weight_hh [4H, H], lstm.K.D.bias [4H] (both of PyTorch's biases summed), dense.weight
[28, 2H], dense.bias [28].
"""

import blas  # noqa: F401  (sets OpenBLAS up before numpy and torch load it)

import argparse
from pathlib import Path

import numpy as np

from drums import DRUMS
from feature_variations import check_features, read_settings
from lstm_cpu import named_weights
from network import DrumNetwork, overlap_of
from program import InputError, run
from safetensors import write_model
from training_state import front_of, load_checkpoint, summary

FORMAT_VERSION = 1
# ADTOF's picking windows; gaps per drum: flams and fast hats need short ones.
PEAK_PICKING = {
    "threshold": 0.2,
    "gap_s": 0.03,
    "pre_max_s": 0.02,
    "post_max_s": 0.01,
    "pre_mean_s": 0.1,
    "post_mean_s": 0.01,
}
GAPS_S = {
    "kick": 0.05,
    "snare": 0.028,
    "closed_hihat": 0.025,
    "open_hihat": 0.04,
    "pedal_hihat": 0.05,
    "ride_bell": 0.05,
    "crash": 0.08,
}
# dB of full scale, of a recording's peak; models/HISTORY.md, "Quiet recordings", tells how they were
# found. Noise stays noise: no recording rises by more than 30 dB.
INPUT_LEVEL = {"quiet_db": -18, "raised_db": -12, "most_db": 30}


def network_of(checkpoint: dict) -> DrumNetwork:
    """The network with the checkpoint's averaged weights, ready to run."""
    network = DrumNetwork(
        checkpoint["inputs"], tuple(checkpoint["units"]), dropout=0.0, front=front_of(checkpoint)
    )
    network.load_state_dict(checkpoint["average"])
    return network.eval()


def tensors_of(network: DrumNetwork) -> dict[str, np.ndarray]:
    tensors = {
        "input.mean": network.input_mean,
        "input.scale": network.input_scale,
        "dense.weight": network.dense.weight,
        "dense.bias": network.dense.bias,
    }
    for k, layer in enumerate(network.convolutions.layers if network.front else ()):
        # PyTorch's [channels, channels before, time, band] with the channels before last.
        tensors[f"convolution.{k}.weight"] = layer.weight.permute(0, 2, 3, 1).flatten(1)
        tensors[f"convolution.{k}.bias"] = layer.bias
    tensors |= named_weights(network.layers, "lstm")
    return {name: tensor.detach().cpu().float().numpy() for name, tensor in tensors.items()}


def describe(checkpoint: dict, features: dict, model_id: str, overlap: int | None = None) -> dict:
    """Raises InputError where a segment would be all overlap."""
    front = front_of(checkpoint)
    layers = [
        {"type": "convolution", "channels": channels, "pooled_bands": pooled}
        for channels, pooled in (front.layers if front else ())
    ]
    layers += [{"type": "bilstm", "units": units} for units in checkpoint["units"]]
    settings = checkpoint["settings"]
    if overlap is None:
        overlap = overlap_of(settings["frames"])
    if not 0 <= 2 * overlap < settings["frames"]:
        raise InputError(
            f"--overlap-frames {overlap}: twice as many must be fewer than a segment's "
            f"{settings['frames']} frames"
        )
    return {
        "format_version": FORMAT_VERSION,
        "model_id": model_id,
        "input_level": INPUT_LEVEL,
        "features": features,
        "layers": [
            *layers,
            {"type": "dense", "activation": "sigmoid", "units": 2 * len(DRUMS) + 2},
        ],
        "segment_frames": settings["frames"],
        "overlap_frames": overlap,
        "outputs": {"onsets": list(DRUMS), "velocities": True, "beats": True},
        "peak_picking": {
            drum: {**PEAK_PICKING, "gap_s": GAPS_S.get(drum, PEAK_PICKING["gap_s"])}
            for drum in DRUMS
        },
        "time_offset_s": 0.0,
        "training": {
            "trained_on": checkpoint["trained_on"],
            "validated_on": checkpoint["validated_on"],
            "earlier": checkpoint["earlier"],
            **summary(checkpoint),
            "torch": checkpoint["torch"],
            "settings": {k: v for k, v in settings.items() if not str(v).startswith("/")},
        },
    }


def main():
    parser = argparse.ArgumentParser(
        description="Export a checkpoint as the model file that fyr reads."
    )
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument(
        "--model-id", required=True, help="name and version, shown by fyr model info"
    )
    parser.add_argument("--features", type=Path, default=Path(__file__).with_name("features.json"))
    parser.add_argument(
        "--overlap-frames",
        type=int,
        help="discarded on each side (default an eighth of a segment, as in validation)",
    )
    parser.add_argument("--half", action="store_true", help="matrices as float16: half the size")
    arguments = parser.parse_args()
    checkpoint = load_checkpoint(arguments.checkpoint)
    check_features(arguments.features, checkpoint["inputs"], "the network has")
    features = read_settings(arguments.features)
    description = describe(checkpoint, features, arguments.model_id, arguments.overlap_frames)
    tensors = tensors_of(network_of(checkpoint))
    write_model(arguments.output, tensors, description, arguments.half)
    megabytes = arguments.output.stat().st_size / 1e6
    print(f"{arguments.output}: {megabytes:.1f} MB, step {checkpoint['step']}")


if __name__ == "__main__":
    run(main)
