# SPDX-License-Identifier: GPL-3.0-or-later
"""Public data sets: their layouts, and what their labels do not tell.

What needs recordings reads them from the folder that FYR_DATA names (mdb/, e-gmd-v1.0.0/,
IDMT-SMT-DRUMS-V2/) and is skipped without.
"""

import contextlib
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

TRAINING = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TRAINING))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import blas  # noqa: F401
import numpy as np
import soundfile

from dataset import read_item
from datasets import Recording, parse_choice, recordings
from drums import CLOSED, KICK, MID_TOM, SNARE
from network import BEATS, N_DRUMS, ONSETS, VELOCITIES
from prepare_data import _write_item, measure_lag, prepare
from program import InputError
from synthetic import make_pool
from train import open_pools, train
from train_options import parse_arguments
from training_state import load_checkpoint

DATA = Path(os.environ.get("FYR_DATA", "."))
FOLDERS = {"idmt": DATA / "IDMT-SMT-DRUMS-V2", "mdb": DATA / "mdb", "egmd": DATA / "e-gmd-v1.0.0"}
HAVE_DATA = all(folder.is_dir() for folder in FOLDERS.values())

# Stands in for `fyr features`: five inputs a frame, as many frames as the recording has.
STUB = """#!{python}
import sys
from pathlib import Path
import numpy as np, soundfile
first = sys.argv.index("--output") + 2
folder, ended = Path(sys.argv[first - 1]), 0
for file in sys.argv[first:]:
    try:
        frames = int(100 * soundfile.info(file).duration) + 1
    except RuntimeError:
        ended = 1 if len(sys.argv) - first > 1 else 3
        continue
    np.save(folder / (Path(file).stem + ".npy"), np.ones((frames, 5), np.float32))
sys.exit(ended)
"""


def all_of(name):
    return list(recordings(parse_choice(f"{name}={FOLDERS[name]}")))


class ChoiceTest(unittest.TestCase):
    def test_parts_follow_the_name(self):
        choice = parse_choice("mdb:fold1,fold3=/a/b=c")
        self.assertEqual(choice, ("mdb", ("fold1", "fold3"), Path("/a/b=c")))

    def test_egmd_trains_on_its_train_split_unless_told_otherwise(self):
        self.assertEqual(parse_choice("egmd=x").parts, ("train",))

    def test_what_is_unknown_is_refused(self):
        for text in ("mdb", "mdb=", "enst=x", "mdb:fold9=x"):
            with self.assertRaises(ValueError):
                parse_choice(text)

    def test_a_folder_of_something_else_is_refused(self):
        with tempfile.TemporaryDirectory() as folder, self.assertRaises(InputError):
            list(recordings(parse_choice(f"mdb={folder}")))


class LagTest(unittest.TestCase):
    def test_late_and_early_recordings_are_found_out(self):
        random = np.random.default_rng(1)
        times = np.cumsum(random.uniform(0.1, 0.4, 60)) + 0.2
        for lag_s in (-0.03, 0.0, 0.021):
            audio = np.zeros(int(44100 * (times[-1] + 1)), np.float32)
            for time_s in times:
                start = int(44100 * (time_s + lag_s))
                burst = random.normal(0, 0.3, 4000) * np.exp(-np.arange(4000) / 900)
                audio[start : start + 4000] += burst.astype(np.float32)
            with tempfile.TemporaryDirectory() as name:
                file = Path(name) / "a.wav"
                soundfile.write(file, audio, 44100)
                self.assertAlmostEqual(measure_lag(file, times), lag_s, delta=0.005)


class ItemTest(unittest.TestCase):
    def test_labels_are_moved_to_where_the_recording_has_them(self):
        onsets, beats = np.array([[0.01, SNARE, 1.0], [1.0, KICK, 1.0]]), np.array([[0.5, 1.0]])
        with tempfile.TemporaryDirectory() as folder:
            for lag_s in (0.03, -0.03):
                recording = Recording("a", Path("a.wav"), "drums", onsets, beats,
                                      np.ones(N_DRUMS, bool), False, lag_s, None)
                _write_item(recording, "mdb", np.ones((200, 5)), Path(folder))
                item = read_item(Path(folder) / "a.npz")
                np.testing.assert_allclose(item.onsets[:, 0], [max(0.01 + lag_s, 0), 1 + lag_s],
                                           atol=1e-6)
                self.assertAlmostEqual(float(item.beats[0, 0]), 0.5 + lag_s, places=6)
                self.assertEqual(item.dataset, "mdb")

    def test_drums_that_cannot_be_read_leave_the_labels_where_they_are(self):
        with tempfile.TemporaryDirectory() as folder:
            drums = Path(folder) / "drums.wav"
            drums.write_text("no sound")
            recording = Recording("a", Path("a.wav"), "mix", np.array([[1.0, KICK, 1.0]]),
                                  np.zeros((0, 2)), np.ones(N_DRUMS, bool), False, None, drums)
            with contextlib.redirect_stderr(io.StringIO()) as messages:
                _write_item(recording, "mdb", np.ones((200, 5)), Path(folder))
            self.assertEqual(read_item(Path(folder) / "a.npz").onsets[0, 0], 1)
        self.assertIn("drums.wav", messages.getvalue())

    def test_neither_hits_nor_velocities_are_known_of_drums_that_are_not_labelled(self):
        with tempfile.TemporaryDirectory() as folder:
            for has_velocities in (True, False):
                recording = Recording("a", Path("a.wav"), "drums", np.zeros((0, 3)), np.zeros((0, 2)),
                                      np.arange(N_DRUMS) != MID_TOM, has_velocities, 0.0, None)
                _write_item(recording, "mdb", np.ones((200, 5)), Path(folder))
                known = read_item(Path(folder) / "a.npz").known
                self.assertEqual(np.flatnonzero(known[ONSETS] == 0).tolist(), [MID_TOM])
                self.assertEqual(np.flatnonzero(known[VELOCITIES] == 0).tolist(),
                                 [MID_TOM] if has_velocities else list(range(N_DRUMS)))
                self.assertEqual(known[BEATS].sum(), 0)


class WithStub(unittest.TestCase):
    """A folder with a program that stands for fyr."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.fyr = self.folder / "fyr"
        self.fyr.write_text(STUB.format(python=sys.executable))
        self.fyr.chmod(0o755)


class PublishedTest(WithStub):
    """Small folders laid out as the data sets are published."""

    def setUp(self):
        super().setUp()
        (self.folder / "audio").mkdir()
        (self.folder / "annotation_xml").mkdir()

    def add_to_idmt(self, name, label="KD"):
        soundfile.write(self.folder / "audio" / f"{name}.wav", np.zeros(4410), 44100)
        event = f"<event><onsetSec>0.05</onsetSec><instrument>{label}</instrument></event>"
        (self.folder / "annotation_xml" / f"{name}.xml").write_text(
            f"<instrumentRecording><transcription>{event}</transcription></instrumentRecording>")

    def prepared(self):
        choice = parse_choice(f"idmt={self.folder}")
        with contextlib.redirect_stderr(io.StringIO()):
            prepare(choice, self.folder / "items", self.fyr)
        return sorted(path.stem for path in (self.folder / "items").glob("*.npz"))

    def test_takes_of_single_drums_beside_the_mixes_of_idmt_do_not_train(self):
        for name in ("WaveDrum02_01#MIX", "WaveDrum02_01#HH", "WaveDrum02_01#KD#train"):
            self.add_to_idmt(name)
        self.assertEqual(self.prepared(), ["idmt-WaveDrum02_01_MIX"])

    def test_a_recording_that_cannot_be_read_keeps_no_other_from_training(self):
        for name in ("RealDrum01_00#MIX", "RealDrum01_01#MIX", "RealDrum01_02#MIX"):
            self.add_to_idmt(name)
        (self.folder / "audio" / "RealDrum01_01#MIX.wav").write_text("no sound")
        for _ in range(2):  # it alone the second time
            self.assertEqual(self.prepared(), ["idmt-RealDrum01_00_MIX", "idmt-RealDrum01_02_MIX"])

    def test_several_that_cannot_be_read_keep_no_later_call_from_training(self):
        for name in ("RealDrum01_00#MIX", "RealDrum01_01#MIX", "RealDrum01_02#MIX"):
            self.add_to_idmt(name)
        for name in ("RealDrum01_01#MIX", "RealDrum01_02#MIX"):
            (self.folder / "audio" / f"{name}.wav").write_text("no sound")
        for _ in range(2):  # they alone the second time
            self.assertEqual(self.prepared(), ["idmt-RealDrum01_00_MIX"])

    def test_tracks_of_other_folds_of_mdb_do_not_train(self):
        for folder in ("annotations/subclass", "audio/drum_only"):
            (self.folder / folder).mkdir(parents=True)
        for track in ("Punk", "Rock"):
            annotation = self.folder / "annotations/subclass" / f"MusicDelta_{track}_subclass.txt"
            annotation.write_text("0.5 KD")
            (self.folder / "audio/drum_only" / f"MusicDelta_{track}_Drum.wav").touch()
        for folds, track in (("fold1", "Punk"), ("fold2,fold3", "Rock")):
            (found,) = recordings(parse_choice(f"mdb:{folds}={self.folder}"))
            self.assertEqual(found.name, f"mdb-drums-MusicDelta_{track}")

    def test_parts_that_are_not_there_are_named(self):
        self.add_to_idmt("RealDrum01_00#MIX")
        arguments = parse_arguments(["--data", f"idmt:TechnoDrum={self.folder}", "--fyr", str(self.fyr),
                                     "--out", str(self.folder), "--steps", "1", "--device", "cpu"])
        with self.assertRaisesRegex(InputError, "holds no recording of idmt:TechnoDrum"):
            open_pools(arguments)

    def test_a_program_that_reads_none_of_several_recordings_is_an_error(self):
        for name in ("RealDrum01_00#MIX", "RealDrum01_01#MIX"):
            self.add_to_idmt(name)
            (self.folder / "audio" / f"{name}.wav").write_text("no sound")
        with self.assertRaises(subprocess.CalledProcessError):
            self.prepared()

    def test_a_label_of_no_drum_is_told_with_its_file(self):
        self.add_to_idmt("RealDrum01_00#MIX", "Ride")
        with self.assertRaisesRegex(InputError, "RealDrum01_00#MIX.xml: 'Ride' is none of KD, SD, HH"):
            self.prepared()

    def refused(self, choice, complaint):
        with self.assertRaisesRegex(InputError, complaint):
            list(recordings(parse_choice(f"{choice}={self.folder}")))

    def test_annotations_that_are_not_as_published_are_told_with_their_file(self):
        self.add_to_idmt("RealDrum01_00#MIX")
        annotation = self.folder / "annotation_xml" / "RealDrum01_00#MIX.xml"
        whole = annotation.read_text()
        for text in (whole[:-9], whole.replace("onsetSec", "at")):
            annotation.write_text(text)
            self.refused("idmt", "RealDrum01_00#MIX.xml: not as published")
        for folder in ("subclass", "beats"):
            (self.folder / "annotations" / folder).mkdir(parents=True)
        hits = self.folder / "annotations" / "subclass" / "MusicDelta_Rock_subclass.txt"
        beats = self.folder / "annotations" / "beats" / "MusicDelta_Rock_MIX.beats"
        for file, text in ((hits, "0.5"), (beats, "0.5 x 1")):
            hits.write_text("0.5 KD")
            file.write_text(text)
            self.refused("mdb", f"{file.name}: not as published")
        (self.folder / "e-gmd-v1.0.0.csv").write_text("name,file\na,b\n")
        self.refused("egmd", "e-gmd-v1.0.0.csv: not as published .*midi_filename")

    def test_a_data_set_without_the_chosen_recordings_is_refused(self):
        choice = self.egmd_of("drummer1/1")._replace(parts=("validation",))
        with self.assertRaisesRegex(InputError, "holds no recording of egmd:validation to be read"):
            prepare(choice, self.folder / "items", self.fyr)

    def egmd_of(self, *names):
        """A table of files that are no MIDI files."""
        rows = [dict(id=name, split="train", bpm="120", time_signature="4-4", duration="1.0",
                     beat_type="beat", midi_filename=f"{name}.midi", audio_filename=f"{name}.wav")
                for name in names]
        with open(self.folder / "e-gmd-v1.0.0.csv", "w", newline="") as file:
            table = csv.DictWriter(file, rows[0].keys())
            table.writeheader()
            table.writerows(rows)
        for row in rows:
            for name in (row["midi_filename"], row["audio_filename"]):
                (self.folder / name).parent.mkdir(exist_ok=True)
                (self.folder / name).write_text("no MIDI file")
        return parse_choice(f"egmd={self.folder}")

    def test_a_lag_is_of_the_path_or_of_a_stem_that_is_there_once(self):
        names = ("drummer1/1_rock", "drummer5/1_rock", "drummer1/2_soul", "drummer1/3_1.5_pop")
        choice = self.egmd_of(*names)
        for offsets_ms, expected in (
                ({"1_rock": 33, "2_soul": -7, "3_1.5_pop": 4}, [None, None, -0.007, 0.004]),
                ({"drummer5/1_rock": 5, "1_rock": 33, "drummer1/2_soul": 0}, [None, 0.005, 0, None])):
            (self.folder / "offsets_ms.json").write_text(json.dumps(offsets_ms))
            with mock.patch("datasets.read_midi", lambda _: np.array([[0.5, KICK, 1.0]])):
                self.assertEqual([r.lag_s for r in recordings(choice)], expected)

    def test_what_is_there_is_not_read_again(self):
        """45,537 MIDI files take half an hour."""
        choice = self.egmd_of("drummer1/1")
        self.assertEqual(list(recordings(choice, but={"egmd-drummer1-1"})), [])
        with self.assertRaisesRegex(InputError, "drummer1/1.midi: not a whole MIDI file"):
            list(recordings(choice))


@unittest.skipUnless(HAVE_DATA, "FYR_DATA names no folder with mdb/, e-gmd-v1.0.0/, IDMT-…/")
class LayoutTest(WithStub):
    def test_every_label_of_mdb_becomes_a_hit(self):
        for recording in all_of("mdb"):
            track = recording.audio.stem.rsplit("_", 1)[0]
            file = FOLDERS["mdb"] / "annotations" / "subclass" / f"{track}_subclass.txt"
            lines = [line for line in file.read_text().splitlines() if line.strip()]
            self.assertEqual(len(recording.onsets), len(lines))
            self.assertGreater(recording.beats[:, 1].sum(), 1)

    def test_mdb_offers_drums_and_the_mixes_that_are_there(self):
        kinds = [recording.kind for recording in all_of("mdb")]
        self.assertEqual((kinds.count("drums"), kinds.count("mix")), (7, 2))

    def test_folds_leave_tracks_out(self):
        names = [r.name for r in recordings(parse_choice(f"mdb:fold2={FOLDERS['mdb']}"))]
        self.assertEqual(names, ["mdb-drums-MusicDelta_Britpop"])

    def test_idmt_tells_of_kick_snare_and_hat_only(self):
        (recording,) = all_of("idmt")
        self.assertEqual(np.flatnonzero(recording.labelled).tolist(), [KICK, SNARE, CLOSED])
        self.assertEqual(set(recording.onsets[:, 1]), {KICK, SNARE, CLOSED})

    def test_the_test_split_of_egmd_does_not_train(self):
        self.assertEqual(all_of("egmd"), [])

    def test_beats_of_egmd_follow_tempo_and_meter(self):
        choice = parse_choice(f"egmd:test={FOLDERS['egmd']}")
        soul = next(r for r in recordings(choice) if "soul_groove3" in r.name)
        self.assertAlmostEqual(soul.beats[1, 0], 60 / 86)
        self.assertEqual(soul.beats[:5, 1].tolist(), [1, 0, 0, 0, 1])

    def test_measured_lags_agree_with_the_known_ones(self):
        for recording in recordings(parse_choice(f"egmd:test={FOLDERS['egmd']}")):
            measured = measure_lag(recording.audio, recording.onsets[:, 0])
            self.assertAlmostEqual(measured, recording.lag_s, delta=0.003, msg=recording.name)

    def test_items_hold_what_the_labels_tell(self):
        choice = parse_choice(f"idmt={FOLDERS['idmt']}")
        with contextlib.redirect_stderr(io.StringIO()):
            self.assertEqual(prepare(choice, self.folder / "idmt", self.fyr), 1)
        item = read_item(next((self.folder / "idmt").glob("*.npz")))
        self.assertEqual(item.dataset, "idmt")
        self.assertEqual(np.flatnonzero(item.known[ONSETS]).tolist(), [KICK, SNARE, CLOSED])
        self.assertEqual(item.known[VELOCITIES].sum() + item.known[BEATS].sum(), 0)
        self.assertLess(item.onsets[:, 0].max(), len(item.features) / 100)

    def test_items_that_are_there_are_not_made_again(self):
        choice = parse_choice(f"mdb:fold2={FOLDERS['mdb']}")
        with contextlib.redirect_stderr(io.StringIO()):
            prepare(choice, self.folder / "mdb", self.fyr)
        self.assertEqual(prepare(choice, self.folder / "mdb", Path("/nowhere")), 1)
        item = read_item(next((self.folder / "mdb").glob("*.npz")))
        self.assertEqual(item.known[ONSETS].tolist(), [k != MID_TOM for k in range(N_DRUMS)])

    def test_a_training_takes_what_was_prepared_for_it(self):
        command = [sys.executable, TRAINING / "prepare_data.py", f"idmt={FOLDERS['idmt']}", "--fyr",
                   self.fyr, "--out", self.folder]
        subprocess.run([str(part) for part in command], check=True, capture_output=True)
        arguments = parse_arguments([
            "--data", f"idmt:WaveDrum,RealDrum,TechnoDrum={FOLDERS['idmt']}", "--fyr", "/nowhere",
            "--out", str(self.folder), "--steps", "1", "--device", "cpu"])
        self.assertEqual(len(open_pools(arguments)["idmt"].view.items), 1)

    def test_items_of_other_features_are_refused(self):
        make_pool(self.folder / "rendered", 3, inputs=7)
        arguments = parse_arguments([str(word) for word in (
            "--data", f"idmt={FOLDERS['idmt']}", "--pool", self.folder / "rendered", "--fyr", self.fyr,
            "--out", self.folder / "run", "--steps", 1, "--device", "cpu", "--min-items", 3)])
        with contextlib.redirect_stderr(io.StringIO()):
            with self.assertRaisesRegex(InputError, "idmt-.* holds no items of 7 features"):
                open_pools(arguments)

    def test_checkpoints_name_all_that_trained(self):
        make_pool(self.folder / "rendered", 3, inputs=5)
        run = self.folder / "run"
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            common = ["--out", run, "--units", "8", "--batch", "4", "--frames", "100", "--device",
                      "cpu", "--min-items", "3", "--fyr", self.fyr, "--no-variations"]
            first = ["--data", f"idmt={FOLDERS['idmt']}", "--steps", "2"]
            second = ["--pool", self.folder / "rendered", "--steps", "3", "--resume"]
            for more in (first, second):
                train(parse_arguments([str(part) for part in (*common, *more)]))
        self.assertEqual(load_checkpoint(run / "checkpoint.pt")["trained_on"], ["idmt", "rendered"])

    def test_the_evaluation_maps_name_the_same_drums(self):
        from datasets import _MDB_DRUMS
        from drums import DRUMS

        file = TRAINING.parents[1] / "data" / "maps" / "mdb.json"
        if not file.exists():
            self.skipTest(f"{file} is not there")
        labels = json.loads(file.read_text())["labels"]
        theirs = {label: entry["13"] for label, entry in labels.items() if entry.get("13")}
        self.assertEqual({label: DRUMS[drum] for label, drum in _MDB_DRUMS.items()}, theirs)


if __name__ == "__main__":
    unittest.main()
