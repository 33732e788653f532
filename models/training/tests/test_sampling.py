# SPDX-License-Identifier: GPL-3.0-or-later

import contextlib
import io
import json
import re
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import blas  # noqa: F401
import numpy as np

from dataset import Pool, write_item
from feature_variations import FeatureVariations, n_inputs, views_of
from sampling import Sampler, pool_shares, prefetch
from synthetic import make_pool

SETTINGS = json.loads((Path(__file__).resolve().parents[1] / "features.json").read_text())


class WithPool(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        make_pool(self.folder / "train", 6)


class PoolTest(WithPool):
    def test_items_that_are_not_whole_are_left_out(self):
        folder = self.folder / "train"
        (folder / "broken.npz").write_bytes(b"PK\x03\x04 nothing more")
        with np.load(folder / "item0001.npz") as item:
            np.savez_compressed(folder / "squeezed.npz", **item)
        squeezed = bytearray((folder / "squeezed.npz").read_bytes())
        squeezed[60:160] = bytes(100)  # zlib.error
        (folder / "squeezed.npz").write_bytes(squeezed)
        whole = (folder / "item0001.npz").read_bytes()
        for name, old, new in (("header", rb"\A([^}]*)}", b"\\1("),  # tokenize.TokenError
                               ("method", rb"(?s)(PK\x01\x02.{6}).", b"\\1\x09"),  # NotImplementedError
                               ("locked", rb"(?s)(PK\x01\x02.{4}).", b"\\1\x01")):  # RuntimeError
            (folder / f"{name}.npz").write_bytes(re.sub(old, new, whole))
        with contextlib.redirect_stderr(io.StringIO()) as messages:
            pool = Pool(folder, refresh_s=None)
        self.assertEqual(len(pool.view.items), 6)
        for name in ("broken", "squeezed", "header", "method", "locked"):
            self.assertIn(f"{name}.npz: ", messages.getvalue())

    def test_items_that_do_not_tell_their_origin_are_left_out(self):
        with np.load(self.folder / "train" / "item0001.npz") as item:
            content = dict(item)
        del content["dataset"]
        np.savez(self.folder / "train" / "item0001.npz", **content)
        with contextlib.redirect_stderr(io.StringIO()) as messages:
            pool = Pool(self.folder / "train", refresh_s=None)
            self.assertEqual(len(pool.view.items), 5)
            pool.refresh()
        self.assertRegex(messages.getvalue(), "item0001.npz: .*dataset")
        self.assertEqual(messages.getvalue().count("\n"), 1)  # told once

    def test_an_item_that_is_not_finished_leaves_nothing(self):
        with self.assertRaises(TypeError):
            write_item(self.folder, "a", np.zeros((3, 4)), file=object())
        self.assertEqual(list(self.folder.glob(".*")), [])

    def test_a_full_memory_takes_new_items_for_old_ones(self):
        pool = Pool(self.folder / "train", gigabytes=3 * 2000 * 40 * 2 / 1e9, refresh_s=None)
        self.assertEqual(len(pool.view.items), 3)
        before = {item.name for item in pool.view.items}
        pool.refresh()
        after = {item.name for item in pool.view.items}
        self.assertEqual(len(after), 3)
        self.assertEqual(len(before & after), 2)  # a tenth of the memory at a time, here one


    def test_statistics_are_those_of_every_third_frame(self):
        pool = Pool(self.folder / "train", refresh_s=None)
        frames = np.concatenate([item.features[::3] for item in pool.view.items]).astype(float)
        mean, deviation = pool.statistics()
        np.testing.assert_allclose(mean, frames.mean(0), atol=1e-4)
        np.testing.assert_allclose(deviation, frames.std(0), atol=1e-4)

    def test_hours_of_the_folder_count_what_memory_has_no_room_for(self):
        pool = Pool(self.folder / "train", gigabytes=3 * 2000 * 40 * 2 / 1e9, refresh_s=None)
        self.assertAlmostEqual(pool.hours, 3 * 20 / 3600)
        self.assertAlmostEqual(pool.folder_hours, 6 * 20 / 3600, delta=0.001)

    def test_two_may_refresh_at_once(self):
        """As a training does that waits for songs beside the pool's own thread."""
        inside, most = [], []

        class Watched(Pool):
            def _read(self, path):
                inside.append(path)
                most.append(len(inside))
                time.sleep(0.002)
                inside.pop()
                return super()._read(path)

        pool = Watched(self.folder / "train", gigabytes=2 * 2000 * 40 * 2 / 1e9, refresh_s=None)
        both = [threading.Thread(target=pool.refresh) for _ in range(2)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        self.assertEqual(max(most), 1)


class SamplerTest(WithPool):
    def test_batches_are_batch_frames_inputs(self):
        batch = Sampler([Pool(self.folder / "train", refresh_s=None)], frames=100).batch(4)
        self.assertEqual(batch.features.shape, (4, 100, 40))
        self.assertEqual(batch.targets.shape, (4, 100, 28))

    def test_segments_begin_before_a_song_and_end_after_it(self):
        folder = self.folder / "one"
        folder.mkdir()
        write_item(folder, "a", np.ones((300, 3)), onsets=np.zeros((0, 3)), beats=np.zeros((0, 2)),
                   has_beats=False, kind="drums", dataset="rendered")
        sampler = Sampler([Pool(folder, refresh_s=None)], 200, rare_share=0, mask_share=0)
        sounding = sampler.batch(100).features[..., 0].sum(1)
        whole = sampler.batch(100).features[:, [0, -1], 0]
        self.assertEqual(float(sounding.max()), 200)
        self.assertGreaterEqual(float(sounding.min()), 150)  # a quarter may be silence
        self.assertTrue((whole.amin(0) == 0).all() and (whole.amax(0) == 1).all())

    def test_bands_that_play_along_are_named_too(self):
        n = n_inputs(views_of(SETTINGS))
        pools = []
        for dataset, kind in (("rendered", "drums"), ("elsewhere", "band")):
            folder = self.folder / kind
            folder.mkdir()
            write_item(folder, "a", np.ones((300, n)), onsets=np.zeros((0, 3)), kind=kind,
                       beats=np.zeros((0, 2)), has_beats=False, dataset=dataset)
            pools.append(Pool(folder, refresh_s=None))
        for share, names in ((0.0, {"rendered"}), (1.0, {"rendered", "elsewhere"})):
            sampler = Sampler(pools[:1], 100, band=pools[1], band_shares=(share, 0.0),
                              variations=FeatureVariations(SETTINGS, np.random.default_rng(1)))
            self.assertEqual(sampler.batch(2).datasets, names)
        folder = self.folder / "mix"
        folder.mkdir()
        write_item(folder, "a", np.ones((300, n)), onsets=np.zeros((0, 3)), kind="mix",
                   beats=np.zeros((0, 2)), has_beats=False, dataset="rendered")
        sampler.pools = (Pool(folder, refresh_s=None),)  # whose share of bands is 0
        self.assertEqual(sampler.batch(4).datasets, {"rendered"})
        # What records hold stays as it is, and what a model heard in them gets no band.
        for dataset, more, varies in (("mdb", {}, False),
                                      ("heard", {"likelihoods": np.zeros((300, 13))}, True)):
            folder = self.folder / dataset
            folder.mkdir()
            write_item(folder, "a", np.ones((300, n)), onsets=np.zeros((0, 3)), kind="drums",
                       beats=np.zeros((0, 2)), has_beats=False, dataset=dataset, **more)
            sampler.pools = (Pool(folder, refresh_s=None),)
            batch = sampler.batch(4)
            self.assertEqual(batch.datasets, {dataset})
            self.assertEqual(bool(((batch.features - 0.5).abs() != 0.5).any()), varies)

    def test_segments_around_rare_drums_hold_them(self):
        features = np.zeros((3000, 40), np.float16)
        onsets = np.array([[0.5 * k, 0, 1.0] for k in range(50)] + [[27.0, 11, 1.0]], np.float32)
        folder = self.folder / "rare"
        folder.mkdir()
        np.savez(
            folder / "a.npz",
            features=features,
            onsets=onsets,
            beats=np.zeros((0, 2)),
            has_beats=False,
            kind="drums",
            dataset="rendered",
        )
        pool = Pool(folder, refresh_s=None)
        targets = Sampler([pool], 200, rare_share=1.0, rare_power=0.0).batch(64).targets[..., 11]
        rare, places = targets.max(1)
        places = places[rare > 0.9]  # anywhere in the segment
        self.assertLess(int(places.min()), 50)
        self.assertGreater(int(places.max()), 150)
        plain = Sampler([pool], 200, rare_share=0.0).batch(64).targets[..., 11].amax(1)
        self.assertGreater(float((rare > 0.9).float().mean()), 0.35)
        self.assertLess(float((plain > 0.9).float().mean()), 0.2)


class ShareTest(unittest.TestCase):
    def test_shares_follow_the_hours_unless_fixed(self):
        shares = pool_shares([100.0, 10.0, 1.0], [None, None, 0.2])
        self.assertAlmostEqual(shares.sum(), 1.0)
        self.assertAlmostEqual(shares[2], 0.2)
        self.assertAlmostEqual(shares[0] / shares[1], 10**0.7)

    def test_segments_come_from_the_pools_in_these_shares(self):
        with tempfile.TemporaryDirectory() as name:
            pools = []
            for k, value in enumerate((1.0, 2.0)):
                folder = Path(name) / str(k)
                folder.mkdir()
                np.savez(folder / "a.npz", features=np.full((3000, 5), value, np.float16),
                         onsets=np.zeros((0, 3)), beats=np.zeros((0, 2)), has_beats=False,
                         kind="mix", dataset="rendered")
                pools.append(Pool(folder, refresh_s=None))
            batch = Sampler(pools, 200, rare_share=0, mask_share=0, shares=[None, 0.25]).batch(800)
            of_second = float((batch.features.amax((1, 2)) == 2).float().mean())
            self.assertAlmostEqual(of_second, 0.25, delta=0.05)

    def test_what_goes_wrong_while_drawing_is_raised_where_batches_are_taken(self):
        class Broken:
            def batch(self, size):
                raise ArithmeticError("no batch")

        with self.assertRaisesRegex(ArithmeticError, "no batch"):
            next(prefetch(Broken(), 4))


if __name__ == "__main__":
    unittest.main()
