# SPDX-License-Identifier: GPL-3.0-or-later

"""retrain.sh with stubs for the programs that it runs: what it starts, keeps and leaves behind."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "models" / "training" / "retrain.sh"

# Stands in for Python, cmake and ninja: notes its process and arguments, then does what the file of
# the script's name says: a number of seconds to wait, or "fail".
STUB = """#!{python} -ES
import json, os, pathlib, sys, time
here = pathlib.Path(__file__).parent
words = [pathlib.Path(word).name if word.endswith(".py") else word for word in sys.argv]
with open(here / "calls", "a") as file:
    file.write(json.dumps([os.getpid(), words[0], " ".join(words[1:])]) + chr(10))
if "--continuous" in words:
    words[1] = "renderer"
if "-o" in words and words[1] == "export.py":
    pathlib.Path(words[words.index("-o") + 1]).write_text("model")
behaviour = here / (words[1] if len(words) > 1 else "none")
text = behaviour.read_text() if behaviour.exists() else "0"
if text == "fail":
    sys.exit("stub: told to fail")
time.sleep(float(text))
"""


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


class RetrainTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.programs = self.folder / "programs"
        self.programs.mkdir()
        for name in ("python3", "cmake", "ninja"):
            stub = self.programs / name
            stub.write_text(STUB.format(python=sys.executable))
            stub.chmod(0o755)
        for needed in ("kits/index.tsv", "kits/kits.json", "groove/info.csv"):
            (self.folder / "data" / needed).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / "data" / needed).touch()
        self.behave("renderer", 100)

    def behave(self, script, what):
        (self.programs / script).write_text(str(what))

    def begin(self, *options):
        environment = {**os.environ, "PATH": f"{self.programs}:{os.environ['PATH']}"}
        process = subprocess.Popen(["sh", SCRIPT, "--data", "data", "--work", "made", "--workers",
                                    "2", *options], cwd=self.folder, env=environment, text=True,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def run_through(self, *options):
        process = self.begin(*options)
        _, errors = process.communicate(timeout=60)
        return process.returncode, errors

    def calls(self):
        """Of each program that was run its process, its path and its arguments."""
        file = self.programs / "calls"
        lines = file.read_text().splitlines() if file.exists() else []
        return [json.loads(line) for line in lines]

    def wait_for(self, condition, what):
        until = time.monotonic() + 20
        while not condition():
            self.assertLess(time.monotonic(), until, what)
            time.sleep(0.05)

    def wait_until_called(self, script):
        self.wait_for(lambda: any(f"{script}" in call[2] for call in self.calls()), script)

    def test_it_goes_all_the_way_from_any_folder(self):
        code, errors = self.run_through("--id", "mine")
        self.assertEqual(code, 0, errors)
        self.assertEqual((self.folder / "made/drums.safetensors").read_text(), "model")
        (training,) = [call[2] for call in self.calls() if call[2].startswith("train.py")]
        self.assertIn(f"--out {self.folder.resolve()}/made/run", training)
        (export,) = [call[2] for call in self.calls() if call[2].startswith("export.py")]
        self.assertIn("made/run/best.pt", export)
        card = [call[2] for call in self.calls() if call[2].startswith("card_tables.py")]
        self.assertIn(f"--card {self.folder.resolve()}/made/card.md", card[0])
        self.assertEqual([c for c in self.calls() if alive(c[0])], [])

    def test_the_context_learns_from_songs_of_its_own(self):
        code, errors = self.run_through()
        self.assertEqual(code, 0, errors)
        work = f"{self.folder.resolve()}/made"
        fitted = [call[2] for call in self.calls()
                  if call[2].startswith(("thresholds.py", "context.py", "pooling.py"))]
        songs = [words.rsplit(f"--songs {work}/", 1)[1] for words in fitted]
        context = f"context --known-kits {work}/context_known_kits"
        self.assertEqual(songs, ["validation", context, "validation", "validation"])
        rendered, known_kits = [call[2] for call in self.calls() if f"--pool {work}/context" in call[2]]
        self.assertIn("--split validation --performances train", rendered)
        self.assertNotIn("--split", known_kits)
        for command in (rendered, known_kits):
            self.assertIn("--keep-audio", command)

    def test_no_number_of_renderers_makes_the_songs_of_another_step(self):
        self.behave("train.py", 100)
        self.begin()
        self.wait_for(lambda: sum("--continuous" in c[2] for c in self.calls()) == 2, "renderers")
        rendering = [call[2] for call in self.calls() if call[2].startswith("make_data.py")]
        seeds = {int(words.split("--seed ")[1].split()[0]): "--continuous" in words for words in rendering}
        self.assertEqual(len(seeds), 6)
        self.assertEqual([seeds[seed] for seed in sorted(seeds)], [False] * 4 + [True] * 2)

    def test_what_was_made_stays_when_it_goes_on(self):
        self.behave("train.py", "fail")
        self.assertNotEqual(self.run_through("--id", "mine")[0], 0)
        self.behave("train.py", 0)
        self.assertEqual(self.run_through()[0], 0)
        made = [call[2] for call in self.calls() if call[2].startswith("make_accompaniment.py")]
        self.assertEqual(len(made), 6)
        for training in [call[2] for call in self.calls() if call[2].startswith("train.py")]:
            self.assertIn(" --resume ", training)
        (export,) = [call[2] for call in self.calls() if call[2].startswith("export.py")]
        self.assertIn("--model-id mine ", export)

    def test_a_card_of_its_own_has_the_picture_beside_it(self):
        (self.folder / "made/run").mkdir(parents=True)
        (self.folder / "made/run/loss.png").write_text("picture")
        (self.folder / "card.md").touch()
        (self.folder / "data/mdb").mkdir()
        self.assertEqual(self.run_through("--card", "card.md")[0], 0)
        self.assertEqual((self.folder / "card.png").read_text(), "picture")
        tables, accuracy = [call[2] for call in self.calls()
                            if call[2].startswith(("card_tables.py", "accuracy_table.py"))]
        self.assertIn("--card card.md ", tables)
        self.assertIn("--losses card.png", tables)
        self.assertIn("--card card.md", accuracy)

    def ends_everything(self, number, code):
        self.behave("train_hits.py", 100)
        self.behave("train.py", 100)
        process = self.begin()
        self.wait_until_called("train.py")
        self.wait_for(lambda: sum("--continuous" in c[2] for c in self.calls()) == 2, "renderers")
        pids = [call[0] for call in self.calls() if alive(call[0])]
        self.assertEqual(len(pids), 4)
        began = time.monotonic()
        process.send_signal(number)
        process.wait(timeout=20)
        self.assertEqual(process.returncode, code)
        self.wait_for(lambda: not any(map(alive, pids)), f"alive: {list(filter(alive, pids))}")
        self.assertLess(time.monotonic() - began, 5)

    def test_what_it_started_ends_when_it_is_terminated(self):
        self.ends_everything(signal.SIGTERM, 143)

    def test_what_it_started_ends_when_it_is_killed(self):
        self.ends_everything(signal.SIGKILL, -signal.SIGKILL)

    def test_a_model_that_was_there_stays_until_the_new_one_is_whole(self):
        (self.folder / "old").write_text("old model")
        self.behave("thresholds.py", 100)
        process = self.begin("--output", "old")
        self.wait_until_called("thresholds.py")
        process.terminate()
        process.wait(timeout=20)
        self.assertEqual((self.folder / "old").read_text(), "old model")
        self.behave("thresholds.py", 0)
        self.assertEqual(self.run_through("--output", "old")[0], 0)
        self.assertEqual((self.folder / "old").read_text(), "model")

    def test_a_second_start_is_refused_in_one_line(self):
        self.behave("make_accompaniment.py", 100)
        first = self.begin()
        self.wait_until_called("make_accompaniment.py")
        code, errors = self.run_through()
        self.assertEqual((code, errors.count("\n")), (2, 1), errors)
        self.assertIn("is being trained in by another retrain.sh", errors)
        first.terminate()
        first.wait(timeout=20)

    def test_a_renderer_that_dies_ends_the_training_and_its_log_is_named(self):
        self.behave("renderer", "fail")
        self.behave("train.py", 100)
        code, errors = self.run_through()
        self.assertEqual(code, 1)
        self.assertIn("made/songs-1.log", errors)
        self.assertIn("told to fail", (self.folder / "made/songs-1.log").read_text())

    def test_a_hits_network_that_fails_ends_the_training_and_its_log_is_named(self):
        self.behave("train_hits.py", "fail")
        self.behave("train.py", 100)
        code, errors = self.run_through()
        self.assertEqual(code, 1)
        self.assertIn("made/hits.log", errors)
        self.wait_for(lambda: not any(alive(call[0]) for call in self.calls()), "left behind")

    def test_wrong_options_of_the_training_are_told_before_anything_is_made(self):
        self.behave("train_options.py", "fail")
        self.assertNotEqual(self.run_through("--", "--bacth", "12")[0], 0)
        (call,) = self.calls()
        self.assertTrue(call[2].startswith("train_options.py --pool "), call)
        self.assertTrue(call[2].endswith(" --bacth 12"), call)

    def test_wrong_options_are_refused(self):
        for options, complaint in ((["--minutes"], "needs a value"),
                                   (["--output", "none/model"], "none/model: not a file in a folder"),
                                   (["--output", "data"], "data: not a file in a folder"),
                                   (["--card", "none.md"], "none.md: no such file"),
                                   (["--workers", "two"], "two: not a whole number above 0"),
                                   (["--workers", "0"], "0: not a whole number above 0"),
                                   (["--data", "nowhere"], "holds no kits/index.tsv")):
            code, errors = self.run_through(*options)
            self.assertEqual(code, 2)
            self.assertIn(complaint, errors)
        self.assertFalse((self.folder / "made").exists())


if __name__ == "__main__":
    unittest.main()
