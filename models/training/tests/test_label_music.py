# SPDX-License-Identifier: GPL-3.0-or-later

import os
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE))

import blas  # noqa: F401
import numpy as np
import soundfile

from accompaniment_common import SAMPLE_RATE
from dataset import Pool, read_item
from drums import DRUMS, KICK, RIDE, SIDE_STICK, SNARE
from label_music import FEATURES, Teacher, label, split_by_confidence
from network import N_DRUMS, N_OUTPUTS
from sampling import Sampler, forget

MODEL = HERE.parent / "drums.safetensors"

def beat(seconds: float = 32.0) -> np.ndarray:
    """Kick and snare of a drum machine at 120 BPM, over a held chord."""
    t = np.arange(int(0.25 * SAMPLE_RATE)) / SAMPLE_RATE
    kick = np.sin(2 * np.pi * (50 * t + 4 * (1 - np.exp(-30 * t)))) * np.exp(-14 * t)
    noise = np.random.default_rng(0).normal(0, 0.4, len(t))
    snare = (noise + np.sin(2 * np.pi * 190 * t)) * np.exp(-20 * t)
    audio = np.zeros(int(seconds * SAMPLE_RATE), np.float32)
    for number in range(int(2 * seconds) - 1):
        start = number * SAMPLE_RATE // 2
        audio[start : start + len(t)] += 0.6 * (snare if number % 2 else kick)
    held = np.arange(len(audio)) / SAMPLE_RATE
    return (audio + 0.05 * sum(np.sin(2 * np.pi * hz * held) for hz in (220, 277, 330))).astype("f4")


class LabelMusicTest(unittest.TestCase):
    def test_what_is_less_than_sure_is_neither_hit_nor_silence(self):
        hits = np.array([[1.0, KICK, 0.9], [2.0, SNARE, 0.3]], np.float32)
        activations = np.full((400, N_DRUMS), 0.001, np.float32)
        activations[100, KICK], activations[200, SNARE], activations[300, RIDE] = 0.8, 0.3, 0.03
        onsets, unsure = split_by_confidence(hits, activations, 0.5)
        self.assertEqual(onsets[:, :2].tolist(), [[1.0, KICK]])
        self.assertEqual(unsure.tolist(), [[2.0, SNARE], [3.0, RIDE]])

    def test_beside_a_hit_its_family_is_unsure(self):
        hits = np.array([[1.0, SNARE, 0.9]], np.float32)
        _, unsure = split_by_confidence(hits, np.zeros((400, N_DRUMS), np.float32), 0.5)
        self.assertEqual(set(unsure[:, 1]), {SIDE_STICK})
        np.testing.assert_allclose([unsure[:, 0].min(), unsure[:, 0].max()], [0.96, 1.04])

    def test_nothing_found_is_no_error(self):
        onsets, unsure = split_by_confidence(np.zeros((0, 3), "f4"), np.zeros((9, 13), "f4"), 0.5)
        self.assertEqual((onsets.shape, unsure.shape), ((0, 3), (0, 2)))

    def test_a_drum_machine_is_labelled_and_a_chord_is_not(self):
        teacher = Teacher(Path(os.environ["FYR"]), MODEL)
        with tempfile.TemporaryDirectory() as place:
            pool, audio = Path(place), beat()
            soundfile.write(pool / "beat.wav", audio, SAMPLE_RATE)
            held = 0.1 * np.sin(np.arange(40 * SAMPLE_RATE) * (2 * np.pi * 220 / SAMPLE_RATE))
            soundfile.write(pool / "chord.wav", held, SAMPLE_RATE)
            fate = label(pool / "chord.wav", "chord", teacher, pool, FEATURES, 0.4)
            self.assertEqual(fate, "few drums")
            label(pool / "beat.wav", "beat", teacher, pool, FEATURES, 0.4)
            self.assertEqual([path.name for path in pool.glob("*.npz")], ["beat.npz"])
            item = read_item(pool / "beat.npz")
        self.assertEqual((item.dataset, item.kind), ("heard", "mix"))
        self.assertEqual(item.known.sum(), N_DRUMS)  # no velocities, no beats
        for drum, first in ((KICK, 0.0), (SNARE, 0.5)):
            times = item.onsets[item.onsets[:, 1] == drum, 0]
            off_grid = np.abs((times - first + 0.5) % 1.0 - 0.5)
            self.assertGreater((off_grid < 0.03).sum(), 20, DRUMS[drum])


class UnsurePlacesTest(unittest.TestCase):
    def test_they_are_unknown_for_their_drum_only(self):
        known = np.ones((100, N_OUTPUTS), np.float32)
        forget(known, np.array([[10.5, SNARE], [9.0, KICK], [99.0, KICK]], np.float32), 1000)
        self.assertEqual(np.flatnonzero(known[:, SNARE] == 0).tolist(), [50])
        self.assertEqual(known.sum(), known.size - 1)

    def test_batches_carry_them(self):
        with tempfile.TemporaryDirectory() as place:
            np.savez(Path(place) / "a.npz", features=np.zeros((300, 5), np.float16),
                     onsets=np.array([[1.0, KICK, 0.0]]), beats=np.zeros((0, 2)), has_beats=False,
                     has_velocities=False, unsure=np.array([[2.0, SNARE]]), dataset="heard")
            batch = Sampler([Pool(Path(place), refresh_s=None)], 400, mask_share=0).batch(3)
        self.assertEqual(batch.known.shape, (3, 400, N_OUTPUTS))
        self.assertEqual((batch.known[..., SNARE] == 0).sum(1).tolist(), [1, 1, 1])
        self.assertEqual((batch.known[..., KICK] == 0).sum().item(), 0)


if __name__ == "__main__":
    unittest.main()
