# SPDX-License-Identifier: GPL-3.0-or-later

"""Labelled songs in memory.

A pool is a folder of NAME.npz items: `features` float16 [frames, inputs] at 100 frames a second,
row 0 centred on the first sample; `onsets` float32 [n, 3] (time_s, drum, velocity 0..1); `beats`
float32 [m, 2] (time_s, is_downbeat), which count only where `has_beats`; `dataset`, where the item
comes from; `kind`: "drums" alone, "mix" with a band or a "band" alone. Optional are `labelled`
bool [13], the drums whose hits are all in `onsets` (default: all), `likelihoods` float16 [frames, 13],
what stands for the onset targets where a model labelled the item, and `has_velocities` (default: yes).
Items may appear and vanish at any time: a renderer can fill the pool while a training reads it, so
that data larger than memory, and larger than the disk, trains.
"""

import os
import random
import sys
import threading
import tokenize
import zipfile
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from network import BEATS, N_DRUMS, N_OUTPUTS, ONSETS, VELOCITIES
from targets import FRAMES_PER_SECOND


class Item(NamedTuple):
    name: str
    features: np.ndarray  # float16 [frames, inputs]
    onsets: np.ndarray  # float32 [n, 3]
    beats: np.ndarray  # float32 [m, 2]
    known: np.ndarray  # float32 [28], 1 for the outputs whose truth the item tells
    likelihoods: np.ndarray | None  # float16 [frames, 13], targets of onsets instead of `onsets`
    drum_counts: np.ndarray  # [13]
    dataset: str
    kind: str


def _known(file) -> np.ndarray:
    known = np.ones(N_OUTPUTS, np.float32)
    known[ONSETS] = file["labelled"] if "labelled" in file else True
    known[VELOCITIES] = known[ONSETS] * ("has_velocities" not in file or file["has_velocities"])
    known[BEATS] = file["has_beats"]
    return known


def read_item(path: Path) -> Item:
    """Raises OSError or ValueError for files that are not whole items, which tell their origin."""
    try:
        with open(path, "rb") as stream, np.load(stream) as file:
            onsets = np.asarray(file["onsets"], np.float32).reshape(-1, 3)
            beats = np.asarray(file["beats"], np.float32).reshape(-1, 2)
            features = np.asarray(file["features"], np.float16)
            known = _known(file)
            likelihoods = file["likelihoods"] if "likelihoods" in file else None
            dataset, kind = str(file["dataset"]), str(file["kind"])
    except (zipfile.BadZipFile, EOFError, RuntimeError, tokenize.TokenError, zlib.error) as error:
        raise ValueError(f"{path}: {error}") from error
    except KeyError as error:  # an item without origin among them: nobody could say what trained
        raise ValueError(f"{path}: {error.args[0]}") from error
    if features.ndim != 2 or len(features) == 0:
        raise ValueError(f"{path}: features must be [frames, inputs], found {features.shape}")
    counts = np.bincount(onsets[:, 1].astype(int), minlength=N_DRUMS)
    if len(counts) != N_DRUMS:
        raise ValueError(f"{path}: a drum number beyond {N_DRUMS - 1}")
    return Item(path.stem, features, onsets, beats, known, likelihoods, counts, dataset, kind)


def write_item(pool: Path, name: str, features: np.ndarray, **content) -> None:
    """Puts the item NAME.npz into `pool`, whole at once: who reads the pool never finds a part."""
    partial = pool / f".{name}.{os.getpid()}.partial"
    try:
        with open(partial, "wb") as file:
            np.savez(file, features=features.astype(np.float16), **content)
        partial.rename(pool / f"{name}.npz")
    finally:
        partial.unlink(missing_ok=True)


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


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # the renderer took it away
        return 0


class Pool:
    """The items of one folder, up to `gigabytes` of features, refreshed by a background thread.

    Items that vanish from the folder stay until room is needed; then the ones read first go first.
    With `refresh_s` None the folder is read once.
    """

    def __init__(
        self, folder: Path, gigabytes: float = 6.0, refresh_s: float = 20.0, inputs: int = None
    ):
        self.folder, self.limit_bytes = Path(folder), int(gigabytes * 1e9)
        self._refreshing = threading.Lock()  # whoever waits for items refreshes beside the thread
        self._items: dict[str, Item] = {}
        self._refused: dict[str, float] = {}
        self._folder_bytes = 0
        self.inputs = inputs  # features per frame; None: as the first item has
        self.view: View = None
        self.datasets: set[str] = set()  # where the items read so far came from
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
        with self._refreshing:
            self._refresh()

    def _refresh(self):
        files = {
            path.stem: path for path in self.folder.glob("*.npz") if not path.name.startswith(".")
        }
        self._folder_bytes = sum(_size(path) for path in files.values())
        new = [path for name, path in files.items() if name not in self._items]
        random.shuffle(new)
        held, read = sum(item.features.nbytes for item in self._items.values()), 0
        for path in new:
            if held >= self.limit_bytes and read >= self.limit_bytes // 10:
                break
            item = self._read(path)
            if item is not None:
                self._items[item.name] = item
                self.datasets.add(item.dataset)
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
        except (OSError, ValueError) as error:
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

    @property
    def folder_hours(self) -> float:
        """Hours of all items in the folder, also those that memory has no room for."""
        return max(self._folder_bytes / (2 * self.inputs * FRAMES_PER_SECOND * 3600), self.hours)

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
