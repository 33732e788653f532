# SPDX-License-Identifier: GPL-3.0-or-later

import contextlib
import functools
import io
import json
import shutil
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import blas  # noqa: F401
import numpy as np
import torch

from dataset import Pool, write_item
from program import InputError
from sampling import Sampler, batches_of
from network import N_DRUMS, DrumNetwork, Front, run_song
from run_log import RunLog
from synthetic import make_pool
from train import open_sampler, open_variations, parse_arguments, train
from training_state import front_of, learning_rate_factor, load_checkpoint


def open_numbered(folder, worker):
    """A sampler whose batches carry the worker's number where the mask stands."""
    sampler = Sampler([Pool(folder, refresh_s=None)], frames=100, seed=worker, mask_share=0.0)
    batch_of = sampler.batch
    sampler.batch = lambda size: batch_of(size)._replace(mask=torch.full((size, 1, 40), worker))
    return sampler


class TrainingTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        make_pool(self.folder / "train", 6)
        make_pool(self.folder / "validation", 2, first_seed=500)
        self.no_picture = mock.patch.object(RunLog, "_draw")  # takes longer than most trainings here
        self.no_picture.start()
        self.addCleanup(mock.patch.stopall)

    def run_training(self, *more):
        """Anew but for --resume; returns what was logged."""
        if "--resume" not in more:
            shutil.rmtree(self.folder / "run", ignore_errors=True)
        arguments = [
            "--pool",
            str(self.folder / "train"),
            "--validation",
            str(self.folder / "validation"),
            "--out",
            str(self.folder / "run"),
            "--min-items",
            "6",
            "--units",
            "32",
            "--batch",
            "8",
            "--frames",
            "200",
            "--device",
            "cpu",
            "--no-variations",
            "--validate-minutes",
            "0.05",
            "--lr",
            "0.01",
        ]
        train(parse_arguments([*arguments, *more]))
        return [
            json.loads(line)
            for line in (self.folder / "run" / "log.jsonl").read_text().splitlines()
        ]

    def test_a_short_training_lowers_the_loss_and_finds_hits(self):
        self.no_picture.stop()
        log = self.run_training("--steps", "120")
        self.assertLess(log[-1]["validation"]["loss"], 0.6 * log[0]["loss"])
        self.assertGreater(log[-1]["validation"]["f_best"], 0.6)
        self.assertTrue((self.folder / "run" / "loss.png").exists())

    def test_a_resumed_training_goes_on_where_it_stopped(self):
        self.run_training("--steps", "5")
        first = load_checkpoint(self.folder / "run" / "checkpoint.pt")
        with open(self.folder / "run" / "log.jsonl", "a") as log:
            log.write('{"step": 6, "lo')  # Killed while writing.
        torch.save({**first, "elapsed_s": 600.0}, self.folder / "run" / "checkpoint.pt")
        with mock.patch("train.open_sampler", side_effect=open_sampler) as opened:
            log = self.run_training("--steps", "8", "--resume")
        self.assertEqual(opened.call_args[0][2], 6)  # seed: other segments than before
        self.assertEqual(first["step"], 5)
        self.assertEqual([entry["step"] for entry in log], [5, 8])
        self.assertEqual(int(log[-1]["minutes"]), 10)
        self.assertAlmostEqual(log[-1]["lr"], 0.01 * learning_rate_factor(7 / 8, 0.02))
        self.assertEqual(self.run_training("--steps", "8", "--resume"), log)

    def test_the_best_weights_and_what_is_known_of_them_stay_together(self):
        states, judged_weights = [], []

        def judged(network, *_):
            judged_weights.append(network.dense.bias.detach().clone())
            # As checkpoints lie when a kill comes right after the last validation.
            best, newest = self.folder / "run/best.pt", self.folder / "run/checkpoint.pt"
            states.append([load_checkpoint(p)["best_loss"] if p.exists() else None
                           for p in (best, newest)])
            return {"loss": 2.0 - len(states), "f_flat": 0.0, "f_best": 0.0, "per_drum": {}}

        with mock.patch("train.validate", judged):
            self.run_training("--steps", "4", "--validate-minutes", "0")
        self.assertEqual(states, [[None, None], [1.0, 1.0], [0.0, 0.0], [-1.0, -1.0]])
        # What is judged are the averaged weights.
        average = load_checkpoint(self.folder / "run" / "best.pt")["average"]
        torch.testing.assert_close(judged_weights[-1], average["dense.bias"])

    def test_a_training_that_is_there_is_not_begun_anew(self):
        self.run_training("--steps", "3")
        checkpoint = self.folder / "run" / "checkpoint.pt"
        before = checkpoint.read_bytes()
        arguments = ["--pool", "p", "--out", str(self.folder / "run"), "--steps", "3"]
        with self.assertRaisesRegex(InputError, "checkpoint.pt exists: go on with --resume"):
            train(parse_arguments(arguments))
        with self.assertRaisesRegex(InputError, r"checkpoint.pt has layers of \[32\] units"):
            self.run_training("--steps", "5", "--units", "48", "--resume")
        self.assertEqual(checkpoint.read_bytes(), before)
        shutil.copy(checkpoint, self.folder / "start.pt")
        for name, items in (("train", 6), ("validation", 2)):
            shutil.rmtree(self.folder / name)
            make_pool(self.folder / name, items, inputs=12)
        with self.assertRaisesRegex(InputError, "start.pt has 40 inputs, the items have 12"):
            self.run_training("--steps", "2", "--init", str(self.folder / "start.pt"))

    def test_what_was_logged_after_the_checkpoint_goes_when_a_training_goes_on(self):
        self.run_training("--steps", "5")
        with open(self.folder / "run" / "log.jsonl", "a") as log:
            log.write('{"step": 7, "minutes": 1, "loss": 0.5}\n')
        log = self.run_training("--steps", "8", "--resume")
        self.assertEqual([entry["step"] for entry in log], [5, 8])

    def test_a_log_is_whole_wherever_a_training_that_goes_on_is_killed(self):
        log = self.folder / "log.jsonl"
        log.write_text('{"step": 5}\n{"step": 7}\n')
        with mock.patch.object(Path, "replace", side_effect=KeyboardInterrupt):
            with self.assertRaises(KeyboardInterrupt):
                RunLog(self.folder, keep_until=5)
        self.assertEqual(log.read_text(), '{"step": 5}\n{"step": 7}\n')
        RunLog(self.folder, keep_until=5)
        self.assertEqual(log.read_text(), '{"step": 5}\n')

    def test_a_training_that_no_longer_improves_stops_early(self):
        losses = iter([1.0, 2.0, 0.5, 0.7, 0.6, 0.9])
        found = {"f_flat": 0.0, "f_best": 0.0, "per_drum": {}}
        with mock.patch("train.validate", lambda *_: {"loss": next(losses), **found}):
            log = self.run_training("--steps", "9", "--validate-minutes", "0", "--patience", "2")
        self.assertEqual([entry["step"] for entry in log], [1, 2, 3, 4, 5])
        self.assertTrue(all(np.isfinite(entry["loss"]) for entry in log))
        self.assertEqual(load_checkpoint(self.folder / "run" / "best.pt")["step"], 3)
        self.assertEqual(load_checkpoint(self.folder / "run" / "checkpoint.pt")["step"], 5)
        self.assertEqual(self.run_training("--steps", "9", "--patience", "2", "--resume"), log)

    def test_songs_validate_in_segments_as_long_as_those_that_train(self):
        with mock.patch("validation.run_song", side_effect=run_song) as heard:
            self.run_training("--steps", "1")
        self.assertEqual({call[0][2] for call in heard.call_args_list}, {200})

    def test_weights_keep_the_names_of_all_that_trained_their_start(self):
        self.run_training("--steps", "2")
        start = load_checkpoint(self.folder / "run" / "checkpoint.pt")
        start |= {"trained_on": ["mdb"], "validated_on": ["idmt"]}
        torch.save(start, self.folder / "start.pt")
        self.run_training("--steps", "2", "--init", str(self.folder / "start.pt"))
        for options in ([], ["--steps", "3", "--resume"]):
            if options:
                self.run_training(*options)
            last = load_checkpoint(self.folder / "run" / "checkpoint.pt")
            self.assertEqual(last["trained_on"], ["mdb", "rendered"])
            self.assertEqual(last["validated_on"], ["idmt", "rendered"])
            self.assertEqual([training["steps"] for training in last["earlier"]], [2])
        del start["trained_on"]
        torch.save(start, self.folder / "start.pt")
        with self.assertRaisesRegex(InputError, "start.pt: .* what trained it"):
            self.run_training("--steps", "2", "--init", str(self.folder / "start.pt"))

    def test_segments_vary_anew_when_a_training_goes_on(self):
        arguments = parse_arguments(["--pool", "p", "--out", "x", "--steps", "1", "--device", "cpu"])
        first, second, again, other_worker = (
            open_variations(arguments, 228, seed, worker)[0].random.random()
            for seed, worker in ((1, 0), (6, 0), (1, 0), (1, 1)))
        self.assertEqual(first, again)
        self.assertEqual(len({first, second, other_worker}), 3)

    def test_each_worker_draws_its_own_segments(self):
        arguments = parse_arguments(["--pool", str(self.folder / "train"), "--out", "x", "--steps", "1",
                                     "--no-variations", "--min-items", "6", "--device", "cpu"])
        drawn = {open_sampler(arguments, None, 1, worker).random.random() for worker in (1, 2, 3)}
        self.assertEqual(len(drawn), 3)

    def test_an_initialised_training_starts_its_schedule_anew(self):
        self.run_training("--steps", "5")
        shutil.copy(self.folder / "run" / "checkpoint.pt", self.folder / "start.pt")
        log = self.run_training("--steps", "3", "--init", str(self.folder / "start.pt"))
        self.assertEqual([entry["step"] for entry in log], [3])
        last = load_checkpoint(self.folder / "run" / "checkpoint.pt")
        self.assertEqual([training["steps"] for training in last["earlier"]], [5])
        self.run_training("--steps", "3", "--init", str(self.folder / "start.pt"), "--rare-weight",
                          "0")
        weights = load_checkpoint(self.folder / "run" / "checkpoint.pt")["loss"]["weights"]
        self.assertEqual(weights.tolist(), [1.0] * N_DRUMS)

    def test_an_initialised_training_goes_on_wider(self):
        self.run_training("--steps", "5")
        shutil.copy(self.folder / "run" / "checkpoint.pt", self.folder / "start.pt")
        self.run_training("--steps", "3", "--init", str(self.folder / "start.pt"), "--units", "48")
        self.assertEqual(load_checkpoint(self.folder / "run" / "checkpoint.pt")["units"], [48])

    def test_a_training_with_convolutions_keeps_them_when_it_goes_on(self):
        features = self.folder / "features.json"
        features.write_text(json.dumps({"rate_hz": 44100, "views": [
            {"window_samples": 38, "scale": "linear", "difference": True}]}))
        chosen = ("--features", str(features), "--front", "4", "6:3")
        self.run_training("--steps", "3", *chosen)
        first = load_checkpoint(self.folder / "run" / "checkpoint.pt")
        self.assertEqual(front_of(first), Front(2, 20, ((4, 1), (6, 3))))
        shutil.copy(self.folder / "run" / "checkpoint.pt", self.folder / "start.pt")
        start = ("--init", str(self.folder / "start.pt"))
        self.run_training("--steps", "2", *start, "--units", "40")
        last = load_checkpoint(self.folder / "run" / "checkpoint.pt")
        self.assertEqual((last["front"], last["units"]), (first["front"], [40]))
        log = self.run_training("--steps", "4", "--resume", *chosen, "--units", "40")
        self.assertEqual([entry["step"] for entry in log], [2, 4])
        for other, complaint in (("4 6:2", "other convolutions"), ("4:9 6:9", "leaves none")):
            with self.assertRaisesRegex(InputError, complaint):
                self.run_training("--steps", "2", *start, *chosen[:3], *other.split())
        features.write_text(json.dumps({"rate_hz": 44100, "views": [
            {"window_samples": 38, "scale": "linear", "difference": False}]}))
        with self.assertRaisesRegex(InputError, "describes 20 features, the items have 40"):
            self.run_training("--steps", "2", *chosen)
        with contextlib.redirect_stderr(io.StringIO()), self.assertRaises(SystemExit):
            self.run_training("--steps", "2", "--front", "4:0")

    def test_records_that_a_model_labelled_take_their_share_and_are_named(self):
        (self.folder / "heard").mkdir()
        write_item(self.folder / "heard", "song", np.zeros((900, 40)), onsets=np.zeros((0, 3)),
                   beats=np.zeros((0, 2)), has_beats=False, has_velocities=False, dataset="heard",
                   kind="mix",
                   likelihoods=np.full((900, N_DRUMS), 0.25, np.float16))
        self.run_training("--steps", "3", "--heard", str(self.folder / "heard"), "--share",
                          "heard=0.5")
        trained_on = load_checkpoint(self.folder / "run" / "checkpoint.pt")["trained_on"]
        self.assertEqual(sorted(trained_on), ["heard", "rendered"])
        with contextlib.redirect_stderr(io.StringIO()), self.assertRaises(SystemExit):
            self.run_training("--steps", "3", "--share", "heard=0.5")  # a share of nothing

    def test_other_processes_may_prepare_the_segments(self):
        opened = functools.partial(open_numbered, self.folder / "train")
        batches = batches_of(opened, 2, workers=2)
        first, second, third = (next(batches) for _ in range(3))
        self.assertEqual([int(batch.mask[0, 0, 0]) for batch in (first, second, third)], [1, 2, 1])
        self.assertFalse(torch.equal(first.features, second.features))
        self.assertEqual(first.datasets, {"rendered"})
        log = self.run_training("--steps", "4", "--workers", "2")
        self.assertEqual([entry["step"] for entry in log], [4])

    def test_a_whole_song_is_heard_as_in_one_piece(self):
        torch.manual_seed(1)
        network = DrumNetwork(40, (16,)).eval()
        song = torch.randn(1234, 40)
        cut = run_song(network, song, segment=500)
        whole = run_song(network, song, segment=2000)
        self.assertEqual(cut.shape, (1234, 28))
        torch.testing.assert_close(cut, whole, rtol=0, atol=1e-3)


if __name__ == "__main__":
    unittest.main()
