# SPDX-License-Identifier: GPL-3.0-or-later

import sys
import unittest
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from context import FEATURES, Peaks, context_of, fit_weights, label, log_odds, read_song
from drums import DRUMS

SNARE, RIDE = DRUMS.index("snare"), DRUMS.index("ride")


def peaks_where(rule, n=6000, seed=1):
    """Snare and ride peaks that are hits with the probability that `rule` (log-odds) gives."""
    random = np.random.default_rng(seed)
    features = random.normal(0, [1.0, 2.0, 0.5, 1.0, 1.5, 1.0], (n, 1 + len(FEATURES)))
    is_hit = (random.random(n) < 1 / (1 + np.exp(-rule(features)))).astype(int)
    return Peaks(random.choice([SNARE, RIDE], n), features, is_hit, np.ones(n))


class LabelTest(unittest.TestCase):
    def test_the_surest_peak_takes_the_hit(self):
        labels = label(np.array([1.0, 1.03, 2.0]), np.array([0.3, 0.6, 0.4]),
                       np.array([[1.01, 0.8], [2.2, 0.8]]))
        self.assertEqual(labels.tolist(), [0, 1, 0])

    def test_peaks_of_soft_hits_teach_nothing(self):
        labels = label(np.array([1.0, 2.0]), np.array([0.3, 0.6]), np.array([[1.0, 0.1]]))
        self.assertEqual(labels.tolist(), [-1, 0])
        told = [0.1, 0.2, 0.3, 0.4, 0.5]
        rows = np.array([[SNARE, 1.0, 0.3, 0.3, *[0.0] * 5], [SNARE, 2.0, 0.6, 0.6, *told]])
        hits = [np.zeros((0, 2))] * len(DRUMS)
        hits[SNARE] = np.array([[1.0, 0.1]])
        song = read_song(rows, hits, 2.0)
        self.assertEqual(song.is_hit.tolist(), [0])
        np.testing.assert_allclose(song.features[0, 0], log_odds(np.array([0.6]))[0])
        self.assertEqual(song.features[0, 1:].tolist(), told)
        self.assertEqual(song.weight.tolist(), [2.0])


class FitTest(unittest.TestCase):
    def test_finds_the_weights_that_made_the_hits(self):
        truth = np.array([1.5, 0, 0.5, 0, -1.0, 0.8])
        weights = fit_weights(peaks_where(lambda x: x @ truth - 0.5))
        for drum in (SNARE, RIDE):
            np.testing.assert_allclose(weights[drum], truth, atol=0.2)

    def test_peaks_teach_by_their_weight(self):
        truth = np.array([1.5, 0, 0.5, 0, -1.0, 0.8])
        heavy, light = peaks_where(lambda x: x @ truth), peaks_where(lambda x: -x @ truth, seed=2)
        light = light._replace(weight=np.full(len(light.drum), 1e-4))
        weights = fit_weights(Peaks(*map(np.concatenate, zip(heavy, light))))
        np.testing.assert_allclose(weights[SNARE], truth, atol=0.2)

    def test_shifts_count_in_the_peaks_own_log_odds(self):
        peaks = peaks_where(lambda x: 2 * x[:, 0] + 1 * x[:, 4])
        context = context_of(peaks, dict.fromkeys(DRUMS, 0.25))
        snare = context["drums"]["snare"]
        self.assertAlmostEqual(snare["weights"]["one_bar"], 0.5, delta=0.1)
        self.assertEqual(snare["first_threshold"], 0.25)
        hits = peaks.features[(peaks.drum == SNARE) & (peaks.is_hit == 1)]
        self.assertAlmostEqual(snare["means"]["one_bar"], hits[:, 4].mean(), places=3)

    def test_a_drum_whose_peaks_tell_nothing_gets_no_context(self):
        context = context_of(peaks_where(lambda x: x[:, 3]), dict.fromkeys(DRUMS, 0.3))
        for drum in ("snare", "kick"):  # the kick has no peaks at all
            self.assertEqual(set(context["drums"][drum]["weights"].values()), {0.0})

    def test_no_peaks_at_all_give_no_context_and_no_warning(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            context = context_of(peaks_where(lambda x: x[:, 0], n=0), dict.fromkeys(DRUMS, 0.3))
        for drum in context["drums"].values():
            self.assertEqual({*drum["weights"].values(), *drum["means"].values()}, {0.0})


if __name__ == "__main__":
    unittest.main()
