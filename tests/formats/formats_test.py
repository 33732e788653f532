#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every format of a real recording, read again by programs that are not ours.

Takes data/rock_95bpm.flac and, where FYR_DATA names the folder with mdb/, a recording of MDB Drums.
MuseScore and LilyPond are used where they are installed; a test that lacks them says so.
usage: FYR=build/dev/fyr FYR_MODEL=models/drums.safetensors formats_test.py [Formats.test_name]
"""
import csv
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree
import zipfile

import jsonschema
import mido

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FYR = os.path.abspath(os.environ.get("FYR", ROOT / "build/dev/fyr"))
MODEL = os.path.abspath(os.environ.get("FYR_MODEL", ROOT / "models/drums.safetensors"))
MDB_SONG = pathlib.Path(os.environ.get("FYR_DATA") or "missing",
                        "mdb/audio/drum_only/MusicDelta_Rock_Drum.wav")
FORMATS = "mscx,mscz,musicxml,mxl,mid,lilypond,tab,csv,labels,json,jams"
ENDINGS = [".mscx", ".mscz", ".musicxml", ".mxl", ".mid", ".ly", ".tab.txt", ".csv",
           ".labels.txt", ".json", ".jams"]
KEYS = {"kick": 36, "snare": 38, "side_stick": 37, "closed_hihat": 42, "pedal_hihat": 44,
        "open_hihat": 46, "high_tom": 50, "mid_tom": 47, "floor_tom": 43, "ride": 51,
        "ride_bell": 53, "crash": 49, "percussion": 54}
DRUM_CHANNEL = 9
TICK_S = 0.0015  # Longest tick of a slow song: what a MIDI file can tell apart.


def songs():
    found = [ROOT / "data/rock_95bpm.flac"]
    if MDB_SONG.is_file():
        found.append(MDB_SONG)
    else:
        print(f"NOT TESTED on an MDB recording: FYR_DATA is not set or there is no {MDB_SONG}")
    return found


def notes(path):
    """(seconds, key, velocity) of every stroke, in order."""
    now, found = 0, []
    for message in mido.MidiFile(path):
        now += message.time
        if message.type == "note_on" and message.velocity > 0:
            assert message.channel == DRUM_CHANNEL, message
            found.append((now, message.note, message.velocity))
    return sorted(found, key=lambda note: (round(note[0], 2), note[1]))


def ticks(path):
    """(tick, key, velocity) of every stroke, 480 a quarter note, in order."""
    file, found = mido.MidiFile(path), []
    for track in file.tracks:
        now = 0
        for message in track:
            now += message.time
            if message.type == "note_on" and message.velocity > 0:
                found.append((now * 480 // file.ticks_per_beat, message.note, message.velocity))
    return sorted(found)


def jams_validator():
    schema = json.loads((pathlib.Path(__file__).parent / "jams.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


class Formats(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.songs = songs()
        # The results of every recording: paths to which an ending is added.
        cls.results = [cls.folder / "out" / song.stem for song in cls.songs]
        for name, arguments in (("out", ["-f", FORMATS]),
                                ("grid", ["-f", "mid", "--midi-timing", "grid"]),
                                ("mapped", ["-f", "mid", "--drum-map", "addictive_drums"])):
            subprocess.run([FYR, "transcribe", *cls.songs, "-o", f"{cls.folder / name}/", "-q",
                            "--model", MODEL, "--artist", "Ünal & Söhne", *arguments],
                           check=True, timeout=120)

    def hits(self, base):
        with open(f"{base}.csv", newline="") as file:
            return [(float(row["time_s"]), row["drum"], int(row["velocity"]))
                    for row in csv.DictReader(file)]

    def through_musescore(self, path, ending=".mid"):
        """The file that MuseScore makes of it."""
        made = self.folder / (path.name + ".made" + ending)
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen",
                       "XDG_RUNTIME_DIR": str(self.folder), "HOME": str(self.folder)}
        done = subprocess.run(["mscore3", "-d", "-o", made, path], check=True, env=environment,
                              capture_output=True, text=True, timeout=120)
        # What its window would ask about before it opens the file.
        self.assertNotIn("is not a valid MusicXML file", done.stdout + done.stderr)
        return made

    def assert_same_notes(self, one, two, within_s):
        self.assertEqual([note[1:] for note in one], [note[1:] for note in two])
        for (a, *_), (b, *_) in zip(one, two):
            self.assertAlmostEqual(a, b, delta=within_s)

    def test_every_format_is_written(self):
        for base in self.results:
            for ending in ENDINGS:
                self.assertGreater(os.path.getsize(f"{base}{ending}"), 100, ending)

    @unittest.skipUnless(shutil.which("mscore3"), "MuseScore 3 (mscore3) is not installed")
    def test_musescore_plays_the_same_notes_from_every_score(self):
        for base in self.results:
            reference = notes(self.through_musescore(pathlib.Path(f"{base}.mscx")))
            self.assertGreater(len(reference), 50)
            for ending in (".mscz", ".musicxml", ".mxl"):
                played = notes(self.through_musescore(pathlib.Path(f"{base}{ending}")))
                self.assert_same_notes(reference, played, 0.002)

    @unittest.skipUnless(shutil.which("mscore3"), "MuseScore 3 (mscore3) is not installed")
    def test_musescore_shows_one_tempo_of_musicxml_and_plays_all(self):
        for base in self.results:
            score = pathlib.Path(f"{base}.musicxml")
            shown = xml.etree.ElementTree.parse(self.through_musescore(score, ".mscx"))
            texts = ["".join(tempo.find("text").itertext()).strip()
                     for tempo in shown.getroot().iter("Tempo")]
            told = json.loads(pathlib.Path(f"{base}.json").read_text())
            self.assertGreater(len(texts), len(told["bars"]) / 2)
            self.assertEqual([text for text in texts if text],
                             [f"metNoteQuarterUp = {told['tempo_bpm']:.0f}"])
            played = mido.MidiFile(self.through_musescore(score))
            self.assertEqual(len(texts), sum(message.type == "set_tempo" for track in played.tracks
                                             for message in track))

    @unittest.skipUnless(shutil.which("mscore3"), "MuseScore 3 (mscore3) is not installed")
    def test_musescore_reads_the_notes_of_midi_files(self):
        for base in self.results:
            for kind in ("out", "grid"):
                ours = self.folder / kind / f"{base.name}.mid"
                self.assertEqual(sorted(note[1:] for note in notes(ours)),
                                 sorted(note[1:] for note in notes(self.through_musescore(ours))))

    def test_midi_holds_every_hit_when_it_was_heard(self):
        for base in self.results:
            heard = sorted(((time_s, KEYS[drum], velocity)
                            for time_s, drum, velocity in self.hits(base)),
                           key=lambda note: (round(note[0], 2), note[1]))
            played = sorted(notes(f"{base}.mid"))
            self.assertEqual(len(heard), len(played))
            for key in KEYS.values():
                self.assert_same_notes([n for n in sorted(heard) if n[1] == key],
                                       [n for n in played if n[1] == key], TICK_S)

    def test_midi_on_the_grid_holds_the_places_of_the_score(self):
        for base in self.results:
            told = json.loads(pathlib.Path(f"{base}.json").read_text())
            starts = [0]
            for bar in told["bars"]:
                starts.append(starts[-1] + bar["length"])
            places = sorted((starts[hit["bar"]] + hit["tick"], KEYS[hit["drum"]], hit["velocity"])
                            for hit in told["hits"])
            written = ticks(self.folder / "grid" / f"{base.name}.mid")
            lead_in = written[0][0] - places[0][0]
            self.assertEqual([(tick + lead_in, *rest) for tick, *rest in places], written)

    def test_drum_map_changes_keys_only(self):
        for base in self.results:
            plain = notes(f"{base}.mid")
            mapped = notes(self.folder / "mapped" / f"{base.name}.mid")
            self.assertEqual(sum(note[1] == 36 for note in plain),
                             sum(note[1] == 36 for note in mapped))
            self.assertEqual(sum(note[1] == 42 for note in plain),
                             sum(note[1] == 49 for note in mapped))
            self.assertEqual([note[0] for note in sorted(plain)],
                             [note[0] for note in sorted(mapped)])

    def test_json_follows_its_schema_and_holds_the_hits(self):
        schema = json.loads((ROOT / "docs/transcription.schema.json").read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        for base in self.results:
            told = json.loads(pathlib.Path(f"{base}.json").read_text())
            jsonschema.validate(told, schema, cls=jsonschema.Draft202012Validator)
            self.assertEqual(self.hits(base), [(onset["time_s"], onset["drum"], onset["velocity"])
                                               for onset in told["onsets"]])
            self.assertEqual(sum(hit["n_strokes"] for hit in told["hits"]), len(told["onsets"]))

    def test_evaluate_reads_what_it_wrote(self):
        for base in self.results:
            for ending in (".json", ".mid"):
                done = subprocess.run([FYR, "evaluate", f"{base}.csv", f"{base}{ending}", "--json"],
                                      capture_output=True, text=True, timeout=60)
                self.assertEqual(done.returncode, 0, done.stderr)
                sheet = json.loads(done.stdout)["sheets"][0]
                self.assertEqual(sheet["all"]["f"], 1, ending)

    def test_jams_follows_its_schema_and_holds_the_hits(self):
        for base in self.results:
            told = json.loads(pathlib.Path(f"{base}.jams").read_text())
            jams_validator().validate(told)
            data = {part["namespace"]: part["data"] for part in told["annotations"]}
            self.assertEqual(len(data), len(told["annotations"]), "a namespace stands twice")
            hits = self.hits(base)
            self.assertEqual([(time_s, drum) for time_s, drum, _ in hits],
                             [(entry["time"], entry["value"]) for entry in data["tag_open"]])
            self.assertEqual([KEYS[drum] for _, drum, _ in hits],
                             [entry["value"] for entry in data["note_midi"]])
            self.assertEqual([time_s for time_s, *_ in hits],
                             [entry["time"] for entry in data["onset"]])
            beats = json.loads(pathlib.Path(f"{base}.json").read_text())["beats"]
            length_s = told["file_metadata"]["duration"]
            self.assertEqual([(beat["time_s"], beat["number"]) for beat in beats
                              if 0 <= beat["time_s"] <= length_s],
                             [(entry["time"], entry["value"]) for entry in data["beat"]])

    def test_jams_stays_within_the_recording_and_in_order(self):
        for base in self.results:
            told = json.loads(pathlib.Path(f"{base}.jams").read_text())
            length_s = told["file_metadata"]["duration"]
            for part in told["annotations"]:
                self.assertEqual((part["time"], part["duration"]), (0, length_s))
                times = [entry["time"] for entry in part["data"]]
                self.assertEqual(times, sorted(times), part["namespace"])
                for entry in part["data"]:
                    self.assertLessEqual(entry["time"] + entry["duration"], length_s + 0.0001)

    def test_the_jams_schema_refuses_what_jams_does_not_know(self):
        whole = pathlib.Path(f"{self.results[0]}.jams").read_text()

        def part(told, name):
            return next(part for part in told["annotations"] if part["namespace"] == name)

        for breaks in (lambda told: told.pop("sandbox"),
                       lambda told: told.update(extra=1),
                       lambda told: told["file_metadata"].pop("duration"),
                       lambda told: told["file_metadata"].update(jams_version="0.2.0"),
                       lambda told: part(told, "beat").update(namespace="beats"),
                       lambda told: part(told, "beat").pop("annotation_metadata"),
                       lambda told: part(told, "beat")["data"][0].update(time=-0.1),
                       lambda told: part(told, "beat")["data"][0].update(value="1"),
                       lambda told: part(told, "onset")["data"][0].update(value=1),
                       lambda told: part(told, "onset")["data"][0].pop("confidence"),
                       lambda told: part(told, "tag_open")["data"][0].update(value=None),
                       lambda told: part(told, "note_midi")["data"][0].update(value=128),
                       lambda told: part(told, "tempo")["data"][0].update(value=-1),
                       lambda told: part(told, "tempo")["data"][0].update(confidence=None)):
            told = json.loads(whole)
            breaks(told)
            self.assertFalse(jams_validator().is_valid(told))

    def test_labels_hold_the_hits(self):
        for base in self.results:
            rows = [line.split("\t")
                    for line in pathlib.Path(f"{base}.labels.txt").read_text().splitlines()]
            self.assertTrue(all(start == end for start, end, _ in rows))
            labels = [(float(start), drum) for start, _, drum in rows]
            self.assert_same_notes([hit[:2] for hit in self.hits(base)], labels, 0.0001)

    def test_tab_holds_a_letter_for_every_note(self):
        for base in self.results:
            lines = pathlib.Path(f"{base}.tab.txt").read_text().splitlines()
            music = [line for line in lines if line[2:3] == "|"]
            told = json.loads(pathlib.Path(f"{base}.json").read_text())
            letters = sum(sum(letter.isalpha() for letter in line[3:]) for line in music)
            self.assertEqual(letters, len(told["hits"]))
            self.assertLessEqual(max(map(len, lines)), 80)

    @unittest.skipUnless(shutil.which("lilypond"), "LilyPond is not installed")
    def test_lilypond_compiles_and_plays_the_same_notes(self):
        for base in self.results:
            done = subprocess.run(["lilypond", "-dno-print-pages", "-o", f"{base}.lilypond",
                                   f"{base}.ly"], capture_output=True, text=True, timeout=120)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNotRegex(done.stderr, "warning|error")
            # It leaves out the silence before the first bar and counts whole beats a minute.
            grid = ticks(self.folder / "grid" / f"{base.name}.mid")
            played = ticks(f"{base}.lilypond.midi")
            grid = [(tick - grid[0][0], key) for tick, key, _ in grid]
            played = [(tick - played[0][0], key) for tick, key, _ in played]
            if "grace" in pathlib.Path(f"{base}.ly").read_text().lower():
                played = [note for note in played if note in grid]
            self.assertEqual(grid, played)

    def test_titles_and_artists_are_kept(self):
        for base in self.results:
            root = xml.etree.ElementTree.parse(f"{base}.musicxml").getroot()
            self.assertEqual(root.findtext("work/work-title"), base.name.replace("_", " "))
            self.assertEqual(root.findtext("identification/creator"), "Ünal & Söhne")
            with zipfile.ZipFile(f"{base}.mscz") as archive:
                self.assertIsNone(archive.testzip())
                self.assertEqual(archive.read("score.mscx"),
                                 pathlib.Path(f"{base}.mscx").read_bytes())
            for ending in (".ly", ".tab.txt", ".json", ".jams"):
                text = pathlib.Path(f"{base}{ending}").read_text()
                self.assertIn("Ünal & Söhne", text)
                self.assertIn(base.name, text)


if __name__ == "__main__":
    unittest.main()
