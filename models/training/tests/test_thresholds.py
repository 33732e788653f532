# SPDX-License-Identifier: GPL-3.0-or-later

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from drums import DRUMS
from dataset import write_item
from export import PEAK_PICKING
from fitting import FittingTest
from safetensors import read_model
from scoring import count_at, f_measure, match, pick_peaks
from thresholds import (
    THRESHOLDS,
    Song,
    apply_gap,
    best_threshold,
    find_hits,
    fit,
    fit_drum,
    fit_presence,
    kind_and_kit,
    label,
    middle_of_best,
    smoothed,
    song_weights,
    weighted_counts,
    without_soft,
)

# Stands in for fyr: "computes" NAME.npy by copying NAME.peaks and checks how it is called.
STUB = """#!/usr/bin/env python3
import pathlib, shutil, sys
command, of, model, o, folder, *recordings = sys.argv[1:]
assert (command, of, o) == ("features", "--peaks-of", "-o")
assert pathlib.Path(model).exists()
for recording in map(pathlib.Path, recordings):
    shutil.copy(recording.with_suffix(".peaks"), f"{folder}/{recording.stem}.npy")
"""


def peak_rows(drum, hits):
    """As fyr writes them, at .9 before context; hits: times and confidences in context."""
    return [[DRUMS.index(drum), time, 0.9, confidence, *[0.0] * 5] for time, confidence in hits]


class ScoringTest(unittest.TestCase):
    def test_each_hit_matches_once(self):
        pairs = match(np.array([1.0, 1.03]), np.array([1.01, 1.02, 1.04]))
        self.assertEqual(pairs.tolist(), [[0, 1], [0, 1]])

    def test_counts_fall_as_the_threshold_rises(self):
        song = (np.array([1.0, 2.0]), np.array([2.01, 1.0, 3.0]), np.array([0.4, 0.8, 0.2]))
        counts = count_at([song], np.array([0.1, 0.3, 0.5]))
        self.assertEqual(counts.tolist(), [[2, 3, 2], [2, 2, 2], [1, 1, 2]])
        self.assertEqual(f_measure(*counts[1]), 1.0)

    def test_peaks_are_found_between_frames_and_at_the_edges(self):
        activation = np.zeros(50)
        activation[[19, 20, 21]] = 0.3, 1.0, 0.7
        activation[0] = 0.9
        times, confidences = pick_peaks(activation)
        np.testing.assert_allclose(times, [0.0, 0.202], atol=0.006)
        self.assertTrue((confidences > 0.7).all())

    def test_a_gap_keeps_the_more_confident_hit(self):
        hits = np.array([[1.03, 0.9], [1.0, 0.5], [1.2, 0.4]])
        self.assertEqual(apply_gap(hits, 0.05)[:, 0].tolist(), [1.03, 1.2])
        self.assertEqual(len(apply_gap(hits, 0.02)), 3)


def song_of_kicks(times, found):
    """found: [n, 2] times and confidences."""
    rest = len(DRUMS) - 1
    found = np.array(found).reshape(-1, 2)
    return Song("drums", "", [np.array(times), *[np.zeros(0)] * rest],
                [found[np.argsort(-found[:, 1], kind="stable")], *[np.zeros((0, 2))] * rest])


class LabelTest(unittest.TestCase):
    def test_the_surest_peak_takes_the_hit(self):
        labels = label(np.array([1.0, 1.03, 2.0]), np.array([0.3, 0.6, 0.4]),
                       np.array([[1.01, 0.8], [2.2, 0.8]]))
        self.assertEqual(labels.tolist(), [0, 1, 0])

    def test_peaks_of_soft_hits_are_told_from_others(self):
        labels = label(np.array([1.0, 2.0]), np.array([0.3, 0.6]), np.array([[1.0, 0.1]]))
        self.assertEqual(labels.tolist(), [-1, 0])


class DrumTest(unittest.TestCase):
    def test_inventing_an_absent_drum_costs_a_song(self):
        times = np.arange(40.0)
        played = song_of_kicks(times, [(t, 0.7 if t % 2 else 0.5) for t in times])
        without = [song_of_kicks([], [(1.0, 0.55)])] * 10
        threshold, presence, _ = fit_presence([played, *without], 0, 0.02)
        self.assertTrue(0.55 < threshold <= 0.7, threshold)
        threshold, presence, f = fit_presence([played], 0, 0.02)
        self.assertTrue(threshold <= 0.5 and f == 1, threshold)

    def test_of_thresholds_that_do_alike_the_middle_one_is_taken(self):
        for curve, index in (([0, 2, 2, 2, 1, 2], 2), ([2, 1], 0), ([1, 2, 2 - 1e-12], 1), ([3] * 5, 2)):
            self.assertEqual(middle_of_best(np.array(curve)), index)
        times = np.arange(40.0)
        song = song_of_kicks(times, [(t, 0.81) for t in times] + [(t + 0.5, 0.3) for t in times])
        alike = THRESHOLDS[(THRESHOLDS > 0.3) & (THRESHOLDS <= 0.81)]
        for threshold, *_, f in (best_threshold([song], 0, 0.02), fit_presence([song], 0, 0.02)):
            self.assertEqual(f, 1)
            self.assertAlmostEqual(threshold, alike[len(alike) // 2], delta=0.021)

    def test_smoothing_does_not_lower_the_ends(self):
        np.testing.assert_allclose(smoothed(np.ones(9)), 1)
        np.testing.assert_allclose(smoothed(np.eye(1, 9, 4)[0])[2:7], 0.2)

    def test_a_longer_gap_must_earn_its_place(self):
        times = 0.5 * np.arange(400)
        for doubled, gap_s in ((1, 0.02), (5, 0.04)):
            found = [(t, 0.9) for t in times] + [(t + 0.035, 0.9) for t in times[:doubled]]
            self.assertEqual(fit_drum([song_of_kicks(times, found)], 0, 0.03)[2], gap_s)


class WeightsTest(unittest.TestCase):
    def test_kinds_weigh_alike_and_kits_by_the_square_root_of_their_songs(self):
        origins = [("mix", "a")] * 4 + [("mix", "b")] + [("drums", "a")]
        weights = song_weights(origins)
        np.testing.assert_allclose(weights[:4].sum(), 2 / 3)
        np.testing.assert_allclose(weights[4:], [1 / 3, 1])

    def test_counts_of_songs_are_weighed(self):
        songs = [song_of_kicks([1.0], [(1.0, 0.9)]), *[song_of_kicks([1.0], [])] * 3]
        songs[1:] = [song._replace(kind="mix") for song in songs[1:]]
        np.testing.assert_allclose(weighted_counts(songs, 0, 0.02, np.array([0.5])), [[1, 1, 2]])


class FitTest(FittingTest):
    def setUp(self):
        picking = {drum: dict(PEAK_PICKING) for drum in DRUMS}
        description = {"peak_picking": picking, "time_offset_s": 0.5, "training": {}}
        self.set_up(STUB, description)

    def write_song(self, name, seed):
        """60 snares found 8 ms late at .4 to .9, as many false ones at .05 to .3, each with an echo
        70 ms later."""
        random = np.random.default_rng(seed)
        truth = np.arange(60) * 0.5
        rows = [(t + 0.008, random.uniform(0.4, 0.9)) for t in truth]
        rows += [(t + 0.25, random.uniform(0.05, 0.3)) for t in truth]
        rows += [(t + 0.078, 0.38) for t in truth]
        (self.folder / f"{name}.flac").touch()
        write = lambda suffix, lines: (self.folder / (name + suffix)).write_text("\n".join(lines))
        write(".csv", ["time_s,drum,velocity"] + [f"{t},snare,0.5" for t in truth])
        with open(self.folder / f"{name}.peaks", "wb") as file:
            np.save(file, np.array(peak_rows("snare", rows), np.float32))
        return self.folder / f"{name}.flac"

    def test_a_song_tells_its_kind_and_kit(self):
        song = self.write_song("one", 1)
        self.assertEqual(kind_and_kit(song), ("drums", ""))
        write_item(self.folder, "one", np.zeros((9, 2)), kind="mix", sources=["played", "a kit"])
        self.assertEqual(kind_and_kit(song), ("mix", "a kit"))

    def test_threshold_gap_and_offset_are_found(self):
        songs = [self.write_song("one", 1), self.write_song("two", 2)]
        settings, offset, report = fit(self.fyr, self.model, songs)
        self.assertGreater(settings["snare"]["threshold"], 0.28)
        self.assertLess(settings["snare"]["threshold"], 0.5)
        self.assertAlmostEqual(offset, 0.5 - 0.008, places=4)
        self.assertEqual(settings["kick"], PEAK_PICKING)
        self.assertEqual(len(report), len(DRUMS) + 1)
        self.assertEqual(read_model(self.model)[1]["time_offset_s"], 0.5)

    def test_the_confidences_that_thresholds_meet_are_those_in_context(self):
        song = self.write_song("one", 1)
        rows = np.load(song.with_suffix(".peaks"))
        rows[:, 2] = 0.77
        with open(song.with_suffix(".peaks"), "wb") as file:
            np.save(file, rows)
        (heard,) = find_hits(self.fyr, self.model, [song])
        np.testing.assert_allclose(heard.found[DRUMS.index("snare")][:, 1], np.sort(rows[:, 3])[::-1])

    def test_timing_is_that_of_the_hits_which_the_new_settings_find(self):
        song = self.write_song("one", 1)
        early = peak_rows("snare", [(0.5 * k - 0.04, 0.25) for k in range(1, 60)])
        rows = np.concatenate([np.load(song.with_suffix(".peaks")), np.float32(early)])
        with open(song.with_suffix(".peaks"), "wb") as file:
            np.save(file, rows)
        settings, offset, _ = fit(self.fyr, self.model, [song])
        self.assertGreater(settings["snare"]["threshold"], 0.25)
        self.assertAlmostEqual(offset, 0.5 - 0.008, places=4)

    def test_soft_hits_are_neither_missed_nor_invented(self):
        reference = [np.array([[1.0, 0.1], [2.0, 0.8], [3.0, 0.1]])]
        found = [np.array([[2.01, 0.9], [1.02, 0.7], [4.0, 0.3]])]
        loud, kept = without_soft(reference, found)
        self.assertEqual(loud[0].tolist(), [2.0])
        self.assertEqual(kept[0].tolist(), [[2.01, 0.9], [4.0, 0.3]])

    def test_a_grace_note_takes_no_sure_stroke_away(self):
        strokes = np.arange(10.0)
        notes = [*((t - 0.03, 0.15) for t in strokes), *((t, 0.9) for t in strokes)]
        loud, kept = without_soft([np.array(notes)], [np.array([(t, 0.95) for t in strokes])])
        self.assertEqual(loud[0].tolist(), strokes.tolist())
        self.assertEqual(kept[0][:, 0].tolist(), strokes.tolist())

    def test_a_drum_that_is_never_recognised_gets_the_others_threshold(self):
        song = self.write_song("one", 1)
        with open(song.with_suffix(".csv"), "a") as file:
            file.write("".join(f"\n{k * 0.7 + 0.31:.3f},crash,0.9" for k in range(40)))
        found = peak_rows("crash", [(k * 0.9 + 0.11, 0.6) for k in range(40)])
        rows = np.concatenate([np.load(song.with_suffix(".peaks")), np.float32(found)])
        with open(song.with_suffix(".peaks"), "wb") as file:
            np.save(file, rows)
        settings, _, _ = fit(self.fyr, self.model, [song])
        # Drums of too few hits keep theirs, which tells nothing of what these songs ask for.
        self.assertEqual(settings["kick"], PEAK_PICKING)
        self.assertNotEqual(settings["snare"]["threshold"], PEAK_PICKING["threshold"])
        self.assertEqual(settings["crash"]["threshold"], settings["snare"]["threshold"])
        self.assertEqual(settings["crash"]["presence"], 0.5)

    def test_where_no_drum_is_recognised_each_keeps_its_own_threshold(self):
        song = self.write_song("one", 1)
        rows = [[(0.7 * k + 0.11, 0.6 - 0.01 * k) for k in range(40)] for _ in DRUMS]
        with open(song.with_suffix(".peaks"), "wb") as file:
            np.save(file, np.float32(sum(map(peak_rows, DRUMS, rows), [])))
        lines = [f"{0.9 * k + 0.31:.3f},{drum},0.9" for k in range(40) for drum in DRUMS]
        song.with_suffix(".csv").write_text("\n".join(["time_s,drum,velocity", *lines]))
        settings, _, _ = fit(self.fyr, self.model, [song])
        for drum in DRUMS:
            self.assertTrue(0 < settings[drum]["threshold"] < 1, settings[drum])


if __name__ == "__main__":
    unittest.main()
