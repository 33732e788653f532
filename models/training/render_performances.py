#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders the longest performances of a split of Groove, as played, through kits that no training hears.

    python3 models/training/render_performances.py --kits DATA/kits --groove DATA/groove --out FOLDER
    fyr evaluate --dataset egmd --split test --slots FOLDER

The folder is laid out like E-GMD: recordings beside the MIDI files that they were made from, and a
table of all. The test split measures; load_groove keeps it from all that trains.
"""

import argparse
import csv
import shutil
from pathlib import Path

import numpy as np
import soundfile

import option_types
from groove import performance_of, read_midi, read_table
from kits import OneShotBank
from program import run
from render import RenderOptions, render_performance
from sample_rate import SAMPLE_RATE

TABLE = "e-gmd-v1.0.0.csv"
# As validation songs: mostly acoustic kits, recorded as clearly as people record themselves.
OPTIONS = RenderOptions(electronic_share=0.1, plain_share=0.8)


def longest_performances(groove: Path, split: str, count: int) -> list[dict[str, str]]:
    """Rows of Groove's table, longest first."""
    return sorted(read_table(groove, split), key=lambda row: -float(row["duration"]))[:count]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kits", type=Path, required=True, help="bank of one-shots")
    parser.add_argument("--groove", type=Path, required=True, help="Groove MIDI dataset")
    parser.add_argument("--out", type=Path, required=True, help="folder to fill")
    parser.add_argument("--split", choices=("test", "validation"), default="test")
    parser.add_argument("--count", type=option_types.count, default=100)
    parser.add_argument("--seed", type=option_types.seed, default=1)
    args = parser.parse_args()
    bank = OneShotBank(args.kits, "validation")
    rows = longest_performances(args.groove, args.split, args.count)
    for number, row in enumerate(rows):
        source = args.groove / row["midi_filename"]
        target = (args.out / row["midi_filename"]).with_suffix(".midi")
        target.parent.mkdir(parents=True, exist_ok=True)
        rng = np.random.default_rng([args.seed, number])
        audio, kit = render_performance(rng, bank, performance_of(row, read_midi(source)), OPTIONS)
        soundfile.write(target.with_suffix(".flac"), audio, SAMPLE_RATE)
        shutil.copyfile(source, target)
        row |= {"kit_name": kit, "duration": f"{len(audio) / SAMPLE_RATE:.3f}",
                "midi_filename": str(target.relative_to(args.out)),
                "audio_filename": str(target.with_suffix(".flac").relative_to(args.out))}
    with open(args.out / TABLE, "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    run(main)
