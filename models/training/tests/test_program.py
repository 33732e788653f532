# SPDX-License-Identifier: GPL-3.0-or-later

"""Wrong paths and files: one line, exit code 2, wherever a training script meets them."""

import contextlib
import io
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

TRAINING = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TRAINING))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import blas  # noqa: F401
import numpy as np
import torch

import accompaniment_recordings  # noqa: F401  (mocked)
from dataset import Pool
from program import InputError, run
from safetensors import write_model
from synthetic import make_pool
from train import wait_for_items


class ProgramTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        make_pool(self.folder / "pool", 1, seconds=5)
        (self.folder / "text").write_text("no file of ours")

    def errors(self, script, *words):
        """Of a script run in this process, where PyTorch is loaded already."""
        here, handler = os.getcwd(), signal.getsignal(signal.SIGTERM)
        self.addCleanup(signal.signal, signal.SIGTERM, handler)
        self.addCleanup(os.chdir, here)
        os.chdir(self.folder)
        path = str(TRAINING / f"{script}.py")
        with mock.patch.object(sys, "argv", [path, *words]), self.assertRaises(SystemExit) as end:
            with contextlib.redirect_stderr(io.StringIO()) as messages:
                runpy.run_path(path, run_name="__main__")
        os.chdir(here)
        self.assertEqual(end.exception.code, 2, messages.getvalue())
        return messages.getvalue()

    def complaint(self, script, *words):
        errors = self.errors(script, *words)
        self.assertEqual(errors.count("\n"), 1, errors)
        self.assertTrue(errors.startswith(f"{script}: "), errors)
        return errors

    def test_a_training_from_what_is_not_there(self):
        common = ("--out", "out", "--steps", "1", "--device", "cpu", "--fyr", "fyr")
        self.assertIn("/nowhere holds no annotation_xml",
                      self.complaint("train", *common, "--data", "idmt=/nowhere"))
        pool = ("--pool", "pool", "--min-items", "1", "--no-variations")
        self.assertIn("none.pt: No such file", self.complaint("train", *common, *pool, "--init",
                                                             "none.pt"))
        self.assertIn("text: not a checkpoint", self.complaint("train", *common, *pool, "--init",
                                                               "text"))

    def test_files_that_are_none(self):
        kits = ("--kits", "none", "--groove", "none")
        self.assertIn("text: not a checkpoint", self.complaint("export", "text", "--model-id", "m",
                                                               "-o", "m.safetensors"))
        self.assertIn("text: not a checkpoint", self.complaint(
            "interpolate", "text", "text", "--validation", "pool", "-o", "o.pt"))
        self.assertIn("none/kits.json: No such", self.complaint("card_tables", "--kits", "none",
                                                                "--card", "card.md"))
        self.assertFalse((self.folder / "card.md").exists())
        self.assertIn("'bands' is none of band, notes", self.complaint(
            "make_accompaniment", "--out", "bank", "--kinds", "noise,bands"))
        self.assertIn("none/index.tsv: No such", self.complaint("render_performances", *kits,
                                                                "--out", "o"))
        self.assertIn("none/index.tsv: No such", self.complaint(
            "make_data", *kits, "--pool", "p", "--seed", "1", "--fyr", "fyr", "--settings", "s",
            "--count", "1"))

    def test_what_is_wrong_is_told_before_hours_of_work(self):
        write_model(self.folder / "model", {"a": np.ones(3)}, {})
        hits = ("train_hits", "--groove", "none", "--mma-share", "0", "--model")
        self.assertIn("m: No such file", self.complaint(*hits, "m", "-o", "a/b"))
        self.assertIn("none/info.csv: No such", self.complaint(*hits, "model", "-o", "a/b",
                                                               "--checkpoint", "c/d"))
        self.assertTrue((self.folder / "a").is_dir() and (self.folder / "c").is_dir())
        self.assertIn("pool cannot be written", self.complaint(*hits, "model", "-o", "pool"))
        heard = ("--fyr", "fyr", "--packages", "p", "--out", "o")
        with mock.patch("accompaniment_recordings.fetch", side_effect=AssertionError):
            self.assertIn("text: not a model file", self.complaint("label_music", "--model", "text",
                                                                   *heard))
            self.assertIn("text: no feature settings", self.complaint(
                "label_music", "--model", "model", "--settings", "text", *heard))

    def test_folders_of_songs_that_are_not_there_are_not_waited_for(self):
        common = ("--out", "out", "--steps", "1", "--device", "cpu", "--pool", "pool", "--min-items",
                  "1")
        for option in ("--heard", "--bands", "--validation"):
            with mock.patch("time.sleep", side_effect=AssertionError):
                self.assertIn(f"{option} none: no such folder",
                              self.complaint("train", *common, option, "none"))

    def test_settings_that_are_none(self):
        common = ("--out", "out", "--steps", "1", "--device", "cpu", "--pool", "pool", "--min-items",
                  "1", "--features")
        (self.folder / "list").write_text("[1]")
        for name in ("text", "list"):
            self.assertIn(f"{name}: no feature settings", self.complaint("train", *common, name))
        torch.save(dict(trained_on=[], validated_on=[], earlier=[], inputs=1), self.folder / "a.pt")
        self.assertIn("text: no feature settings", self.complaint(
            "export", "a.pt", "--model-id", "m", "-o", "m", "--features", "text"))

    def test_numbers_that_cannot_be(self):
        for script, *words in (
            ("make_data", "--seed", "-3"),
            ("make_data", "--count", "0"),
            ("choke_figures", "--count", "0"),
            ("choke_figures", "--seed", "-1"),
            ("render_performances", "--count", "0"),
            ("make_accompaniment", "--bands", "-1"),
            ("interpolate", "--minutes", "nan"),
            ("train_hits", "--minutes", "0"),
            ("train_hits", "--minutes", "nan"),
            ("train_hits", "--units", "0"),
            ("train_hits", "--batch", "0"),
            ("train_hits", "--mma-share", "2"),
            ("train_hits", "--seed", "-1"),
        ):
            self.assertIn(f"error: argument {words[0]}: {words[1]!r} is not a",
                          self.errors(script, *words))

    def test_ctrl_c_ends_without_a_traceback(self):
        self.addCleanup(signal.signal, signal.SIGTERM, signal.getsignal(signal.SIGTERM))
        with self.assertRaises(SystemExit) as end:
            run(mock.Mock(side_effect=KeyboardInterrupt))
        self.assertEqual(end.exception.code, 130)

    def test_a_training_says_at_once_that_it_waits(self):
        pool = Pool(self.folder / "none", refresh_s=None)
        with contextlib.redirect_stderr(io.StringIO()) as messages:
            with self.assertRaisesRegex(InputError, "fewer than 1 items for 0 minutes"):
                wait_for_items(pool, 1, minutes=0)
        self.assertEqual(messages.getvalue(), f"train: waiting for songs in {pool.folder}\n")

    def test_a_terminated_script_leaves_neither_files_nor_programs(self):
        script = self.folder / "waiting.py"
        script.write_text(
            "import subprocess, sys, tempfile\n"
            f"sys.path.insert(0, {str(TRAINING)!r})\n"
            "import program\n"
            "class Popen(subprocess.Popen):\n"
            "    def communicate(self, *arguments, **options):\n"
            "        open('started', 'w').close()\n"  # Python cannot end what it still starts.
            "        return super().communicate(*arguments, **options)\n"
            "subprocess.Popen = Popen\n"
            "def main():\n"
            "    with tempfile.TemporaryDirectory(dir='.', prefix='left-'):\n"
            "        subprocess.run(['sh', '-c', 'echo $$ > pid; exec sleep 100'])\n"
            "program.run(main)\n")
        process = subprocess.Popen([sys.executable, script], cwd=self.folder)
        pid = self.folder / "pid"
        started = self.folder / "started"
        while not started.exists() or not pid.exists() or not pid.read_text().strip():
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=20), 143)
        self.assertEqual(list(self.folder.glob("left-*")), [])
        with self.assertRaises(ProcessLookupError):
            os.kill(int(pid.read_text()), 0)


if __name__ == "__main__":
    unittest.main()
