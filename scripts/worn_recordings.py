#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures what worn copies of MDB Drums do to hits and beats. Needs sox (with libsox-fmt-mp3) and
ffmpeg.

    scripts/worn_recordings.py FOLDER/mdb --model models/drums.safetensors --fyr build/release/fyr

Prints a Markdown table: sum-F of 5 classes and beat F, for drums alone and drums 2 dB under the
other instruments.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import tempfile

PARTS = ("drum_only", "approx_mix")
EFFECTS = {
    "as it is": "",
    "8 times as loud, clipped": "gain 18",
    "heavily compressed": "compand 0.005,0.1 6:-60,-20,0,-8 0 -20 0",
    "in a hall": "gain -6 reverb 80 50 100",
    "without bass (250 Hz high-pass)": "highpass 250",
    "muffled (4 kHz low-pass)": "lowpass 4000 lowpass 4000",
    "sampled at 32 kHz": "rate 32000",
    "at 22.05 kHz": "rate 22050",
    "at 16 kHz": "rate 16000",
    "at 8 kHz": "rate 8000",
    "15 % slower, as a tape": "speed 0.85",
    "15 % faster": "speed 1.15",
}
MP3_KBIT_S = (128, 64, 48)
AAC_KBIT_S = (256, 128, 96)
NOISE_DB = (-30, -20)  # Peaks, of full scale.


def sox(*arguments):
    subprocess.run(["sox", "-R", *map(str, arguments)], check=True, stderr=subprocess.DEVNULL)


def add_noise(source, target, level_db):
    def of_source(what):
        return subprocess.check_output(["soxi", what, source], text=True).strip()

    noise = target.with_suffix(".noise.wav")
    sox("-r", of_source("-r"), "-n", "-c", of_source("-c"), noise, "synth", of_source("-D"),
        "pinknoise", "gain", level_db)
    sox("-m", "-v", 0.5, source, "-v", 0.5, noise, target)
    noise.unlink()


def code_mp3(source, target, kbit_s):
    coded = target.with_suffix(".mp3")
    sox(source, "-C", kbit_s, coded)
    sox(coded, target)
    coded.unlink()


def code_aac(source, target, kbit_s):
    coded = target.with_suffix(".m4a")
    for words in ([source, "-c:a", "aac", "-b:a", f"{kbit_s}k", coded], [coded, target]):
        subprocess.run(["ffmpeg", "-v", "error", "-i", *words], check=True)
    coded.unlink()


def treatments():
    """Names, functions of source and target, and how much faster the copy is."""
    for name, effects in EFFECTS.items():
        words = effects.split()
        speed = float(words[1]) if words[:1] == ["speed"] else 1
        yield name, lambda source, target, words=words: sox(source, target, *words), speed
    for name, code, rates_kbit_s in (("MP3", code_mp3, MP3_KBIT_S), ("AAC", code_aac, AAC_KBIT_S)):
        for kbit_s in rates_kbit_s:
            yield (f"{name} of {kbit_s} kbit/s",
                   lambda source, target, code=code, kbit_s=kbit_s: code(source, target, kbit_s), 1)
    for level_db in NOISE_DB:
        yield (f"pink noise with peaks of {level_db} dB",
               lambda source, target, level_db=level_db: add_noise(source, target, level_db), 1)


def faster(line, speed):
    """A line of an annotation, which begins with its time."""
    time_s, separator, rest = line.partition("\t" if "\t" in line else " ")
    return f"{float(time_s) / speed:.6f}{separator}{rest}" if line.strip() else line


def write_copy(mdb, copy, treat, speed):
    shutil.copytree(mdb / "annotations", copy / "annotations")
    for path in (copy / "annotations").rglob("*.*"):
        lines = path.read_text().splitlines(keepends=True)
        path.write_text("".join(faster(line, speed) for line in lines))
    for part in PARTS:
        folder = copy / "audio" / part
        folder.mkdir(parents=True)
        for source in sorted((mdb / "audio" / part).iterdir()):
            treat(source, folder / f"{source.stem}.wav")


def measure(fyr, model, copy, part):
    out = subprocess.run([fyr, "evaluate", "--dataset", "mdb", "--part", part, "--beats", "--json",
                          "-q", "--model", model, copy], check=True, capture_output=True).stdout
    sheet = json.loads(out)["sheets"][0]
    return " | ".join(f"{f:.3f}".removeprefix("0") for f in (sheet["all"]["f"], sheet["beats"]["f"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mdb", type=pathlib.Path)
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--fyr", required=True)
    arguments = parser.parse_args()
    print("| copy | drums alone: F | beat F | 2 dB under: F | beat F |\n| --- | --- | --- | --- | --- |")
    for name, treat, speed in treatments():
        with tempfile.TemporaryDirectory() as place:
            copy = pathlib.Path(place) / "mdb"
            write_copy(arguments.mdb, copy, treat, speed)
            cells = [measure(arguments.fyr, arguments.model, copy, part) for part in PARTS]
            print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
