# SPDX-License-Identifier: GPL-3.0-or-later

import contextlib
import io
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import blas  # noqa: F401
import torch

from train_options import parse_arguments


class OptionsTest(unittest.TestCase):
    COMMON = ("--out", "x", "--steps", "1", "--fyr", "x", "--device", "cpu", "--pool", "p")
    BOTH = ("--data", "mdb=m", "--data", "idmt=i")

    def refusal(self, *options, common=COMMON):
        with contextlib.redirect_stderr(io.StringIO()) as messages:
            with self.assertRaises(SystemExit) as end:
                parse_arguments([*common, *options])
        self.assertEqual(end.exception.code, 2)
        return messages.getvalue().splitlines()[-1]

    def test_shares_that_cannot_be_are_refused(self):
        for share in ("mdb=x", "mdb=0", "mdb=nan", "mdb", "mdb=1.5"):
            self.assertIn("not NAME=SHARE", self.refusal(*self.BOTH, "--share", share))
        several = ("--share", "mdb=0.5", "--share")
        self.assertIn("twice", self.refusal(*self.BOTH, *several, "mdb=0.2"))
        self.assertIn("egmd, which is not", self.refusal(*self.BOTH, *several, "egmd=0.2"))
        self.assertIn("1.1 in all leaves nothing", self.refusal(*self.BOTH, *several, "idmt=0.6"))
        self.assertIn("make 0.8, not 1", self.refusal(*self.BOTH, *several, "idmt=0.3",
                                                      common=self.COMMON[:-2]))
        chosen = parse_arguments([*self.COMMON[:-2], *self.BOTH, *several, "idmt=0.5"])
        self.assertEqual(chosen.share, {"mdb": 0.5, "idmt": 0.5})

    def test_a_data_set_is_named_once(self):
        self.assertIn("names mdb twice", self.refusal("--data", "mdb:fold1=a", "--data", "mdb=b"))

    def test_patience_without_validation_is_refused(self):
        self.assertIn("it needs --validation", self.refusal("--patience", "2"))
        self.assertEqual(parse_arguments([*self.COMMON, "--validation", "v", "--patience", "2"]).patience, 2)

    def test_numbers_that_cannot_be_are_refused(self):
        length, common = ("--steps", "1"), ("--out", "x", "--device", "cpu", "--pool", "p")
        for options, complaint in (
            (("--steps", "0"), "whole number above 0"),
            (("--minutes", "0"), "number above 0"),
            (("--minutes", "-1"), "number above 0"),
            ((*length, "--lr", "nan"), "number above 0"),
            ((*length, "--batch", "2.5"), "whole number above 0"),
            ((*length, "--units", "32", "0"), "whole number above 0"),
            ((*length, "--workers", "-1"), "whole number from 0 on"),
            ((*length, "--rare-share", "1.1"), "share from 0 to 1"),
            ((*length, "--dropout", "1"), "share from 0 to below 1"),
            ((*length, "--seed", "-1"), "whole number from 0 to 2³² − 1"),
            ((*length, "--seed", str(2**32)), "whole number from 0 to 2³² − 1"),
            ((*length, "--patience", "-1"), "whole number from 0 on"),
            ((*length, "--weight-decay", "-1"), "number from 0 on"),
            ((*length, "--validate-minutes", "-1"), "number from 0 on"),
            ((*length, "--ema", "nan"), "share from 0 to 1"),
            ((*length, "--ema", "2"), "share from 0 to 1"),
        ):
            self.assertIn(f"{options[-1]!r} is not a {complaint}",
                          self.refusal(*options, common=common))
        chosen = parse_arguments([*common, *length, "--workers", "0", "--rare-share", "1"])
        self.assertEqual((chosen.steps, chosen.workers, chosen.rare_share), (1, 0, 1.0))

    def test_something_must_train_and_bands_lie_under_songs(self):
        common = ("--out", "x", "--steps", "1", "--fyr", "x", "--device", "cpu")
        self.assertIn("nothing to train on", self.refusal(common=common))
        self.assertEqual(parse_arguments([*common, "--heard", "h"]).heard, Path("h"))
        for options in (("--heard", "h"), ("--pool", "p", "--no-variations")):
            self.assertIn("--bands lie under songs",
                          self.refusal(*options, "--bands", "b", common=common))

    def test_devices_that_are_not_there_are_refused(self):
        self.assertIn("no such device", self.refusal("--device", "abacus"))
        self.assertIn("no use of it here", self.refusal("--device", "hip"))
        if not torch.cuda.is_available():
            self.assertIn("finds no CUDA device", self.refusal("--device", "cuda"))


if __name__ == "__main__":
    unittest.main()
