# SPDX-License-Identifier: GPL-3.0-or-later

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import blas  # noqa: F401
import torch

from network import DrumNetwork, Front
from widen import widened


class WidenTest(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(1)
        self.narrow = DrumNetwork(12, (16, 24), dropout=0.0)
        self.narrow.set_standardisation(torch.randn(12), torch.rand(12) + 0.5)
        self.wide = DrumNetwork(12, (32, 40), dropout=0.0)
        self.wide.load_state_dict(widened(self.narrow.state_dict(), (32, 40)))
        self.features = torch.randn(2, 50, 12)

    def test_a_wider_network_gives_the_same_activations(self):
        with torch.no_grad():
            difference = self.wide(self.features) - self.narrow(self.features)
        self.assertLess(difference.abs().max(), 1e-5)

    def test_convolutions_stay_as_they_are(self):
        front = Front(2, 5, ((4, 2),))
        narrow = DrumNetwork(12, (16,), dropout=0.0, front=front)
        wide = DrumNetwork(12, (24,), dropout=0.0, front=front)
        wide.load_state_dict(widened(narrow.state_dict(), (24,), front))
        with torch.no_grad():
            difference = wide(self.features) - narrow(self.features)
        self.assertLess(difference.abs().max(), 1e-5)
        for other in (None, Front(2, 5, ((3, 2),)), Front(2, 5, ((4, 1),))):
            with self.assertRaisesRegex(ValueError, "other convolutions"):
                widened(narrow.state_dict(), (24,), other)

    def test_new_units_learn(self):
        before = self.wide.dense.weight.clone()
        optimiser = torch.optim.SGD(self.wide.parameters(), lr=0.1)
        self.wide(self.features).square().mean().backward()
        optimiser.step()
        change = (self.wide.dense.weight - before).abs()
        self.assertGreater(change[:, 24:40].min(), 0)

    def test_same_units_keep_everything(self):
        state = self.narrow.state_dict()
        for name, value in widened(state, (16, 24)).items():
            self.assertTrue(torch.equal(value, state[name]), name)

    def test_a_network_neither_shrinks_nor_grows_deeper(self):
        for units in ((8, 24), (16,), (16, 24, 24)):
            with self.assertRaisesRegex(ValueError, "does not widen"):
                widened(self.narrow.state_dict(), units)


if __name__ == "__main__":
    unittest.main()
