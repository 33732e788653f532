# SPDX-License-Identifier: GPL-3.0-or-later

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import blas  # noqa: F401
import torch

from interpolate import between
from network import DrumNetwork


def checkpoint(seed: int, units=(8,)) -> dict:
    torch.manual_seed(seed)
    return {
        "inputs": 12,
        "units": units,
        "average": DrumNetwork(12, units).state_dict(),
        "settings": {"lr": 1.0},
        "trained_on": ["rendered"],
    }


class InterpolateTest(unittest.TestCase):
    def test_weights_lie_on_the_line_and_the_rest_is_the_end_s(self):
        start, end = checkpoint(1), checkpoint(2)
        for share in (0.0, 0.25, 1.0):
            found = between(start, end, share)
            for name, value in found["average"].items():
                expected = (1 - share) * start["average"][name] + share * end["average"][name]
                torch.testing.assert_close(value, expected)
            self.assertEqual(found["settings"], {"lr": 1.0, "interpolated": share})
            self.assertEqual(found["trained_on"], ["rendered"])
        self.assertNotIn("interpolated", end["settings"])

    def test_networks_of_other_shapes_are_refused(self):
        with self.assertRaises(ValueError):
            between(checkpoint(1), checkpoint(2, (16,)), 0.5)


if __name__ == "__main__":
    unittest.main()
