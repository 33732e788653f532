#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shipped model on real recordings: MDB Drums (Southall et al., ISMIR 2017 late-breaking).

FYR_DATA names the folder that holds mdb/. Exit 77 (skipped) says what is missing.
usage: FYR=build/dev/fyr FYR_MODEL=models/drums.safetensors recordings_test.py [Recordings.test_name]
"""
import collections
import csv
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

FYR = os.path.abspath(os.environ.get("FYR", "build/dev/fyr"))
MODEL = pathlib.Path(os.environ.get("FYR_MODEL", "models/drums.safetensors")).resolve()
MDB = pathlib.Path(os.environ.get("FYR_DATA") or "missing") / "mdb"
WINDOW_S = 0.05
LEAST_SUM_F = 0.87
LEAST_IN_TIME = 0.98

MIDI_KEY = {
    "kick": 36, "snare": 38, "side_stick": 37, "closed_hihat": 42, "pedal_hihat": 44,
    "open_hihat": 46, "high_tom": 50, "mid_tom": 47, "floor_tom": 43, "ride": 51, "ride_bell": 53,
    "crash": 49, "percussion": 54,
}

# The 5 classes of ADTOF (Zehren et al., ISMIR 2021); tambourine and clicks belong to none.
CLASS_OF_DRUM = {
    "kick": "KD", "snare": "SD", "side_stick": "SD", "closed_hihat": "HH", "pedal_hihat": "HH",
    "open_hihat": "HH", "high_tom": "TT", "mid_tom": "TT", "floor_tom": "TT", "ride": "CY",
    "ride_bell": "CY", "crash": "CY",
}
CLASS_OF_LABEL = {
    "KD": "KD", "SD": "SD", "SDB": "SD", "SDD": "SD", "SDF": "SD", "SDG": "SD", "SDNS": "SD",
    "SST": "SD", "CHH": "HH", "PHH": "HH", "OHH": "HH", "HIT": "TT", "MHT": "TT", "HFT": "TT",
    "LFT": "TT", "RDC": "CY", "RDB": "CY", "CRC": "CY", "CHC": "CY", "SPC": "CY",
}


def matches(reference, estimate):
    """Most pairs within the window, one to one: taking the earliest fit is optimal on a line."""
    n, k = 0, 0
    estimate = sorted(estimate)
    for time_s in sorted(reference):
        while k < len(estimate) and estimate[k] < time_s - WINDOW_S:
            k += 1
        if k < len(estimate) and estimate[k] <= time_s + WINDOW_S:
            n, k = n + 1, k + 1
    return n


def f_measure(n_matches, n_reference, n_estimate):
    return 2 * n_matches / max(1, n_reference + n_estimate)


def read_truth(path):
    times = collections.defaultdict(list)
    for line in path.read_text().splitlines():
        fields = line.split()
        if len(fields) == 2 and fields[1] in CLASS_OF_LABEL:
            times[CLASS_OF_LABEL[fields[1]]].append(float(fields[0]))
    return times


def read_csv(path):
    times = collections.defaultdict(list)
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            if row["drum"] in CLASS_OF_DRUM:
                times[CLASS_OF_DRUM[row["drum"]]].append(float(row["time_s"]))
    return times


class Recordings(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.out = pathlib.Path(cls.folder.name)
        cls.songs = sorted((MDB / "audio/drum_only").glob("*.wav"))
        cls.transcribe(cls.out)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def transcribe(cls, folder):
        subprocess.run([FYR, "transcribe", *cls.songs, "-o", f"{folder}/", "-f", "mscx,csv", "-q",
                        "--model", MODEL], check=True, timeout=600)

    def test_sum_f_on_drums_alone(self):
        counts = collections.defaultdict(lambda: [0, 0, 0])
        for song in self.songs:
            name = song.stem.removesuffix("_Drum")
            truth = read_truth(MDB / "annotations/subclass" / f"{name}_subclass.txt")
            found = read_csv(self.out / f"{song.stem}.csv")
            for drum in set(CLASS_OF_DRUM.values()):
                row = counts[drum]
                row[0] += matches(truth[drum], found[drum])
                row[1] += len(truth[drum])
                row[2] += len(found[drum])
        total = [sum(column) for column in zip(*counts.values())]
        sum_f = f_measure(*total)
        classes = "  ".join(f"{drum} {f_measure(*row):.3f}" for drum, row in sorted(counts.items()))
        print(f"MDB drum_only, {len(self.songs)} recordings: sum-F {sum_f:.3f} at "
              f"{1000 * WINDOW_S:.0f} ms ({classes})")
        self.assertGreaterEqual(sum_f, LEAST_SUM_F)

    def test_same_command_gives_the_same_bytes(self):
        with tempfile.TemporaryDirectory() as again:
            self.transcribe(again)
            for path in self.out.iterdir():
                if path.suffix in (".mscx", ".csv"):
                    self.assertEqual(path.read_bytes(), (pathlib.Path(again) / path.name).read_bytes())

    @unittest.skipUnless(shutil.which("mscore3"), "MuseScore 3 (mscore3) is not installed")
    def test_musescore_accepts_every_score_and_plays_its_notes(self):
        import mido
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen",
                       "XDG_RUNTIME_DIR": self.folder.name}
        for song in self.songs:
            with self.subTest(song=song.name):
                score = self.out / f"{song.stem}.mscx"
                for kind in (".mid", ".mlog"):
                    subprocess.run(["mscore3", "-o", score.with_suffix(kind), score], check=True,
                                   env=environment, capture_output=True, timeout=120)
                midi = mido.MidiFile(score.with_suffix(".mid"))
                played = [message for message in midi
                          if message.type == "note_on" and message.velocity > 0]
                self.assertEqual({message.channel for message in played}, {9})
                root = xml.etree.ElementTree.parse(score).getroot()
                written = collections.Counter(int(e.text) for e in root.iterfind(".//Note/pitch"))
                heard = collections.Counter(message.note for message in played)
                if root.find(".//Tremolo") is None:  # A tremolo stands for several notes.
                    self.assertEqual(heard, written)
        self.check_playback()

    def check_playback(self):
        """The score sounds when the recording does: each hit has its note within 50 ms of it."""
        import mido
        n_in_time, n_hits = 0, 0
        for song in self.songs:
            played, time_s = collections.defaultdict(list), 0.0
            for message in mido.MidiFile(self.out / f"{song.stem}.mid"):
                time_s += message.time
                if message.type == "note_on" and message.velocity > 0:
                    played[message.note].append(time_s)
            heard = collections.defaultdict(list)
            with open(self.out / f"{song.stem}.csv", newline="") as file:
                for row in csv.DictReader(file):
                    heard[MIDI_KEY[row["drum"]]].append(float(row["time_s"]))
            n_in_time += sum(matches(heard[key], played[key]) for key in heard)
            n_hits += sum(map(len, heard.values()))
        print(f"playback: {n_in_time} of {n_hits} hits have their note within "
              f"{1000 * WINDOW_S:.0f} ms ({n_in_time / n_hits:.1%})")
        self.assertGreaterEqual(n_in_time, LEAST_IN_TIME * n_hits)


def missing():
    if not os.environ.get("FYR_DATA"):
        return "FYR_DATA is not set; it names the folder with mdb/"
    if not MDB.is_dir():
        return f"there is no {MDB}"
    if not MODEL.is_file():
        return f"there is no model {MODEL}"
    return None


if __name__ == "__main__":
    if missing():
        print(f"SKIPPED, the accuracy on real recordings is not tested: {missing()}")
        sys.exit(77)
    unittest.main()
