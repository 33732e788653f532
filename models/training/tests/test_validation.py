# SPDX-License-Identifier: GPL-3.0-or-later

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import blas  # noqa: F401
import numpy as np
import torch

from dataset import Pool, write_item
from drums import CRASH, DRUMS, KICK
from losses import DrumLoss
from network import N_DRUMS, DrumNetwork
from validation import validate


class ValidationTest(unittest.TestCase):
    def validated(self, onsets, labelled):
        torch.manual_seed(1)
        network, loss = DrumNetwork(12, (8,)), DrumLoss(torch.ones(N_DRUMS))
        features = np.random.default_rng(1).normal(size=(300, 12))
        with tempfile.TemporaryDirectory() as folder:
            write_item(Path(folder), "a", features, onsets=np.float32(onsets), beats=np.zeros((0, 2)),
                       has_beats=False, labelled=labelled, dataset="mdb", kind="drums")
            return validate(network, loss, Pool(Path(folder), refresh_s=None), torch.device("cpu"))

    def test_what_an_item_does_not_tell_counts_neither_in_loss_nor_in_f(self):
        labelled = np.arange(N_DRUMS) != CRASH
        kick, crashes = [1.0, KICK, 0.8], [[0.5, CRASH, 0.9], [1.5, CRASH, 0.9]]
        found = self.validated([kick, *crashes], labelled)
        self.assertEqual(found, self.validated([kick], labelled))
        self.assertEqual(found["per_drum"][DRUMS[CRASH]][-1], 0)
        self.assertNotEqual(found, self.validated([kick, *crashes], np.ones(N_DRUMS, bool)))

    def test_the_first_minutes_by_name_count_in_whatever_order_they_were_read(self):
        torch.manual_seed(1)
        network, loss = DrumNetwork(12, (8,)), DrumLoss(torch.ones(N_DRUMS))
        with tempfile.TemporaryDirectory() as folder:
            for number, name in enumerate("abc"):
                write_item(Path(folder), name, np.full((300, 12), number), beats=np.zeros((0, 2)),
                           onsets=np.float32([[1.0, KICK, 0.8]]), has_beats=False, dataset="rendered",
                           kind="drums")
            pool = Pool(Path(folder), refresh_s=None)
            by_name = sorted(pool.view.items)

            def hits_and_loss(items):
                pool.view = pool.view._replace(items=items)
                found = validate(network, loss, pool, torch.device("cpu"), minutes=0.04)
                return found["per_drum"]["kick"][-1], found["loss"]

            expected = hits_and_loss(by_name[:1])
            self.assertEqual(expected[0], 1)
            for items in (by_name, by_name[::-1]):
                self.assertEqual(hits_and_loss(items), expected)

    def test_figures_are_python_s_own_numbers(self):
        found = self.validated([[1.0, KICK, 0.8]], np.ones(N_DRUMS, bool))
        self.assertEqual({type(value) for name, value in found.items() if name != "per_drum"}, {float})


if __name__ == "__main__":
    unittest.main()
