# SPDX-License-Identifier: GPL-3.0-or-later

import contextlib
import io
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import blas  # noqa: F401
import numpy as np
import torch

from drums import DRUMS
from export import describe, main, network_of, tensors_of
from network import DrumNetwork, Front
from program import InputError
from safetensors import read_model, write_model
from training_state import front_of, load_weights, stored_front, summary


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


def convolve(x, weight, bias, pooled):
    """One convolution as the model file's layout defines it, in NumPy; x [frames, bands, channels]."""
    frames, bands, _ = x.shape
    padded = np.pad(x, ((1, 1), (1, 1), (0, 0)))
    out = np.empty((frames, bands, len(weight)))
    for t in range(frames):
        for b in range(bands):
            out[t, b] = np.maximum(weight @ padded[t : t + 3, b : b + 3].flatten() + bias, 0)
    kept = out[:, : bands // pooled * pooled]
    return kept.reshape(frames, -1, pooled, len(weight)).max(2)


def run_model(x, tensors, layers, front=None):
    x = (x - tensors["input.mean"]) * tensors["input.scale"]
    if front:
        image, others = np.split(x, [front.n_columns], 1)
        image = image.reshape(len(x), front.planes, front.bands).transpose(0, 2, 1)
        for k, (_, pooled) in enumerate(front.layers):
            weight, bias = (tensors[f"convolution.{k}.{name}"] for name in ("weight", "bias"))
            image = convolve(image, weight, bias, pooled)
        x = np.concatenate([image.reshape(len(x), -1), others], 1)
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
            "settings": {"frames": 450, "lr": 0.002, "pool": "/elsewhere"},
            "front": None,
            "torch": "2",
            "trained_on": ["mdb", "rendered"],
            "validated_on": ["rendered"],
            "earlier": [{"steps": 3, "hours_heard": 0.5, "minutes": 0.5}],
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

    def with_convolutions(self):
        """Exports a network whose first view of 7 bands and their rises goes through two."""
        self.front = Front(2, 7, ((3, 1), (4, 2)))
        self.network = DrumNetwork(19, (16,), front=self.front).eval()
        self.network.set_standardisation(torch.randn(19), torch.rand(19) + 0.5)
        for parameter in self.network.parameters():
            parameter.data += 0.1 * torch.randn_like(parameter)
        self.checkpoint |= {"inputs": 19, "units": [16], "front": stored_front(self.front)}
        views = [
            {"window_samples": 12, "scale": "linear", "difference": True},
            {"window_samples": 8, "scale": "linear"},
        ]
        description = describe(self.checkpoint, {"rate_hz": 44100, "views": views}, "c-1", 125)
        write_model(self.path, tensors_of(self.network), description)
        return read_model(self.path)

    def test_a_numpy_reader_equals_a_network_with_convolutions(self):
        tensors, description = self.with_convolutions()
        self.assertEqual(
            description["layers"][:2],
            [
                {"type": "convolution", "channels": 3, "pooled_bands": 1},
                {"type": "convolution", "channels": 4, "pooled_bands": 2},
            ],
        )
        self.assertEqual(tensors["convolution.0.weight"].shape, (3, 18))
        self.assertEqual(tensors["convolution.1.weight"].shape, (4, 27))
        x = torch.randn(1, 20, 19)
        with torch.no_grad():
            expected = torch.sigmoid(self.network(x))[0].numpy()
        found = run_model(x[0].numpy(), tensors, 1, self.front)
        np.testing.assert_allclose(found, expected, atol=1e-5)

    def test_the_file_names_what_trained_it_and_its_start(self):
        training = self.export()[1]["training"]
        found = load_weights(self.path)
        for key in ("trained_on", "validated_on", "earlier"):
            self.assertEqual(training[key], self.checkpoint[key])
            self.assertEqual(found[key], self.checkpoint[key])
        tensors, description = read_model(self.path)
        del description["training"]["trained_on"]
        write_model(self.path, tensors, description)
        with self.assertRaisesRegex(InputError, "model.safetensors: .* what trained it"):
            load_weights(self.path)
        del self.checkpoint["trained_on"]
        with self.assertRaises(KeyError):
            self.export()

    def test_other_files_are_no_models(self):
        self.path.write_bytes(b"\x05\0\0\0\0\0\0\0{}   ")
        with self.assertRaisesRegex(InputError, "not a model file"):
            read_model(self.path)
        self.export()
        whole = self.path.read_bytes()
        for size in (len(whole) - 1, len(whole) - 4, 100):
            self.path.write_bytes(whole[:size])
            with self.assertRaisesRegex(InputError, "model.safetensors: not a model file .* whole one"):
                read_model(self.path)

    def test_an_overlap_that_leaves_nothing_of_a_segment_is_refused(self):
        """As fyr refuses it."""
        for overlap in (-1, 225):
            with self.assertRaisesRegex(InputError, f"--overlap-frames {overlap}: .* 450 frames"):
                describe(self.checkpoint, {"views": []}, "test-1", overlap)
        describe(self.checkpoint, {"views": []}, "test-1", 224)

    def test_features_of_another_network_are_refused(self):
        words = ["export", "best.pt", "--model-id", "m", "-o", str(self.path)]
        with mock.patch.object(sys, "argv", words):
            with mock.patch("export.load_checkpoint", return_value=self.checkpoint):
                with self.assertRaisesRegex(InputError, "228 features, the network has 11; .*--feat"):
                    main()
        self.assertFalse(self.path.exists())

    def test_no_model_is_written_over_unasked(self):
        with mock.patch.object(sys, "argv", ["export", "best.pt", "--model-id", "m"]):
            with contextlib.redirect_stderr(io.StringIO()) as messages:
                with self.assertRaises(SystemExit):
                    main()
        self.assertIn("required: -o", messages.getvalue())

    def test_a_training_can_start_from_a_file_with_convolutions(self):
        self.with_convolutions()
        found = load_weights(self.path)
        self.assertEqual(front_of(found), self.front)
        x = torch.randn(1, 20, 19)
        with torch.no_grad():
            np.testing.assert_allclose(network_of(found)(x), self.network(x), atol=1e-5)

    def test_the_description_names_every_drum_and_no_place_on_disk(self):
        _, description = self.export()
        self.assertEqual(description["outputs"]["onsets"], list(DRUMS))
        self.assertEqual(set(description["peak_picking"]), set(DRUMS))
        self.assertEqual(
            description["layers"][-1], {"type": "dense", "activation": "sigmoid", "units": 28}
        )
        self.assertNotIn("pool", description["training"]["settings"])
        self.assertEqual((description["segment_frames"], description["overlap_frames"]), (450, 125))
        self.assertEqual(description["peak_picking"]["kick"]["gap_s"], 0.05)
        self.assertEqual(description["peak_picking"]["ride"]["gap_s"], 0.03)

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
