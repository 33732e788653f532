# SPDX-License-Identifier: GPL-3.0-or-later

"""Rendered songs in memory, and random segments of them.

A pool is a folder of NAME.npz items: `features` float16 [frames, inputs] at 100 frames a second,
row 0 centred on the first sample; `onsets` float32 [n, 3] (time_s, drum, velocity 0..1); `beats`
float32 [m, 2] (time_s, is_downbeat), which count only where `has_beats`. Items may appear and
vanish at any time: a renderer can fill the pool while a training reads it, so that data larger than
memory, and larger than the disk, trains.
"""

import queue
import random
import sys
import threading
import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from network import N_DRUMS
from targets import FRAMES_PER_SECOND, build_targets


class Item(NamedTuple):
    name: str
    features: np.ndarray  # float16 [frames, inputs]
    onsets: np.ndarray  # float32 [n, 3]
    beats: np.ndarray  # float32 [m, 2]
    has_beats: bool
    drum_counts: np.ndarray  # [13]


class Batch(NamedTuple):
    features: torch.Tensor  # [batch, frames, inputs]
    targets: torch.Tensor  # [batch, frames, 28]
    has_beats: torch.Tensor  # [batch], 1 where the beat columns are known
    mask: torch.Tensor  # [batch, 1, inputs], see DrumNetwork.forward


def read_item(path: Path) -> Item:
    """Raises OSError, ValueError or KeyError for files that are not whole items."""
    try:
        with open(path, "rb") as stream, np.load(stream) as file:
            onsets = np.asarray(file["onsets"], np.float32).reshape(-1, 3)
            beats = np.asarray(file["beats"], np.float32).reshape(-1, 2)
            features = np.asarray(file["features"], np.float16)
            has_beats = bool(file["has_beats"])
    except (zipfile.BadZipFile, EOFError) as error:
        raise ValueError(f"{path}: {error}") from error
    if features.ndim != 2 or len(features) == 0:
        raise ValueError(f"{path}: features must be [frames, inputs], found {features.shape}")
    counts = np.bincount(onsets[:, 1].astype(int), minlength=N_DRUMS)
    if len(counts) != N_DRUMS:
        raise ValueError(f"{path}: a drum number beyond {N_DRUMS - 1}")
    return Item(path.stem, features, onsets, beats, has_beats, counts)


class View(NamedTuple):
    """What segments are drawn from; never changed, only replaced."""

    items: tuple[Item, ...]
    by_frames: np.ndarray  # cumulative probability of each item
    by_drum: np.ndarray  # [13, items] the same for each drum's hits
    drum_counts: np.ndarray  # [13]


def _view(items) -> View:
    frames = np.array([len(item.features) for item in items], np.float64)
    counts = np.array([item.drum_counts for item in items], np.float64).reshape(-1, N_DRUMS).T
    by_frames, by_drum = np.cumsum(frames), np.cumsum(counts, 1)
    return View(
        tuple(items),
        by_frames / by_frames[-1],
        by_drum / np.maximum(by_drum[:, -1:], 1),
        counts.sum(1),
    )


class Pool:
    """The items of one folder, up to `gigabytes` of features, refreshed by a background thread.

    Items that vanish from the folder stay until room is needed; then the ones read first go first.
    With `refresh_s` None the folder is read once.
    """

    def __init__(
        self, folder: Path, gigabytes: float = 6.0, refresh_s: float = 20.0, inputs: int = None
    ):
        self.folder, self.limit_bytes = Path(folder), int(gigabytes * 1e9)
        self._items: dict[str, Item] = {}
        self._refused: dict[str, float] = {}
        self.inputs = inputs  # features per frame; None: as the first item has
        self.view: View = None
        self.refresh()
        if refresh_s is not None:
            threading.Thread(
                target=self._keep_fresh, args=(refresh_s, threading.Event()), daemon=True
            ).start()

    def _keep_fresh(self, every_s, never):
        while not never.wait(every_s):
            self.refresh()

    def refresh(self):
        """Reads new items; at most a tenth of the limit is replaced at a time once the memory is
        full."""
        files = {
            path.stem: path for path in self.folder.glob("*.npz") if not path.name.startswith(".")
        }
        new = [path for name, path in files.items() if name not in self._items]
        random.shuffle(new)
        held, read = sum(item.features.nbytes for item in self._items.values()), 0
        for path in new:
            if held >= self.limit_bytes and read >= self.limit_bytes // 10:
                break
            item = self._read(path)
            if item is not None:
                self._items[item.name] = item
                held, read = held + item.features.nbytes, read + item.features.nbytes
                while held > self.limit_bytes and len(self._items) > 1:
                    held -= self._items.pop(next(iter(self._items))).features.nbytes
        if read or (self.view is None and self._items):
            self.view = _view(list(self._items.values()))

    def _read(self, path: Path):
        try:
            changed = path.stat().st_mtime
            if self._refused.get(path.name) == changed:
                return None
            item = read_item(path)
            if self.inputs is None:
                self.inputs = item.features.shape[1]
            if item.features.shape[1] != self.inputs:
                raise ValueError(f"{path}: {item.features.shape[1]} inputs, expected {self.inputs}")
            return item
        except FileNotFoundError:
            return None  # the renderer took it away between listing and reading
        except (OSError, ValueError, KeyError) as error:
            self._refused[path.name] = changed
            print(f"dataset: left out {error}", file=sys.stderr)
            return None

    @property
    def hours(self) -> float:
        return (
            sum(len(item.features) for item in self.view.items) / FRAMES_PER_SECOND / 3600
            if self.view
            else 0.0
        )

    def statistics(self, items: int = 200):
        """Mean and deviation per feature over at most `items` items."""
        chosen = self.view.items
        if len(chosen) > items:
            chosen = random.Random(0).sample(chosen, items)
        count, total, square = 0, 0.0, 0.0
        for item in chosen:
            x = item.features[::3].astype(np.float64)
            count, total, square = count + len(x), total + x.sum(0), square + np.square(x).sum(0)
        mean = total / count
        return (
            torch.tensor(mean).float(),
            torch.tensor(np.sqrt(np.maximum(square / count - mean**2, 0))).float(),
        )


class Sampler:
    """Draws segments of `frames` frames.

    A share `rare_share` of them is drawn around a hit of a chosen drum, drums being chosen with
    probability proportional to count^rare_power (1: as they come, 0: all alike); the others
    uniformly from all frames. Segments may reach beyond both ends of a song, where silence
    (features 0) follows, as the product pads. `mask_share` of the segments get up to two runs of up
    to 16 neighbouring features hidden (Park et al., Interspeech 2019).
    """

    def __init__(
        self,
        pool: Pool,
        frames: int = 500,
        seed: int = 0,
        rare_share: float = 0.4,
        rare_power: float = 0.3,
        mask_share: float = 0.3,
    ):
        self.pool, self.frames = pool, frames
        self.rare_share, self.rare_power, self.mask_share = rare_share, rare_power, mask_share
        self.random = np.random.default_rng(seed)

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

    def batch(self, size: int) -> Batch:
        # Time-major memory behind a batch-major view: the recurrence reads it in order.
        features = np.zeros((self.frames, size, self.pool.inputs), np.float32)
        targets = np.empty((self.frames, size, 2 * N_DRUMS + 2), np.float32)
        has_beats = np.zeros(size, np.float32)
        mask = np.ones((size, 1, self.pool.inputs), np.float32)
        view = self.pool.view
        for k in range(size):
            item, first = self._place(view)
            low, high = max(first, 0), min(first + self.frames, len(item.features))
            if high > low:
                features[low - first : high - first, k] = item.features[low:high]
            targets[:, k] = build_targets(item.onsets, item.beats, first, self.frames)
            has_beats[k] = item.has_beats
            if self.random.random() < self.mask_share:
                for _ in range(self.random.integers(1, 3)):
                    start = self.random.integers(self.pool.inputs)
                    mask[k, 0, start : start + self.random.integers(1, 17)] = 0
        return Batch(
            torch.from_numpy(features).transpose(0, 1),
            torch.from_numpy(targets).transpose(0, 1),
            torch.from_numpy(has_beats),
            torch.from_numpy(mask),
        )


def prefetch(sampler: Sampler, size: int, depth: int = 3):
    """An endless generator of batches that a background thread prepares."""
    ready = queue.Queue(depth)

    def fill():
        while True:
            ready.put(sampler.batch(size))

    threading.Thread(target=fill, daemon=True).start()
    while True:
        yield ready.get()
