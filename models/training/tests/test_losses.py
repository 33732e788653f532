# SPDX-License-Identifier: GPL-3.0-or-later

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import blas  # noqa: F401
import numpy as np
import torch

from drums import CRASH, KICK, SNARE
from losses import DrumLoss, drum_weights
from network import BEATS, N_DRUMS, N_OUTPUTS, ONSETS


class MaskTest(unittest.TestCase):
    def loss_and_gradient(self, known):
        torch.manual_seed(4)
        logits = torch.randn(2, 50, N_OUTPUTS, requires_grad=True)
        targets = (torch.rand(2, 50, N_OUTPUTS) < 0.1).float()
        total = DrumLoss(torch.ones(N_DRUMS))(logits, targets, known)[0]
        total.backward()
        return float(total), logits.grad.abs().sum(1)

    def test_what_is_not_known_teaches_nothing_and_the_rest_does(self):
        known = torch.ones(2, N_OUTPUTS)
        known[0, [CRASH, N_DRUMS + CRASH, BEATS.start]] = 0
        loss, gradient = self.loss_and_gradient(known)
        self.assertTrue(np.isfinite(loss))
        self.assertEqual((gradient > 0).tolist(), (known > 0).tolist())

    def test_nothing_known_is_no_loss(self):
        self.assertEqual(self.loss_and_gradient(torch.zeros(2, N_OUTPUTS))[0], 0.0)

    def test_fully_known_songs_are_weighed_by_plain_means(self):
        torch.manual_seed(5)
        logits, targets = torch.randn(3, 40, N_OUTPUTS), torch.rand(3, 40, N_OUTPUTS)
        _, onset, _, beat = DrumLoss(torch.ones(N_DRUMS), positive=1.0)(
            logits, targets, torch.ones(3, N_OUTPUTS)
        )
        plain = torch.nn.functional.binary_cross_entropy_with_logits
        torch.testing.assert_close(onset, plain(logits[..., ONSETS], targets[..., ONSETS]))
        torch.testing.assert_close(beat, plain(logits[..., BEATS], targets[..., BEATS]))


class WeightsTest(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(6)
        self.logits = torch.randn(1, 30, N_OUTPUTS)
        self.targets = torch.zeros(1, 30, N_OUTPUTS)
        self.targets[0, 7, SNARE], self.targets[0, 20, KICK] = 1.0, 0.5
        self.targets[0, 7, N_DRUMS + SNARE], self.targets[0, 20, N_DRUMS + KICK] = 0.9, 0.3
        self.weights = torch.ones(N_DRUMS)
        self.weights[SNARE] = 3.0

    def losses(self, **factors):
        known = torch.ones(1, N_OUTPUTS)
        return DrumLoss(self.weights, **factors)(self.logits, self.targets, known)

    def test_velocities_count_where_hits_are_each_drum_by_its_weight(self):
        of_snare, of_kick = (
            float(torch.sigmoid(self.logits[0, frame, N_DRUMS + drum]) - velocity) ** 2
            for frame, drum, velocity in ((7, SNARE, 0.9), (20, KICK, 0.3))
        )
        expected = (3 * of_snare + 0.5 * of_kick) / 3.5
        self.assertAlmostEqual(float(self.losses()[2]), expected, places=6)

    def test_onsets_count_by_the_weight_of_their_drum_and_of_hits(self):
        each = torch.nn.functional.binary_cross_entropy_with_logits(
            self.logits[..., ONSETS], self.targets[..., ONSETS], reduction="none") * self.weights
        expected = each.sum() + 0.7 * each[0, 7, SNARE] + 0.35 * each[0, 20, KICK]
        self.assertAlmostEqual(float(self.losses(positive=1.7)[1]), float(expected) / (30 * N_DRUMS),
                               places=5)

    def test_the_whole_is_the_sum_of_its_parts_by_their_factors(self):
        total, onset, velocity, beat = self.losses(velocity=0.4, beat=0.3)
        self.assertAlmostEqual(float(total), float(onset + 0.4 * velocity + 0.3 * beat), places=6)

    def test_rare_drums_weigh_more_up_to_a_limit(self):
        counts = torch.full((N_DRUMS,), 1600.0)
        counts[SNARE], counts[CRASH] = 100, 0
        weights = drum_weights(counts, power=0.25, most=3.0)
        self.assertAlmostEqual(float(weights.mean()), 1.0, places=6)
        self.assertAlmostEqual(float(weights[SNARE] / weights[KICK]), 2.0, places=5)
        self.assertAlmostEqual(float(weights[CRASH] / weights[KICK]), 3.0, places=5)


if __name__ == "__main__":
    unittest.main()
