#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fits a model file's thresholds, presence gates, gaps and time offset on whole rendered songs, through fyr itself.

    python3 models/training/thresholds.py models/drums.safetensors --fyr build/release/fyr \
        --songs build/training/validation

Each song is NAME.flac (or .wav) with its truth in NAME.csv (time_s, drum, velocity) and its kind,
"drums" or "mix", and its kit in NAME.npz; without one it counts as drums of an unknown kit. fyr lists every song's peaks once. Its
picking takes peaks from the most confident down, so that a higher threshold or a longer gap is a
matter of leaving peaks out, and all settings can be tried on one list. Per drum threshold and presence
gate raise the sum of pooled F and mean F over the songs, at ±50 ms. In pooled F drum recordings and
mixes weigh the same however many there are, and each kit by the square root of its songs: the best threshold
of a kit lies far from the others' best (from .4 to 1.3 of it were tried), so that a new kit is better told by many kits
than by many songs.
"""

import argparse
import csv
import json
import subprocess
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np

from drums import DRUMS
from program import InputError, run
from safetensors import read_model, write_model
from scoring import count_at, f_measure, match

THRESHOLDS = np.round(np.concatenate([np.arange(0.03, 0.3, 0.01), np.arange(0.3, 0.9, 0.02)]), 2)
# Sixteenths at 300 bpm are 50 ms apart.
GAPS_S = (0.02, 0.025, 0.03, 0.04, 0.05)
# A drum with fewer hits in the songs keeps its settings: its best threshold would be chance.
LEAST_HITS = 20
# The held-out kits have few samples of some drums. Where even the best F stays under this, their hits
# hardly sound like the drum, and its best threshold tells how to avoid those few samples: the
# drum then gets the median of the thresholds fitted beside, if there is any, and a gate, for it is rare.
LEAST_F = 0.5
UNTOLD_PRESENCE = 0.5
# A longer gap must earn this much F: rendered songs hold fewer rolls than drummers play.
GAP_GAIN = 0.002
# A gate takes a whole instrument away: above .5 it would silence drums that are only quiet.
PRESENCES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
# Sounds of one instrument nearer than this are one hit heard as two: 20, 30 and 50 ms raised pooled F
# of five classes alike on validation songs, and flams need the shortest.
ALONE_S = 0.02
# Velocity (of 1) under which a hit is not expected to be heard; ghost notes mostly lie above.
SOFT = 0.2


class Song(NamedTuple):
    kind: str
    kit: str
    reference: list[np.ndarray]  # per drum: times
    found: list[np.ndarray]  # per drum: [n, 2] times and confidences, most confident first


def read_hits(path: Path, column: str = None) -> list[np.ndarray]:
    """Per drum [n, 2]: times and the values of `column` (0 without one), largest first."""
    hits = defaultdict(list)
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            hits[row["drum"]].append((float(row["time_s"]), float(row[column]) if column else 0.0))
    arrays = [np.array(hits[drum], np.float64).reshape(-1, 2) for drum in DRUMS]
    return [array[np.argsort(-array[:, 1], kind="stable")] for array in arrays]


def recordings_in(folder: Path) -> list[Path]:
    """The recordings that have their truth beside them, by name."""
    found = sorted([*folder.glob("*.flac"), *folder.glob("*.wav")])
    found = [path for path in found if path.with_suffix(".csv").exists()]
    if not found:
        raise InputError(f"no recording with a .csv beside it in {folder}")
    return found


def kind_and_kit(recording: Path) -> tuple[str, str]:
    item = recording.with_suffix(".npz")
    if not item.exists():
        return "drums", ""
    with np.load(item) as content:
        return str(content["kind"]), str(content["sources"][-1])


def peak_tables(fyr: Path, model: Path, recordings: list[Path]) -> list[np.ndarray]:
    """Of each recording what becomes of its peaks, a row each: drum, time, confidence, confidence in
    context, the context's features (`fyr features --peaks-of`)."""
    with tempfile.TemporaryDirectory(prefix="fyr-") as folder:
        command = [fyr, "features", "--peaks-of", model, "-o", folder, *recordings]
        subprocess.run([str(word) for word in command], check=True)
        tables = [np.load(Path(folder) / f"{recording.stem}.npy") for recording in recordings]
    return [table.astype(np.float64) for table in tables]


def find_hits(fyr: Path, model: Path, recordings: list[Path]) -> list[Song]:
    """The songs with all peaks as found hits."""
    songs = []
    for recording, table in zip(recordings, peak_tables(fyr, model, recordings)):
        by_drum = [table[table[:, 0] == drum][:, (1, 3)] for drum in range(len(DRUMS))]
        found = [peaks[np.argsort(-peaks[:, 1], kind="stable")] for peaks in by_drum]
        reference = read_hits(recording.with_suffix(".csv"), "velocity")
        songs.append(Song(*kind_and_kit(recording), *without_soft(reference, found)))
    return songs


def label(times: np.ndarray, confidences: np.ndarray, hits: np.ndarray, window_s: float = 0.05):
    """1 for the peaks that are hits, 0 for others, -1 for those of hits too soft to be written:
    from the most confident peak on, each takes the nearest free hit. hits: [n, 2] times, velocities."""
    labels, free = np.zeros(len(times), np.int64), np.ones(len(hits), bool)
    for k in np.argsort(-confidences, kind="stable"):
        near = np.flatnonzero((np.abs(hits[:, 0] - times[k]) <= window_s) & free)
        if len(near):
            hit = near[np.argmin(np.abs(hits[near, 0] - times[k]))]
            free[hit] = False
            labels[k] = 1 if hits[hit, 1] >= SOFT else -1
    return labels


def without_soft(reference: list[np.ndarray], found: list[np.ndarray]):
    """Times of the reference's hits that a listener would write down, and the found hits but for
    those that stand for the others, most confident first: an e-kit notes strokes that nobody hears,
    which shall neither lower the thresholds nor count as inventions when found."""
    loud, kept = [], []
    for hits, estimates in zip(reference, found):
        estimates = estimates[label(*estimates.T, hits) >= 0]
        loud.append(np.sort(hits[hits[:, 1] >= SOFT, 0]))
        kept.append(estimates[np.argsort(-estimates[:, 1], kind="stable")])
    return loud, kept


def apply_gap(hits: np.ndarray, gap_s: float) -> np.ndarray:
    """Keeps, from the most confident down, hits that are not within gap_s of one kept before."""
    kept: list[int] = []
    times = hits[:, 0]
    for k in range(len(hits)):
        if not kept or np.abs(times[kept] - times[k]).min() >= gap_s:
            kept.append(k)
    return hits[kept]


def song_weights(origins: list[tuple[str, str]]) -> np.ndarray:
    """Weight of each song from its kind and kit, sum 1 for each kind: all kinds alike, within a kind
    each kit by the square root of its songs."""
    weights = np.array([1 / np.sqrt(origins.count(origin)) for origin in origins])
    kinds = np.array([kind for kind, _ in origins])
    for kind in set(kinds):
        weights[kinds == kind] /= weights[kinds == kind].sum()
    return weights


def weighted_counts(songs: list[Song], drum: int, gap_s: float, thresholds: np.ndarray):
    """TP, found, reference [thresholds, 3] of all songs, weighed as `song_weights` says."""
    total = np.zeros((len(thresholds), 3))
    for song, weight in zip(songs, song_weights([(song.kind, song.kit) for song in songs])):
        hits = (song.reference[drum], *apply_gap(song.found[drum], gap_s).T)
        total += weight * count_at([hits], thresholds)
    return total


def best_threshold(songs: list[Song], drum: int, gap_s: float):
    """The threshold in the middle of the best neighbourhood, and its F."""
    f = np.array([f_measure(*row) for row in weighted_counts(songs, drum, gap_s, THRESHOLDS)])
    index = middle_of_best(smoothed(f))
    return float(THRESHOLDS[index]), float(f[index])


def smoothed(curve: np.ndarray) -> np.ndarray:
    return np.convolve(np.pad(curve, 2, mode="edge"), np.ones(5) / 5, "valid")


def middle_of_best(curve: np.ndarray) -> int:
    """Index in the middle of the first run of largest values: where no peak lies, all thresholds do
    alike, and those at the run's ends are the nearest to peaks that other songs may have."""
    best = np.append(curve >= curve.max() - 1e-9, False)
    first = int(np.argmax(best))
    return (first + first + int(np.argmin(best[first:])) - 1) // 2


def song_means(songs: list[Song], drum: int, gap_s: float, thresholds: np.ndarray):
    """Mean over the songs of F [thresholds]: 1 where a drum is neither played nor found (ADTOF's
    mean F, Zehren et al. 2021), so that inventing an absent drum costs a song."""
    curves = []
    for song in songs:
        hits = (song.reference[drum], *apply_gap(song.found[drum], gap_s).T)
        curves.append([f_measure(*row) for row in count_at([hits], thresholds)])
    return np.mean(curves, axis=0)


def gated(songs: list[Song], drum: int, presence: float) -> list[Song]:
    """The songs without the drum's hits where none of them reaches `presence`."""
    return [
        song
        if song.found[drum][:, 1].max(initial=0.0) >= presence
        else song._replace(found=[*song.found[:drum], np.zeros((0, 2)), *song.found[drum + 1 :]])
        for song in songs
    ]


def fit_presence(songs: list[Song], drum: int, gap_s: float):
    """Threshold, presence and pooled F that are best in pooled F and mean F together."""
    best = (-1.0,)
    for presence in PRESENCES:
        chosen = gated(songs, drum, presence)
        counts = weighted_counts(chosen, drum, gap_s, THRESHOLDS)
        pooled = np.array([f_measure(*row) for row in counts])
        both = smoothed(pooled + song_means(chosen, drum, gap_s, THRESHOLDS))
        index = middle_of_best(both)
        if both[index] > best[0]:
            best = (both[index], float(THRESHOLDS[index]), presence, float(pooled[index]))
    return best[1:]


def fit_drum(songs: list[Song], drum: int, gap_s: float):
    """Threshold, presence, gap and F of one drum, starting from gap_s; None where there are too few
    hits."""
    if sum(len(song.reference[drum]) for song in songs) < LEAST_HITS:
        return None
    threshold, _ = best_threshold(songs, drum, gap_s)
    at = np.array([threshold])
    best_gap, best = GAPS_S[0], -1.0
    for gap in GAPS_S:
        f = f_measure(*weighted_counts(songs, drum, gap, at)[0])
        if f > best + GAP_GAIN:
            best_gap, best = gap, f
    threshold, presence, f = fit_presence(songs, drum, best_gap)
    return threshold, presence, best_gap, f


def timing_errors(songs: list[Song], settings: dict) -> dict[str, np.ndarray]:
    """Per drum: found minus true time of every matched hit."""
    errors = {}
    for drum, name in enumerate(DRUMS):
        of_drum = [np.zeros(0)]
        for song in gated(songs, drum, settings[name].get("presence", 0.0)):
            kept = apply_gap(song.found[drum], settings[name]["gap_s"])
            times = np.sort(kept[kept[:, 1] >= settings[name]["threshold"], 0])
            reference = np.sort(song.reference[drum])
            pairs = match(reference, times)
            of_drum.append(times[pairs[1]] - reference[pairs[0]])
        errors[name] = np.concatenate(of_drum)
    return errors


def fit(fyr: Path, model: Path, recordings: list[Path]):
    """The fitted peak-picking settings, time offset and a report line per drum."""
    description = read_model(model)[1]
    settings = json.loads(json.dumps(description["peak_picking"]))
    songs = find_hits(fyr, model, recordings)
    report, told, untold = [], [], []
    for drum, name in enumerate(DRUMS):
        hits = sum(len(song.reference[drum]) for song in songs)
        fitted = fit_drum(songs, drum, settings[name]["gap_s"])
        if fitted is None:
            report.append(f"{name:13s} {hits:6d} hits: too few, settings kept")
            continue
        threshold, presence, gap_s, f = fitted
        if f < LEAST_F:
            untold.append(name)
        else:
            told.append(threshold)
        settings[name] |= {"threshold": threshold, "presence": presence, "gap_s": gap_s}
        settings[name] |= {"alone_s": ALONE_S}
        found = f"threshold {threshold:.2f}  presence {presence:.1f}  gap {gap_s:.3f} s  F {f:.3f}"
        report.append(f"{name:13s} {hits:6d} hits  {found}")
    for name in untold if told else ():
        settings[name] |= {"threshold": float(np.median(told)), "presence": UNTOLD_PRESENCE}
        report.append(f"{name:13s} F under {LEAST_F}: threshold {np.median(told):.2f} as the others")
    errors = timing_errors(songs, settings)
    matched = np.concatenate(list(errors.values()))
    offset = description["time_offset_s"] - (float(np.median(matched)) if len(matched) else 0.0)
    medians = [f"{name} {1000 * np.median(e):+.1f}" for name, e in errors.items() if len(e)]
    report.append("median found - true, ms: " + ", ".join(medians))
    return settings, round(offset, 5), report


def fitting_options(description: str) -> argparse.ArgumentParser:
    """Those of every program that fits a model file on songs."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("model", type=Path)
    parser.add_argument("--fyr", type=Path, required=True, help="the fyr program")
    parser.add_argument("--songs", type=Path, required=True, help="folder of rendered songs")
    parser.add_argument("-o", "--output", type=Path, help="default: the model itself")
    return parser


def main():
    arguments = fitting_options("Fit thresholds, gaps and time offset of a model.").parse_args()
    recordings = recordings_in(arguments.songs)
    settings, offset, report = fit(arguments.fyr, arguments.model, recordings)
    tensors, description = read_model(arguments.model)
    description["peak_picking"], description["time_offset_s"] = settings, offset
    description["training"]["fitted_on_songs"] = len(recordings)
    write_model(arguments.output or arguments.model, tensors, description)
    print("\n".join([*report, f"time offset {offset:+.4f} s, from {len(recordings)} songs"]))


if __name__ == "__main__":
    run(main)
