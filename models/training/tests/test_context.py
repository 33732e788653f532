# SPDX-License-Identifier: GPL-3.0-or-later

import sys
import unittest
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

import torch

from context import (KNOWN_SHARE, LEAST_PEAKS, N_FEATURES, SEEDS, Peaks, context_of, label, log_odds,
                     read_song, together, train)
from drums import DRUMS

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


class LabelTest(unittest.TestCase):
    def test_the_surest_peak_takes_the_hit(self):
        labels = label(np.array([1.0, 1.03, 2.0]), np.array([0.3, 0.6, 0.4]),
                       np.array([[1.01, 0.8], [2.2, 0.8]]))
        self.assertEqual(labels.tolist(), [0, 1, 0])

    def test_peaks_of_soft_hits_teach_nothing(self):
        labels = label(np.array([1.0, 2.0]), np.array([0.3, 0.6]), np.array([[1.0, 0.1]]))
        self.assertEqual(labels.tolist(), [-1, 0])
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


if __name__ == "__main__":
    unittest.main()
