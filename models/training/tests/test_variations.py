# SPDX-License-Identifier: GPL-3.0-or-later

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import blas  # noqa: F401
import numpy as np
import soundfile

from dataset import Item
from feature_variations import FeatureVariations, n_inputs, views_of
from sample_rate import SAMPLE_RATE
from sampling import Sampler

SETTINGS = json.loads((HERE / "features.json").read_text())


def variations(seed=1):
    return FeatureVariations(SETTINGS, np.random.default_rng(seed))


def computed(audio):
    """What `fyr features` makes of the audio, from its first sample on."""
    if "FYR" not in os.environ:
        raise unittest.SkipTest("FYR names no program")
    with tempfile.TemporaryDirectory() as folder:
        soundfile.write(f"{folder}/a.wav", audio, SAMPLE_RATE, subtype="FLOAT")
        command = [os.environ["FYR"], "features", "--settings", HERE / "features.json"]
        subprocess.run([*map(str, command), "--output", folder, f"{folder}/a.wav"], check=True,
                       stdout=subprocess.DEVNULL)
        return np.load(f"{folder}/a.npy")


def clicks(seed, seconds=2.0):
    """Noise bursts every quarter second, 20 dB over a hiss."""
    random = np.random.default_rng(seed)
    audio = random.normal(0, 0.01, int(seconds * SAMPLE_RATE))
    for start in range(4410, len(audio), SAMPLE_RATE // 4):
        burst = audio[start : start + 4410]
        burst += random.normal(0, 0.1, len(burst)) * np.exp(-np.arange(len(burst)) / 800)
    return audio.astype(np.float32)


class VariationsTest(unittest.TestCase):
    def test_layout_is_that_of_the_product(self):
        self.assertEqual(n_inputs(views_of(SETTINGS)), computed(clicks(1)).shape[1])

    def test_magnitudes_and_back_change_nothing(self):
        features, made = computed(clicks(2)), variations()
        again = made.features(made.magnitudes(features))
        np.testing.assert_allclose(again[1:], features[1:], atol=2e-4)

    def test_a_louder_recording_is_a_factor(self):
        audio, made = clicks(3), variations()
        twice = made.features([2 * x for x in made.magnitudes(computed(audio))])
        np.testing.assert_allclose(twice[1:], computed(2 * audio)[1:], atol=2e-3)

    def test_mixed_magnitudes_are_those_of_mixed_audio(self):
        made = variations()
        a, b = made.magnitudes(computed(clicks(4))), made.magnitudes(computed(clicks(5)))
        truth = made.magnitudes(computed(clicks(4) + clicks(5)))
        for x, y, z in zip(a, b, truth):
            error_db = 20 * np.log10(np.sqrt(x * x + y * y)[20:-20] / z[20:-20])
            self.assertLess(abs(error_db.mean()), 0.8)

    def test_attacks_stay_where_they_are(self):
        features = computed(clicks(6))
        rises = views_of(SETTINGS)[1].rises
        before = np.sort(np.argsort(features[5:, rises].sum(1))[-7:])
        for seed in range(10):
            varied, _ = variations(seed).varied(features[4:])
            self.assertEqual(len(varied), len(features) - 5)
            for strike in before:
                near = varied[max(strike - 5, 0) : strike + 6, rises].sum(1)
                self.assertLessEqual(abs(np.argmax(near) - min(strike, 5)), 1)

    def test_a_room_fades_by_60_db_in_its_time(self):
        from feature_variations import _in_room
        strike = np.zeros((200, 2), np.float32)
        strike[10] = 1.0
        heard = _in_room(strike, rt60_s=0.5, over_direct_db=-6.0)
        self.assertAlmostEqual(float(heard[10, 0]), 1.0, places=6)
        self.assertEqual(heard[:10].max(), 0.0)
        fall_db = 20 * np.log10(heard[11, 0] / heard[61, 0])
        self.assertAlmostEqual(fall_db, 60.0, places=2)
        tail = float(np.square(heard[11:, 0].astype(float)).sum())
        self.assertAlmostEqual(10 * np.log10(tail), -6.0, places=1)

    def test_damping_shortens_the_fall_and_keeps_the_peak(self):
        from feature_variations import _dampened
        fall = (10 ** (-np.arange(30) / 20))[:, None].astype(np.float32)
        for exponent in (-0.3, 0.5):
            heard = _dampened(fall, exponent, release_db=0.2)
            self.assertAlmostEqual(float(heard[0, 0]), 1.0, places=5)
            expected_db = -20 - exponent * (20 - 20 * 0.2)
            self.assertAlmostEqual(20 * np.log10(heard[20, 0]), expected_db, places=1)

    def test_transposing_moves_a_tone_by_its_octaves(self):
        from feature_variations import _transposed
        centres = 100 * 2 ** (np.arange(48) / 12)
        tone = np.exp(-0.5 * ((np.arange(48) - 20) / 2.0) ** 2)[None].astype(np.float32)
        self.assertEqual(int(np.argmax(_transposed(tone, centres, 0.25)[0])), 23)
        self.assertEqual(int(np.argmax(_transposed(tone, centres, -0.25)[0])), 17)

    def test_two_bands_play_in_other_keys_the_second_no_louder(self):
        centres = views_of(SETTINGS)[0].centres_hz
        low, high = (
            variations().features(
                [
                    np.tile(np.exp(-0.5 * (np.log2(v.centres_hz / hz) / 0.1) ** 2), (50, 1))
                    for v in views_of(SETTINGS)
                ]
            )
            for hz in (300.0, 4000.0)
        )
        for seed in range(10):
            energy = np.square(variations(seed)._accompaniment([low, high])[0]).mean(axis=0)
            near = [
                energy[np.abs(np.log2(centres / hz)) < 0.75].sum() for hz in (300.0, 4000.0)
            ]
            self.assertGreater(sum(near), 0.95 * energy.sum())
            self.assertLess(near[1], 1.1 * near[0])
            self.assertGreater(near[1], 0.03 * near[0])

    def test_tells_where_a_band_hides_the_drums(self):
        drums, hiss = computed(clicks(7)), np.random.default_rng(8).normal(0, 0.3, 2 * SAMPLE_RATE)
        made = variations()
        x, y = made.magnitudes(drums)[0], made.magnitudes(computed(hiss.astype("f4")))[0]
        from feature_variations import _rise_over_db
        loud, soft = _rise_over_db(x, y), _rise_over_db(x, 0.1 * y)
        strikes = np.flatnonzero(soft[20:-20] > 3)
        self.assertGreaterEqual(len(strikes), 6)
        np.testing.assert_allclose((soft - loud)[20:-20][strikes], 20, atol=0.5)


class FakePool:
    """A pool of one item."""

    def __init__(self, features, onsets, kind):
        counts = np.bincount(onsets[:, 1].astype(int), minlength=13)
        item = Item("a", features.astype(np.float16), onsets, np.zeros((0, 2), "f4"),
                    np.ones(28, "f4"), None, counts, "rendered", kind)
        from dataset import _view
        self.view, self.inputs = _view([item]), features.shape[1]


class SamplerTest(unittest.TestCase):
    def test_hits_that_the_band_hides_lose_their_label(self):
        n = n_inputs(views_of(SETTINGS))
        features = np.zeros((400, n), np.float32)
        features[230:233], features[330:333] = 3.0, 0.3  # the second 60 dB under the first
        onsets = np.array([[2.3, 0, 1.0], [3.3, 1, 0.1]], np.float32)
        drums = FakePool(features, onsets, "drums")
        band = FakePool(np.full((900, n), 3.0), np.zeros((0, 3), np.float32), "band")
        for pool, soft_one in ((None, 1.0), (band, 0.0)):
            sampler = Sampler([drums], 800, 1, 0.0, mask_share=0, variations=variations(2),
                              band=pool, band_shares=(1.0, 1.0))
            found = (sampler.batch(20).targets[:, :, :2].amax(dim=1) > 0.4).float().mean(dim=0)
            self.assertEqual(float(found[0]), 1.0)
            self.assertEqual(float(found[1]), soft_one)

    def test_same_seed_gives_the_same_batches(self):
        n = n_inputs(views_of(SETTINGS))
        features = np.random.default_rng(0).uniform(0, 1, (600, n)).astype("f4")
        pool = FakePool(features, np.array([[2.0, 0, 1.0]], np.float32), "drums")
        batches = [Sampler([pool], 100, 5, variations=variations(3)).batch(4) for _ in range(2)]
        self.assertTrue((batches[0].features == batches[1].features).all())


if __name__ == "__main__":
    unittest.main()
