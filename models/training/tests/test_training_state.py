# SPDX-License-Identifier: GPL-3.0-or-later

import copy
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import blas  # noqa: F401
import numpy as np
import torch

from losses import DrumLoss
from network import N_DRUMS, N_OUTPUTS, DrumNetwork
from program import InputError
from sampling import Batch
from training_state import Average, TrainingState, learning_rate_factor, load_checkpoint

CPU = torch.device("cpu")


def fresh_state(seed: int, positive: float = 1.0) -> TrainingState:
    torch.manual_seed(seed)
    network = DrumNetwork(12, (16,), dropout=0.3)
    network.set_standardisation(torch.randn(12), torch.rand(12) + 0.5)
    optimiser = torch.optim.AdamW(network.parameters(), lr=0.01)
    loss = DrumLoss(positive * torch.rand(N_DRUMS))
    return TrainingState(network, loss, optimiser, Average(network, 0.9))


def batch_of(seed: int) -> Batch:
    random = torch.Generator().manual_seed(seed)
    features = torch.rand(3, 40, 12, generator=random)
    targets = torch.rand(3, 40, N_OUTPUTS, generator=random)
    mask = torch.ones(3, 1, 12)
    return Batch(features, targets, torch.ones(3, N_OUTPUTS), mask, frozenset({"rendered"}))


class ScheduleTest(unittest.TestCase):
    def test_the_rate_rises_linearly_and_falls_by_half_a_cosine_to_a_hundredth(self):
        for done, factor in ((0, 0.01), (0.05, 0.5), (0.1, 1.0), (0.55, 0.505), (1.0, 0.01)):
            self.assertAlmostEqual(learning_rate_factor(done, 0.1), factor, places=6)
        self.assertAlmostEqual(learning_rate_factor(0.0, 0.0), 1.0)


class AverageTest(unittest.TestCase):
    def test_the_mean_follows_fast_in_the_beginning_and_slowly_later(self):
        network = DrumNetwork(12, (16,))
        average = Average(network, 0.9)
        means, bias = network.dense.bias.detach().clone(), network.dense.bias
        for update, decay in ((1, 2 / 11), (2, 3 / 12), (200, 0.9)):
            average.updates = update - 1
            bias.data.normal_()
            average.update()
            means = decay * means + (1 - decay) * bias.detach()
            torch.testing.assert_close(average.weights["dense.bias"], means)

    def test_the_network_carries_the_mean_for_a_while(self):
        network = DrumNetwork(12, (16,))
        average, own = Average(network, 0.9), copy.deepcopy(network.state_dict())
        for weights in average.weights.values():
            weights += 1
        with average.applied():
            for name, value in network.state_dict().items():
                torch.testing.assert_close(value, own[name] + 1)
        for name, value in network.state_dict().items():
            torch.testing.assert_close(value, own[name])


class CheckpointTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "checkpoint.pt"

    def test_a_training_that_goes_on_takes_the_very_steps_that_it_would_have_taken(self):
        state = fresh_state(1)
        for seed in range(3):
            state.train_step(batch_of(seed), CPU, 1.5)
            state.network.eval()  # as after a validation
        self.assertEqual(state.average.updates, 3)
        state.train_step(batch_of(3), CPU, 1.5)
        self.assertTrue(state.network.training)
        state.elapsed_s = 77.0
        self.assertTrue(state.note_validation(0.5))
        self.assertFalse(state.note_validation(0.6))
        state.save(self.path, {})
        other = fresh_state(2, positive=5.0)
        other.inherit(load_checkpoint(self.path), resumed=True)
        torch.rand(3)  # of another program
        other.restore(load_checkpoint(self.path))
        self.assertEqual((other.step, other.heard_s, other.elapsed_s), (4, 6.0, 77.0))
        self.assertEqual((other.best_loss, other.stale), (0.5, 1))
        self.assertEqual((other.trained_on, other.earlier), ({"rendered"}, []))
        other.train_step(batch_of(4), CPU, 1.5)
        torch.set_rng_state(load_checkpoint(self.path)["random"])
        state.train_step(batch_of(4), CPU, 1.5)
        for ours, theirs in ((state.network.state_dict(), other.network.state_dict()),
                             (state.average.weights, other.average.weights),
                             (state.loss.state_dict(), other.loss.state_dict())):
            for name, value in ours.items():
                self.assertTrue(torch.equal(value, theirs[name]), name)

    def test_the_loss_that_validation_found_is_stored_as_python_s_own_number(self):
        """From 2.6 on PyTorch refuses files that hold NumPy's."""
        state = fresh_state(1)
        state.note_validation(np.float64(0.5))
        state.save(self.path, {})
        self.assertIs(type(load_checkpoint(self.path)["best_loss"]), float)

    def test_a_part_of_a_checkpoint_is_refused_with_its_name_and_the_reason(self):
        fresh_state(1).save(self.path, {})
        content = self.path.read_bytes()
        for size in (0, 99, len(content) // 2):  # EOFError, RuntimeError, OSError
            self.path.write_bytes(content[:size])
            with self.assertRaisesRegex(InputError, r"checkpoint.pt: not a checkpoint of .*\(.+\)"):
                load_checkpoint(self.path)
        with self.assertRaises(FileNotFoundError):
            load_checkpoint(self.path.with_name("none.pt"))

    def test_weights_that_are_not_finite_are_no_checkpoint(self):
        state = fresh_state(1)
        state.save(self.path, {})
        before = self.path.read_bytes()
        state.network.dense.bias.data[3] = np.nan
        with self.assertRaisesRegex(InputError, "no longer finite .*lower --lr"):
            state.save(self.path, {})
        self.assertEqual(self.path.read_bytes(), before)

    def test_gradients_are_clipped_at_norm_1(self):
        state = fresh_state(1, positive=1e4)  # steep
        state.train_step(batch_of(0), CPU, 2.0)
        norm = torch.stack([p.grad.norm() for p in state.network.parameters()]).norm()
        self.assertAlmostEqual(float(norm), 1.0, places=3)


if __name__ == "__main__":
    unittest.main()
