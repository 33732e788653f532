# SPDX-License-Identifier: GPL-3.0-or-later

import sys
import unittest
from collections import Counter
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import choke_figures
from drums import CRASH, KICK, SNARE
from groove import Performance


def song(n_bars=40):
    """Each bar of two seconds has a crash with the kick, then snare and kick in quavers."""
    hits = []
    for bar in range(n_bars):
        hits += [(2.0 * bar, KICK, 0.9), (2.0 * bar + 0.01, CRASH, 0.9)]
        hits += [(2.0 * bar + 0.25 * k, (SNARE, KICK)[k % 2], 0.7) for k in range(1, 8)]
    return Performance("crashes", 120.0, (4, 4), np.array(hits), 2.0 * n_bars)


class ChokeFiguresTest(unittest.TestCase):
    def drawn(self):
        for seed in range(40):
            performance = song()
            chokes, stops = choke_figures.choke_some(np.random.default_rng(seed), performance)
            if len(chokes) > 20:
                return performance, chokes, stops
        raise AssertionError("no seed chokes most crashes")

    def test_some_songs_choke_no_crash(self):
        counts = [len(choke_figures.choke_some(np.random.default_rng(seed), song())[0]) for seed in range(40)]
        self.assertIn(0, counts)
        self.assertGreater(max(counts), 25)

    def test_a_stop_silences_what_follows_and_other_chokes_do_not(self):
        performance, chokes, stops = self.drawn()
        self.assertEqual(len(stops), len(chokes))
        self.assertIn(False, stops)
        for (i, (after_s, fade_s)), stop in zip(sorted(chokes.items()), stops):
            time_s = performance.hits[i, 0]
            self.assertEqual(performance.hits[i, 1], CRASH)
            self.assertTrue(0.1 <= after_s < 0.6 and 0.03 <= fade_s <= 0.12)
            others = performance.hits[performance.hits[:, 0] > time_s + 0.04, 0]
            if stop and len(others):
                self.assertGreaterEqual(others[0], time_s + after_s + 0.25)
            elif time_s < 78:
                self.assertAlmostEqual(others[0], time_s + 0.24)

    def test_counts_what_was_marked(self):
        performance = song(4)
        chokes = {1: (0.25, 0.05), 10: (0.25, 0.05)}
        heard = [{"time_s": 0.02, "choked_after_s": 0.3}, {"time_s": 2.0}, {"time_s": 4.0, "choked_after_s": 0.2},
                 {"time_s": 6.02}, {"time_s": 7.0}]
        counts = Counter()
        choke_figures.count(counts, performance, chokes, [True, False], heard)
        self.assertEqual({kind: n for kind, n in counts.items() if n}, {
            "stops": 1, "stops, marked": 1, "choked while others play": 1, "crashes that ring": 2,
            "crashes that ring, marked": 1, "invented crashes": 1})


if __name__ == "__main__":
    unittest.main()
