# SPDX-License-Identifier: GPL-3.0-or-later

import contextlib
import io
import sys
import unittest
import warnings
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

import torch

import context as fitting_of_context
from context import (KNOWN_SHARE, LEAST_PEAKS, N_FEATURES, SEEDS, Peaks, context_of, log_odds, read_song,
                     together, train)
from drums import DRUMS
from fitting import FittingTest
from safetensors import read_model

# Of few peaks.
EPOCHS = 40
SNARE, RIDE = DRUMS.index("snare"), DRUMS.index("ride")


def peaks_where(rule, n=40000, seed=1):
    """Snare and ride peaks that are hits with the probability that `rule` (log-odds) gives."""
    random = np.random.default_rng(seed)
    features = random.normal(0, 1, (n, N_FEATURES)).astype(np.float32)
    drum = random.choice([SNARE, RIDE], n)
    chance = 1 / (1 + np.exp(-rule(features, drum)))
    confidence = 1 / (1 + np.exp(-features[:, 0].astype(float)))
    return Peaks(drum, confidence, features, (random.random(n) < chance).astype(int), np.ones(n))


def log_odds_in(context, peaks):
    """What include/fyr/context.hpp makes of the peaks."""
    result = log_odds(peaks.confidence)
    for k, name in enumerate(DRUMS):
        of_drum = peaks.drum == k
        x = peaks.features[of_drum]
        shift = context["drums"][name]["own"] * x[:, 0] + context["drums"][name]["constant"]
        for unit in context["units"]:
            inputs = unit["biases"][k] + x @ np.array(unit["weights"])
            shift = shift + unit["outputs"][k] * np.maximum(0, inputs)
        result[of_drum] += shift
    return result


class ReadSongTest(unittest.TestCase):
    def test_peaks_of_soft_hits_teach_nothing(self):
        told = np.linspace(0.1, 0.9, N_FEATURES)
        rows = np.array([[SNARE, 1.0, 0.3, 0.3, *told], [SNARE, 2.0, 0.6, 0.6, *told]])
        hits = [np.zeros((0, 2))] * len(DRUMS)
        hits[SNARE] = np.array([[1.0, 0.1]])
        song = read_song(rows, hits, 2.0)
        self.assertEqual(song.is_hit.tolist(), [0])
        self.assertEqual(song.confidence.tolist(), [0.6])
        np.testing.assert_allclose(song.features[0], told, rtol=1e-6)
        self.assertEqual(song.weight.tolist(), [2.0])


class TogetherTest(unittest.TestCase):
    def test_known_kits_have_their_share_however_many_their_songs_are(self):
        songs, known = (peaks_where(lambda x, _: x[:, 0], n, seed) for n, seed in ((30, 1), (500, 2)))
        both = together(songs, known._replace(weight=np.full(500, 7.0)))
        self.assertAlmostEqual(both.weight[30:].sum() / both.weight.sum(), KNOWN_SHARE)
        self.assertAlmostEqual(both.weight[:30].std(), 0)
        np.testing.assert_array_equal(both.features, np.vstack([songs.features, known.features]))


class FitTest(unittest.TestCase):
    def test_finds_what_made_the_hits(self):
        def rule(x, drum):
            faint = np.maximum(0, -x[:, 0])
            return 2 * x[:, 0] + np.where(drum == SNARE, 1.5, -1.5) * x[:, 20] + 1.5 * faint * x[:, 6]

        context = context_of(peaks_where(rule), dict.fromkeys(DRUMS, 0.25), EPOCHS)
        others = peaks_where(rule, seed=2)
        told = log_odds_in(context, others)
        truth = rule(others.features, others.drum)
        self.assertGreater(np.corrcoef(told, truth)[0, 1], 0.95)
        self.assertLess(abs((told - truth).mean()), 0.2)
        self.assertEqual(context["drums"]["snare"]["first_threshold"], 0.25)

    def test_the_file_says_what_the_network_does(self):
        peaks = peaks_where(lambda x, _: x[:, 0] + x[:, 4], n=9000)
        context = context_of(peaks, dict.fromkeys(DRUMS, 0.25), EPOCHS)
        features, drum = torch.from_numpy(peaks.features), torch.from_numpy(peaks.drum)
        networks = [train(peaks, EPOCHS, seed) for seed in SEEDS]
        with torch.no_grad():
            shifts = [network(features, drum).numpy() for network in networks]
        expected = log_odds(peaks.confidence) + np.mean(shifts, axis=0)
        np.testing.assert_allclose(log_odds_in(context, peaks), expected, atol=2e-3)

    def test_peaks_teach_by_their_weight(self):
        heavy = peaks_where(lambda x, _: 2 * x[:, 5])
        light = peaks_where(lambda x, _: -2 * x[:, 5], seed=2)
        light = light._replace(weight=np.full(len(light.drum), 1e-4))
        context = context_of(Peaks(*map(np.concatenate, zip(heavy, light))),
                             dict.fromkeys(DRUMS, 0.25), EPOCHS)
        told = log_odds_in(context, heavy)
        self.assertGreater(np.corrcoef(told, heavy.features[:, 5])[0, 1], 0.9)

    def test_few_peaks_and_none_give_no_units_and_no_warning(self):
        for n in (0, LEAST_PEAKS - 1):
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                few = peaks_where(lambda x, _: x[:, 0], n=n)
                context = context_of(few, dict.fromkeys(DRUMS, 0.3))
            self.assertEqual(context["units"], [])
        self.assertEqual(log_odds_in(context, peaks_where(lambda x, _: x[:, 0], n=9)).shape, (9,))
        for drum in context["drums"].values():
            self.assertEqual((drum["own"], drum["constant"]), (0.0, 0.0))


# Stands in for fyr: keeps the model whose peaks are asked for.
STUB = """#!/usr/bin/env python3
import pathlib, shutil, sys
command, of, model, o, folder, *recordings = sys.argv[1:]
shutil.copy(model, pathlib.Path(__file__).with_name("asked.safetensors"))
for recording in map(pathlib.Path, recordings):
    shutil.copy(recording.with_suffix(".peaks"), f"{folder}/{recording.stem}.npy")
"""


class ProgramTest(FittingTest):
    def fit(self, with_known_kits=False, **more):
        """The contexts of the model that fyr is given and of the one that is written."""
        self.set_up(STUB, {"peak_picking": {name: {"threshold": 0.4} for name in DRUMS}, "training": {},
                           **more})
        (self.folder / "song.flac").touch()
        (self.folder / "song.csv").write_text("time_s,drum,velocity\n0.5,kick,0.8\n")
        with open(self.folder / "song.peaks", "wb") as file:
            np.save(file, np.full((1, 4 + N_FEATURES), 0.5, np.float32))
        words = ["context", self.model, "--fyr", self.fyr, "--songs", self.folder]
        words += ["--known-kits", self.folder] if with_known_kits else []
        with mock.patch("sys.argv", list(map(str, words))), contextlib.redirect_stdout(io.StringIO()):
            fitting_of_context.main()
        return (read_model(self.folder / "asked.safetensors")[1]["context"],
                read_model(self.model)[1]["context"])

    def test_bars_are_found_as_the_model_that_is_written_will_find_them(self):
        before = {"drums": {name: {"first_threshold": 0.07} for name in DRUMS}}
        for more, threshold in (({}, 0.2), ({"context": before}, 0.07)):
            asked, written = self.fit(**more)
            self.assertEqual({drum["first_threshold"] for drum in asked["drums"].values()}, {threshold})
            self.assertEqual(asked, written)  # which has no units either: the peaks are too few

    def test_the_file_counts_all_songs(self):
        for with_known_kits, count in ((False, 1), (True, 2)):
            self.fit(with_known_kits)
            self.assertEqual(read_model(self.model)[1]["training"], {"context_fitted_on_songs": count})


if __name__ == "__main__":
    unittest.main()
