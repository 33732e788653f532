#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares `fyr evaluate` with mir_eval, which shares no code with it.

  compare_with_mir_eval.py FYR random   1,000 random recordings: hits, beats
  compare_with_mir_eval.py FYR data     the recordings of FYR_DATA, transcribed with the shipped model
  compare_with_mir_eval.py FYR speed    1,000 recordings' files in under 5 s of one core

Exits 77 (skipped) when mir_eval, FYR_DATA or the model is missing.
"""

import csv
import json
import os
import pathlib
import random
import resource
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

SKIPPED = 77

try:
    import mir_eval
    import numpy as np
except ImportError as error:
    print(f"SKIPPED: {error}; install python3-mir-eval")
    sys.exit(SKIPPED)

DRUMS = ["kick", "snare", "side_stick", "closed_hihat", "pedal_hihat", "open_hihat", "high_tom",
         "mid_tom", "floor_tom", "ride", "ride_bell", "crash", "percussion"]
# Written down from the papers, not read from data/maps.
FIVE = {"kick": "KD", "snare": "SD", "side_stick": "SD", "closed_hihat": "HH", "pedal_hihat": "HH",
        "open_hihat": "HH", "high_tom": "TT", "mid_tom": "TT", "floor_tom": "TT", "ride": "CY",
        "ride_bell": "CY", "crash": "CY"}
THREE = {drum: name for drum, name in FIVE.items()
         if name in ("KD", "SD", "HH") and drum != "side_stick"}
FOLDS = {"3": THREE, "5": FIVE, "13": {drum: drum for drum in DRUMS}}
MDB = {"KD": "kick", "SD": "snare", "SDB": "snare", "SDD": "snare", "SDF": "snare", "SDG": "snare",
       "SDNS": "snare", "SST": "side_stick", "CHH": "closed_hihat", "PHH": "pedal_hihat",
       "OHH": "open_hihat", "HIT": "high_tom", "MHT": "high_tom", "HFT": "floor_tom",
       "LFT": "floor_tom", "RDC": "ride", "RDB": "ride_bell", "CRC": "crash", "CHC": "crash",
       "SPC": "crash", "TMB": "percussion"}
IDMT = {"KD": "kick", "SD": "snare", "HH": "closed_hihat"}
GROOVE = {36: "kick", 38: "snare", 40: "snare", 37: "side_stick", 42: "closed_hihat",
          22: "closed_hihat", 44: "pedal_hihat", 46: "open_hihat", 26: "open_hihat",
          48: "high_tom", 50: "high_tom", 45: "mid_tom", 47: "mid_tom", 43: "floor_tom",
          58: "floor_tom", 51: "ride", 59: "ride", 53: "ride_bell", 49: "crash", 52: "crash",
          55: "crash", 57: "crash"}


def run(*arguments):
    done = subprocess.run([str(a) for a in arguments], stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        sys.exit(f"FAILED: {arguments} exited {done.returncode}")
    return done.stdout


def counts(reference, estimate, fold, window):
    """{class: (tp, fp, fn)} of two lists of (time, drum)."""
    result = {}
    for name in sorted(set(fold.values())):
        truth = np.sort([t for t, d in reference if fold.get(d) == name])
        heard = np.sort([t for t, d in estimate if fold.get(d) == name])
        n = len(mir_eval.util.match_events(truth, heard, window)) if len(truth) and len(heard) else 0
        result[name] = (n, len(heard) - n, len(truth) - n)
    return result


def f_of(tp, fp, fn):
    return 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else None


def same(ours, theirs):
    return ours is None and theirs is None or abs(ours - theirs) < 5e-4


def check_sheet(sheet, pairs):
    """Compares one sheet of fyr's report with mir_eval over {name: (reference, estimate)}."""
    fold = FOLDS[sheet["vocabulary"]]
    pooled = np.zeros(3, int)
    for name, (reference, estimate) in pairs.items():
        ours = sheet["recordings"][name]["drums"]
        theirs = counts(reference, estimate, fold, sheet["window_ms"] / 1000)
        for drum, expected in theirs.items():
            if tuple(ours[drum]) != expected:
                sys.exit(f"FAILED: {name}, {drum}, vocabulary {sheet['vocabulary']}, "
                         f"{sheet['window_ms']} ms: fyr {ours[drum]}, mir_eval {expected}")
            pooled += expected
    if not same(sheet["all"]["f"], f_of(*pooled)):
        sys.exit(f"FAILED: pooled F: fyr {sheet['all']['f']}, mir_eval {f_of(*pooled)}")
    return f_of(*pooled)


def random_hits(rng, n):
    return sorted((round(rng.uniform(0, 10), rng.choice((2, 3, 12))), rng.choice(DRUMS))
                  for _ in range(n))


def jittered(rng, hits):
    moved = [(max(0.0, round(t + rng.gauss(0, 0.03), rng.choice((2, 4, 12)))), d)
             for t, d in hits if rng.random() < 0.8]
    return sorted(moved + random_hits(rng, rng.randrange(20)))


def random_beats(rng):
    period = rng.uniform(0.3, 0.9)
    return [round(0.1 + i * period + rng.gauss(0, 0.02), 6) for i in range(rng.randrange(2, 30))]


def heard_beats(rng, beats):
    kind = rng.randrange(4)
    if kind == 1:
        beats = beats[::2]
    elif kind == 2:
        beats = sorted(beats + [(a + b) / 2 for a, b in zip(beats, beats[1:])])
    elif kind == 3:
        beats = [(a + b) / 2 for a, b in zip(beats, beats[1:])]
    return sorted(max(0.0, b + rng.gauss(0, 0.03)) for b in beats)


def write_case(path, hits, beats):
    path.write_text(json.dumps(
        {"hits": [{"time_s": t, "drum": d, "velocity": 64} for t, d in hits],
         "beats": [{"time_s": t, "number": i % 4 + 1} for i, t in enumerate(beats)]}))


def random_cases(fyr):
    rng = random.Random(20261123)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        pairs, beats = {}, {}
        for side in ("reference", "estimate"):
            (folder / side).mkdir()
        for i in range(1000):
            name = f"case{i:04d}"
            reference = random_hits(rng, rng.randrange(60))
            pairs[name] = (reference, jittered(rng, reference))
            truth = random_beats(rng)
            beats[name] = (truth, heard_beats(rng, truth))
            write_case(folder / "reference" / f"{name}.json", pairs[name][0], truth)
            write_case(folder / "estimate" / f"{name}.json", pairs[name][1], beats[name][1])
        report = json.loads(run(fyr, "evaluate", folder / "reference", folder / "estimate", "--json",
                                "--vocabulary", "3,5,13", "--window", "50,20", "--beats"))
    for sheet in report["sheets"]:
        f = check_sheet(sheet, pairs)
        print(f"vocabulary {sheet['vocabulary']}, {sheet['window_ms']} ms: 1,000 recordings equal, "
              f"sum-F {f:.4f}")
    for name, (truth, heard) in beats.items():
        truth, heard = np.array(truth), np.array(heard)
        ours = report["sheets"][0]["recordings"][name]["beats"]
        _, cml_t, _, aml_t = mir_eval.beat.continuity(truth, heard)
        expected = {"f": mir_eval.beat.f_measure(truth, heard),
                    "downbeat_f": mir_eval.beat.f_measure(truth[::4], heard[::4]),
                    "cml_t": cml_t, "aml_t": aml_t}
        for key, value in expected.items():
            if not same(ours[key], value):
                sys.exit(f"FAILED: {name}, beats, {key}: fyr {ours[key]}, mir_eval {value}")
    print("beat F, downbeat F, CMLt, AMLt: 1,000 recordings equal")


def read_csv(path):
    with open(path, newline="") as file:
        return [(float(row["time_s"]), row["drum"]) for row in csv.DictReader(file)]


def mdb_references(root):
    for path in sorted((root / "annotations" / "subclass").glob("*.txt")):
        lines = [line.split() for line in path.read_text().splitlines() if line.strip()]
        yield path.stem.removesuffix("_subclass"), [(float(t), MDB[label]) for t, label in lines]


def idmt_references(root):
    for path in sorted((root / "annotation_xml").glob("*#MIX.xml")):
        events = ElementTree.parse(path).findall("./transcription/event")
        yield path.stem.removesuffix("#MIX"), [
            (float(e.findtext("onsetSec")), IDMT[e.findtext("instrument")]) for e in events]


def egmd_references(root):
    import mido
    offsets = json.loads((root / "offsets_ms.json").read_text())
    for path in sorted(root.glob("*/*/*.midi")):
        time_s, hits = offsets[path.stem] / 1000, []
        for message in mido.MidiFile(path):
            time_s += message.time
            if message.type == "note_on" and message.velocity > 0:
                hits.append((time_s, GROOVE[message.note]))
        yield str(path.relative_to(root).with_suffix("")), hits


def compare_data(fyr):
    data = os.environ.get("FYR_DATA")
    model = os.environ.get("FYR_MODEL") or pathlib.Path(__file__).parents[2] / "models/drums.safetensors"
    if not data or not pathlib.Path(model).exists():
        print("SKIPPED: set FYR_DATA to the folder with mdb, IDMT-SMT-DRUMS-V2, e-gmd-v1.0.0"
              if not data else f"SKIPPED: no model {model}")
        sys.exit(SKIPPED)
    data = pathlib.Path(data)
    mdb, idmt, egmd = data / "mdb", data / "IDMT-SMT-DRUMS-V2", data / "e-gmd-v1.0.0"
    runs = [("mdb", part, mdb_references(mdb), f"audio/{part}/*", "3,5,13", mdb)
            for part in ("drum_only", "full_mix", "approx_mix")]
    runs += [("idmt", None, idmt_references(idmt), "audio/*#MIX.wav", "3,5", idmt),
             ("egmd", None, egmd_references(egmd), "*/*/*.flac", "3,5,13", egmd)]
    for dataset, part, references, pattern, vocabularies, root in runs:
        with tempfile.TemporaryDirectory() as temporary:
            audio = sorted(root.glob(pattern))
            run(fyr, "transcribe", "-q", "--model", model, *audio, "-o", temporary + "/", "-f", "csv")
            report = json.loads(run(
                fyr, "evaluate", "--dataset", dataset, data, "--estimates", temporary, "--json",
                "--partial", "--vocabulary", vocabularies, "--window", "50,20",
                *(["--part", part] if part else [])))
            stems = {path.stem: path for path in pathlib.Path(temporary).glob("*.csv")}
            pairs = {}
            for name, reference in references:
                found = [s for s in stems if s.startswith(name + "_") or s == name + "#MIX"
                         or s == name.rsplit("/")[-1]]
                if found:
                    pairs[name] = (reference, read_csv(stems[found[0]]))
        for sheet in report["sheets"]:
            if set(sheet["recordings"]) != set(pairs):
                sys.exit(f"FAILED: recordings differ: {sorted(sheet['recordings'])}, {sorted(pairs)}")
            f = check_sheet(sheet, pairs)
            print(f"{report['source']}, vocabulary {sheet['vocabulary']}, {sheet['window_ms']} ms: "
                  f"{len(pairs)} recordings equal, sum-F {f:.4f}")


def speed(fyr):
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        for side in ("reference", "estimate"):
            (folder / side).mkdir()
        for i in range(1000):
            hits = sorted((rng.uniform(0, 180), rng.choice(DRUMS)) for _ in range(1000))
            lines = "".join(f"{t:.4f},{d},64,0.5\n" for t, d in hits)
            for side in ("reference", "estimate"):
                (folder / side / f"{i}.csv").write_text("time_s,drum,velocity,confidence\n" + lines)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run(fyr, "evaluate", folder / "reference", folder / "estimate", "--json")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"1,000 recordings of 1,000 hits: {cpu_s:.2f} s of one core")
    if cpu_s > 5:
        sys.exit("FAILED: slower than 5 s")


if __name__ == "__main__":
    {"random": random_cases, "data": compare_data, "speed": speed}[sys.argv[2]](sys.argv[1])
