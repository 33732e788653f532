# SPDX-License-Identifier: GPL-3.0-or-later

import contextlib
import io
import os
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import blas  # noqa: F401
import numpy as np

import accuracy_table
import card_tables
from card import replace_section, share, with_interval
from drums import DRUMS
from program import InputError
from safetensors import write_model

# Stands in for `fyr evaluate --json`: two recordings, every drum found nine times in ten.
STUB = """#!{python}
import json, sys
options = dict(zip(sys.argv[1:], sys.argv[2:]))
if options["--dataset"] == "idmt":
    sys.exit("no such folder")
scores = dict(tp=9, fp=1, fn=1, precision=.9, recall=.9, f=.9, f_interval=[.85, .95],
              median_error_s=-.004, velocity_r=None)
unheard = dict(scores, tp=0, fp=0, fn=0, precision=None, recall=None, f=None, f_interval=None)
drums = dict(KD=scores, SD=scores, TT=unheard, HH=scores, CY=scores)
sheets = [dict(vocabulary=v, window_ms=float(w), all=scores, drums=drums,
               recordings=dict.fromkeys(["a", "b"]))
          for v in options["--vocabulary"].split(",") for w in options["--window"].split(",")]
print(json.dumps(dict(model="m-1", fyr="0", problems=[], sheets=sheets)))
"""


class CardTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.card = self.folder / "card.md"
        names = ("accuracy", "kits", "training", "times")
        sections = [f"<!-- figures: {name} -->\nold {name}\n<!-- end: {name} -->" for name in names]
        self.card.write_text("before\n" + "\n".join(sections) + "\nafter\n")

    def test_only_the_named_section_changes_and_twice_is_once(self):
        for _ in range(2):
            replace_section(self.card, "kits", "new")
        text = self.card.read_text()
        self.assertIn("<!-- figures: kits -->\nnew\n<!-- end: kits -->", text)
        self.assertIn("old accuracy", text)
        self.assertTrue(text.startswith("before\n") and text.endswith("\nafter\n"))

    def test_a_card_without_the_section_is_refused(self):
        with self.assertRaises(ValueError):
            replace_section(self.card, "beats", "new")

    def test_shares_read_as_in_the_field_s_tables(self):
        self.assertEqual([share(x) for x in (0.9341, 1.0, 0.0, None)], [".934", "1.000", ".000", "–"])
        self.assertEqual(with_interval(0.5, [0.4, 0.6]), ".500 [.400, .600]")

    def test_every_kit_is_named_and_held_out_ones_are_bold(self):
        kit = {"origin": "o", "author": "a", "lic": "l", "tier": "A", "n": 3}
        text = card_tables.kits_section({"muldjord": kit, "one": kit, "two": {**kit, "author": "b"}})
        self.assertIn("3 kits, 9 one-shots; 1 kits", text)
        self.assertIn("| **muldjord**, one | a |", text)
        self.assertIn("| two | b |", text)

    def write_model(self):
        model = self.folder / "m.safetensors"
        picking = {drum: {"threshold": 0.25, "gap_s": 0.03} for drum in DRUMS}
        training = {"trained_on": ["mdb", "rendered"], "validated_on": ["rendered"], "steps": 1234,
                    "earlier": [{"steps": 7, "hours_heard": 2.0, "minutes": 3.0}],
                    "hours_heard": 5.0, "minutes": 6.0, "torch": "2", "settings": {"lr": 0.01},
                    "hits_network": {"steps": 2000, "batch": 4, "segment_s": 30.0, "minutes": 8.0,
                                     "taken_after": 1600}}
        write_model(model, {"a": np.zeros((10, 100)), "hits.dense.bias": np.zeros(2)}, {
            "model_id": "m-1", "layers": [{"type": "bilstm", "units": 8}], "training": training,
            "hits_network": {"layers": [{"type": "dense", "units": 2}]},
            "peak_picking": picking, "time_offset_s": 0.0})
        return model

    def test_kits_of_which_little_is_told_have_their_line(self):
        self.assertIn("| mine | – | – | – | – |", card_tables.kits_section({"mine": {"type": "acoustic"}}))

    def test_the_training_table_repeats_what_the_model_file_records(self):
        text = card_tables.training_section(self.write_model(), "loss.png")
        self.assertTrue(text.endswith("![Losses](loss.png)"))
        for line in ("| trained on | mdb, rendered |", "| weights | 1,000 |", "| lr | 0.01 |",
                     "| steps | 7, then 1,234 |", "| audio heard | 2, then 5 h |",
                     "| network that reads hits | 2 dense |", "| its weights | 2 |",
                     "| its training | 2,000 steps of 4 times 30 s, 8 min on one CPU core; the weights "
                     "after 1,600 steps |"):
            self.assertIn(line, text)

    def tables(self, *options):
        command = ["card_tables.py", *map(str, options)]
        with mock.patch.object(sys, "argv", command):
            card_tables.main()

    def test_a_new_training_does_not_stand_beside_old_accuracy(self):
        model = self.write_model()
        self.tables("--model", model, "--card", self.card)
        self.assertIn("figures: accuracy -->\nNot measured.\n<!--", self.card.read_text())
        self.assertNotIn("![Losses]", self.card.read_text())
        replace_section(self.card, "accuracy", "Model m-1, fyr 0, measured")
        self.tables("--model", model, "--card", self.card)
        self.assertIn("Model m-1, fyr 0, measured", self.card.read_text())

    def test_a_card_that_is_not_there_is_begun(self):
        card = self.folder / "new.md"
        self.tables("--model", self.write_model(), "--card", card, "--losses",
                    self.folder / "new.png")
        text = card.read_text()
        self.assertTrue(text.startswith("# m-1\n"))
        self.assertIn("| model | m-1 |", text)
        self.assertIn("![Losses](new.png)", text)
        self.assertNotIn("E-GMD", text)

    def test_losses_need_their_model(self):
        with contextlib.redirect_stderr(io.StringIO()) as messages, self.assertRaises(SystemExit):
            self.tables("--losses", "loss.png", "--card", self.card)
        self.assertIn("--losses stand in the table of --model", messages.getvalue())

    def test_layers_are_named_by_what_they_are(self):
        layers = [{"type": "convolution", "channels": 16, "pooled_bands": 1},
                  {"type": "convolution", "channels": 32, "pooled_bands": 2},
                  {"type": "bilstm", "units": 128}]
        self.assertEqual([card_tables.layer_name(layer) for layer in layers],
                         ["16 convolution", "32 convolution (2 bands pooled)", "128 bilstm"])

    def test_times_come_from_the_file_that_the_run_wrote(self):
        times = self.folder / "times.tsv"
        times.write_text("build\t60\t2 CPU cores\nrun\t6\tx\nbuild\t30\t2 CPU cores\n")
        self.assertIn("| build | 1.5 | 2 CPU cores |", card_tables.times_section(times))

    def test_accuracy_stands_beside_peers_only_on_the_same_tracks(self):
        fyr = self.folder / "fyr"
        fyr.write_text(STUB.format(python=sys.executable))
        fyr.chmod(0o755)
        command = ["accuracy_table.py", "--fyr", str(fyr), "--card", str(self.card)]
        with mock.patch.object(sys, "argv", command), mock.patch.dict(os.environ, FYR_DATA="x"):
            with contextlib.redirect_stderr(io.StringIO()) as messages:
                accuracy_table.main()
        text = self.card.read_text()
        self.assertIn("left out IDMT-SMT-Drums V2", messages.getvalue())
        self.assertIn(f"accuracy_table.py --fyr {fyr} --card {self.card}\n", text)
        self.assertIn("| 5 | **fyr** | .900 [.850, .950] | .900 [.850, .950] |", text)
        self.assertIn("| 5 | ADTOF Frame-RNN (2023) | .949 | .841 |", text)  # two recordings each
        self.assertNotIn("| .922 |", text)  # measured on seven
        self.assertIn("| 13 | KD | 10 | 1 | .900 | .900 | .900 [.850, .950] |", text)
        self.assertNotIn("| TT | 0 |", text)
        self.assertIn("| MDB finished records, 5 classes | ≥ .950 | .900 | no |", text)
        self.assertIn("| E-GMD, 13 classes exactly | ≥ .850 | .900 | yes |", text)
        self.assertNotIn("IDMT, 3", text)

    def test_it_is_told_what_is_wrong_where_nothing_can_be_measured(self):
        fyr = self.folder / "fyr"
        fyr.write_text("#!/bin/sh\necho no such folder >&2; exit 2\n")
        fyr.chmod(0o755)
        model = self.write_model()
        for file, complaint in ((self.card, "card.md: not a model file"),
                                (model, "none of the data sets in x could be measured, see above")):
            command = ["accuracy_table.py", "--fyr", fyr, "--card", self.card, "--model", file]
            with mock.patch.object(sys, "argv", list(map(str, command))), \
                    mock.patch.dict(os.environ, FYR_DATA="x"), \
                    contextlib.redirect_stderr(io.StringIO()) as messages, \
                    self.assertRaisesRegex(InputError, complaint):
                accuracy_table.main()
        self.assertIn("left out MDB Drums, drums alone: no such folder", messages.getvalue())


if __name__ == "__main__":
    unittest.main()
