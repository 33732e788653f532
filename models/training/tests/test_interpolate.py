# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import blas  # noqa: F401
import torch

from interpolate import SHARES, between, main, validation_loss
from losses import DrumLoss
from network import N_DRUMS, DrumNetwork, Front
from synthetic import make_pool
from training_state import load_checkpoint, stored_front


def checkpoint(seed: int, units=(8,), front: Front | None = None) -> dict:
    torch.manual_seed(seed)
    return {
        "inputs": 12,
        "units": units,
        "front": stored_front(front),
        "average": DrumNetwork(12, units, front=front).state_dict(),
        "settings": {"lr": 1.0},
        "trained_on": [f"set {seed}"],
        "validated_on": ["rendered"],
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
            self.assertEqual(found["trained_on"], ["set 1", "set 2"])
        self.assertNotIn("interpolated", end["settings"])

    def test_networks_of_other_shapes_are_refused(self):
        with self.assertRaises(ValueError):
            between(checkpoint(1), checkpoint(2, (16,)), 0.5)

    def test_networks_with_convolutions_meet_only_their_like(self):
        front, pooled_first = Front(1, 8, ((3, 1), (3, 2))), Front(1, 8, ((3, 2), (3, 1)))
        start = checkpoint(1, front=front)
        found = between(start, checkpoint(2, front=front), 0.5)
        self.assertIn("convolutions.layers.1.weight", found["average"])
        for other in (None, pooled_first):
            with self.assertRaisesRegex(ValueError, "convolutions"):
                between(start, checkpoint(2, front=other), 0.5)

    def test_weights_are_judged_by_the_loss_of_their_training(self):
        trained = DrumLoss(torch.arange(1.0, N_DRUMS + 1), positive=1.7, beat=0.9)
        end = {
            "settings": {"positive_weight": 1.7, "beat_weight": 0.9},
            "loss": trained.state_dict(),
        }
        torch.manual_seed(3)
        logits, targets = torch.randn(2, 9, 28), torch.rand(2, 9, 28)
        known = torch.ones(2, 28)
        for found, expected in zip(
            validation_loss(end)(logits, targets, known), trained(logits, targets, known)
        ):
            torch.testing.assert_close(found, expected)

    def test_the_share_that_validates_best_is_kept(self):
        losses = dict(zip(SHARES, (5.0, 4.0, 1.0, 2.0, 3.0, 6.0)))
        start, end = checkpoint(1), checkpoint(2)
        end |= {"settings": {"positive_weight": 1.0, "beat_weight": 1.0, "frames": 500}, "earlier": [],
                "loss": DrumLoss(torch.ones(N_DRUMS)).state_dict()}
        start["earlier"] = []
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            make_pool(folder / "songs", 1, seconds=2, inputs=12)
            for file, content in (("start.pt", start), ("end.pt", end)):
                torch.save(content, folder / file)
            words = ("start.pt", "end.pt", "--validation", "songs", "-o", "new/between.pt")
            words = [word if word.startswith("-") else str(folder / word) for word in words]
            with mock.patch.object(sys, "argv", ["interpolate", *words]), mock.patch(
                "interpolate.validate", side_effect=[{"loss": loss} for loss in losses.values()]
            ), contextlib.redirect_stdout(io.StringIO()):
                main()
            self.assertEqual([path.name for path in (folder / "new").iterdir()], ["between.pt"])
            found = load_checkpoint(folder / "new" / "between.pt")
        self.assertEqual(found["settings"]["interpolated"], min(losses, key=losses.get))


if __name__ == "__main__":
    unittest.main()
