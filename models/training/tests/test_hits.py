# SPDX-License-Identifier: GPL-3.0-or-later

"""The network that reads hits: its inputs, targets, songs and training."""

import argparse
import contextlib
import dataclasses
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

import mma_grooves
import train_hits
from drums import BELL, CLOSED, KICK, OPEN, PEDAL, PERCUSSION, RIDE, SNARE
from groove import Library, Performance
from hit_songs import Song, Sources, cut, heard
from hits_network import FRAME_S, N_INPUTS, beat_targets, hit_frames, n_frames
from program import InputError
from safetensors import read_model, write_model

N_DRUMS = N_INPUTS // 2


def rock(bars=16, bpm=120.0, name="rock"):
    """Kick on 1 and 3, snare on 2 and 4, hats in eighths."""
    beat_s = 60 / bpm
    hits = [(i * beat_s / 2, CLOSED, 0.6) for i in range(8 * bars)]
    hits += [(i * beat_s, KICK if i % 2 == 0 else SNARE, 0.9) for i in range(4 * bars)]
    return Performance(name, bpm, (4, 4), np.array(sorted(hits)), 4 * bars * beat_s)


class InputsTest(unittest.TestCase):
    def test_a_hit_is_shared_between_the_halves_that_it_is_between(self):
        frames = hit_frames(np.array([[0.0, KICK, 1.0], [0.065, SNARE, 0.0]]), 3)
        self.assertEqual(frames.shape, (3, N_INPUTS))
        self.assertAlmostEqual(frames[0, KICK], 1.0, places=6)
        self.assertAlmostEqual(frames[1, N_DRUMS + SNARE], 0.75 * 0.3, places=6)
        self.assertAlmostEqual(frames[2, SNARE], 0.25 * 0.3, places=6)
        self.assertAlmostEqual(frames.sum(), 1.3, places=5)

    def test_the_strongest_of_several_hits_counts(self):
        frames = hit_frames(np.array([[0.0, KICK, 1.0], [0.0, KICK, 0.2]]), 1)
        self.assertAlmostEqual(frames.sum(), 1.0, places=6)

    def test_beats_lie_in_the_frames_whose_middle_is_near(self):
        targets = beat_targets(np.array([[0.1, 1], [0.52, 0]]), n_frames(0.8))
        # Middles at .02, .06, .10, .14 … s.
        np.testing.assert_array_equal(np.flatnonzero(targets[:, 0]), [2, 12, 13])
        np.testing.assert_array_equal(np.flatnonzero(targets[:, 1]), [2])


class SongsTest(unittest.TestCase):
    def setUp(self):
        self.rng = np.random.default_rng(3)

    def test_beats_stay_with_the_hits(self):
        """Whatever stretches or bends a song moves both."""
        sources = Sources(Library([rock()], [rock(1, name="fill")]), {}, 0.2)
        for _ in range(40):
            song = sources.draw(self.rng)
            hats = song.hits[song.hits[:, 1] == CLOSED, 0]
            nearest = np.abs(song.beats[:, :1] - hats[None, :]).min(axis=1)
            self.assertLess(np.median(nearest), 0.004)
            kicks = song.hits[song.hits[:, 1] == KICK, 0]
            downbeats = song.beats[song.beats[:, 1] == 1, 0]
            self.assertLess(np.median(np.abs(downbeats[:, None] - kicks[None, :]).min(axis=1)), 0.004)

    def test_beats_of_mma_s_grooves_stay_with_their_hits_at_every_tempo(self):
        hits = rock().hits.copy()
        hits[:, 0] *= 2  # beats at 120 BPM
        groove = mma_grooves.MmaGroove("rock", hits, 16, 4.0, 4)
        sources = Sources(Library([rock()], []), {"rock": [groove]}, 1.0)
        lengths = set()
        for _ in range(20):
            song = sources._of_mma(self.rng)
            kicks = song.hits[song.hits[:, 1] == KICK, 0]
            downbeats = song.beats[song.beats[:, 1] == 1, 0]
            self.assertEqual((len(song.beats), len(downbeats)), (64, 16))
            self.assertLess(np.abs(downbeats[:, None] - kicks[None, :]).min(axis=1).max(), 0.05)
            lengths.add(round(song.seconds))
        self.assertGreater(max(lengths), 1.5 * min(lengths))
        sources = Sources(Library([rock()], []), {"six": [dataclasses.replace(groove, beats_per_bar=2)]}, 1.0)
        song = sources._of_mma(self.rng)
        np.testing.assert_allclose(np.diff(song.beats[:, 0], append=song.seconds), song.seconds / 32)

    def test_a_cut_lies_inside_and_keeps_hits_beside_beats(self):
        sources = Sources(Library([rock(40)], []), {}, 0)
        for _ in range(40):
            hits, beats = cut(self.rng, sources.draw(self.rng), 10.0)
            self.assertTrue((np.abs(beats[:, 0] - 5) <= 5.03).all())
            self.assertTrue((hits[:, 0] > -1).all() and (hits[:, 0] < 11).all())

    def test_mistakes_leave_most_of_a_song(self):
        played = rock().hits
        kept = [len(heard(self.rng, played)) / len(played) for _ in range(200)]
        self.assertGreater(np.median(kept), 0.85)
        self.assertLess(min(kept), 0.8)  # now and then a drum is missing
        hats = (CLOSED, RIDE, BELL, OPEN, PEDAL, PERCUSSION)  # and what they may be taken for
        spoilt = [heard(self.rng, played) for _ in range(300)]
        for mistake, share in (
            (lambda hits: np.isin(hits[:, 1], hats).mean() < 0.1, 0.06),  # not heard at all
            (lambda hits: (hits[:, 1] == RIDE).mean() > 0.2, 0.1),  # taken for others
            (lambda hits: len(hits) > len(played), 0.27),  # invented
        ):
            self.assertAlmostEqual(np.mean([mistake(hits) for hits in spoilt]), share, delta=0.07)
            self.assertTrue(any(map(mistake, spoilt)))
        with mock.patch("hit_songs.heard", lambda rng, hits: hits[:0]):  # what a cut is made of
            self.assertEqual(len(cut(self.rng, Song(played, np.zeros((0, 2)), 30.0), 10.0)[0]), 0)
        spoiled = heard(self.rng, played)
        self.assertTrue(((spoiled[:, 2] > 0) & (spoiled[:, 2] <= 1)).all())

    def test_a_style_file_names_its_grooves_with_their_time(self):
        with tempfile.TemporaryDirectory() as folder:
            style = Path(folder) / "waltz.mma"
            style.write_text("Time 3\nTimeSig 3 4 // threes\nDefGroove Waltz\nDefGroove WaltzFill\n"
                             "DefGroove WaltzEnd\nTime 4\nTimeSig 6/8\nDefGroove Six\n"
                             "Time 6\nTimeSig 4/4\nDefGroove Odd\n")
            jobs = mma_grooves.jobs_of(style)
        self.assertEqual([(j.groove, j.time, j.signature) for j in jobs],
                         [("Waltz", 3, (3, 4)), ("Six", 4, (6, 8)), ("Odd", 6, (4, 4))])
        self.assertEqual([mma_grooves._beats_per_bar(j) for j in jobs], [3, 2, None])
        self.assertEqual(jobs[0].fills, ["WaltzFill"])

    def test_an_mma_that_plays_nothing_is_told_and_not_kept(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "rock.mma").write_text("DefGroove Rock\n")
            with mock.patch("mma_grooves.LIBRARY", folder), \
                    mock.patch("mma_grooves.run_mma", side_effect=FileNotFoundError):
                with self.assertRaisesRegex(InputError, "mma plays none of the grooves in"):
                    mma_grooves.load_mma_grooves(folder / "cache")
            self.assertFalse((folder / "cache").exists())

    @unittest.skipUnless(mma_grooves.LIBRARY.exists(), "mma is not installed")
    def test_mma_plays_a_groove_on_its_beats(self):
        style = mma_grooves.LIBRARY / "stdlib" / "8beat.mma"
        groove = mma_grooves._play(mma_grooves.jobs_of(style)[0], 0)
        self.assertEqual((groove.bar_length, groove.beats_per_bar), (4.0, 4))
        self.assertLess(groove.hits[:, 0].max(), groove.bars * 4 + 0.5)
        eighths = groove.hits[:, 0] * 2
        self.assertLess(np.median(np.abs(eighths - np.round(eighths))), 0.1)


class TrainingTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.sources = Sources(Library([rock(), rock(16, 95.0)], []), {}, 0)
        self.validation = train_hits.validation_batch(Library([rock(8)], []))

    def training(self, minutes, **others):
        settings = {"seed": 1, "units": 16, "batch": 4, "mma_share": 0.0, **others}
        arguments = argparse.Namespace(**settings, minutes=minutes, checkpoint=self.folder / "run.ckpt")
        return train_hits.Training(self.sources, self.validation, arguments)

    def test_the_loss_falls_and_a_checkpoint_goes_on(self):
        training = self.training(1.0)
        before = training._validate().sum().item()
        for _ in range(150):
            training._step()
        self.assertLess(training._validate().sum().item(), 0.75 * before)
        with contextlib.redirect_stdout(io.StringIO()):
            training._report(0.0)
        random = torch.get_rng_state()
        again = self.training(1.0)
        self.assertEqual(again.steps, 150)
        self.assertEqual(again._validate().sum().item(), training._validate().sum().item())
        self.assertEqual((again.best.steps, again.best.loss), (150, training.best.loss))
        resumed = again._step()
        torch.set_rng_state(random)
        self.assertEqual(training._step(), resumed)

    def test_a_training_that_ends_leaves_a_checkpoint_for_the_model(self):
        training = self.training(1.0 / 60)
        training.run()
        again = self.training(1.0 / 60)
        self.assertEqual((again.steps, again.best.loss), (training.steps, training.best.loss))
        again.run()
        self.assertEqual(again.steps, training.steps)

    def test_what_validates_does_not_train(self):
        words = ["train_hits", "--groove", "none", "--mma-share", "0", "--checkpoint",
                 str(self.folder / "run.ckpt")]
        with mock.patch("sys.argv", words), \
                mock.patch("train_hits.groove.load_groove", lambda _, split: split), \
                mock.patch("train_hits.Sources") as sources, \
                mock.patch("train_hits.validation_batch") as validation_batch, \
                mock.patch("train_hits.Training"):
            train_hits.main()
        sources.assert_called_once_with("train", {}, 0)
        validation_batch.assert_called_once_with("validation")

    def test_beats_long_after_the_last_hit_are_not_judged(self):
        hits, beats = np.array([[1.0, KICK, 1.0]]), np.array([[0.5, 1.0], [20.0, 0.0]])
        _, _, counts = train_hits._item(hits, beats, 1.5)
        self.assertEqual(np.flatnonzero(counts).tolist(), list(range(n_frames(2.5))))
        network = self.training(1.0).average
        with torch.no_grad():
            first, other = (train_hits.losses(network, train_hits._stack([train_hits._item(
                hits, chosen, 1.5)])) for chosen in (beats, beats[:1]))
            sooner = train_hits.losses(network, train_hits._stack([train_hits._item(
                hits, beats[1:], 1.5)]))
        self.assertTrue(torch.equal(first, other))
        self.assertFalse(torch.equal(first, sooner))

    def test_another_s_checkpoint_is_refused(self):
        self.training(1.0)._save(self.folder / "run.ckpt")
        for name, other in (("units", 8), ("batch", 5), ("mma_share", 0.2), ("seed", 2)):
            option = f"--{name.replace('_', '-')}"
            with self.assertRaisesRegex(InputError, f"run.ckpt: trained with {option} .*, not {other};"):
                self.training(1.0, **{name: other})
        torch.save({"step": 3}, self.folder / "run.ckpt")
        with self.assertRaisesRegex(InputError, "run.ckpt: not a checkpoint"):
            self.training(1.0)

    def test_the_weights_that_validate_best_are_kept(self):
        training = self.training(1.0)
        training._judge()
        first = training.best
        with torch.no_grad():
            training.average.dense.bias.add_(3.0)
        training._judge()
        self.assertEqual(training.best, first)
        self.assertEqual(training.best.weights["dense.bias"].tolist(), [-2.5, -4.0])

    def test_the_model_file_gets_the_network_and_keeps_the_rest(self):
        path, output = self.folder / "a.safetensors", self.folder / "b.safetensors"
        rest = {"dense.weight": np.ones((2, 3), np.float32), "hits.old": np.zeros(3, np.float32)}
        write_model(path, rest, {"model_id": "a", "training": {"steps": 5}})
        network = self.training(0.0).average
        train_hits.put_into(path, output, network, {"steps": 1})
        tensors, description = read_model(output)
        self.assertNotIn("hits.old", tensors)
        self.assertEqual(tensors["hits.lstm.0.forward.weight_ih"].shape, (64, N_INPUTS))
        np.testing.assert_array_equal(tensors["dense.weight"], rest["dense.weight"])
        self.assertEqual(description["hits_network"]["frame_s"], FRAME_S)
        self.assertEqual(description["training"], {"steps": 5, "hits_network": {"steps": 1}})


if __name__ == "__main__":
    unittest.main()
