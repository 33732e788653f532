# SPDX-License-Identifier: GPL-3.0-or-later

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from network import BEATS, ONSETS, VELOCITIES
from targets import build_targets

NO_BEATS = np.zeros((0, 2), np.float32)


def one_hit(time_s, drum=1, velocity=0.7, first_frame=0, frames=40):
    return build_targets(np.array([[time_s, drum, velocity]]), NO_BEATS, first_frame, frames)


class TargetsTest(unittest.TestCase):
    def test_a_hit_on_a_frame_gives_half_one_half(self):
        target = one_hit(0.2)
        np.testing.assert_allclose(target[18:23, 1], [0, 0.5, 1, 0.5, 0], atol=1e-5)
        self.assertEqual(np.count_nonzero(np.delete(target[:, ONSETS], 1, 1)), 0)

    def test_the_peak_is_at_the_nearest_frame_and_its_parabola_at_the_true_time(self):
        for time_s in np.linspace(0.18, 0.22, 41):
            column = one_hit(time_s)[:, 1].astype(float)
            peak = int(np.argmax(column))
            self.assertLessEqual(abs(peak - 100 * time_s), 0.5 + 1e-4)
            left, top, right = column[peak - 1 : peak + 2]
            vertex = peak + 0.5 * (left - right) / (left - 2 * top + right)
            self.assertAlmostEqual(vertex, 100 * time_s, places=4)

    def test_hits_30_ms_apart_stay_apart(self):
        target = build_targets(np.array([[0.10, 3, 1.0], [0.13, 3, 0.5]]), NO_BEATS, 0, 30)
        np.testing.assert_allclose(target[9:15, 3], [0.5, 1, 0.5, 0.5, 1, 0.5], atol=1e-5)
        np.testing.assert_allclose(target[[10, 13], VELOCITIES.start + 3], [1.0, 0.5])

    def test_velocities_stand_where_the_onset_does(self):
        target = one_hit(0.2)
        np.testing.assert_allclose(target[19:22, VELOCITIES.start + 1], 0.7, rtol=1e-6)
        self.assertEqual(np.count_nonzero(target[:, VELOCITIES]), 3)

    def test_segments_cut_what_lies_outside(self):
        np.testing.assert_allclose(one_hit(0.2, first_frame=21)[:2, 1], [0.5, 0], atol=1e-5)
        self.assertEqual(np.count_nonzero(one_hit(0.2, first_frame=22)), 0)
        np.testing.assert_allclose(one_hit(0.0, first_frame=-5)[4:7, 1], [0.5, 1, 0.5], atol=1e-5)
        for time_s, end in ((0.39, [0.5, 1]), (0.4, [0, 0.5]), (0.41, [0, 0])):
            np.testing.assert_allclose(one_hit(time_s)[-2:, 1], end, atol=1e-5)

    def test_where_hits_overlap_the_nearer_one_counts(self):
        hits = np.array([[0.1, 1, 0.2], [0.118, 1, 0.9]])
        for onsets in (hits, hits[::-1]):
            target = build_targets(onsets, NO_BEATS, 0, 20)
            np.testing.assert_allclose(target[9:14, 1], [0.5, 1, 0.7, 1, 0.3], atol=1e-5)
            np.testing.assert_allclose(target[9:14, VELOCITIES.start + 1],
                                       [0.2, 0.2, 0.9, 0.9, 0.9], atol=1e-5)

    def test_downbeats_are_beats_too(self):
        beats = np.array([[0.1, 1], [0.2, 0]], np.float32)
        target = build_targets(np.zeros((0, 3)), beats, 0, 30)
        self.assertEqual(list(np.flatnonzero(target[:, BEATS.start] > 0.9)), [10, 20])
        self.assertEqual(list(np.flatnonzero(target[:, BEATS.start + 1] > 0.9)), [10])
        later = build_targets(np.zeros((0, 3)), beats, 5, 10)
        np.testing.assert_array_equal(later, target[5:15])


if __name__ == "__main__":
    unittest.main()
