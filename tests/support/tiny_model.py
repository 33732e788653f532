#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a tiny model that hears something in noise and nothing in silence, for command-line tests.

Its weights are random (seeded); only its layout (docs/model_format.md) means anything.
usage: tiny_model.py OUTPUT.safetensors
"""
import json
import random
import struct
import sys

DRUMS = [
    "kick", "snare", "side_stick", "closed_hihat", "pedal_hihat", "open_hihat", "high_tom",
    "mid_tom", "floor_tom", "ride", "ride_bell", "crash", "percussion",
]
WINDOW_SAMPLES = 64
N_INPUTS = WINDOW_SAMPLES // 2 + 1
N_UNITS = 4
N_OUTPUTS = 2 * len(DRUMS) + 2


def document():
    picking = {"threshold": 0.3, "gap_s": 0.03, "pre_max_s": 0.02, "post_max_s": 0.01,
               "pre_mean_s": 0.1, "post_mean_s": 0.01}
    view = {"window_samples": WINDOW_SAMPLES, "scale": "linear", "log_multiplier": 1000,
            "difference": False}
    return {
        "format_version": 1,
        "model_id": "tiny-test",
        "features": {"rate_hz": 44100, "hop_samples": 441, "views": [view]},
        "layers": [{"type": "bilstm", "units": N_UNITS},
                   {"type": "dense", "activation": "sigmoid", "units": N_OUTPUTS}],
        "segment_frames": 500,
        "overlap_frames": 125,
        "outputs": {"onsets": DRUMS, "velocities": True, "beats": True},
        "peak_picking": {drum: picking for drum in DRUMS},
        "time_offset_s": -0.0015,
        "training": {"note": "random weights, for tests only"},
    }


def tensors():
    """Name -> (shape, values). No LSTM bias, so silence keeps every unit at zero."""
    rng = random.Random(1)

    def noise(n, scale):
        return [rng.gauss(0, scale) for _ in range(n)]

    found = {"input.mean": ([N_INPUTS], [0.0] * N_INPUTS),
             "input.scale": ([N_INPUTS], [1.0] * N_INPUTS)}
    for direction in ("forward", "backward"):
        name = f"lstm.0.{direction}."
        found[name + "weight_ih"] = ([4 * N_UNITS, N_INPUTS], noise(4 * N_UNITS * N_INPUTS, 0.5))
        found[name + "weight_hh"] = ([4 * N_UNITS, N_UNITS], noise(4 * N_UNITS * N_UNITS, 0.5))
        found[name + "bias"] = ([4 * N_UNITS], [0.0] * (4 * N_UNITS))
    found["dense.weight"] = ([N_OUTPUTS, 2 * N_UNITS], noise(N_OUTPUTS * 2 * N_UNITS, 8.0))
    found["dense.bias"] = ([N_OUTPUTS], [-6.0] * N_OUTPUTS)
    return found


def main():
    header = {"__metadata__": {"fyr": json.dumps(document())}}
    body = b""
    for name, (shape, values) in tensors().items():
        begin = len(body)
        body += struct.pack(f"<{len(values)}f", *values)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, len(body)]}
    text = json.dumps(header).encode()
    with open(sys.argv[1], "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + body)


if __name__ == "__main__":
    main()
