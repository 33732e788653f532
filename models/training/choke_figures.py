#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts the chokes that fyr finds, misses and invents in songs whose crashes are choked or ring.

    python3 models/training/choke_figures.py --kits DATA/kits --groove DATA/groove --fyr build/release/fyr

A third of the songs chokes no crash, a third three in ten and a third four in five, a quarter to
a whole beat after the stroke; in three of five chokes all drums are silent until then and for a while
after.
"""

import argparse
import json
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import soundfile

import option_types
from drums import CRASH
from groove import Performance, load_groove
from kits import OneShotBank
from program import run
from render import CrashChokes, RenderOptions, composed, render_performance
from sample_rate import SAMPLE_RATE

_OPTIONS = RenderOptions(least_s=20.0, most_s=30.0, strength=0.1, electronic_share=0.1, plain_share=0.6)
_FEWEST_CRASHES = 2
_SAME_STROKE_S = 0.05


def choke_some(rng: np.random.Generator, song: Performance) -> tuple[CrashChokes, list[bool]]:
    """The chokes of a song, which loses the strokes that a stop silences, and whether each choke is
    such a stop, in order."""
    hits, share = song.hits, rng.choice([0.0, 0.3, 0.8])
    played = np.ones(len(hits), dtype=bool)
    chokes: CrashChokes = {}
    stops: dict[int, bool] = {}
    for i in np.flatnonzero(hits[:, 1] == CRASH):
        if not played[i] or rng.random() >= share:
            continue
        after_s = max(0.1, song.beat_s * rng.choice([0.25, 0.5, 0.5, 1.0, 1.0]) + rng.normal(0, 0.015))
        chokes[int(i)] = (float(after_s), float(rng.uniform(0.03, 0.12)))
        stops[int(i)] = bool(rng.random() < 0.6)
        if stops[int(i)]:
            silent_s = hits[i, 0] + after_s + song.beat_s * rng.choice([0.5, 1.0])
            played &= ~((hits[:, 0] > hits[i, 0] + 0.04) & (hits[:, 0] < silent_s))
    song.hits = hits[played]
    places = np.cumsum(played) - 1
    return {int(places[i]): choke for i, choke in chokes.items()}, list(stops.values())


def heard_crashes(fyr: Path, recordings: list[Path]) -> list[list[dict[str, float]]]:
    """Of each recording the crashes as `fyr transcribe -f json` writes them."""
    folder = recordings[0].parent
    subprocess.run([fyr, "transcribe", *recordings, "-f", "json", "-o", folder, "--quiet"], check=True)
    texts = [path.with_suffix(".json").read_text() for path in recordings]
    return [[hit for hit in json.loads(text)["onsets"] if hit["drum"] == "crash"] for text in texts]


def count(counts: Counter[str], song: Performance, chokes: CrashChokes, stops: list[bool],
          heard: list[dict[str, float]]) -> None:
    is_stop = dict(zip(sorted(chokes), stops))
    crashes = np.flatnonzero(song.hits[:, 1] == CRASH)
    for hit in heard:
        marked = "choked_after_s" in hit
        near = [i for i in crashes if abs(song.hits[i, 0] - hit["time_s"]) <= _SAME_STROKE_S]
        if not near:
            kind = "invented crashes"
        elif near[0] not in chokes:
            kind = "crashes that ring"
        else:
            kind = "stops" if is_stop[near[0]] else "choked while others play"
        counts[kind] += 1
        counts[kind + ", marked"] += marked


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kits", type=Path, required=True, help="bank of one-shots")
    parser.add_argument("--groove", type=Path, required=True, help="Groove MIDI dataset")
    parser.add_argument("--fyr", type=Path, required=True, help="the program")
    parser.add_argument("--split", choices=("train", "validation"), default="validation")
    parser.add_argument("--count", type=option_types.count, default=100, help="songs")
    parser.add_argument("--seed", type=option_types.seed, default=1)
    args = parser.parse_args()
    bank, library = OneShotBank(args.kits, args.split), load_groove(args.groove, args.split)
    songs = []
    with tempfile.TemporaryDirectory() as folder:
        recordings: list[Path] = []
        index = 0
        while len(songs) < args.count:
            rng = np.random.default_rng([args.seed, index])
            index += 1
            song = composed(rng, library, _OPTIONS)
            if np.count_nonzero(song.hits[:, 1] == CRASH) < _FEWEST_CRASHES:
                continue
            chokes, stops = choke_some(rng, song)
            audio, _ = render_performance(rng, bank, song, _OPTIONS, chokes)
            recordings.append(Path(folder) / f"{len(songs)}.flac")
            soundfile.write(recordings[-1], audio, SAMPLE_RATE)
            songs.append((song, chokes, stops))
        heard = heard_crashes(args.fyr, recordings)
    counts: Counter[str] = Counter()
    for (song, chokes, stops), crashes in zip(songs, heard):
        count(counts, song, chokes, stops, crashes)
    print("| heard | marked as choked | |\n| --- | --- | --- |")
    for kind in ("stops", "choked while others play", "crashes that ring", "invented crashes"):
        print(f"| {kind} | {counts[kind + ', marked']} | of {counts[kind]} |")


if __name__ == "__main__":
    run(main)
