# SPDX-License-Identifier: GPL-3.0-or-later

"""Random segments of labelled songs, in batches that a background thread or other processes prepare."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from dataset import Item, Pool, View
from feature_variations import FeatureVariations
from network import N_DRUMS, N_OUTPUTS, ONSETS
from targets import FRAMES_PER_SECOND, build_targets


class Batch(NamedTuple):
    features: torch.Tensor  # [batch, frames, inputs]
    targets: torch.Tensor  # [batch, frames, 28]
    known: torch.Tensor  # [batch, 28], 1 for the outputs whose truth is known
    mask: torch.Tensor  # [batch, 1, inputs], see DrumNetwork.forward
    datasets: frozenset[str]  # where the segments come from


_VARIED = ("rendered", "heard")
_HIDDEN_DB = -12.0  # drums rising that far under the band cannot be made out


def cut(features: np.ndarray, first: int, frames: int) -> np.ndarray:
    """Rows first..first + frames - 1, zeros beyond both ends, float32."""
    segment = np.zeros((frames, features.shape[1]), np.float32)
    low, high = max(first, 0), min(first + frames, len(features))
    if high > low:
        segment[low - first : high - first] = features[low:high]
    return segment


def pool_shares(
    hours: Sequence[float], fixed: Sequence[float | None], power: float = 0.7
) -> np.ndarray:
    """Probability of each pool: as fixed, the rest divided by hours^power.

    0.7 is what the best models of ADTOF were trained with (Zehren et al., "High-Quality and
    Reproducible Automatic Drum Transcription from Crowdsourced Data", Signals 2023).
    """
    free = np.array([share is None for share in fixed])
    shares = np.array([share or 0.0 for share in fixed])
    weights = np.where(free, np.maximum(hours, 1e-6) ** power, 0.0)
    if free.any():
        shares += (1 - shares.sum()) * weights / weights.sum()
    return shares / shares.sum()


class Sampler:
    """Draws segments of `frames` frames from some pools.

    `shares`: probability of each pool, None where it is to follow from the pools' hours, see
    pool_shares. A share `rare_share` of them is drawn around a hit of a chosen drum, drums being chosen with
    probability proportional to count^rare_power (1: as they come, 0: all alike); the others
    uniformly from all frames. Segments may reach beyond both ends of a song, where silence (features
    0) follows at once; the product has the frames beyond whose windows still touch the recording
    first (see network.run_song). `mask_share` of the segments get up to two runs of up
    to 16 neighbouring features hidden (Park et al., Interspeech 2019).

    `variations` change rendered segments; from `band`, a pool of music without drums, they get
    accompaniment: `band_shares` of the songs of drums alone and of those that are mixes already, two
    bands at once in `two_bands_share` of these cases.
    Hits that the band then hides lose their label.
    """

    def __init__(
        self,
        pools: Sequence[Pool],
        frames: int = 500,
        seed: int = 0,
        rare_share: float = 0.4,
        rare_power: float = 0.3,
        mask_share: float = 0.3,
        shares: Sequence[float | None] | None = None,
        variations: FeatureVariations | None = None,
        band: Pool | None = None,
        band_shares: tuple[float, float] = (0.6, 0.2),
        two_bands_share: float = 0.35,
    ):
        self.pools, self.frames = tuple(pools), frames
        self.shares = shares or [None] * len(self.pools)
        self.rare_share, self.rare_power, self.mask_share = rare_share, rare_power, mask_share
        self.random = np.random.default_rng(seed)
        self.variations, self.band, self.band_shares = variations, band, band_shares
        self.two_bands_share = two_bands_share

    def _place(self, view: View):
        """An item and the segment's first frame, which may be negative."""
        weights = np.where(
            view.drum_counts > 0, np.maximum(view.drum_counts, 1) ** self.rare_power, 0
        )
        if weights.sum() > 0 and self.random.random() < self.rare_share:
            drum = self.random.choice(N_DRUMS, p=weights / weights.sum())
            item = view.items[
                np.searchsorted(view.by_drum[drum], self.random.random(), side="right")
            ]
            times = item.onsets[item.onsets[:, 1] == drum, 0]
            hit = int(times[self.random.integers(len(times))] * FRAMES_PER_SECOND)
            return item, hit - int(self.random.integers(self.frames))
        item = view.items[np.searchsorted(view.by_frames, self.random.random(), side="right")]
        margin = self.frames // 4
        latest = max(len(item.features) - self.frames, 0) + margin
        return item, int(self.random.integers(-margin, latest + 1))

    def _views(self, size: int) -> list[View]:
        """The view that each of `size` segments comes from."""
        if len(self.pools) == 1:
            return [self.pools[0].view] * size
        hours = [pool.folder_hours for pool in self.pools]
        chosen = self.random.choice(len(self.pools), size, p=pool_shares(hours, self.shares))
        views = [pool.view for pool in self.pools]
        return [views[k] for k in chosen]

    def _varies(self, item: Item) -> bool:
        return self.variations is not None and item.dataset in _VARIED

    def _bands(self, item: Item) -> list[Item]:
        """What is to play along with the item's drums: nothing, one band or two."""
        if not self._varies(item) or item.likelihoods is not None or self.band is None:
            return []
        if self.random.random() >= self.band_shares[item.kind == "mix"]:
            return []
        view = self.band.view
        places = self.random.random(2 if self.random.random() < self.two_bands_share else 1)
        return [view.items[k] for k in np.searchsorted(view.by_frames, places, side="right")]

    def _segment(
        self, item: Item, first: int, bands: Sequence[Item]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Features [frames, inputs] from frame `first` on with the bands under them, and the item's
        onsets that count."""
        if not self._varies(item):
            return cut(item.features, first, self.frames), item.onsets
        segment = cut(item.features, first - 1, self.frames + 1)
        features, clear_db = self.variations.varied(
            segment, [self._band_segment(band) for band in bands]
        )
        frames = np.floor(item.onsets[:, 0] * FRAMES_PER_SECOND + 0.5).astype(int) - first
        heard = np.ones(len(item.onsets), bool)
        inside = (frames >= 0) & (frames < self.frames)
        near = np.clip(frames[inside, None] + np.arange(-1, 3), 0, self.frames - 1)
        heard[inside] = clear_db[near].max(axis=1) > _HIDDEN_DB
        return features, item.onsets[heard]

    def _band_segment(self, band: Item) -> np.ndarray:
        """One frame more than a segment, from any place of the band that is whole."""
        latest = max(len(band.features) - self.frames - 1, 0)
        return cut(band.features, int(self.random.integers(latest + 1)), self.frames + 1)

    def batch(self, size: int) -> Batch:
        # Time-major memory behind a batch-major view: the recurrence reads it in order.
        inputs = self.pools[0].inputs
        features = np.zeros((self.frames, size, inputs), np.float32)
        targets = np.empty((self.frames, size, N_OUTPUTS), np.float32)
        known = np.empty((size, N_OUTPUTS), np.float32)
        mask = np.ones((size, 1, inputs), np.float32)
        datasets = set()
        for k, view in enumerate(self._views(size)):
            item, first = self._place(view)
            bands = self._bands(item)
            datasets.update(part.dataset for part in (item, *bands))
            features[:, k], onsets = self._segment(item, first, bands)
            targets[:, k] = build_targets(onsets, item.beats, first, self.frames)
            if item.likelihoods is not None:
                targets[:, k, ONSETS] = cut(item.likelihoods, first, self.frames)
            known[k] = item.known
            if self.random.random() < self.mask_share:
                for _ in range(self.random.integers(1, 3)):
                    start = self.random.integers(inputs)
                    mask[k, 0, start : start + self.random.integers(1, 17)] = 0
        return Batch(
            torch.from_numpy(features).transpose(0, 1),
            torch.from_numpy(targets).transpose(0, 1),
            torch.from_numpy(known),
            torch.from_numpy(mask),
            frozenset(datasets),
        )


class _Batches(IterableDataset):
    """An endless stream of batches, in each worker from a sampler of its own."""

    def __init__(self, open_sampler: Callable[[int], Sampler], size: int):
        self.open_sampler, self.size = open_sampler, size

    def __iter__(self) -> Iterator[Batch]:
        torch.set_num_threads(1)
        sampler = self.open_sampler(get_worker_info().id + 1)
        while True:
            yield sampler.batch(self.size)


def batches_of(open_sampler: Callable[[int], Sampler], size: int, workers: int) -> Iterator[Batch]:
    """An endless stream of batches from `workers` processes, or from a thread of this one where that
    is 0. `open_sampler` is called with 1..workers in the processes, with 0 here."""
    if workers == 0:
        return prefetch(open_sampler(0), size)
    return iter(
        DataLoader(
            _Batches(open_sampler, size), batch_size=None, num_workers=workers, prefetch_factor=3
        )
    )


def prefetch(sampler: Sampler, size: int, depth: int = 3):
    """An endless generator of batches that a background thread prepares; raises what ends that."""
    ready: queue.Queue[Batch | Exception] = queue.Queue(depth)

    def fill():
        try:
            while True:
                ready.put(sampler.batch(size))
        except Exception as error:
            ready.put(error)

    threading.Thread(target=fill, daemon=True).start()
    while True:
        batch = ready.get()
        if isinstance(batch, Exception):
            raise batch
        yield batch
