# SPDX-License-Identifier: GPL-3.0-or-later

import contextlib
import io
import sys
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

import pooling
from dataset import write_item
from drums import BELL, DRUMS, HATS, RIDE, TOMS
from fitting import FittingTest
from safetensors import read_model

# Stands in for fyr: copies NAME.found, or NAME.pooled if the model pools.
STUB = r"""#!/usr/bin/env python3
import pathlib, shutil, sys
command, q, f, csv, o, folder, option, model, *recordings = sys.argv[1:]
assert (command, q, f, csv, o, option) == ("transcribe", "-q", "-f", "csv", "-o", "--model")
pooled = b'pooled\\":true' in pathlib.Path(model).read_bytes()
for recording in map(pathlib.Path, recordings):
    source = recording.with_suffix(".pooled" if pooled else ".found")
    shutil.copy(source, folder + recording.stem + ".csv")
"""


class PoolingTest(FittingTest):
    def setUp(self):
        self.set_up(STUB, {"peak_picking": {drum: {"threshold": 0.3} for drum in DRUMS}})

    def write_song(self, truth, found, pooled, name="song"):
        """Hits are (time, drum) each; the truth's may have a velocity."""
        self.recording = self.folder / f"{name}.flac"
        self.recording.touch()
        for suffix, hits in ((".csv", truth), (".found", found), (".pooled", pooled)):
            rows = [f"{time},{drum},{of_one[0] if of_one else 0.8}" for time, drum, *of_one in hits]
            column = "velocity" if suffix == ".csv" else "confidence"
            self.recording.with_suffix(suffix).write_text(f"time_s,drum,{column}\n" + "\n".join(rows))

    def gains(self):
        return pooling.gains(self.fyr, self.model, sorted(self.folder.glob("*.flac")))

    def test_sounds_and_strokes_are_counted_apart(self):
        truth = [(1, "closed_hihat"), (2, "closed_hihat"), (3, "open_hihat")]
        self.write_song(truth, truth[:1], [*truth[:1], (2, "pedal_hihat"), (3, "open_hihat")])
        gain = self.gains()[HATS]
        self.assertAlmostEqual(gain.strokes, 1 - 1 / 2)
        self.assertAlmostEqual(gain.sounds, 2 / 3 - 1 / 2)
        self.assertEqual(self.gains()[TOMS], (0, 0))

    def test_kinds_of_songs_weigh_alike(self):
        truth = [(1, "closed_hihat")]
        self.write_song(truth, [], truth, "alone")
        for name in ("first", "second", "third"):
            self.write_song(truth, [], [], name)
            write_item(self.folder, name, np.zeros((9, 2)), kind="mix", sources=["played", "a kit"])
        self.assertAlmostEqual(self.gains()[HATS].strokes, 2 * 1 / (1 + 2))

    def test_soft_hits_count_neither_as_missed_nor_as_invented(self):
        truth = [(1, "closed_hihat"), (2, "open_hihat", 0.1)]
        self.write_song(truth, truth[:1], [*truth[:1], (2, "open_hihat")])
        self.assertEqual(self.gains()[HATS], (0, 0))

    def test_what_gains_is_pooled_and_what_loses_is_not(self):
        truth = [*((k, "closed_hihat") for k in range(9)), (20, "ride"), (21, "ride")]
        found = [(0, "closed_hihat"), (20, "ride"), (21, "ride")]
        pooled = [*truth[:9], (20, "ride"), (21, "ride"), (22, "ride_bell")]
        self.write_song(truth, found, pooled)
        arguments = ["pooling", self.model, "--fyr", self.fyr, "--songs", self.folder]
        with mock.patch("sys.argv", [str(word) for word in arguments]):
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                pooling.main()
        picking = read_model(self.model)[1]["peak_picking"]
        of = lambda drums: {picking[DRUMS[drum]]["pooled"] for drum in drums}
        self.assertEqual(of(HATS), {True})
        self.assertEqual(of((RIDE, BELL)), {False})
        self.assertIn("closed_hihat pedal_hihat open_hihat: F of sounds +0.", printed.getvalue())


if __name__ == "__main__":
    unittest.main()
