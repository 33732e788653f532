# SPDX-License-Identifier: GPL-3.0-or-later

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import blas  # noqa: F401
import numpy as np
import torch

from drums import DRUMS
from export import describe, tensors_of
from network import DrumNetwork
from safetensors import read_model, write_model
from training_state import load_weights, summary


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def run_direction(x, tensors, prefix, reverse):
    """The LSTM as the model file's layout defines it, in NumPy."""
    w_ih, w_hh, bias = (tensors[f"{prefix}.{name}"] for name in ("weight_ih", "weight_hh", "bias"))
    h = c = np.zeros(w_hh.shape[1])
    out = np.zeros((len(x), len(h)))
    for t in range(len(x))[:: -1 if reverse else 1]:
        i, f, g, o = np.split(w_ih @ x[t] + w_hh @ h + bias, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = out[t] = sigmoid(o) * np.tanh(c)
    return out


def run_model(x, tensors, layers):
    x = (x - tensors["input.mean"]) * tensors["input.scale"]
    for k in range(layers):
        x = np.concatenate(
            [
                run_direction(x, tensors, f"lstm.{k}.forward", False),
                run_direction(x, tensors, f"lstm.{k}.backward", True),
            ],
            1,
        )
    return sigmoid(x @ tensors["dense.weight"].T + tensors["dense.bias"])


class ExportTest(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(3)
        self.network = DrumNetwork(11, (16, 24), dropout=0.3).eval()
        self.network.set_standardisation(torch.randn(11), torch.rand(11) + 0.5)
        for parameter in self.network.parameters():
            parameter.data += 0.1 * torch.randn_like(parameter)
        self.checkpoint = {
            "units": [16, 24],
            "inputs": 11,
            "step": 7,
            "heard_s": 3600.0,
            "elapsed_s": 60.0,
            "settings": {"frames": 500, "lr": 0.002, "pool": "/elsewhere"},
        }
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name) / "model.safetensors"

    def export(self):
        write_model(
            self.path,
            tensors_of(self.network),
            describe(self.checkpoint, {"views": []}, "test-1", 125),
        )
        return read_model(self.path)

    def test_a_numpy_reader_of_the_file_equals_the_network(self):
        tensors, description = self.export()
        x = torch.randn(1, 30, 11)
        with torch.no_grad():
            expected = torch.sigmoid(self.network(x))[0].numpy()
        layers = sum(layer["type"] == "bilstm" for layer in description["layers"])
        np.testing.assert_allclose(run_model(x[0].numpy(), tensors, layers), expected, atol=1e-5)

    def test_the_description_names_every_drum_and_no_place_on_disk(self):
        _, description = self.export()
        self.assertEqual(description["outputs"]["onsets"], list(DRUMS))
        self.assertEqual(set(description["peak_picking"]), set(DRUMS))
        self.assertEqual(
            description["layers"][-1], {"type": "dense", "activation": "sigmoid", "units": 28}
        )
        self.assertNotIn("pool", description["training"]["settings"])

    def test_a_training_can_start_from_the_file(self):
        self.export()
        found = load_weights(self.path)
        again = DrumNetwork(found["inputs"], tuple(found["units"]), dropout=0.0).eval()
        again.load_state_dict(found["average"])
        x = torch.randn(1, 30, 11)
        with torch.no_grad():
            np.testing.assert_allclose(again(x), self.network(x), atol=1e-5)
        self.assertEqual(summary(found), {"steps": 7, "hours_heard": 1.0, "minutes": 1.0})

    def test_the_layout_is_aligned_and_repeatable(self):
        self.export()
        first = self.path.read_bytes()
        self.assertEqual(int.from_bytes(first[:8], "little") % 8, 0)
        self.export()
        self.assertEqual(self.path.read_bytes(), first)

    def test_a_file_in_half_size_stays_one_when_it_is_written_again(self):
        random = np.random.default_rng(5)
        tensors = {"a": random.normal(size=(30, 40)).astype("f4"), "b": np.ones(3, "f4")}
        write_model(self.path, tensors, {}, half=True)
        once = self.path.read_bytes()
        write_model(self.path, *read_model(self.path))
        self.assertEqual(self.path.read_bytes(), once)
        write_model(self.path, tensors, {})
        self.assertGreater(len(self.path.read_bytes()), len(once) + 2000)

    def test_matrices_can_take_half_the_room(self):
        tensors, description = self.export()
        size = self.path.stat().st_size
        write_model(self.path, tensors, description, half=True)
        self.assertLess(self.path.stat().st_size, 0.6 * size)
        for name, tensor in read_model(self.path)[0].items():
            self.assertEqual(tensor.dtype, np.float32)
            whole = tensors[name]
            expected = whole if whole.ndim == 1 else whole.astype(np.float16)
            np.testing.assert_array_equal(tensor, expected, name)
        with self.assertRaises(ValueError):
            write_model(self.path, {"a": np.array([[1e6]])}, {}, half=True)

    def test_weights_that_are_not_finite_are_refused(self):
        with self.assertRaises(ValueError):
            write_model(self.path, {"a": np.array([np.nan])}, {})
        self.assertFalse(self.path.exists())


if __name__ == "__main__":
    unittest.main()
