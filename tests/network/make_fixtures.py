#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes tests/data/network: small models with seeded weights, and what PyTorch makes of them.

    python3 tests/network/make_fixtures.py            # the small models
    python3 tests/network/make_fixtures.py --shipped  # models/drums.safetensors as well

Run it with --shipped whenever models/drums.safetensors changes. Made with PyTorch 1.13, NumPy 1.24.
"""
import argparse
import json
import struct
import sys
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "models" / "training"))

from feature_variations import image_of
from hits_network import N_INPUTS, hit_frames

DATA = ROOT / "tests" / "data" / "network"
DRUMS = ("kick snare side_stick closed_hihat pedal_hihat open_hihat high_tom mid_tom floor_tom "
         "ride ride_bell crash percussion").split()


def write_model(path, tensors, document):
    header, data = {"__metadata__": {"fyr": json.dumps(document)}}, b""
    for name, tensor in tensors.items():
        raw = np.ascontiguousarray(tensor, dtype="<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape),
                        "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def read_model(path):
    raw = path.read_bytes()
    end = 8 + struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8:end])
    document = json.loads(header.pop("__metadata__")["fyr"])
    tensors = {}
    for name, entry in header.items():
        begin, stop = entry["data_offsets"]
        dtype = {"F32": "<f4", "F16": "<f2"}[entry["dtype"]]
        tensor = np.frombuffer(raw[end + begin:end + stop], dtype).astype("<f4")
        tensors[name] = tensor.reshape(entry["shape"])
    return tensors, document


def linear_view(n_bands, difference=False):
    return {"window_samples": 2 * (n_bands - 1), "scale": "linear", "log_multiplier": 0,
            "difference": difference}


def seeded_model(seed, views, lstm_units, drums, velocities, beats, segment, overlap, gain,
                 convolutions=()):
    random = np.random.default_rng(seed)
    n_inputs = sum((v["window_samples"] // 2 + 1) * (1 + v["difference"]) for v in views)
    features = {"rate_hz": 44100, "hop_samples": 441, "views": views}
    tensors = {"input.mean": random.uniform(0.2, 0.8, n_inputs),
               "input.scale": random.uniform(0.5, 3.0, n_inputs)}
    width = n_inputs
    n_planes, n_bands = image_of(features)
    before = n_planes
    for k, (channels, pooled) in enumerate(convolutions):
        bound = np.sqrt(6 / (9 * before))
        tensors[f"convolution.{k}.weight"] = random.uniform(-bound, bound, (channels, 9 * before))
        tensors[f"convolution.{k}.bias"] = random.uniform(-0.2, 0.2, channels)
        before, n_bands = channels, n_bands // pooled
    if convolutions:
        width += before * n_bands - np.prod(image_of(features))
    for k, units in enumerate(lstm_units):
        for direction in ("forward", "backward"):
            prefix = f"lstm.{k}.{direction}."
            bound = gain / np.sqrt(units)
            for name, shape in (("weight_ih", (4 * units, width)), ("weight_hh", (4 * units, units)),
                                ("bias", (4 * units,))):
                tensors[prefix + name] = random.uniform(-bound, bound, shape)
        width = 2 * units
    n_outputs = len(drums) * (2 if velocities else 1) + (2 if beats else 0)
    tensors["dense.weight"] = random.uniform(-gain, gain, (n_outputs, width))
    tensors["dense.bias"] = random.uniform(-gain, gain, n_outputs)
    picking = {"threshold": 0.3, "gap_s": 0.03, "pre_max_s": 0.02, "post_max_s": 0.01,
               "pre_mean_s": 0.1, "post_mean_s": 0.01}
    document = {
        "format_version": 1, "model_id": f"fixture-{seed}",
        "features": features,
        "layers": [{"type": "convolution", "channels": channels, "pooled_bands": pooled}
                   for channels, pooled in convolutions]
        + [{"type": "bilstm", "units": units} for units in lstm_units]
        + [{"type": "dense", "activation": "sigmoid", "units": n_outputs}],
        "segment_frames": segment, "overlap_frames": overlap,
        "outputs": {"onsets": drums, "velocities": velocities, "beats": beats},
        "peak_picking": {drum: picking for drum in drums}, "time_offset_s": -0.004,
        "training": {"seed": seed}}
    return tensors, document


def pseudo_features(n_rows, n_columns):
    """The same values as tests/support/pseudo_features.hpp."""
    index = np.arange(n_rows * n_columns, dtype=np.uint64)
    state = (index * 2654435761 + 12345) % 2**32
    state = (state ^ (state >> 15)) * 2246822519 % 2**32
    state = state ^ (state >> 13)
    values = (state >> 8).astype(np.float32) / np.float32(2**24)
    return values.reshape(n_rows, n_columns)


def convolve(tensors, document, values):
    """[segments, frames, features] -> the same with what the convolutions make of the first view."""
    n_planes, n_bands = image_of(document["features"])
    image, others = values.split([n_planes * n_bands, values.shape[2] - n_planes * n_bands], dim=2)
    image = image.unflatten(2, (n_planes, n_bands)).transpose(1, 2)
    layers = [layer for layer in document["layers"] if layer["type"] == "convolution"]
    for k, layer in enumerate(layers):
        weight, bias = (torch.tensor(np.float32(tensors[f"convolution.{k}.{name}"]))
                        for name in ("weight", "bias"))
        weight = weight.unflatten(1, (3, 3, -1)).permute(0, 3, 1, 2)
        image = torch.relu(torch.nn.functional.conv2d(image, weight, bias, padding=1))
        image = torch.nn.functional.max_pool2d(image, (1, layer["pooled_bands"]))
    return torch.cat([image.permute(0, 2, 3, 1).flatten(2), others], dim=2)


def torch_lstms(tensors, document):
    layers = []
    units_of = [layer["units"] for layer in document["layers"] if layer["type"] == "bilstm"]
    width = tensors["lstm.0.forward.weight_ih"].shape[1]
    for k, units in enumerate(units_of):
        lstm = torch.nn.LSTM(width, units, bidirectional=True, batch_first=True)
        for direction, suffix in (("forward", "_l0"), ("backward", "_l0_reverse")):
            prefix = f"lstm.{k}.{direction}."
            parameters = {"weight_ih": tensors[prefix + "weight_ih"],
                          "weight_hh": tensors[prefix + "weight_hh"],
                          "bias_ih": tensors[prefix + "bias"],
                          "bias_hh": np.zeros(4 * units)}
            for name, values in parameters.items():
                getattr(lstm, name + suffix).data = torch.tensor(values, dtype=torch.float32)
        layers.append(lstm)
        width = 2 * units
    return layers


@torch.no_grad()
def reference(tensors, document, rows, first_frame):
    """Activations of all frames of the recording, as include/fyr/network.hpp defines them."""
    segment, overlap = document["segment_frames"], document["overlap_frames"]
    hop = segment - 2 * overlap
    n_frames = len(rows) + 2 * first_frame
    n_segments = -(-n_frames // hop)
    padded = np.zeros((overlap + n_segments * hop + overlap, rows.shape[1]), np.float32)
    begin = max(0, overlap + first_frame)
    kept = rows[begin - overlap - first_frame:][:len(padded) - begin]
    padded[begin:begin + len(kept)] = kept
    inputs = (padded - np.float32(tensors["input.mean"])) * np.float32(tensors["input.scale"])
    values = torch.tensor(np.stack([inputs[k * hop:k * hop + segment] for k in range(n_segments)]))
    if document["layers"][0]["type"] == "convolution":
        values = convolve(tensors, document, values)
    for layer in torch_lstms(tensors, document):
        values = layer(values)[0]
    weight = torch.tensor(np.float32(tensors["dense.weight"]))
    values = torch.sigmoid(values @ weight.T + torch.tensor(np.float32(tensors["dense.bias"])))
    values = values[:, overlap:overlap + hop].reshape(n_segments * hop, -1)
    return values[:n_frames].numpy()


def write_expected(model_path, stem, n_rows, first_frame):
    tensors, document = read_model(model_path)
    rows = pseudo_features(n_rows, len(tensors["input.mean"]))
    expected = reference(tensors, document, rows, first_frame)
    np.save(DATA / f"{stem}.y.npy", expected.astype("<f4"))
    print(f"{stem}: {expected.shape}, {expected.min():.3f}..{expected.max():.3f}")


def pseudo_hits(n):
    """The same as in tests/rhythm/beats_in_hits_test.cpp: time in s, drum, velocity 0..1."""
    number = np.arange(n)
    return np.stack([0.137 * number + 0.003 * (number % 5), number % 13,
                     (20 + 37 * number % 100) / 127], axis=1)


def hits_model():
    """A small model with a hits network, and what that makes of pseudo_hits."""
    tensors, document = seeded_model(4, [linear_view(9)], [4], ["kick"], False, False, 40, 0, 1.0)
    own, settings = seeded_model(5, [linear_view(N_INPUTS)], [9, 6], ["kick", "snare"], False, False,
                                 50, 10, 1.0)
    own["input.mean"], own["input.scale"] = np.zeros(N_INPUTS), np.ones(N_INPUTS)
    tensors.update({f"hits.{name}": tensor for name, tensor in own.items() if "input" not in name})
    document["hits_network"] = {
        "frame_s": 0.04, "least_strength": 0.3, "layers": settings["layers"], "segment_frames": 50,
        "overlap_frames": 10, "sound_weight": 0.5, "hits_weight": 0.75, "offset": -0.25}
    return tensors, document, reference(own, settings, hit_frames(pseudo_hits(40), 137), 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shipped", action="store_true", help="models/drums.safetensors as well")
    arguments = parser.parse_args()
    DATA.mkdir(parents=True, exist_ok=True)
    fixtures = {
        # Two layers, sizes that fill no vector register, 28 outputs like the shipped model's.
        "two_layers": seeded_model(1, [linear_view(9)], [21, 13], DRUMS, True, True, 60, 15, 1.0),
        # Large weights: saturated gates. One layer, onsets of two drums only, no overlap.
        "saturated": seeded_model(2, [linear_view(17)], [16], ["kick", "crash"], False, False, 40, 0,
                                  12.0),
        # Channels that fill no vector, bands left over by both poolings, features beside the image.
        "convolutions": seeded_model(3, [linear_view(11, True), linear_view(9)], [10, 7], DRUMS,
                                     True, True, 60, 15, 1.0, [(3, 1), (21, 2), (5, 2)]),
    }
    for stem, (tensors, document) in fixtures.items():
        write_model(DATA / f"{stem}.safetensors", tensors, document)
        write_expected(DATA / f"{stem}.safetensors", stem, 137, -4)
    tensors, document, expected = hits_model()
    write_model(DATA / "hits_network.safetensors", tensors, document)
    np.save(DATA / "hits_network.y.npy", expected.astype("<f4"))
    if arguments.shipped:
        write_expected(ROOT / "models" / "drums.safetensors", "shipped", 568, -2)


if __name__ == "__main__":
    main()
