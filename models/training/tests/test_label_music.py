# SPDX-License-Identifier: GPL-3.0-or-later

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE))

import blas  # noqa: F401
import numpy as np
import soundfile

from accompaniment_common import split_of
from dataset import Pool, read_item
from drums import DRUMS, KICK, SNARE
from label_music import FEATURES, Teacher, label, likelihoods, recordings
from network import N_DRUMS, ONSETS
from sample_rate import SAMPLE_RATE
from sampling import Sampler

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


class RecordingsTest(unittest.TestCase):
    def test_music_of_validation_songs_does_not_train(self):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            for number in range(40):
                for path in (f"supertuxkart-data/usr/data/music/piece{number}.ogg",
                             f"fretsonfire-songs-sectoid/usr/A Song {number}/song.ogg"):
                    (folder / path).parent.mkdir(parents=True, exist_ok=True)
                    with open(folder / path, "wb") as file:
                        file.truncate(400_000)
            names = {name for name, _ in recordings(folder)}
        for name, group in (("supertuxkart-data-piece{}", "supertuxkart-data_piece{}"),
                            ("fretsonfire-songs-sectoid-A_Song_{}",
                             "fretsonfire-songs-sectoid_A_Song_{}")):
            train = {name.format(n) for n in range(40) if split_of(group.format(n)) == "train"}
            self.assertTrue(20 < len(train) < 40)
            self.assertEqual(train, {found for found in names if found.startswith(name[:10])})


class LabelMusicTest(unittest.TestCase):
    def test_peaks_are_as_high_as_their_confidence_and_all_else_is_faint(self):
        activations = np.full((400, N_DRUMS), 0.001, np.float32)
        activations[99:102, KICK] = 0.2, 0.4, 0.2
        activations[200, SNARE] = 0.5
        targets = likelihoods(np.array([[1.0, KICK, 0.8]], np.float32), activations)
        np.testing.assert_allclose(targets[98:103, KICK], [0.002, 0.4, 0.8, 0.4, 0.002], atol=1e-6)
        self.assertAlmostEqual(float(targets[200, SNARE]), 0.05, 6)
        self.assertLess(float(targets[300].max()), 0.002)

    def test_nothing_found_is_no_error(self):
        targets = likelihoods(np.zeros((0, 3), np.float32), np.zeros((9, N_DRUMS), np.float32))
        self.assertEqual(targets.max(), 0)

    def test_the_program_s_own_reason_is_heard(self):
        with tempfile.TemporaryDirectory() as place, tempfile.TemporaryFile() as heard:
            fyr = Path(place) / "fyr"
            fyr.write_text("#!/bin/sh\necho said; echo why >&2; exit 3\n")
            fyr.chmod(0o755)
            kept = os.dup(2)
            os.dup2(heard.fileno(), 2)
            try:
                with self.assertRaises(subprocess.CalledProcessError):
                    Teacher(fyr, MODEL).features(Path(place) / "a.wav", FEATURES)
            finally:
                os.dup2(kept, 2)
                os.close(kept)
            heard.seek(0)
            self.assertEqual(heard.read(), b"why\n")

    @unittest.skipUnless("FYR" in os.environ, "FYR names no program")
    def test_a_drum_machine_is_labelled_and_a_chord_is_not(self):
        teacher = Teacher(Path(os.environ["FYR"]), MODEL)
        with tempfile.TemporaryDirectory() as place:
            pool, audio = Path(place), beat()
            soundfile.write(pool / "beat.wav", audio, SAMPLE_RATE)
            held = 0.1 * np.sin(np.arange(40 * SAMPLE_RATE) * (2 * np.pi * 220 / SAMPLE_RATE))
            soundfile.write(pool / "chord.wav", held, SAMPLE_RATE)
            fate = label(pool / "chord.wav", "chord", teacher, pool, FEATURES)
            self.assertEqual(fate, "few drums")
            label(pool / "beat.wav", "beat", teacher, pool, FEATURES)
            self.assertEqual([path.name for path in pool.glob("*.npz")], ["beat.npz"])
            item = read_item(pool / "beat.npz")
        self.assertEqual((item.dataset, item.kind), ("heard", "mix"))
        self.assertEqual(item.known.sum(), N_DRUMS)  # no velocities, no beats
        for drum, first in ((KICK, 0.0), (SNARE, 0.5)):
            times = item.onsets[item.onsets[:, 1] == drum, 0]
            off_grid = np.abs((times - first + 0.5) % 1.0 - 0.5)
            self.assertGreater((off_grid < 0.03).sum(), 20, DRUMS[drum])


class LikelihoodsTest(unittest.TestCase):
    def test_batches_hold_them_as_targets_where_the_segment_lies(self):
        given = np.random.default_rng(1).uniform(0, 1, (300, N_DRUMS)).astype(np.float16)
        with tempfile.TemporaryDirectory() as place:
            np.savez(Path(place) / "a.npz", features=np.arange(300, dtype=np.float16)[:, None],
                     onsets=np.array([[1.0, KICK, 0.0]]), beats=np.zeros((0, 2)), has_beats=False,
                     has_velocities=False, likelihoods=given, dataset="heard", kind="mix")
            batch = Sampler([Pool(Path(place), refresh_s=None)], 100, mask_share=0).batch(5)
        for features, targets in zip(batch.features[..., 0], batch.targets):
            inside = features > 0
            np.testing.assert_array_equal(targets[inside][:, ONSETS],
                                          given[features[inside].long()].astype(np.float32))
        self.assertEqual(float(batch.known.sum()), 5 * N_DRUMS)


if __name__ == "__main__":
    unittest.main()
