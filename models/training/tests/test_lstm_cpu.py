# SPDX-License-Identifier: GPL-3.0-or-later

import contextlib
import io
import os
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import blas  # noqa: F401
import torch

from lstm_cpu import BiLstm, load_kernel


class KernelTest(unittest.TestCase):
    def test_where_none_can_be_kept_there_is_none(self):
        with tempfile.NamedTemporaryFile() as file:
            with mock.patch.dict(os.environ, XDG_CACHE_HOME=file.name):
                with contextlib.redirect_stderr(io.StringIO()) as messages:
                    self.assertIsNone(load_kernel.__wrapped__())
        self.assertIn("using nn.LSTM", messages.getvalue())


@unittest.skipIf(load_kernel() is None, "no compiler for the kernel")
class LstmCpuTest(unittest.TestCase):
    def compare(self, frames, batch, inputs, units):
        torch.manual_seed(frames + batch)
        fast, plain = BiLstm(inputs, units), BiLstm(inputs, units, use_kernel=False)
        plain.load_state_dict(fast.state_dict())
        x = torch.randn(frames, batch, inputs, requires_grad=True)
        y = x.detach().clone().requires_grad_()
        self.assertTrue(fast.kernel_applies(x))
        out, expected = fast(x), plain(y)
        gradient = torch.randn_like(expected)
        out.backward(gradient)
        expected.backward(gradient)
        torch.testing.assert_close(out, expected, rtol=1e-4, atol=1e-4)
        torch.testing.assert_close(x.grad, y.grad, rtol=1e-4, atol=1e-4)
        for (name, ours), theirs in zip(fast.named_parameters(), plain.parameters()):
            scale = max(float(theirs.grad.abs().max()), 1e-9)
            torch.testing.assert_close(
                ours.grad / scale, theirs.grad / scale, rtol=1e-4, atol=1e-4, msg=name
            )

    def test_equals_nn_lstm_in_values_and_gradients(self):
        for shape in (
            (50, 8, 20, 32),
            (7, 5, 10, 16),
            (13, 11, 33, 48),
            (1, 1, 3, 16),
            (20, 64, 100, 128),
        ):
            with self.subTest(shape=shape):
                self.compare(*shape)

    def test_inputs_without_gradient_get_none(self):
        layer = BiLstm(6, 16)
        layer(torch.randn(4, 2, 6)).sum().backward()
        self.assertIsNotNone(layer.lstm.weight_ih_l0.grad)

    def test_saturated_gates_stay_finite(self):
        layer = BiLstm(4, 16)
        x = 1e4 * torch.randn(6, 3, 4)
        out = layer(x)
        out.sum().backward()
        self.assertTrue(torch.isfinite(out).all())
        self.assertTrue(torch.isfinite(layer.lstm.weight_ih_l0.grad).all())

    def test_sizes_the_kernel_cannot_do_fall_back(self):
        layer = BiLstm(4, 20)
        self.assertFalse(layer.kernel_applies(torch.randn(2, 2, 4)))
        self.assertEqual(layer(torch.randn(2, 2, 4)).shape, (2, 2, 40))

    def test_a_second_backward_is_refused(self):
        out = BiLstm(4, 16)(torch.randn(3, 2, 4)).sum()
        out.backward(retain_graph=True)
        with self.assertRaises(RuntimeError):
            out.backward()


if __name__ == "__main__":
    unittest.main()
