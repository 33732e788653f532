# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the bank of drum-free music that accompaniment.py mixes under the drums.

  python3 make_accompaniment.py --out BANK [--kinds band,notes,...] [--bands 170] [--packages FOLDER]

Writes one FLAC a piece, index.json and bank.i16 (all pieces behind one another as 16-bit samples,
what the mixer maps into memory). Kinds already in the index are kept unless they are named.
"""

import argparse
import json
import os
import sys
from pathlib import Path

import numpy as np
import soundfile

import accompaniment_midi as midi
import accompaniment_recordings as recorded
import accompaniment_voices as voices
from accompaniment_common import split_of
from accompaniment_synth import synth_bass_table
from option_types import count_from_0, seed
from program import InputError, run
from sample_rate import SAMPLE_RATE

KINDS = ("band", "notes", "voice", "noise", "stem", "recording")


def note_table(rng, number):
    """Basses and guitars in turn; a third of the basses are synthesised."""
    if number % 6 == 1:
        return synth_bass_table(rng, number)
    return midi.note_table(rng, number, "bass" if number % 2 else "guitar")


def generators(options):
    """kind -> rounds of pieces; the index is written after each."""
    packages = Path(options.packages)

    def rng(number):
        return np.random.default_rng([options.seed, number])

    def seeded(count, offset, make):
        return (make(rng(offset + n), n) for n in range(count))

    return {
        "band": [(p for n in range(options.bands) for p in midi.band(rng(n), n))],
        "notes": [seeded(options.notes, 10_000, note_table)],
        "voice": [seeded(options.voices, 20_000, voices.voice_piece)],
        "noise": [seeded(options.noises, 30_000, voices.noise_piece)],
        "stem": [recorded.guitar_stems(packages)],
        "recording": [
            recorded.recordings(options.seed, packages, n, Path(options.out))
            for n in range(options.chunks)
        ],
    }


def entry_of(piece):
    """The index line of a piece."""
    return {
        "file": f"{piece.name}.flac",
        "kind": piece.kind,
        "role": piece.role,
        "group": piece.group,
        "split": split_of(piece.group),
        "samples": len(piece.audio),
        "bpm": piece.bpm,
        "meter": piece.meter,
        "bar_s": piece.bar_s,
        "source": piece.source,
        "licence": piece.licence,
        **piece.extra,
    }


def write_flac(folder, piece):
    """Written beside and renamed: recordings() takes what is there as done."""
    part = folder / f".{piece.name}.part"
    soundfile.write(str(part), piece.audio, SAMPLE_RATE, subtype="PCM_16", format="FLAC")
    part.replace(folder / f"{piece.name}.flac")


def write_index(folder, entries):
    """index.json and bank.i16, each replaced at once so that a running mixer keeps the old ones."""
    index, bank = folder / "index.json", folder / "bank.i16"
    packed, samples = {}, None
    if index.exists() and bank.exists():
        packed = {e["file"]: e for e in json.loads(index.read_text())}
        samples = np.memmap(bank, np.int16, "r")
    offset = 0
    with open(folder / "bank.i16.new", "wb") as new:
        for entry in entries:
            flac, old = folder / entry["file"], packed.get(entry["file"])
            if old and flac.stat().st_mtime < bank.stat().st_mtime:
                audio = samples[old["offset"] : old["offset"] + old["samples"]]
            else:
                audio, _ = soundfile.read(str(flac), dtype="int16")
            entry["offset"], entry["samples"] = offset, len(audio)
            new.write(audio.tobytes())
            offset += len(audio)
    (folder / "index.json.new").write_text(json.dumps(entries, indent=0))
    os.replace(folder / "bank.i16.new", bank)
    os.replace(folder / "index.json.new", index)


def summary(entries):
    hours = {}
    for entry in entries:
        key = (entry["kind"], entry["split"])
        hours[key] = hours.get(key, 0) + entry["samples"] / SAMPLE_RATE / 3600
    return "\n".join(
        f"{kind:10s} {split:10s} {value:6.2f} h" for (kind, split), value in sorted(hours.items())
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", required=True, help="folder of the bank")
    parser.add_argument("--kinds", default=",".join(KINDS), help="some of the default's")
    parser.add_argument(
        "--packages", default="build/training/packages", help="where Debian packages are fetched to"
    )
    parser.add_argument("--bands", type=count_from_0, default=170)
    parser.add_argument("--notes", type=count_from_0, default=72)
    parser.add_argument("--voices", type=count_from_0, default=60)
    parser.add_argument("--noises", type=count_from_0, default=24)
    parser.add_argument("--chunks", type=count_from_0, default=3, help="of 40 s, from each recording")
    parser.add_argument("--seed", type=seed, default=1)
    options = parser.parse_args()
    kinds = options.kinds.split(",")
    for kind in kinds:
        if kind not in KINDS:
            raise InputError(f"--kinds: {kind!r} is none of {', '.join(KINDS)}")
    folder = Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    if "stem" in kinds or "recording" in kinds:
        recorded.fetch(recorded.PACKAGES + recorded.STEM_PACKAGES, Path(options.packages))
    index = folder / "index.json"
    entries = (
        [e for e in json.loads(index.read_text()) if e["kind"] not in kinds]
        if index.exists()
        else []
    )
    for kind in kinds:
        for pieces in generators(options)[kind]:
            for piece in pieces:
                write_flac(folder, piece)
                entries.append(entry_of(piece))
                print(kind, piece.name, file=sys.stderr)
            write_index(folder, entries)
    print(summary(entries))


if __name__ == "__main__":
    run(main)
