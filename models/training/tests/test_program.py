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

from dataset import Pool
from program import InputError
from synthetic import make_pool
from train import wait_for_items


class ProgramTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        make_pool(self.folder / "pool", 1, seconds=5)
        (self.folder / "text").write_text("no file of ours")

    def complaint(self, script, *words):
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
        errors = messages.getvalue()
        self.assertEqual(end.exception.code, 2, errors)
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
        self.assertIn("text: not a checkpoint", self.complaint("export", "text", "--model-id", "m"))
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
