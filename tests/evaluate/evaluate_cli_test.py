#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`fyr evaluate` as a user meets it: output, messages, exit codes.

usage: FYR=build/dev/fyr evaluate_cli_test.py [EvaluateCli.test_name]
"""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

FYR = os.path.abspath(os.environ.get("FYR", "build/dev/fyr"))
HEADING = "time_s,drum,velocity,confidence\n"


class EvaluateCli(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.put("truth/a.txt", "0.5 KD\n1.0 SD\n1.5 CHH\n2.0 CHH\n")
        self.put("heard/a.csv", HEADING + "0.51,kick,90,.9\n1.02,snare,80,.8\n1.5,ride,70,.7\n")
        self.put("truth/b.txt", "0.5 KD\n")
        self.put("heard/b.csv", HEADING + "0.5,kick,90,.9\n")

    def put(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def fyr(self, *arguments, code=0, **variables):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("FYR_")}
        environment.update(variables)
        done = subprocess.run([FYR, "evaluate", *arguments], cwd=self.folder, env=environment,
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def test_prints_an_aligned_table(self):
        out = self.fyr("truth", "heard", "--per-recording", "--confusion", "--worst", "2").stdout
        lines = out.splitlines()
        header = next(line for line in lines if line.startswith("  drum"))
        kick = next(line for line in lines if line.startswith("  KD"))
        self.assertEqual(header.index("F") + 1, kick.index("1.000") + len("1.000"))
        self.assertIn("vocabulary 5, ±50 ms, 2 recordings", out)
        self.assertIn("played \\ heard", out)
        self.assertIn("worst passages", out)

    def test_json_is_one_document_on_standard_output(self):
        report = json.loads(self.fyr("truth", "heard", "--json", "--vocabulary", "3,13",
                                     "--window", "50,5").stdout)
        self.assertEqual([(s["vocabulary"], s["window_ms"]) for s in report["sheets"]],
                         [("3", 50), ("3", 5), ("13", 50), ("13", 5)])
        first = report["sheets"][0]
        self.assertEqual([first["all"][k] for k in ("tp", "fp", "fn")], [3, 0, 2])
        self.assertEqual(first["recordings"]["a"]["drums"]["HH"], [0, 0, 2])

    def test_csv_has_a_row_a_recording_and_drum(self):
        rows = self.fyr("truth", "heard", "--csv").stdout.splitlines()
        self.assertEqual(rows[1], "5,50,all,all,5,4,3,1,2,0.7500,0.6000,0.6667")
        self.assertEqual(len(rows), 1 + 3 * 6)

    def test_names_what_it_cannot_read_and_goes_on(self):
        self.put("truth/b.txt", "0.5 KD\nhalf KD\n")
        self.put("truth/c.txt", "0.5 KD\n")
        self.put("heard/d.csv", HEADING)
        done = self.fyr("truth", "heard", code=1)
        self.assertIn("truth/b.txt:2: expected seconds from 0 to 1000000, found \"half\"", done.stderr)
        self.assertIn("no estimate for \"truth/c.txt\"", done.stderr)
        self.assertIn("no reference for \"heard/d.csv\"", done.stderr)
        self.assertIn("1 recording", done.stdout)

    def test_a_folder_of_several_formats_is_told_what_to_do(self):
        self.put("heard/a.json", '{"hits": []}')
        self.assertRegex(self.fyr("truth", "heard", code=3).stderr,
                         r'two files share the stem "a" in "heard": a\.\w+ and a\.\w+; '
                         "keep one format in the folder, such as csv\n")

    def test_nothing_to_score_is_unreadable_input_and_prints_no_table(self):
        self.put("truth/b.txt", "half KD\n")
        done = self.fyr("truth/b.txt", "heard/b.csv", code=3)
        self.assertIn("truth/b.txt:1: expected seconds", done.stderr)
        self.assertEqual(done.stdout, "")
        (self.folder / "empty").mkdir()
        self.assertIn("there is nothing to score in empty against empty",
                      self.fyr("empty", "empty", "--beats", code=3).stderr)
        self.assertIn('cannot read "no.json"', self.fyr("truth/a.txt", "heard/a.csv", "--map",
                                                        "no.json", code=3).stderr)

    def test_beats_that_no_reference_tells_are_missed(self):
        done = self.fyr("truth", "heard", "--beats", "--slots")
        self.assertIn("warning: --beats: no reference tells its beats", done.stderr)
        self.assertIn("warning: --slots: no reference tells its bars", done.stderr)
        self.put("truth/a.json", '{"hits": [], "beats": [{"time_s": 1, "number": 1}], "bars": []}')
        self.put("heard/a.json", '{"hits": [], "beats": [{"time_s": 1, "number": 1}], "bars": []}')
        self.assertEqual(self.fyr("truth/a.json", "heard/a.json", "--beats").stderr, "")

    def test_beats_that_no_estimate_tells_are_missed(self):
        self.put("truth/a.json", '{"hits": [{"time_s": 1, "drum": "kick", "bar": 0, "tick": 0}], '
                                 '"beats": [{"time_s": 1, "number": 1}], "bars": [{"length": 960}]}')
        done = self.fyr("truth/a.json", "heard/a.csv", "--beats", "--slots")
        self.assertIn("warning: --beats: no estimate tells its beats, so they score 0", done.stderr)
        self.assertIn("warning: --slots: no estimate tells its bars, so they score 0", done.stderr)
        self.assertEqual(self.fyr("truth/a.json", "truth/a.json", "--beats", "--slots").stderr, "")

    def test_json_that_fyr_did_not_write_is_told(self):
        self.assertEqual(self.fyr("truth", "heard", "--baseline", ".", code=3).stderr,
                         'fyr: cannot read ".": it is a folder; name a file in it\n')
        for text, cause in (("{}", '"hits" is missing'), ("[]", '"hits" is missing'),
                            ("no json", "it is not JSON"),
                            ('{"hits": [1]}', '"hits", entry 1: "time_s" is missing'),
                            ('{"hits": [{"time_s": "a"}]}', '"hits", entry 1: "time_s" must be a number '
                             'between 0 and 1000000')):
            self.put("heard/b.json", text)
            self.assertEqual(self.fyr("truth/b.txt", "heard/b.json", code=3).stderr,
                             f'fyr: cannot read "heard/b.json": {cause}; name a file as fyr transcribe '
                             "-f json writes it\n")

    def test_label_tracks_are_read(self):
        self.put("heard/a.labels.txt", "0.5\t0.5\tkick\n1.0\t1.0\tsnare\n")
        (self.folder / "heard/a.csv").unlink()
        report = json.loads(self.fyr("truth", "heard", "--json").stdout)
        self.assertEqual(report["sheets"][0]["recordings"]["a"]["tp"], 2)

    def test_midi_of_another_kit_is_read_by_its_drum_map(self):
        track = bytes((0, 0x99, 42, 100, 96, 0xFF, 0x2F, 0))  # Addictive Drums' side stick.
        (self.folder / "kit.mid").write_bytes(
            b"MThd\0\0\0\6\0\0\0\1\0\x60MTrk" + len(track).to_bytes(4, "big") + track)
        self.put("stick.csv", "0,side_stick\n")
        self.put("kit.json", '{"side_stick": 42, "closed_hihat": 37}')
        for name, n_right in (("gm", 0), ("addictive_drums", 1), ("kit.json", 1)):
            report = json.loads(self.fyr("stick.csv", "kit.mid", "--estimate-map", name, "--json",
                                         "--vocabulary", "13").stdout)
            self.assertEqual(report["sheets"][0]["all"]["tp"], n_right, name)
        self.assertIn("ezdrummer", self.fyr("stick.csv", "kit.mid", "--map", "no", code=2).stderr)

    def test_unknown_labels_are_errors_unless_ignored(self):
        self.put("truth/a.txt", "0.5 KD\n0.7 COWBELL\n")
        self.assertIn("truth/a.txt:2: label \"COWBELL\"",
                      self.fyr("truth", "heard", code=1).stderr)
        self.fyr("truth", "heard", "--ignore-unknown")

    def test_baseline_catches_a_fall_but_no_improvement(self):
        self.put("before.json", self.fyr("truth", "heard", "--json").stdout)
        same = self.fyr("truth", "heard", "--baseline", "before.json", "--tolerance", "0")
        self.assertIn("+0.000", same.stdout)
        self.put("heard/a.csv", HEADING + "0.51,kick,90,.9\n")
        fall = self.fyr("truth", "heard", "--baseline", "before.json", code=1)
        self.assertIn("REGRESSION", fall.stdout)
        self.fyr("truth", "heard", "--baseline", "before.json", "--tolerance", "0.5")
        self.put("heard/a.csv", HEADING + "0.5,kick,1,1\n1,snare,1,1\n1.5,closed_hihat,1,1\n")
        self.assertNotIn("REGRESSION",
                         self.fyr("truth", "heard", "--baseline", "before.json").stdout)

    def test_a_baseline_recording_that_is_gone_fails(self):
        self.put("before.json", self.fyr("truth", "heard", "--json").stdout)
        (self.folder / "truth/b.txt").unlink()
        (self.folder / "heard/b.csv").unlink()
        self.assertIn("\"b\" was not scored",
                      self.fyr("truth", "heard", "--baseline", "before.json", code=1).stderr)

    def test_names_that_are_not_utf8_meet_their_baseline(self):
        for folder in ("old", "new"):
            (self.folder / folder).mkdir()
            for name in (b"caf\xe9.csv", b"caf\xe8.csv"):
                with open(os.path.join(os.fsencode(self.folder / folder), name), "w") as file:
                    file.write(HEADING + "0.5,kick,90,1\n")
        report = self.fyr("old", "new", "--json").stdout
        self.assertEqual(list(json.loads(report)["sheets"][0]["recordings"]), ["cafè", "café"])
        self.put("names.json", report)
        self.fyr("old", "new", "--baseline", "names.json")

    def test_refuses_wrong_usage(self):
        for arguments in ([], ["truth"], ["truth", "heard", "--vocabulary", "4"],
                          ["truth", "heard/a.csv"], ["--dataset", "enst", "."],
                          ["--dataset", "mdb"], ["truth", "heard", "--window", "0"],
                          ["truth", "heard", "--json", "--csv"], ["--show-map", "none"],
                          ["truth", "heard", "--csv", "--beats"],
                          ["truth", "heard", "--csv", "--slots"]):
            with self.subTest(arguments=arguments):
                self.assertTrue(self.fyr(*arguments, code=2).stderr.startswith("fyr: "))
        for arguments, cause in (
                (["x"], 'one argument too many: "x"; see "fyr evaluate --help"'),
                (["--window", "50,20,50.0"], "--window: 50 stands more than once; keep one"),
                (["--vocabulary", "3,3"], "--vocabulary: 3 stands more than once; keep one")):
            self.assertEqual(self.fyr("truth", "heard", *arguments, code=2).stderr, f"fyr: {cause}\n")

    def test_maps_that_are_files_are_offered_in_the_help(self):
        text = " ".join(self.fyr("--help").stdout.split())
        for option in ("--map", "--estimate-map", "--show-map"):
            self.assertIn(".json file", text.split(f" {option} MAP ", 1)[1][:130], option)
        self.assertNotIn("One of: fyr", text)

    def test_an_own_map_is_read_as_documented(self):
        page = (pathlib.Path(__file__).resolve().parents[2] / "docs/evaluation.md").read_text()
        self.put("own.json", page.split("```json\n", 1)[1].split("```", 1)[0])
        self.put("own/a.txt", "0.5 BD\n1.0 Shaker\n")
        self.put("mine/a.csv", HEADING + "0.5,kick,90,.9\n")
        done = self.fyr("own/a.txt", "mine/a.csv", "--map", "own.json", "--csv")
        self.assertIn(",KD,", done.stdout)
        self.assertIn('"Shaker" is coarser than vocabulary 8', self.fyr(
            "own/a.txt", "mine/a.csv", "--map", "own.json", "--vocabulary", "8", code=3).stderr)

    def test_refuses_what_would_be_of_no_use(self):
        for arguments in (["--threshold", "0.5"], ["--model", "m"], ["--weights", "float"],
                          ["--estimates", "heard"], ["--given", "hits"], ["--split", "test"],
                          ["--part", "full_mix"], ["--annotations", "pp"], ["--partial"],
                          ["--jobs", "2"]):
            with self.subTest(arguments=arguments):
                done = self.fyr("truth", "heard", *arguments, code=2)
                self.assertRegex(done.stderr, rf"\Afyr: {arguments[0]}: without --dataset [^\n]+\n\Z")
        self.fyr("truth", "heard", FYR_MODEL="m", FYR_THRESHOLD="0.5")
        for arguments in (["--estimates", "heard", "--model", "m"],
                          ["--estimates", "heard", "--jobs", "2"],
                          ["--given", "hits", "--threshold", "0.5"]):
            done = self.fyr("--dataset", "mdb", ".", *arguments, code=2)
            self.assertIn(f"{arguments[2]}: nothing is heard with {arguments[0]}", done.stderr)

    def test_refuses_what_the_data_set_or_mode_does_not_use(self):
        for dataset, arguments, why in (
                ("mdb", ["--split", "validation"], "mdb has none, only egmd and groove"),
                ("idmt", ["--split", "test"], "idmt has none, only egmd and groove"),
                ("idmt", ["--annotations", "class"], "idmt has none, only mdb"),
                ("egmd", ["--annotations", "pp"], "egmd has none, only mdb"),
                ("egmd", ["--part", "full_mix"], "egmd has none, only mdb"),
                ("groove", ["--model", "m", "--given", "beats"],
                 "no model is asked with --given beats"),
                ("mdb", ["--estimate-map", "gm"], "what fyr hears has fyr's own labels"),
                ("mdb", ["--worst", "2", "--csv"], "the CSV has every recording's hits and no more"),
                ("mdb", ["--per-recording", "--json"], "the JSON has every recording"),
                ("mdb", ["--tolerance", "0.1"], "nothing is compared without --baseline")):
            with self.subTest(dataset=dataset, arguments=arguments):
                self.assertEqual(self.fyr("--dataset", dataset, ".", *arguments, code=2).stderr,
                                 f"fyr: {arguments[0]}: {why}; leave it out\n")
        for arguments, name in ((["--json", "--show-map"], "--json"),
                                (["truth", "heard", "--show-map", "mdb"], "paths")):
            self.assertEqual(self.fyr(*arguments, code=2).stderr,
                             f"fyr: {name}: --show-map prints label maps only; leave it out\n")

    def test_refuses_unreadable_input(self):
        self.put("map.json", "{}")
        for arguments in (["truth", "nowhere"], ["--dataset", "mdb", "."],
                          ["truth", "heard", "--baseline", "nowhere.json"],
                          ["truth", "heard", "--map", "map.json"]):
            with self.subTest(arguments=arguments):
                self.assertTrue(self.fyr(*arguments, code=3).stderr.startswith("fyr: "))

    def test_shows_its_maps(self):
        every = self.fyr("--show-map").stdout
        out = self.fyr("--show-map", "mdb", "egmd").stdout
        self.assertLess(len(out), len(every))
        self.assertRegex(out, r"SST +Side stick +- +SD +- +side_stick +OT +onset")
        self.assertRegex(out, r"58 +Tom 3 rim +- +TT +TT +floor_tom +TT +onset")

    def test_estimates_of_a_data_set_need_no_audio(self):
        track = bytes((0, 0x99, 36, 100, 96, 0xFF, 0x2F, 0))
        self.put("groove/info.csv", "beat_type,duration,split,midi_filename,audio_filename\n"
                 "beat,1,test,d/1_rock.mid,d/1_rock.wav\nbeat,1,test,d/2_rock.mid,d/2_rock.wav\n")
        (self.folder / "groove/d").mkdir()
        for name in ("1", "2"):
            (self.folder / f"groove/d/{name}_rock.mid").write_bytes(
                b"MThd\0\0\0\6\0\0\0\1\0\x60MTrk" + len(track).to_bytes(4, "big") + track)
        self.put("estimates/d/1_rock.csv", HEADING + "0.0,kick,90,1\n")
        data = ("--dataset", "groove", "groove", "--estimates", "estimates")
        done = self.fyr(*data, "--json", code=1)
        self.assertEqual(json.loads(done.stdout)["sheets"][0]["all"]["f"], 1)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertIn('no estimate for recording "d/2_rock"', done.stderr)
        self.assertEqual(self.fyr(*data, "--partial").stderr, "")

    def test_scores_estimates_against_a_data_set(self):
        self.put("mdb/annotations/subclass/X_subclass.txt", "0.5 KD\n1.0 SST\n")
        self.put("mdb/audio/drum_only/X_Drum.wav", "")
        self.put("estimates/X_Drum.csv", HEADING + "0.5,kick,90,1\n1.0,snare,90,1\n")
        report = json.loads(self.fyr("--dataset", "mdb", ".", "--estimates", "estimates",
                                     "--vocabulary", "5,3,mdb", "--json").stdout)
        self.assertEqual(report["source"], "mdb drum_only subclass")
        self.assertEqual([s["all"]["f"] for s in report["sheets"]], [1, 0.666667, 0.5])
        # Before the sound, which is none, is heard.
        self.assertIn('no label map "no"', self.fyr("--dataset", "mdb", ".", "--map", "no", code=2).stderr)
        (self.folder / "empty").mkdir()
        for estimates, cause in (
                ("nowhere", 'there is no "nowhere"; check the path'),
                ("estimates/X_Drum.csv", '"estimates/X_Drum.csv" is a file; name a folder of estimates'),
                ("empty", 'there are no estimates in "empty", files such as .csv, .json or .mid; '
                          "check the path")):
            done = self.fyr("--dataset", "mdb", ".", "--estimates", estimates, code=3)
            self.assertEqual(done.stderr, f"fyr: {cause}\n")


if __name__ == "__main__":
    unittest.main()
