#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measures a model on MDB Drums, IDMT-SMT-Drums and E-GMD and writes the card's accuracy section.

    FYR_DATA=folder python3 models/training/accuracy_table.py --fyr build/release/fyr

The folder holds the data sets as `fyr evaluate --dataset` finds them; those that are missing are
left out and named.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from card import CARD, replace_section, section_of, share, table, with_interval
from program import InputError, run
from safetensors import read_model

MODEL = Path(__file__).resolve().parents[1] / "drums.safetensors"
WINDOWS_MS = (50, 20)


class Test(NamedTuple):
    """Recordings to measure on, and the vocabularies that their labels allow."""

    title: str
    options: tuple[str, ...]
    vocabularies: tuple[str, ...] = ("3", "5", "8", "13")


TESTS = {
    "drum_only": Test("MDB Drums, drums alone", ("mdb", "--part", "drum_only")),
    "full_mix": Test("MDB Drums, finished records", ("mdb", "--part", "full_mix")),
    "approx_mix": Test("MDB Drums, drums 2 dB under the other tracks",
                       ("mdb", "--part", "approx_mix")),
    "idmt": Test("IDMT-SMT-Drums V2", ("idmt",), ("3",)),
    "egmd": Test("E-GMD, test split", ("egmd", "--split", "test")),
}


class Peer(NamedTuple):
    system: str
    f: tuple[float, float]  # sum-F at ±50 and ±20 ms
    drums: dict[str, float]  # F at ±50 ms


_ADTOF, _VOGL, _ADTLIB = "ADTOF Frame-RNN (2023)", "Vogl CRNN_18 (2018)", "ADTLib (2017)"
# Each system's own thresholds, the same recordings and the same counting; measured in 2026-11. The
# commands of these runs are not in the repository.
PEERS = {
    ("drum_only", "5"): (
        Peer(_ADTOF, (.922, .852), {"KD": .984, "SD": .944, "TT": .495, "HH": .915, "CY": .667}),
        Peer(_VOGL, (.890, .871), {"KD": .984, "SD": .887, "TT": .533, "HH": .855, "CY": .737}),
    ),
    ("drum_only", "3"): (
        Peer(_ADTOF, (.932, .857), {"KD": .984, "SD": .899, "HH": .915}),
        Peer(_VOGL, (.916, .902), {"KD": .984, "SD": .929, "HH": .855}),
        Peer(_ADTLIB, (.832, .721), {"KD": .928, "SD": .801, "HH": .788}),
    ),
    ("full_mix", "5"): (Peer(_ADTOF, (.949, .841), {"KD": .989, "SD": .967, "HH": .926}),),
    ("approx_mix", "5"): (
        Peer(_ADTOF, (.915, .843), {"KD": .975, "SD": .941, "TT": .425, "HH": .916, "CY": .824}),
    ),
}
_FIVE = ("KD", "SD", "TT", "HH", "CY")
# MDB's seven tracks that the peers were measured on.
_PEER_TRACKS = {"drum_only": 7, "full_mix": 2, "approx_mix": 7}


def measure(fyr: Path, model: Path, data: Path, test: Test) -> dict[str, Any] | None:
    """The report of `fyr evaluate`; None where the recordings are not there."""
    dataset, *options = test.options
    command = [fyr, "evaluate", "--dataset", dataset, *options, "--partial", data, "--vocabulary",
               ",".join(test.vocabularies), "--window", ",".join(map(str, WINDOWS_MS)),
               "--model", model, "--json", "--quiet", "--confusion", "--worst", "10"]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    # 1: some recordings could not be used, and are named
    if done.returncode not in (0, 1) or not done.stdout:
        print(f"accuracy_table: left out {test.title}: {done.stderr.strip()}", file=sys.stderr)
        return None
    report = json.loads(done.stdout)
    for problem in report["problems"]:
        print(f"accuracy_table: {test.title}: {problem}", file=sys.stderr)
    return report if any(sheet["recordings"] for sheet in report["sheets"]) else None


def sheet_of(report: dict[str, Any], vocabulary: str, window_ms: int) -> dict[str, Any]:
    return next(sheet for sheet in report["sheets"]
                if sheet["vocabulary"] == vocabulary and round(sheet["window_ms"]) == window_ms)


def goal_table(reports: dict[str, dict[str, Any]]) -> str:
    """What the project set out to reach, and what this model reaches."""
    rows = []

    def row(what: str, name: str, goal: float, value: float | None) -> None:
        if name in reports:
            reached = value is not None and value >= goal
            rows.append([what, f"≥ {share(goal)}", share(value), "yes" if reached else "no"])

    def f(name: str, vocabulary: str, window_ms: int = 50, drum: str | None = None) -> float | None:
        if name not in reports:
            return None
        sheet = sheet_of(reports[name], vocabulary, window_ms)
        return (sheet["drums"].get(drum, {}) if drum else sheet["all"]).get("f")

    row("MDB drums alone, 5 classes, ±50 ms", "drum_only", .95, f("drum_only", "5"))
    row("the same, ±20 ms", "drum_only", .91, f("drum_only", "5", 20))
    row("MDB finished records, 5 classes", "full_mix", .95, f("full_mix", "5"))
    row("MDB drums 2 dB under the others, 5 classes", "approx_mix", .92, f("approx_mix", "5"))
    row("toms over all of MDB", "drum_only", .70, pooled_f(reports, "TT"))
    row("cymbals over all of MDB", "drum_only", .80, pooled_f(reports, "CY"))
    row("E-GMD, 13 classes exactly", "egmd", .85, f("egmd", "13"))
    for drum in ("kick", "snare", "closed_hihat"):
        row(f"E-GMD, {drum.replace('_', ' ')}", "egmd", .93, f("egmd", "13", drum=drum))
    row("IDMT, 3 classes", "idmt", .97, f("idmt", "3"))
    if "egmd" in reports:
        velocity_r = sheet_of(reports["egmd"], "13", 50)["all"]["velocity_r"]
        row("E-GMD, correlation with the played velocity, drums pooled", "egmd", .80, velocity_r)
    return table(["what", "goal", "reached", ""], rows)


def pooled_f(reports: dict[str, dict[str, Any]], drum: str) -> float | None:
    """F at ±50 ms of one of five classes over all of MDB's parts."""
    scores = [sheet_of(reports[name], "5", 50)["drums"].get(drum, {})
              for name in ("drum_only", "full_mix", "approx_mix") if name in reports]
    tp, fp, fn = (sum(score.get(count, 0) for score in scores) for count in ("tp", "fp", "fn"))
    return 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else None


def peer_table(reports: dict[str, dict[str, Any]]) -> str:
    rows = []
    for (name, vocabulary), peers in PEERS.items():
        if name not in reports:
            continue
        near, tight = (sheet_of(reports[name], vocabulary, window) for window in WINDOWS_MS)
        recordings = len(near["recordings"])
        what = f"{TESTS[name].title} ({recordings})"
        drums = [share(_f_of_heard(near["drums"].get(drum))) for drum in _FIVE]
        rows.append([what, vocabulary, "**fyr**", *(with_interval(
            sheet["all"]["f"], sheet["all"]["f_interval"]) for sheet in (near, tight)), *drums])
        if recordings != _PEER_TRACKS[name]:
            continue  # other tracks than the peers heard
        for peer in peers:
            rows.append([what, vocabulary, peer.system, *map(share, peer.f),
                         *(share(peer.drums.get(drum)) for drum in _FIVE)])
    header = ["recordings", "classes", "system", "sum-F ±50 ms", "sum-F ±20 ms", *_FIVE]
    return table(header, rows)


def _f_of_heard(scores: dict[str, Any] | None) -> float | None:
    """None for drums that the recordings do not hold."""
    return scores["f"] if scores and scores["tp"] + scores["fn"] else None


def drum_row(vocabulary: str, drum: str, near: dict[str, Any], tight: dict[str, Any]) -> list[str]:
    hits = near["tp"] + near["fn"]
    cells = [vocabulary, drum, str(hits), str(near["fp"])]
    for scores in (near, tight):
        if hits:
            cells += [share(scores["precision"]), share(scores["recall"]),
                      with_interval(scores["f"], scores["f_interval"])]
        else:
            cells += ["–"] * 3  # nothing to find: only what was invented counts
    error_s = near["median_error_s"]
    cells.append("–" if error_s is None else f"{1000 * error_s:+.0f}")
    cells.append(share(near["velocity_r"]))
    return cells


def drum_table(report: dict[str, Any], test: Test) -> str:
    rows = []
    for vocabulary in test.vocabularies:
        near, tight = (sheet_of(report, vocabulary, window) for window in WINDOWS_MS)
        rows.append(drum_row(vocabulary, "**all**", near["all"], tight["all"]))
        for drum, scores in near["drums"].items():
            if scores["tp"] + scores["fp"] + scores["fn"] > 0:
                rows.append(drum_row(vocabulary, drum, scores, tight["drums"][drum]))
    header = ["classes", "drum", "hits", "invented", "P ±50", "R ±50", "F ±50 ms", "P ±20", "R ±20",
              "F ±20 ms", "error ms", "velocity r"]
    return table(header, rows)


def section(reports: dict[str, dict[str, Any]], command: str) -> str:
    model = next(iter(reports.values()))["model"]
    version = next(iter(reports.values()))["fyr"]
    parts = [
        f"Model {model}, fyr {version}, {datetime.date.today()}, made by\n\n    {command}",
        "sum-F and “all” pool hits over drums and recordings. In brackets: 95 % intervals, "
        "bootstrap over recordings; from two recordings they say little, from one there is none. "
        "“error” is the median of found minus labelled time, “velocity r” the correlation with "
        "the played velocity where the labels hold one; “invented” counts finds without a hit "
        "within 50 ms; where there is nothing to find, nothing else is told.",
        "### Goals",
        goal_table(reports),
        "### Beside other transcribers",
        "The other systems' figures were measured on the same recordings with the same counting, "
        "each with the thresholds it ships, in 2026-11; the commands of these runs are not in the "
        "repository.",
        peer_table(reports),
    ]
    for name, report in reports.items():
        count = len(report["sheets"][0]["recordings"])
        recordings = "1 recording" if count == 1 else f"{count} recordings"
        parts += [f"### {TESTS[name].title}, {recordings}", drum_table(report, TESTS[name])]
    return "\n\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fyr", type=Path, required=True, help="the fyr program")
    parser.add_argument("--model", type=Path, default=MODEL, help="default: the one that ships")
    parser.add_argument("--card", type=Path, default=CARD, help="file whose section is replaced")
    arguments = parser.parse_args()
    data = os.environ.get("FYR_DATA")
    if not data:
        raise InputError("set FYR_DATA to the folder that holds the data sets")
    section_of(arguments.card, "accuracy")  # Measuring takes long: what is wrong is told before.
    read_model(arguments.model)
    measured = {name: measure(arguments.fyr, arguments.model, Path(data), test)
                for name, test in TESTS.items()}
    reports = {name: report for name, report in measured.items() if report is not None}
    if not reports:
        raise InputError(f"none of the data sets in {data} could be measured, see above")
    command = shlex.join(["python3", "models/training/accuracy_table.py", *sys.argv[1:]])
    replace_section(arguments.card, "accuracy", section(reports, f"FYR_DATA=… {command}"))


if __name__ == "__main__":
    run(main)
