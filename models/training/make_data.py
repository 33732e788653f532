# SPDX-License-Identifier: GPL-3.0-or-later
"""Worker that fills a folder with training songs: renders them and computes their features.

Each song becomes NAME.npz, uncompressed: `features` float16 [frames, inputs] as `fyr features`
computes them (frame k is centred on sample 441 k), `onsets` float32 [n, 3] (time in s, drum,
velocity 0..1), `beats` float32 [m, 2] (time in s, 1 on downbeats), `has_beats`, `kind` ("drums",
"mix" or "band": the accompaniment alone, without onsets), `dataset` ("rendered") and `sources`, the
performance (fills between its bars are of others of its split) and, last, the kit. Items appear
whole: each is written under another name and renamed. The same seed and index give the same song; a command with --count, killed anywhere and
run again, makes the same set. Several workers may fill one folder, each with its own seed.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

import option_types
from dataset import write_item
from drums import DRUMS
from groove import Library, load_groove
from kits import OneShotBank
from patterns import TempoChoice, compose
from program import run
from render import Labels, RenderOptions, render_song
from sample_rate import SAMPLE_RATE

_BATCH = 8  # songs of one `fyr features` call
_ROOM = 512 << 20  # bytes, more than those with their features take
_MIX_SHARE = 0.6  # of the songs, where there are accompaniments
# Of --begin-inside: every other song; a third of the copies begin at a stroke, at most so long before.
_EVERY, _AT_STROKE_SHARE, _BEFORE_STROKE_S = 2, 1 / 3, 0.015
_LEAST_STROKES = 20
_INSIDE = "inside-"  # begins the copies' names
# Training shall be varied; validation as clear as what people record, with rare drums as rare.
_OPTIONS = {"train": RenderOptions(strength=1.0, electronic_share=0.22, plain_share=0.3),
            "validation": RenderOptions(strength=0.1, electronic_share=0.1, plain_share=0.8)}


@dataclass
class Song:
    name: str
    audio: np.ndarray
    labels: Labels
    kind: str


class SongMaker:
    """Renders song after song of one split; `accompanist` is None for drums alone, `options`
    hold for all songs."""

    def __init__(self, bank: OneShotBank, library: Library, accompanist: Any,
                 options: RenderOptions, seed: int) -> None:
        self._bank, self._library, self._accompanist = bank, library, accompanist
        self._options, self._seed = options, seed

    def make(self, index: int) -> Song:
        rng = np.random.default_rng([self._seed, index, self._bank.split == "validation"])
        mixed = self._accompanist is not None and rng.random() < _MIX_SHARE
        bands: list[str] = []
        # A third of the songs stays close to what was played.
        strength = self._options.strength * (0.2 if rng.random() < 0.33 else 1.0)
        options = replace(self._options, strength=strength, for_mix=mixed,
                          tempo=self._tempo_for(bands) if mixed else None,
                          bleed=self._bleed if self._accompanist is not None else None)
        audio, labels = render_song(rng, self._bank, self._library, options)
        if mixed:
            audio = self._accompanist.mix(rng, audio, labels, labels.bpm, labels.meter,
                                          bands[0] if bands else None, labels.drop_masked)
        return Song(f"{self._bank.split[0]}{self._seed}-{index:07d}", audio, labels,
                    "mix" if mixed else "drums")

    def make_band(self, index: int) -> Song:
        """A band that plays along a performance whose drums nobody hears."""
        rng = np.random.default_rng([self._seed, index, self._bank.split == "validation"])
        song = compose(rng, self._library, float(rng.uniform(25.0, 60.0)), self._options.strength)
        labels = Labels(song.hits, song.beats(), True, song.bpm, song.meter, [song.name])
        audio = self._accompanist.backing(rng, int(song.end_s * SAMPLE_RATE), labels, song.bpm,
                                          song.meter)
        audio = audio * np.float32(0.7 / (np.abs(audio).max(initial=0.0) + 1e-9))
        silent = Labels(np.zeros((0, 3)), np.zeros((0, 2)), False, song.bpm, song.meter,
                        labels.sources)
        return Song(f"{self._bank.split[0]}{self._seed}-{index:07d}", audio, silent, "band")

    def _bleed(self, rng: np.random.Generator, count: int, labels: Labels) -> np.ndarray:
        return self._accompanist.backing(rng, count, labels, labels.bpm, labels.meter)

    def _tempo_for(self, bands: list[str]) -> TempoChoice:
        """Asks for a tempo at which some band plays unchanged, and notes the band."""
        def choose(rng: np.random.Generator, bpm: float, meter: tuple[int, int]) -> float | None:
            found = self._accompanist.tempo_for(rng, bpm, meter)
            if found is None:
                return None
            bands.append(found[0])
            return found[1]
        return choose


def begin_inside(song: Song) -> Song:
    """A copy that begins somewhere in the first half, as files do that somebody cut: inside of a
    ringing sound, or at a stroke. Strokes before the cut, be it by a millisecond, have no label.
    Requires: _LEAST_STROKES onsets."""
    rng = np.random.default_rng(list(song.name.encode()))
    times = np.sort(song.labels.onsets[:, 0])
    first_half = times[:len(times) // 2]
    if rng.random() < _AT_STROKE_SHARE:
        begin_s = rng.choice(first_half) - rng.uniform(0.0, _BEFORE_STROKE_S)
    else:
        begin_s = rng.uniform(first_half[0], first_half[-1])
    first = max(0, round(begin_s * SAMPLE_RATE))

    def later(rows: np.ndarray) -> np.ndarray:
        moved = rows - np.eye(1, rows.shape[1]) * first / SAMPLE_RATE
        return moved[moved[:, 0] >= 0]

    labels = replace(song.labels, onsets=later(song.labels.onsets), beats=later(song.labels.beats))
    return Song(f"{_INSIDE}{song.name}", song.audio[first:], labels, song.kind)


def store(songs: list[Song], pool: Path, fyr: Path, settings: Path, keep_audio: bool) -> None:
    """Computes the songs' features with one call of `fyr` and puts the items into `pool`."""
    with tempfile.TemporaryDirectory(prefix="fyr-", dir=_memory_with_room()) as name:
        folder = Path(name)
        files = [_write_audio(song, folder, keep_audio) for song in songs]
        command = [str(fyr), "features", "--settings", str(settings), "--output", str(folder),
                   *map(str, files)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        for song, file in zip(songs, files):
            if keep_audio:
                (pool / file.name).write_bytes(file.read_bytes())
                _write_csv(song.labels, pool / f"{song.name}.csv")
            _write_item(song, np.load(folder / f"{song.name}.npy"), pool)


def _memory_with_room() -> Path | None:
    """Where files stay in memory, if there is room for a batch: containers often have 64 MB."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free >= _ROOM else None


def _write_audio(song: Song, folder: Path, keep_audio: bool) -> Path:
    path = folder / f"{song.name}.{'flac' if keep_audio else 'wav'}"
    soundfile.write(path, np.clip(song.audio, -1.0, 1.0), SAMPLE_RATE,
                    subtype="PCM_16" if keep_audio else "FLOAT")
    return path


def _write_item(song: Song, features: np.ndarray, pool: Path) -> None:
    write_item(pool, song.name, features, onsets=song.labels.onsets.astype(np.float32),
               beats=song.labels.beats.astype(np.float32), has_beats=song.labels.has_beats,
               kind=song.kind, dataset="rendered", sources=song.labels.sources)


def _write_csv(labels: Labels, path: Path) -> None:
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["time_s", "drum", "velocity", "confidence"])
        for time_s, drum, velocity in labels.onsets:
            writer.writerow([f"{time_s:.5f}", DRUMS[int(drum)], f"{velocity:.3f}", 1])


def drop_oldest(pool: Path, most: int) -> None:
    """Deletes items until at most `most` are left; other workers may be deleting too."""
    aged = []
    for path in pool.glob("*.npz"):
        try:
            aged.append((path.stat().st_mtime, path))
        except FileNotFoundError:
            continue
    for _, path in sorted(aged)[:max(0, len(aged) - most)]:
        path.unlink(missing_ok=True)


def drop_stale(pool: Path, split: str, seed: int) -> None:
    """Deletes what a worker with this seed left half-written when it was killed."""
    for name in (f"{split[0]}{seed}", f"{_INSIDE}{split[0]}{seed}"):
        for partial in pool.glob(f".{name}-*.partial"):
            partial.unlink()


def _indices(pool: Path, split: str, seed: int, count: int | None) -> Iterator[int]:
    """The next indices of this seed: a restarted worker goes on where it stopped."""
    done = [int(p.stem.rsplit("-", 1)[1]) for p in pool.glob(f"{split[0]}{seed}-*.npz")]
    first = max(done, default=-1) + 1
    return iter(range(first, count)) if count is not None else itertools.count(first)


def _with_copies(numbered: Iterable[tuple[int, Song]]) -> list[Song]:
    """Every other song has its copy before it: a song that is stored is done, its copy with it."""
    songs = []
    for index, song in numbered:
        if index % _EVERY == 0 and len(song.labels.onsets) >= _LEAST_STROKES:
            songs.append(begin_inside(song))
        songs.append(song)
    return songs


def _accompanist(bank_dir: Path | None, split: str) -> Any:
    if bank_dir is None:
        return None
    from accompaniment import Accompanist  # needs its bank only where mixes are wanted
    return Accompanist(bank_dir, split)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pool", type=Path, required=True, help="folder to fill")
    parser.add_argument("--seed", type=option_types.seed, required=True)
    parser.add_argument("--kits", type=Path, required=True, help="bank of one-shots")
    parser.add_argument("--groove", type=Path, required=True, help="Groove MIDI dataset")
    parser.add_argument("--fyr", type=Path, required=True, help="the fyr program")
    parser.add_argument("--settings", type=Path, required=True, help="feature settings (JSON)")
    parser.add_argument("--split", choices=("train", "validation"), default="train")
    parser.add_argument("--performances", choices=("train", "validation"),
                        help="split of the performances alone (default: that of --split)")
    parser.add_argument("--accompaniment", type=Path, help="bank of accompaniments")
    parser.add_argument("--bands", action="store_true",
                        help="make accompaniments alone, for train.py --bands")
    parser.add_argument("--keep-audio", action="store_true",
                        help="also write NAME.flac and NAME.csv")
    parser.add_argument("--begin-inside", action="store_true",
                        help="also store a copy of every other song that begins inside of it")
    amount = parser.add_mutually_exclusive_group(required=True)
    amount.add_argument("--count", type=option_types.count, help="songs with this seed in all")
    amount.add_argument("--continuous", action="store_true", help="until stopped")
    parser.add_argument("--max-items", type=option_types.count,
                        help="keep at most the newest so many items")
    args = parser.parse_args()
    if args.bands and args.accompaniment is None:
        parser.error("--bands needs --accompaniment")
    return args


def main() -> None:
    args = _arguments()
    args.pool.mkdir(parents=True, exist_ok=True)
    drop_stale(args.pool, args.split, args.seed)
    maker = SongMaker(OneShotBank(args.kits, args.split),
                      load_groove(args.groove, args.performances or args.split),
                      _accompanist(args.accompaniment, args.split), _OPTIONS[args.split], args.seed)
    make = maker.make_band if args.bands else maker.make
    indices = _indices(args.pool, args.split, args.seed, args.count)
    began, seconds, made = time.monotonic(), 0.0, 0
    while numbered := [(index, make(index)) for index in itertools.islice(indices, _BATCH)]:
        batch = _with_copies(numbered) if args.begin_inside else [song for _, song in numbered]
        store(batch, args.pool, args.fyr, args.settings, args.keep_audio)
        if args.max_items is not None:
            drop_oldest(args.pool, args.max_items)
        made += len(batch)
        seconds += sum(len(song.audio) for song in batch) / SAMPLE_RATE
        speed = seconds / (time.monotonic() - began)
        print(f"{made} songs, {seconds / 3600:.2f} h, {speed:.0f} x real time",
              file=sys.stderr, flush=True)


if __name__ == "__main__":
    run(main)
