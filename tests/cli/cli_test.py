#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line as a user meets it. Every test works in its own folder with a tiny model.

usage: FYR=build/dev/fyr cli_test.py [Cli.test_name]
"""
import array
import fcntl
import json
import math
import os
import pathlib
import random
import re
import resource
import shlex
import shutil
import signal
import stat
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unicodedata
import unittest
import wave
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
FYR = os.path.abspath(os.environ.get("FYR", "build/dev/fyr"))
HEADING = "time_s,drum,velocity,confidence\n"


def write_wav(path, samples, rate_hz=44100):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(array.array("h", samples).tobytes())


def with_tags(wav, title, artist):
    """The bytes of a WAV file that names its title and artist."""
    info = b"INFO"
    for name, text in ((b"INAM", title), (b"IART", artist)):
        value = text.encode() + b"\0"
        info += name + struct.pack("<I", len(value)) + value + b"\0" * (len(value) % 2)
    body = wav[8:] + b"LIST" + struct.pack("<I", len(info)) + info
    return b"RIFF" + struct.pack("<I", len(body)) + body


def heed_interrupts():
    """Of a child: shells let what they run in the background ignore them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def clicks(duration_s, rate_hz=44100):
    """Decaying noise every half second."""
    rng = random.Random(3)
    return [int(20000 * rng.uniform(-1, 1) * math.exp(-(k % (rate_hz // 2)) / 800))
            for k in range(int(duration_s * rate_hz))]


class Cli(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shared = tempfile.TemporaryDirectory()
        cls.model = os.path.join(cls.shared.name, "tiny.safetensors")
        subprocess.run([sys.executable, HERE.parent / "support/tiny_model.py", cls.model],
                       check=True)

    @classmethod
    def tearDownClass(cls):
        cls.shared.cleanup()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        write_wav(self.folder / "song.wav", clicks(3))

    def fyr(self, *arguments, **options):
        return subprocess.run([FYR, *map(str, arguments)], cwd=self.folder, env=self.environment(),
                              capture_output=True, text=True, timeout=120, **options)

    def environment(self):
        return {**os.environ, "FYR_MODEL": self.model, "LC_ALL": "C.UTF-8",
                "XDG_CONFIG_HOME": self.shared.name}

    def fails(self, code, *needles, arguments, **options):
        """Exit code, one line on stderr that holds all needles, nothing on stdout."""
        done = self.fyr(*arguments, **options)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr, r"\Afyr: [^\n]+\n\Z")
        for needle in needles:
            self.assertIn(needle, done.stderr)

    def files(self):
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*"))

    def transcribe(self, *arguments):
        done = self.fyr("transcribe", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    # Help and usage

    def test_help_shows_examples_and_exit_codes(self):
        for arguments in (["--help"], ["transcribe", "--help"]):
            done = self.fyr(*arguments)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("fyr transcribe song.wav -o song.mscx", done.stdout)
            self.assertIn("130 interrupted", done.stdout)
        for command in ("decode", "report", "sonify", "beats", "check", "diff", "evaluate", "features"):
            self.assertIn("\nExit codes: 0 ", self.fyr(command, "--help").stdout, command)

    def test_version_names_program_and_model(self):
        done = self.fyr("--version")
        self.assertEqual(done.returncode, 0)
        cmake = (HERE.parent.parent / "CMakeLists.txt").read_text()
        version = cmake.split("project(fyr VERSION ")[1].split()[0]
        self.assertTrue(done.stdout.startswith(f"fyr {version}\nmodel: tiny-test ("), done.stdout)
        self.assertRegex(done.stdout, "instruction set: (sse2|avx2|avx512)\n")
        self.assertRegex(done.stdout, "weights: float(, bf16)?\n")

    def test_no_command_is_wrong_usage(self):
        self.fails(2, "a command is missing", "fyr --help", arguments=[])

    def test_unknown_flag_is_wrong_usage_with_a_suggestion(self):
        self.fails(2, '"--treshold"', 'did you mean "--threshold"?',
                   arguments=["transcribe", "song.wav", "-o", "a.csv", "--treshold", "1"])

    def test_unknown_drum_is_wrong_usage_with_a_suggestion(self):
        self.fails(2, '"snar"', 'did you mean "snare"?', "floor_tom",
                   arguments=["transcribe", "song.wav", "-o", "a.csv", "--threshold", "snar=0.3"])

    def test_whole_numbers_may_begin_with_zeros(self):
        self.transcribe("song.wav", "-o", "a.csv", "-j", "08", "--voices", "02")
        self.fails(2, '"0400" is not a whole number from 1 to 256', arguments=[
            "transcribe", "song.wav", "-o", "b.csv", "-j", "0400"])  # 256 in octal.

    def test_thresholds_may_stand_apart(self):
        for thresholds in ("snare=0.3,kick=0.2", "snare=0.3, kick=0.2", " snare = 0.3 ,kick= 0.2 "):
            done = self.transcribe("song.wav", "-o", "-", "-f", "csv", "--threshold", thresholds)
            self.assertGreater(done.stdout.count("\n"), 1)
        self.fails(2, "snare stands more than once", arguments=[
            "transcribe", "song.wav", "-o", "a.csv", "--threshold", "snare=0.3, snare=0.3"])

    def test_many_recordings_are_planned_at_once(self):
        n_files = 2000
        for k in range(n_files):
            (self.folder / f"{k}.wav").touch()
        started = time.monotonic()
        done = self.transcribe(*(f"{k}.wav" for k in range(n_files)), "-o", "scores/", "-f",
                               "mscx,csv", "--dry-run")
        self.assertLess(time.monotonic() - started, 10)  # It took 21 s when each was held to each.
        self.assertEqual(done.stdout.count("\n"), 2 * n_files)

    def test_bad_values_are_wrong_usage(self):
        for option, value in (("--threshold", "loud"), ("--threshold", "1.5"),
                              ("--threshold", "snare="), ("--tempo", "fast"), ("--tempo", "9999"),
                              ("--time-signature", "4"), ("--time-signature", "4/5"),
                              ("--pickup", "-1"), ("-j", "0"), ("-f", "doc"),
                              ("--weights", "half")):
            with self.subTest(option=option, value=value):
                self.fails(2, arguments=["transcribe", "song.wav", "-o", "a.csv", option, value])

    def test_bad_values_are_explained(self):
        for option, value, needle in (
                ("--tempo", "fast", '--tempo: "fast" is not a number from 20 to 400'),
                ("--tempo", "nan", "from 20 to 400"), ("--swing", "0.9", "from 0.5 to 0.75"),
                ("-j", "1.5", '--jobs: "1.5" is not a whole number from 1 to 256'),
                ("--pickup", "0.5", '--pickup: "0.5" is not a whole number from 0 to 31'),
                ("--style", "agostni", '"agostni" (did you mean "agostini"?); there are: weinberg'),
                ("-o", "b.csv", "--output stands more than once")):
            with self.subTest(option=option, value=value):
                self.fails(2, needle, "fyr transcribe --help", arguments=[
                    "transcribe", "song.wav", "-o", "a.csv", option, value])
        self.fails(2, "--output needs a value", arguments=["transcribe", "song.wav", "-o"])

    def test_help_fits_a_terminal(self):
        for command in ("transcribe", "evaluate", "diff", "model info"):
            lines = self.fyr(*command.split(), "--help").stdout.splitlines()
            # Examples stay as they are.
            lines = [line for line in lines if not line.startswith("  fyr ")]
            self.assertGreater(len(lines), 8)
            self.assertLessEqual(max(map(len, lines)), 80, command)
        self.assertIn("Usage: fyr diff [options] BEFORE AFTER\n", self.fyr("diff", "--help").stdout)
        self.assertIn("[env: FYR_STYLE]", self.fyr("transcribe", "--help").stdout)
        self.assertIn("One of: mdb, idmt", self.fyr("evaluate", "--help").stdout)
        self.assertIn("(default: 0.005)", self.fyr("evaluate", "--help").stdout)

    def test_unclear_output_is_wrong_usage(self):
        self.fails(2, "x.doc", "mscx", arguments=["transcribe", "song.wav", "-o", "x.doc"])
        self.fails(2, "-f", arguments=["transcribe", "song.wav", "-o", "-"])
        self.fails(2, "folder", arguments=["transcribe", "song.wav", "b.wav", "-o", "x.csv"])

    # Inputs

    def test_missing_input_is_named(self):
        self.fails(3, '"nowhere.wav"', "no such file", "check the path",
                   arguments=["transcribe", "nowhere.wav", "-o", "a.csv"])

    def test_malformed_inputs_leave_no_output(self):
        whole = (self.folder / "song.wav").read_bytes()
        (self.folder / "album").mkdir()
        for name, data in (("empty.wav", b""), ("text.wav", b"not a sound\n"),
                           ("cut.wav", whole[:len(whole) // 2]), ("album", None)):
            with self.subTest(name=name):
                if data is not None:
                    (self.folder / name).write_bytes(data)
                before = self.files()
                self.fails(3, f'"{name}"', "; ", arguments=["transcribe", name, "-o", "a.mscx"])
                self.assertEqual(self.files(), before)

    def test_malformed_models_leave_no_output(self):
        whole = pathlib.Path(self.model).read_bytes()
        (self.folder / "cut.safetensors").write_bytes(whole[:-5])
        (self.folder / "text.safetensors").write_bytes(b"not a model")
        before = self.files()
        for name in ("cut.safetensors", "text.safetensors", "missing.safetensors"):
            with self.subTest(name=name):
                self.fails(3, f'"{name}"', "; ", arguments=[
                    "transcribe", "song.wav", "-o", "a.csv", "--model", name])
        self.assertEqual(self.files(), before)

    def test_standard_input_is_read(self):
        data = (self.folder / "song.wav").read_bytes()
        done = subprocess.run([FYR, "transcribe", "-", "-o", "-", "-f", "csv"], input=data,
                              env=self.environment(), capture_output=True, check=True, timeout=120)
        from_file = self.transcribe("song.wav", "-o", "-", "-f", "csv")
        self.assertEqual(done.stdout.decode(), from_file.stdout)

    def test_standard_input_is_read_once(self):
        for arguments in (("transcribe", "-", "--hits", "-", "-o", "a.mscx"),
                          ("transcribe", "-", "--beats", "-", "-o", "a.mscx"),
                          ("transcribe", "song.wav", "--hits", "-", "--beats", "-", "-o", "a.mscx"),
                          ("transcribe", "-", "-", "-o", "out/"),
                          ("decode", "-", "--hits", "-", "-o", "a.mscx"),
                          ("beats", "-", "--beats", "-"), ("check", "-", "-")):
            with self.subTest(arguments):
                self.fails(2, "only one of the inputs can be standard input", arguments=arguments,
                           input=HEADING)
        self.assertEqual(self.files(), ["song.wav"])

    def test_silence_gives_an_empty_score_and_a_warning(self):
        write_wav(self.folder / "silence.wav", [0] * 88200)
        done = self.transcribe("silence.wav", "-o", "a.mscx", "--title", "x")
        self.assertIn("no drums were heard", done.stderr)
        self.assertIn("<Measure", (self.folder / "a.mscx").read_text())
        self.transcribe("silence.wav", "-o", "a.csv")
        self.assertEqual((self.folder / "a.csv").read_text(), HEADING)

    # Outputs

    def test_same_command_gives_the_same_bytes(self):
        self.transcribe("song.wav", "-o", "one/", "-f", "mscx,csv")
        self.transcribe("song.wav", "-o", "two/", "-f", "mscx,csv")
        for name in ("song.mscx", "song.csv"):
            one, two = (self.folder / folder / name for folder in ("one", "two"))
            self.assertGreater(len(one.read_bytes()), len(HEADING))
            self.assertEqual(one.read_bytes(), two.read_bytes())

    def test_overwriting_needs_force(self):
        (self.folder / "a.csv").write_text("mine")
        arguments = ["transcribe", "song.wav", "-o", "a.csv"]
        self.fails(4, '"a.csv"', "exists already", "--force", arguments=arguments)
        self.assertEqual((self.folder / "a.csv").read_text(), "mine")
        self.transcribe(*arguments[1:], "--force")
        self.assertTrue((self.folder / "a.csv").read_text().startswith(HEADING))

    def test_a_file_made_while_its_name_is_written_to_is_not_replaced(self):
        (self.folder / "hits.csv").write_text(
            HEADING + "".join(f"{k / 900:.4f},snare,64,1\n" for k in range(2699)))
        for _ in range(20):  # Until the moment is met.
            process = subprocess.Popen(
                [FYR, "transcribe", "song.wav", "--hits", "hits.csv", "-o", "a.json"],
                cwd=self.folder, env=self.environment(), stderr=subprocess.PIPE, text=True)
            while process.poll() is None:
                if any(self.has_bytes(path) for path in self.folder.glob(".fyr-*.tmp")):
                    process.send_signal(signal.SIGSTOP)
                    break
            is_met = process.poll() is None and not (self.folder / "a.json").exists()
            if is_met:
                (self.folder / "a.json").write_text("another's")
            process.send_signal(signal.SIGCONT)
            told = process.communicate(timeout=60)[1]
            if is_met:
                break
            (self.folder / "a.json").unlink()
        self.assertTrue(is_met)
        self.assertIn('cannot write "a.json": it exists already; use --force', told)
        self.assertEqual(process.returncode, 4)
        self.assertEqual((self.folder / "a.json").read_text(), "another's")
        self.assertEqual(self.files(), ["a.json", "hits.csv", "song.wav"])

    @staticmethod
    def has_bytes(path):
        try:
            return path.stat().st_size > 0
        except FileNotFoundError:
            return False

    def test_input_is_never_overwritten(self):
        self.fails(2, "both input and output", arguments=[
            "transcribe", "song.wav", "-o", "song.wav", "-f", "csv", "--force"])

    def test_an_mp3_behind_space_that_was_set_aside_comes_through_a_pipe(self):
        write_wav(self.folder / "long.wav", clicks(60))
        self.fyr("sonify", "long.wav", "-o", "long.mp3")
        mp3 = (self.folder / "long.mp3").read_bytes()
        self.assertGreater(len(mp3), 1 << 20)
        for space in (0, 5000):
            done = subprocess.run([FYR, "transcribe", "-", "-o", f"{space}.csv", "-q"],
                                  cwd=self.folder, capture_output=True, timeout=120,
                                  input=bytes(space) + mp3, env=self.environment())
            self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual((self.folder / "0.csv").read_bytes(), (self.folder / "5000.csv").read_bytes())

    def test_pipes_are_copied_to_where_tmpdir_says(self):
        (self.folder / "tmp").mkdir()

        def piped(folder, **options):
            return subprocess.run([FYR, "transcribe", "-", "-o", "a.csv", "--force"],
                                  cwd=self.folder, capture_output=True, timeout=120,
                                  input=(self.folder / "song.wav").read_bytes(),
                                  env={**self.environment(), "TMPDIR": str(folder)}, **options)
        done = piped(self.folder / "tmp")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(os.listdir(self.folder / "tmp"), [])
        for folder, options, why in (
                (self.folder / "none", {}, "no folder for a temporary copy: "),
                ("/proc", {}, 'its temporary copy in "/proc": '),
                (self.folder / "tmp", {"preexec_fn": lambda: resource.setrlimit(
                    resource.RLIMIT_FSIZE, (10000, 10000))}, f'in "{self.folder}/tmp": File too large')):
            done = piped(folder, **options)
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertIn("cannot read standard input: ", done.stderr.decode())
            self.assertIn(why, done.stderr.decode())
            self.assertIn("with TMPDIR, or save it as a WAV or FLAC file first", done.stderr.decode())

    # What libsndfile does not read

    def encode(self, name, *options):
        subprocess.run(["ffmpeg", "-v", "error", "-i", self.folder / "song.wav", *options,
                        self.folder / name], check=True)

    def test_other_formats_are_read_through_ffmpeg(self):
        write_wav(self.folder / "song.wav", clicks(20))
        self.encode("song.m4a", "-metadata", "title=Löffel", "-metadata", "artist=Some Band")
        self.encode("film.mp4", "-f", "lavfi", "-i", "testsrc=duration=5", "-c:a", "aac")
        self.transcribe("song.wav", "-o", "song.json")
        onsets = [onset["time_s"] for onset in json.loads(
            (self.folder / "song.json").read_text())["onsets"]]
        self.assertGreater(len(onsets), 20)
        for name in ("song.m4a", "film.mp4"):
            self.transcribe(name, "-o", "a.json", "--force")
            result = json.loads((self.folder / "a.json").read_text())
            found = [onset["time_s"] for onset in result["onsets"]]
            near = [min(abs(time_s - other) for other in found) < 0.02 for time_s in onsets]
            self.assertGreater(sum(near), 0.9 * len(onsets), name)
            if name == "song.m4a":
                self.transcribe(name, "-o", "a.musicxml")
                score = (self.folder / "a.musicxml").read_text()
                self.assertIn("Löffel", score)
                self.assertIn("Some Band", score)

    def test_what_ffmpeg_does_not_decode_to_its_end_is_refused(self):
        write_wav(self.folder / "song.wav", clicks(20))
        self.encode("song.m4a", "-movflags", "faststart")
        whole = (self.folder / "song.m4a").read_bytes()
        (self.folder / "cut.m4a").write_bytes(whole[:3 * len(whole) // 4])
        (self.folder / "headless.m4a").write_bytes(whole[len(whole) // 2:])
        (self.folder / "notes.txt").write_text("Kick on one.\n")
        (self.folder / "file:[x] y.txt").write_text("Snare on two.\n")
        for name, reason in (("cut.m4a", "(corrupt input packet in stream 0)"),
                             ("headless.m4a", "(moov atom not found)"),
                             ("notes.txt", "(Invalid data found when processing input)"),
                             ("file:[x] y.txt", "(Invalid data found when processing input)")):
            self.fails(3, f'cannot read "{name}": ffmpeg does not decode all of it', reason,
                       "export it again", arguments=["transcribe", name, "-o", "a.csv"])
        self.assertFalse((self.folder / "a.csv").exists())

    def test_without_ffmpeg_other_formats_are_refused(self):
        (self.folder / "song.m4a").write_bytes(b"\0\0\0\x20ftypM4A " + bytes(5000))
        done = subprocess.run([FYR, "transcribe", "song.m4a", "-o", "a.csv"], cwd=self.folder,
                              env={**self.environment(), "PATH": str(self.folder)}, text=True,
                              capture_output=True, timeout=120)
        self.assertEqual(done.returncode, 3)
        self.assertIn("not a sound file that libsndfile reads", done.stderr)
        self.assertIn("install ffmpeg", done.stderr)

    def test_names_that_are_too_long_are_refused_as_outputs(self):
        features = HERE.parent.parent / "models/training/features.json"
        for name in ("a" * 300 + ".npy", "b" * 300):
            self.fails(4, "File name too long", arguments=[
                "features", "song.wav", "--settings", features, "-o", name])

    def test_unwritable_output_fails_before_the_input_is_read(self):
        for output in ("nowhere/a.csv", "song.wav/a.csv", "/proc/a.csv"):
            with self.subTest(output=output):
                self.fails(4, f'"{output}"',
                           arguments=["transcribe", "missing.wav", "-o", output])

    def test_output_goes_to_standard_output(self):
        done = self.transcribe("song.wav", "-o", "-", "-f", "csv")
        self.assertTrue(done.stdout.startswith(HEADING))
        self.assertGreater(done.stdout.count("\n"), 1)
        self.assertEqual(self.files(), ["song.wav"])

    def test_closed_pipe_is_quiet(self):
        done = subprocess.run(["bash", "-c", f'"{FYR}" transcribe song.wav -o - -f mscx -q | true'],
                              cwd=self.folder, env=self.environment(), capture_output=True,
                              timeout=120)
        self.assertEqual(done.stderr, b"")

    def test_closed_streams_are_no_files(self):
        """Messages would go into the file that got the number of the closed stream."""
        def run(redirection, *arguments):
            command = shlex.join([FYR, "transcribe", *arguments])
            return subprocess.run(["bash", "-c", f"{command} {redirection}"], cwd=self.folder,
                                  env=self.environment(), capture_output=True, text=True,
                                  timeout=120)
        os.mkfifo(self.folder / "pipe")
        command = shlex.join([FYR, "transcribe", "pipe", "-o", "a.csv"])
        process = subprocess.Popen(["bash", "-c", f"exec {command} <&- >&- 2>&-"], cwd=self.folder,
                                   env=self.environment())
        with open(self.folder / "pipe", "wb") as pipe:  # Once fyr reads it.
            for stream in range(3):
                self.assertEqual(os.readlink(f"/proc/{process.pid}/fd/{stream}"), "/dev/null")
            pipe.write((self.folder / "song.wav").read_bytes())
        self.assertEqual(process.wait(60), 0)
        self.assertTrue((self.folder / "a.csv").read_text().startswith(HEADING))
        done = run(">&-", "song.wav", "-o", "-", "-f", "csv")
        self.assertEqual(done.returncode, 4)
        self.assertIn("cannot write to standard output", done.stderr)
        done = run("<&-", "-", "-o", "b.csv")
        self.assertEqual(done.returncode, 3)
        self.assertIn("cannot read standard input: it is closed", done.stderr)

    def test_a_full_disk_is_told(self):
        for arguments in (["--help"], ["--version"], ["model", "info"],
                          ["transcribe", "song.wav", "-o", "-", "-f", "csv"],
                          ["check", "song.wav"]):
            with open("/dev/full", "w") as full:
                done = subprocess.run([FYR, *arguments], cwd=self.folder, env=self.environment(),
                                      stdout=full, stderr=subprocess.PIPE, text=True, timeout=120)
            self.assertEqual(done.returncode, 4, arguments)
            self.assertIn("cannot write to standard output", done.stderr)
        for command in ("transcribe", "check", "diff", "evaluate"):
            self.assertRegex(self.fyr(command, "--help").stdout, r"\b4\s+output\s+refused")

    def test_events_that_cannot_be_printed_are_told_once_all_is_done(self):
        for name in "abc":
            write_wav(self.folder / f"{name}.wav", clicks(1))
        for inputs in (["a.wav"], ["a.wav", "b.wav", "c.wav"]):
            with open("/dev/full", "w") as full:
                done = subprocess.run([FYR, "transcribe", *inputs, "-o", "scores/", "--json", "-j",
                                       "2", "--force"], cwd=self.folder, env=self.environment(),
                                      stdout=full, stderr=subprocess.PIPE, text=True, timeout=120)
            self.assertEqual(done.returncode, 4, done.stderr)
            self.assertEqual(done.stderr.count("cannot write to standard output"), 1)
            for name in inputs:
                self.assertEqual(done.stderr.count(f'"{name}": '), 1, done.stderr)
        with open("/dev/full", "w") as full:
            done = subprocess.run([FYR, "transcribe", "missing.wav", "-o", "a.csv", "--json"],
                                  cwd=self.folder, env=self.environment(), stdout=full,
                                  stderr=subprocess.PIPE, text=True, timeout=120)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn('cannot read "missing.wav": no such file', done.stderr)
        self.assertEqual(done.stderr.count("cannot write to standard output"), 1)
        self.assertEqual(sorted(os.listdir(self.folder / "scores")), ["a.mscx", "b.mscx", "c.mscx"])

    def skip_with_sanitizers(self):
        program = pathlib.Path(FYR).read_bytes()
        if b"__asan_init" in program or b"__tsan_init" in program:
            self.skipTest("sanitizers take more addresses than the limit gives")

    def test_threads_that_cannot_be_started_are_done_without(self):
        self.skip_with_sanitizers()

        def few_threads():
            # So much stack for each that not all of them find room.
            resource.setrlimit(resource.RLIMIT_STACK, (4 << 30, 4 << 30))
            resource.setrlimit(resource.RLIMIT_AS, (24 << 30, 24 << 30))

        usual = self.transcribe("song.wav", "-o", "-", "-f", "csv", "-j", "1")
        done = self.fyr("transcribe", "song.wav", "-o", "-", "-f", "csv", "-j", "64",
                        preexec_fn=few_threads)
        self.assertEqual((done.returncode, done.stdout), (0, usual.stdout), done.stderr)
        write_wav(self.folder / "b.wav", clicks(1))
        done = self.fyr("transcribe", "song.wav", "b.wav", "-o", "scores/", "-j", "64",
                        preexec_fn=few_threads)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(os.listdir(self.folder / "scores")), 2)

    def test_memory_that_runs_out_at_one_of_several_recordings_is_told(self):
        self.skip_with_sanitizers()

        def little_memory():
            resource.setrlimit(resource.RLIMIT_AS, (64 << 20, 64 << 20))

        with wave.open(str(self.folder / "wide.wav"), "wb") as file:
            file.setparams((1024, 2, 44100, 0, "NONE", ""))  # A block of that many channels is large.
            file.writeframes(bytes(2 * 1024 * 500))
        told = "out of memory; close other programs or split the recording"
        done = self.fyr("transcribe", "wide.wav", "song.wav", "-o", "scores/", "-f", "csv", "-j", "1",
                        "--json", preexec_fn=little_memory)
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn(f"fyr: {told}\n", done.stderr)
        self.assertIn("1 of 2 recordings failed; the others are done", done.stderr)
        self.assertEqual(json.loads(done.stdout.splitlines()[0])["error"], told)
        done = self.fyr("transcribe", "wide.wav", "-o", "a.csv", "-j", "1", "--json",
                        preexec_fn=little_memory)
        self.assertEqual((done.returncode, done.stderr), (5, f"fyr: {told}\n"))
        self.assertEqual(json.loads(done.stdout)["error"], told)

    def test_several_inputs_fill_a_new_folder(self):
        write_wav(self.folder / "Größe 🥁 two.wav", clicks(1))
        done = self.transcribe("song.wav", "Größe 🥁 two.wav", "-o", "scores/", "-f", "mscx,csv",
                               "-j", "2")
        self.assertIn("bars -> scores/song.mscx, song.csv\n", done.stderr)
        self.assertEqual(sorted(os.listdir(self.folder / "scores")), [
            "Größe 🥁 two.csv", "Größe 🥁 two.mscx", "song.csv", "song.mscx"])
        self.assertIn("Größe 🥁 two", (self.folder / "scores/Größe 🥁 two.mscx").read_text())

    def test_all_that_was_written_is_told(self):
        done = self.transcribe("song.wav", "-o", "x/", "-f", "mscx", "--plot", "x/song.png",
                               "--doubts", "doubts.csv", "--save-activations", "song.npz")
        self.assertIn("bars -> x/song.mscx, doubts.csv, song.npz, x/song.png\n", done.stderr)
        done = self.transcribe("song.wav", "--save-activations", "song.npz", "--force")
        self.assertIn("bars -> song.npz\n", done.stderr)

    def test_an_unreadable_input_does_not_stop_the_others(self):
        done = self.fyr("transcribe", "missing.wav", "song.wav", "-o", "scores/", "-f", "csv")
        self.assertEqual(done.returncode, 1)
        self.assertIn('"missing.wav": no such file', done.stderr)
        self.assertEqual(os.listdir(self.folder / "scores"), ["song.csv"])

    def test_none_of_several_inputs_readable_is_unreadable_input(self):
        settings = HERE.parent.parent / "models/training/features.json"
        (self.folder / "new").mkdir()
        for arguments in (["transcribe", "missing.wav", "gone.wav", "-o", "new/", "-f", "csv"],
                          ["features", "missing.wav", "gone.wav", "--settings", settings, "-o", "new"],
                          ["check", "missing.mscx", "gone.mscx"]):
            self.assertEqual(self.fyr(*arguments).returncode, 3, arguments)

    def test_reports_come_in_the_order_of_the_inputs(self):
        names = ["long.wav", "missing.wav", "short.wav", "song.wav"]
        write_wav(self.folder / "long.wav", clicks(40))
        write_wav(self.folder / "short.wav", clicks(1))
        done = self.fyr("transcribe", *names, "-o", "scores/", "-f", "csv", "-j", "3")
        told = [next(name for name in names if name in line)
                for line in done.stderr.splitlines() if ".wav" in line]
        self.assertEqual(told, names)

    def test_any_number_of_threads_gives_the_same_bytes(self):
        write_wav(self.folder / "long.wav", clicks(40))
        alone = self.transcribe("long.wav", "-o", "-", "-f", "mscx", "-j", "1").stdout
        self.assertEqual(self.transcribe("long.wav", "-o", "-", "-f", "mscx", "-j", "4").stdout,
                         alone)

    def test_clashing_names_are_reported_up_front(self):
        self.fails(2, '"song.wav"', '"song.flac"', '"scores/song.mscx"', arguments=[
            "transcribe", "song.wav", "song.flac", "-o", "scores/"])
        self.assertEqual(self.files(), ["song.wav"])

    def test_links_keep_pointing(self):
        (self.folder / "link.csv").symlink_to("real.csv")
        (self.folder / "real.csv").write_text("old")
        self.transcribe("song.wav", "-o", "link.csv", "--force")
        self.assertTrue((self.folder / "link.csv").is_symlink())
        (self.folder / "empty.csv").symlink_to("new.csv")
        self.transcribe("song.wav", "-o", "empty.csv")
        self.assertTrue((self.folder / "empty.csv").is_symlink())
        self.assertTrue((self.folder / "new.csv").read_text().startswith(HEADING))
        self.assertTrue((self.folder / "real.csv").read_text().startswith(HEADING))

    def test_links_to_where_nothing_can_be_written_are_refused(self):
        for target, needle in (("nowhere/a.csv", 'there is no folder "./nowhere"; create it first'),
                               ("/proc/a.csv", "choose another folder")):
            (self.folder / "link.csv").symlink_to(target)
            for more in ([], ["--dry-run"]):
                self.fails(4, 'cannot write "link.csv": ', needle, arguments=[
                    "transcribe", "missing.wav", "-o", "link.csv", *more])
            (self.folder / "link.csv").unlink()
            self.assertEqual(self.files(), ["song.wav"])

    def test_quiet_prints_nothing(self):
        self.assertEqual(self.transcribe("song.wav", "-o", "a.csv", "-q").stderr, "")

    def test_quiet_and_verbose_contradict_each_other_where_they_are_of_one_source(self):
        def told(*arguments, **variables):
            environment = {**self.environment(), "XDG_CONFIG_HOME": str(self.folder), **variables}
            return subprocess.run([FYR, "transcribe", "song.wav", "-o", "a.csv", "--force", *arguments],
                                  cwd=self.folder, env=environment, capture_output=True, text=True,
                                  timeout=120)

        both = {"FYR_QUIET": "1", "FYR_VERBOSE": "1"}
        for arguments, variables in ((["-q", "-v"], {}), ([], both)):
            done = told(*arguments, **variables)
            self.assertEqual(done.returncode, 2)
            self.assertIn("--quiet and --verbose contradict each other", done.stderr)
        self.assertEqual(told("-q", **both).stderr, "")
        self.assertIn("model tiny-test", told("-v", **both).stderr)
        self.settings("[transcribe]\nquiet = true\n")
        self.assertIn("model tiny-test", told(FYR_VERBOSE="1").stderr)
        self.settings("[transcribe]\nquiet = true\nverbose = true\n")
        self.assertEqual(told().returncode, 2)
        self.assertEqual(told(FYR_QUIET="1").stderr, "")

    def test_timings_show_every_stage_and_the_speed(self):
        extra = self.transcribe("song.wav", "-o", "b.csv", "--plot", "b.svg", "--timings")
        stages = re.findall(r"^  (\w+) +[0-9.]+ s", extra.stdout + extra.stderr, re.MULTILINE)
        self.assertIn("plot", stages)
        self.assertEqual(len(stages), len(set(stages)), stages)
        done = self.transcribe("song.wav", "-o", "a.csv", "--timings")
        for word in ("audio", "spectrogram", "network", "onsets", "rhythm", "score", "write",
                     "total", "x real time", "peak memory"):
            self.assertIn(word, done.stderr)

    def test_interruption_leaves_nothing(self):
        # The pipe never ends, so the program waits in its first stage once it named its model.
        for number, code, output in ((signal.SIGINT, -2, "a.csv"), (signal.SIGQUIT, 131, "a.csv"),
                                     (signal.SIGTERM, -15, "new/deep/"),
                                     (signal.SIGPIPE, -13, "new/deep/")):
            process = subprocess.Popen([FYR, "transcribe", "-", "-o", output, "-v"],
                                       cwd=self.folder, env=self.environment(),
                                       stdin=subprocess.PIPE, stderr=subprocess.PIPE)
            self.assertIn(b"tiny-test", process.stderr.readline())
            process.send_signal(number)
            self.assertEqual(process.wait(30), code)
            process.stdin.close()
            process.stderr.close()
            self.assertEqual(self.files(), ["song.wav"])

    def test_an_interruption_ends_the_loop_of_a_shell_too(self):
        """Bash goes on with its loop unless the program died of the signal itself."""
        loop = subprocess.Popen(["bash", "-c", f'for k in 1 2; do "{FYR}" transcribe - -o $k.csv -v; '
                                 'echo told $? >&2; done'], cwd=self.folder,
                                env=self.environment(), stdin=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, start_new_session=True,
                                preexec_fn=heed_interrupts)
        self.assertIn("tiny-test", loop.stderr.readline())
        os.killpg(loop.pid, signal.SIGINT)
        _, told = loop.communicate(timeout=30)
        self.assertEqual((loop.returncode, told), (-signal.SIGINT, "fyr: interrupted\n"))

    def test_the_first_process_of_a_container_ends_too(self):
        """There a signal that nothing handles is ignored."""
        contained = ["unshare", "--user", "--map-root-user", "--pid", "--fork"]
        if not shutil.which("unshare") or subprocess.run([*contained, "true"], check=False,
                                                         capture_output=True).returncode:
            self.skipTest("no containers here")
        outer = subprocess.Popen([*contained, FYR, "transcribe", "-", "-o", "a.csv", "-v"],
                                 cwd=self.folder, env=self.environment(), stdin=subprocess.PIPE,
                                 stderr=subprocess.PIPE)
        self.assertIn(b"tiny-test", outer.stderr.readline())
        first = pathlib.Path(f"/proc/{outer.pid}/task/{outer.pid}/children").read_text()
        os.kill(int(first), signal.SIGTERM)
        _, told = outer.communicate(timeout=30)
        self.assertEqual((outer.returncode, told), (128 + signal.SIGTERM, b"fyr: interrupted\n"))
        self.assertEqual(self.files(), ["song.wav"])

    def test_a_file_larger_than_allowed_leaves_nothing(self):
        def small_files():
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

        self.fails(4, 'cannot write "a.mscx": File too large', preexec_fn=small_files,
                   arguments=["transcribe", "song.wav", "-o", "a.mscx", "-q"])
        self.assertEqual(self.files(), ["song.wav"])
        shutil.copy(self.folder / "song.wav", self.folder / "b.wav")
        for names, code in ((["song.wav", "b.wav"], 4), (["song.wav", "missing.wav"], 1)):
            done = self.fyr("transcribe", *names, "-o", "scores/", "-q", preexec_fn=small_files)
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertIn("2 of 2 recordings failed", done.stderr)

    # Formats

    def test_every_format_is_chosen_by_its_ending(self):
        for ending, beginning in ((".mscx", b"<?xml"), (".mscz", b"PK"), (".musicxml", b"<?xml"),
                                  (".xml", b"<?xml"), (".mid", b"MThd"), (".MIDI", b"MThd"),
                                  (".ly", b"% Written by fyr"), (".tab.txt", b"song"),
                                  (".tab", b"song"), (".csv", HEADING.encode()),
                                  (".labels.txt", b"0."), (".labels", b"0."), (".json", b"{"),
                                  (".jams", b"{")):
            with self.subTest(ending=ending):
                self.transcribe("song.wav", "-o", f"a{ending}", "--threshold", "0.01",
                                "--title", "song")
                self.assertTrue((self.folder / f"a{ending}").read_bytes().startswith(beginning))

    def test_several_formats_share_a_name(self):
        self.transcribe("song.wav", "-o", "a.tab.txt", "-f", "mid,labels,lilypond,tab")
        self.assertEqual(self.files(), ["a.labels.txt", "a.ly", "a.mid", "a.tab.txt", "song.wav"])

    def test_a_comment_of_settings_may_hold_anything(self):
        self.settings("# " + "." * 200 + '\n[transcribe]\nartist = "Ünal"\n')
        done = self.transcribe_with("-o", "a.mscx")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_points_in_a_name_are_kept(self):
        self.transcribe("song.wav", "-o", "Dr. Feelgood", "-f", "csv,mid")
        self.assertEqual(self.files(), ["Dr. Feelgood.csv", "Dr. Feelgood.mid", "song.wav"])
        environment = self.musescore('for k in 1 2; do draw $k "${OUT%.png}-$k.png"; done\n')
        subprocess.run([FYR, "transcribe", "song.wav", "-o", "Mr. X.png"], cwd=self.folder,
                       env=environment, check=True, timeout=60, capture_output=True)
        self.assertEqual(self.drawn("Mr. X-2.png"), "2")

    def test_drum_maps_choose_keys(self):
        (self.folder / "kit.json").write_text('{"kick": 24, "snare": 127}')
        files = set()
        for options in ([], ["--drum-map", "gm"], ["--drum-map", "addictive_drums"],
                        ["--drum-map", "kit.json"], ["--midi-timing", "grid"]):
            self.transcribe("song.wav", "-o", "a.mid", "--force", "--threshold", "0.01", *options)
            files.add((self.folder / "a.mid").read_bytes())
        self.assertEqual(len(files), 4)

    def test_midi_options_that_change_nothing_are_told(self):
        needle = "--drum-map changes nothing: it is for MIDI files"
        idle = self.transcribe("song.wav", "-o", "a.csv", "--drum-map", "gm")
        self.assertIn(needle, idle.stderr)
        self.assertNotIn("--midi-timing", idle.stderr)
        used = self.transcribe("song.wav", "-o", "b", "-f", "csv,mid", "--drum-map", "gm")
        self.assertNotIn("changes nothing", used.stderr)
        of_all = subprocess.run([FYR, "transcribe", "song.wav", "-o", "c.csv"], cwd=self.folder,
                                env={**self.environment(), "FYR_DRUM_MAP": "gm"}, check=True,
                                capture_output=True, text=True, timeout=60)
        self.assertNotIn("changes nothing", of_all.stderr)

    def test_bad_drum_maps_are_explained(self):
        for name, text in (("list.json", "[36]"), ("text.json", "kick 36"),
                           ("drum.json", '{"snar": 38}'), ("key.json", '{"kick": 128}'),
                           ("word.json", '{"kick": "C1"}'),
                           ("twice.json", '{"kick": 36, "snare": 38, "kick": 35}'),
                           ("deep.json", '{"kick": ' + "[" * 200000 + "]" * 200000 + "}")):
            (self.folder / name).write_text(text)
        for code, name, needle in ((2, "addictive_drum", 'did you mean "addictive_drums"?'),
                                   (3, "none.json", "no such file"), (3, ".", "it is a folder"),
                                   (3, "list.json", "not an object"), (3, "text.json", "not JSON"),
                                   (3, "drum.json", 'did you mean "snare"?'),
                                   (3, "key.json", "0 to 127"), (3, "word.json", "0 to 127"),
                                   (3, "twice.json", 'it has "kick" twice'),
                                   (3, "deep.json", "more than 100 deep")):
            with self.subTest(name=name):
                self.fails(code, f'"{name}"', needle, arguments=[
                    "transcribe", "song.wav", "-o", "a.mid", "--drum-map", name])

    def musescore(self, script):
        """A program that stands in for MuseScore: $3 is the input, $OUT the picture, and
        "draw TEXT PICTURE" makes a whole one."""
        program = self.folder / "musescore"
        program.write_text(
            '#!/bin/bash\nwhile [ "$1" != -o ]; do shift; done\nOUT=$2\n'
            'draw() {\n'
            r'case $2 in *.png) END="IEND\xAE\x42\x60\x82";; *.svg) END="</svg>";; *) END=%%EOF; esac'
            '\n' r"""printf '%s\n%b\n' "$1" "$END" > "$2" """ '\n}\n' + script)
        program.chmod(0o755)
        (self.folder / "tmp").mkdir(exist_ok=True)
        return {**self.environment(), "FYR_MUSESCORE": str(program),
                "TMPDIR": str(self.folder / "tmp")}

    def drawn(self, name):
        return (self.folder / name).read_bytes().split(b"\n")[0].decode()

    def test_pictures_that_end_too_early_are_refused(self):
        """As where the folder of temporary files is full: MuseScore does not say so."""
        for ending in ("pdf", "png", "svg"):
            for script in (f'draw 1 "$OUT"; mv "$OUT" "$OUT.whole"; dir="${{OUT%.*}}"\n'
                           f'head -c -8 "$OUT.whole" > "$OUT"; cp "$OUT" "$dir-1.{ending}"\n',
                           f'> "$OUT"; draw 1 "${{OUT%.*}}-1.{ending}"; > "${{OUT%.*}}-2.{ending}"\n'):
                done = subprocess.run([FYR, "transcribe", "song.wav", "-o", f"a.{ending}"],
                                      cwd=self.folder, env=self.musescore(script), text=True,
                                      capture_output=True, timeout=60)
                self.assertEqual(done.returncode, 4, done.stderr)
                self.assertRegex(done.stderr, r'\Afyr: cannot draw "song.wav": [^\n]* drew only a part '
                                 rf'of the score; make room [^\n]*"{self.folder}/tmp"[^\n]*TMPDIR\n\Z')
                self.assertFalse((self.folder / f"a.{ending}").exists())

    def test_a_score_that_finds_no_room_is_not_drawn(self):
        done = subprocess.run([FYR, "transcribe", "song.wav", "-o", "a.pdf"], cwd=self.folder,
                              env=self.musescore('draw 1 "$OUT"\n'), text=True, capture_output=True,
                              timeout=60, preexec_fn=lambda: resource.setrlimit(
                                  resource.RLIMIT_FSIZE, (1000, 1000)))
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertRegex(done.stderr, r'\Afyr: cannot draw "song.wav": [^\n]*: File too large; make room'
                         r'[^\n]*TMPDIR\n\Z')

    def test_what_musescore_puts_beside_its_picture_goes_too(self):
        environment = self.musescore('> "$TMPDIR/lock"; draw 1 "$OUT"\n')
        subprocess.run([FYR, "transcribe", "song.wav", "-o", "a.pdf"], cwd=self.folder, timeout=60,
                       env=environment, check=True, capture_output=True)
        self.assertEqual(os.listdir(self.folder / "tmp"), [])

    def test_musescore_may_be_named_by_path_or_as_in_the_path(self):
        environment = self.musescore('draw 1 "$OUT"\n')
        (self.folder / "bin").mkdir()
        (self.folder / "musescore").rename(self.folder / "bin/my-score")
        environment["PATH"] = f"{self.folder}/bin:{environment['PATH']}"
        for number, name in enumerate(("my-score", "bin/my-score", f"{self.folder}/bin/my-score")):
            done = subprocess.run([FYR, "transcribe", "song.wav", "-o", f"{number}.pdf"],
                                  cwd=self.folder, text=True, capture_output=True, timeout=60,
                                  env={**environment, "FYR_MUSESCORE": name})
            self.assertEqual(done.returncode, 0, done.stderr)
        for name in ("bin", "./bin", "no-score"):
            done = subprocess.run([FYR, "transcribe", "missing.wav", "-o", "a.pdf"],
                                  cwd=self.folder, text=True, capture_output=True, timeout=60,
                                  env={**environment, "FYR_MUSESCORE": name})
            self.assertEqual((done.returncode, done.stderr), (4, f'fyr: FYR_MUSESCORE names "{name}", '
                                                              "which is no program; correct or unset it\n"))

    def test_pictures_without_musescore_fail_before_the_input_is_read(self):
        environment = {**self.environment(), "PATH": str(self.folder)}
        done = subprocess.run([FYR, "transcribe", "missing.wav", "-o", "a.pdf"], env=environment,
                              cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertRegex(done.stderr, r"\Afyr: [^\n]*musescore3[^\n]*mscx\n\Z")

    def test_pictures_are_a_file_a_page(self):
        environment = self.musescore('grep -q "<museScore" "$3"\n'
                                     'for k in 1 2 3; do draw $k "${OUT%.png}-$k.png"; done\n')
        arguments = [FYR, "transcribe", "song.wav", "-o", "a.png"]
        subprocess.run(arguments, cwd=self.folder, env=environment, check=True, timeout=60,
                       capture_output=True)
        for name, text in (("a.png", "1"), ("a-2.png", "2"), ("a-3.png", "3")):
            self.assertEqual(self.drawn(name), text)
        (self.folder / "a.png").unlink()
        done = subprocess.run(arguments, cwd=self.folder, env=environment, capture_output=True,
                              text=True, timeout=60)
        self.assertEqual(done.returncode, 4)
        self.assertIn('"a-2.png"', done.stderr)
        self.assertFalse((self.folder / "a.png").exists())
        self.assertEqual(os.listdir(self.folder / "tmp"), [])
        done = subprocess.run([*arguments, "--force"], cwd=self.folder, capture_output=True,
                              env=self.musescore('draw 1 "${OUT%.png}-1.png"\n'), text=True)
        self.assertIn('"a-2.png" to "a-3.png" are no pages of this score', done.stderr)
        (self.folder / "a-3.png").unlink()
        done = subprocess.run([*arguments, "--force"], cwd=self.folder, capture_output=True,
                              env=self.musescore('draw 1 "${OUT%.png}-1.png"\n'), text=True)
        self.assertIn('"a-2.png" is no page of this score', done.stderr)

    def test_ten_pages_are_numbered_as_musescore_does(self):
        """It writes score-1.png of nine pages, score-01.png of ten."""
        environment = self.musescore('for k in 01 02 03 04 05 06 07 08 09 10; do\n'
                                     'draw $k "${OUT%.svg}-$k.svg"; done\n')
        subprocess.run([FYR, "transcribe", "song.wav", "-o", "a.svg"], cwd=self.folder, timeout=60,
                       env=environment, check=True, capture_output=True)
        self.assertEqual(self.drawn("a.svg"), "01")
        self.assertEqual(self.drawn("a-10.svg"), "10")

    def test_pages_of_one_recording_never_replace_another(self):
        shutil.copy(self.folder / "song.wav", self.folder / "song-2.wav")
        environment = self.musescore('for k in 1 2; do draw $k "${OUT%.png}-$k.png"; done\n')
        for first, second in (("song.wav", "song-2.wav"), ("song-2.wav", "song.wav")):
            done = subprocess.run([FYR, "transcribe", first, second, "-o", "scores/", "-f", "png",
                                   "-j", "1", "--force", "--json"], cwd=self.folder, env=environment,
                                  capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 1)
            self.assertIn('would replace "scores/song-2.png", which', done.stderr)
            (good,) = [e for e in map(json.loads, done.stdout.splitlines()) if e["event"] == "done"]
            self.assertEqual([output["path"] for output in good["outputs"]],
                             ["scores/song-2.png", "scores/song-2-2.png"])
            self.assertEqual(self.drawn("scores/song-2.png"), "1")

    def test_pages_never_replace_what_the_call_uses(self):
        environment = self.musescore('for k in 1 2; do draw $k "${OUT%.png}-$k.png"; done\n')
        shutil.copy(self.folder / "song.wav", self.folder / "z-2.png")  # A recording all the same.
        (self.folder / "here").symlink_to(".")
        before = (self.folder / "z-2.png").read_bytes()
        for arguments in (["z-2.png", "-o", "z.png"], ["z-2.png", "-o", "here/z.png"],
                          ["song.wav", "-o", "y.png", "--plot", self.folder / "y-2.png"]):
            done = subprocess.run([FYR, "transcribe", *arguments, "--force"], cwd=self.folder,
                                  env=environment, capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 4, done.stderr)
            self.assertRegex(done.stderr, r'\Afyr: page 2 of [^\n]+ reads or writes too[^\n]+\n\Z')
        self.assertEqual((self.folder / "z-2.png").read_bytes(), before)
        environment = self.musescore('draw 1 "${OUT%.png}-1.png"\n')
        done = subprocess.run([FYR, "transcribe", "z-2.png", "-o", "z.png", "--force"],
                              cwd=self.folder, env=environment, capture_output=True, text=True,
                              timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("remove it", done.stderr)

    def test_a_failing_musescore_is_named(self):
        environment = self.musescore("exit 0\n")
        done = subprocess.run([FYR, "transcribe", "song.wav", "-o", "a.pdf"], cwd=self.folder,
                              env=environment, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 4)
        self.assertRegex(done.stderr,
                         r'\Afyr: cannot draw "song.wav": [^\n]*could not draw[^\n]*\n\Z')
        self.assertFalse((self.folder / "a.pdf").exists())
        self.assertEqual(os.listdir(self.folder / "tmp"), [])

    def test_interrupted_pictures_leave_nothing(self):
        environment = self.musescore(f'echo ready > "{self.folder}/pipe"\nsleep 20\n')
        os.mkfifo(self.folder / "pipe")
        for number, code in ((signal.SIGINT, -2), (signal.SIGQUIT, 131), (signal.SIGPIPE, -13)):
            process = subprocess.Popen([FYR, "transcribe", "song.wav", "-o", "a.pdf", "-q"],
                                       cwd=self.folder, env=environment, stderr=subprocess.PIPE,
                                       start_new_session=True)
            (self.folder / "pipe").read_text()
            os.killpg(process.pid, number)
            self.assertEqual(process.wait(30), code)
            process.stderr.close()
            self.assertFalse((self.folder / "a.pdf").exists())
            self.assertEqual(os.listdir(self.folder / "tmp"), [])

    def test_interruption_ends_musescore_too(self):
        """With what a wrapper script of it started, before its folder goes."""
        environment = self.musescore(
            f'sleep 20 & echo $$ $! > "{self.folder}/pipe"\n'
            'for k in {1..2000}; do mkdir -p "${OUT%/*}/again"; sleep 0.01; done\n')
        os.mkfifo(self.folder / "pipe")
        for number, code in ((signal.SIGINT, -2), (signal.SIGTERM, -15)):
            process = subprocess.Popen([FYR, "transcribe", "song.wav", "-o", "a.pdf", "-q"],
                                       cwd=self.folder, env=environment, stderr=subprocess.PIPE)
            children = map(int, (self.folder / "pipe").read_text().split())
            process.send_signal(number)
            self.assertEqual(process.wait(30), code)
            process.stderr.close()
            time.sleep(0.1)
            self.assertEqual(os.listdir(self.folder / "tmp"), [])
            for child in children:
                self.assertFalse(self.runs(child))

    @staticmethod
    def runs(pid):
        """A dead program that nobody waited for is listed as a zombie."""
        try:
            state = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except FileNotFoundError:
            return False
        return state != "Z"

    def test_interruption_of_several_recordings_leaves_nothing(self):
        environment = self.musescore('sleep 0.02; draw 1 "$OUT"\n')
        names = [f"{k}.wav" for k in range(8)]
        for name in names:
            write_wav(self.folder / name, clicks(1))
        before = self.files()
        ends = set()
        for k in range(15):
            process = subprocess.Popen([FYR, "transcribe", *names, "-o", "a/", "-f", "pdf", "-j",
                                        "4", "-q"], cwd=self.folder, env=environment,
                                       stderr=subprocess.PIPE, start_new_session=True, text=True,
                                       preexec_fn=heed_interrupts)
            time.sleep(0.05 + 0.012 * k)
            os.killpg(process.pid, signal.SIGINT)
            _, told = process.communicate(timeout=30)
            ends.add((process.returncode, told))
            for path in self.folder.glob("a/*.pdf"):
                path.unlink()
            if (self.folder / "a").exists():
                (self.folder / "a").rmdir()  # Holds nothing else.
            self.assertEqual(self.files(), before)
        # It may have been done already or, on a busy machine, have hardly begun.
        interrupted = (-signal.SIGINT, "fyr: interrupted\n")
        self.assertIn(interrupted, ends)
        self.assertLessEqual(ends, {interrupted, (0, ""), (-signal.SIGINT, "")})

    # Options that shape the result

    def test_a_higher_threshold_removes_hits_of_its_drum(self):
        def hits(*arguments):
            text = self.transcribe("song.wav", "-o", "-", "-f", "csv", *arguments).stdout
            return set(line.rsplit(",", 1)[0] for line in text.splitlines()[1:])

        low, high = hits("--threshold", "0.1"), hits("--threshold", "0.1,snare=1")
        self.assertEqual({line.split(",")[1] for line in low - high}, {"snare"})
        self.assertNotIn("snare", {line.split(",")[1] for line in high})

    def test_the_file_name_is_the_title_with_spaces_for_underscores(self):
        shutil.copy(self.folder / "song.wav", self.folder / "_A__good_Song_1.5.wav")
        self.transcribe("_A__good_Song_1.5.wav", "-o", "a.mscx")
        self.assertIn("A good Song 1.5<", (self.folder / "a.mscx").read_text())
        self.transcribe("song.wav", "-o", "b.mscx", "--title", "as_it_is")
        self.assertIn("as_it_is<", (self.folder / "b.mscx").read_text())

    def test_the_recordings_tags_are_on_the_score(self):
        tagged = with_tags((self.folder / "song.wav").read_bytes(), "A <3 Song", "Ünal")
        (self.folder / "tagged.wav").write_bytes(tagged)
        def names(path):
            found = json.loads((self.folder / path).read_text())
            return found["title"], found["artist"]
        self.transcribe("tagged.wav", "-o", "a.json", "--save-activations", "a.npz")
        self.assertEqual(names("a.json"), ("A <3 Song", "Ünal"))
        self.transcribe("tagged.wav", "-o", "b.json", "--title", "Mine", "--artist", "Me")
        self.assertEqual(names("b.json"), ("Mine", "Me"))
        self.assertEqual(self.fyr("decode", "a.npz", "-o", "c.json").returncode, 0)
        self.assertEqual((self.folder / "c.json").read_text(), (self.folder / "a.json").read_text())
        self.assertEqual(self.fyr("report", "tagged.wav", "-o", "a.html").returncode, 0)
        self.assertIn("<title>A &lt;3 Song – fyr</title>", (self.folder / "a.html").read_text())

    def test_title_and_artist_are_on_the_score(self):
        self.transcribe("song.wav", "-o", "a.mscx", "--title", "R&B <3", "--artist", "Ünal")
        text = (self.folder / "a.mscx").read_text()
        self.assertIn("R&amp;B &lt;3", text)
        self.assertIn("Ünal", text)

    def test_score_options_change_the_score(self):
        scores = set()
        for options in ([], ["--voices", "1"], ["--mark-doubtful", "1"]):
            self.transcribe("song.wav", "-o", "a.mscx", "--force", "--threshold", "0.01", *options)
            scores.add((self.folder / "a.mscx").read_text())
        self.assertEqual(len(scores), 3)

    def test_doubts_are_listed_with_bar_and_beat(self):
        self.transcribe("song.wav", "-o", "a.mscx", "--threshold", "0.01", "--mark-doubtful", "1",
                        "--doubts", "doubts.csv")
        lines = (self.folder / "doubts.csv").read_text().splitlines()
        self.assertEqual(lines[0], "bar,beat,time_s,drum,confidence")
        self.assertGreater(len(lines), 1)
        for line in lines[1:]:
            bar, beat, time_s, _, confidence = line.split(",")
            self.assertGreaterEqual(int(bar), 0)
            self.assertTrue(1 <= float(beat) < 33 and float(time_s) >= 0, line)
            self.assertLess(float(confidence), 1)
        self.fails(2, "--doubts", arguments=["transcribe", "song.wav", "-o", "-", "-f", "csv",
                                             "--doubts", "-"])

    def test_nothing_is_doubted_below_zero(self):
        (self.folder / "hits.csv").write_text(HEADING + "0.5,kick,90,0.2\n1.0,snare,90,0.9\n")

        def doubts(*arguments, **variables):
            done = subprocess.run(
                [FYR, "transcribe", "song.wav", "--hits", "hits.csv", "-q", "--doubts", "-", *arguments],
                cwd=self.folder, env={**self.environment(), **variables}, capture_output=True,
                text=True, check=True, timeout=120)
            return done.stdout.count("\n") - 1

        self.assertEqual(doubts(), 1)
        self.assertEqual(doubts("--mark-doubtful", "0"), 0)
        self.assertEqual(doubts(FYR_MARK_DOUBTFUL="0"), 0)
        self.assertEqual(doubts("--mark-doubtful", "1"), 2)

    def test_beats_can_be_printed_and_given_back(self):
        done = self.fyr("beats", "song.wav")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"\Atime_s,beat\n(-?\d+\.\d{4},\d+\n)+\Z")
        (self.folder / "beats.csv").write_text(
            "time_s,beat\n" + "".join(f"{0.5 * k:.3f},{k % 3 + 1}\n" for k in range(7)))
        self.transcribe("song.wav", "-o", "a.mscx", "--beats", "beats.csv")
        self.assertIn("<sigN>3</sigN>", (self.folder / "a.mscx").read_text())

    def test_bad_beats_are_named_with_their_line(self):
        (self.folder / "beats.csv").write_text("time_s,beat\n0.5,1\n0.4,2\n")
        self.fails(3, '"beats.csv"', "line 3", arguments=[
            "transcribe", "song.wav", "-o", "a.csv", "--beats", "beats.csv"])

    def test_a_hit_at_minus_zero_is_at_zero(self):
        (self.folder / "hits.csv").write_text(HEADING + "-0,kick,90,1\n")
        self.assertEqual(self.transcribe("song.wav", "--hits", "hits.csv", "-o", "-", "-f", "csv").stdout,
                         HEADING + "0.0000,kick,90,1.0000\n")

    # Scripts

    def test_json_is_a_line_for_each_recording(self):
        done = self.fyr("transcribe", "missing.wav", "song.wav", "-o", "scores/", "--json", "-q",
                        "-f", "mscx,csv,json")
        self.assertEqual(done.returncode, 1)
        events = {event["input"]: event for event in map(json.loads, done.stdout.splitlines())}
        self.assertEqual(events["missing.wav"]["event"], "failed")
        self.assertIn("no such file", events["missing.wav"]["error"])
        good = events["song.wav"]
        self.assertEqual((good["event"], good["model"]), ("done", "tiny-test"))
        self.assertEqual([output["path"] for output in good["outputs"]],
                         ["scores/song.mscx", "scores/song.csv", "scores/song.json"])
        self.assertEqual(good["bars"],
                         len(json.loads((self.folder / "scores/song.json").read_text())["bars"]))
        self.assertAlmostEqual(good["duration_s"], 3, places=2)
        n_hits = (self.folder / "scores/song.csv").read_text().count("\n") - 1
        self.assertEqual(good["hits"], n_hits)
        for more in ([], ["--dry-run"]):
            done = self.transcribe("song.wav", "-o", "a.csv", "--plot", "a.svg", "--doubts", "d.csv",
                                   "--json", "-q", "--force", *more)
            self.assertEqual(json.loads(done.stdout)["outputs"], [
                {"format": "csv", "path": "a.csv"}, {"format": "doubts", "path": "d.csv"},
                {"format": "plot", "path": "a.svg"}])

    def test_json_needs_standard_output_for_itself(self):
        self.fails(2, "--json", "-o -", arguments=[
            "transcribe", "song.wav", "-o", "-", "-f", "csv", "--json"])

    def test_dry_run_only_prints(self):
        done = self.transcribe("song.wav", "-o", "scores/", "-f", "mscx,csv", "--dry-run")
        self.assertEqual(done.stdout, "song.wav -> scores/song.mscx\nsong.wav -> scores/song.csv\n")
        event = json.loads(self.transcribe("song.wav", "-o", "a.csv", "--dry-run", "--json").stdout)
        self.assertEqual((event["event"], event["outputs"][0]["path"]), ("planned", "a.csv"))
        self.assertEqual(self.files(), ["song.wav"])
        (self.folder / "a.csv").write_text("mine")
        self.fails(4, "exists already", arguments=["transcribe", "song.wav", "-o", "a.csv",
                                                   "--dry-run"])

    def test_dry_run_refuses_what_the_real_run_does(self):
        for folder in ("song.wav/new/", "/proc/new/"):
            for more in ([], ["--dry-run"]):
                self.fails(4, f'cannot create folder "{folder}"', arguments=[
                    "transcribe", "song.wav", "-o", folder, *more])
        done = self.transcribe("song.wav", "-o", "new/", "--plot", "new/x.svg", "--dry-run")
        self.assertEqual(done.stdout, "song.wav -> new/song.mscx\nsong.wav -> new/x.svg\n")
        self.assertEqual(self.files(), ["song.wav"])

    def folder_script(self, *arguments, **options):
        return subprocess.Popen(["sh", HERE.parent.parent / "scripts/transcribe_folder.sh", *arguments],
                                cwd=self.folder, env={**self.environment(), "FYR": FYR, **options},
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                preexec_fn=heed_interrupts, start_new_session=True)

    def test_folders_are_transcribed_through_links(self):
        (self.folder / "album").mkdir()
        (self.folder / "elsewhere").mkdir()
        write_wav(self.folder / "elsewhere/b.wav", clicks(1))
        (self.folder / "album/a.wav").symlink_to("../song.wav")
        (self.folder / "album/disc").symlink_to("../elsewhere")
        (self.folder / "album/again").symlink_to(".")  # Without an end, were it followed.
        (self.folder / "linked").symlink_to("album")
        script = self.folder_script("linked", "scores", "csv")
        _, errors = script.communicate(timeout=120)
        self.assertEqual(script.returncode, 0, errors)
        written = [name for name in self.files() if name.startswith("scores/") and "." in name]
        self.assertEqual(written, ["scores/a.csv", "scores/disc/b.csv"])

    def test_odd_names_in_a_folder_are_transcribed_or_told(self):
        (self.folder / "-album/.trash").mkdir(parents=True)
        for name in ("-a.wav", "b c.wav", "d\nsong.wav", "._b c.wav", ".trash/old.wav"):
            shutil.copy(self.folder / "song.wav", self.folder / "-album" / name)
        script = self.folder_script("-album", "-scores", "csv")
        _, errors = script.communicate(timeout=120)
        self.assertEqual(script.returncode, 1)
        self.assertTrue(errors.endswith("failed:\n  names that hold line breaks\n"), errors)
        written = [name for name in self.files() if name.startswith("-scores/")]
        self.assertEqual(written, ["-scores/-a.csv", "-scores/b c.csv"])

    def test_recordings_of_one_stem_in_a_folder_have_a_score_each(self):
        (self.folder / "album").mkdir()
        for name in ("a.wav", "a.flac", "a.wav.ogg", "b.wav"):
            shutil.copy(self.folder / "song.wav", self.folder / "album" / name)
        program = self.folder / "writer"
        program.write_text('#!/bin/sh\ncase $* in *--dry-run*) exit 0 ;; esac\necho "$3" >"$5"\n')
        program.chmod(0o755)
        script = self.folder_script("album", "scores", "csv", FYR=str(program))
        _, errors = script.communicate(timeout=120)
        self.assertEqual(script.returncode, 0, errors)
        told = {name: (self.folder / name).read_text() for name in self.files()
                if name.startswith("scores/")}
        self.assertEqual(told, {"scores/a.wav.csv": "album/a.wav\n",
                                "scores/a.flac.csv": "album/a.flac\n",
                                "scores/a.wav.ogg.csv": "album/a.wav.ogg\n",
                                "scores/b.csv": "album/b.wav\n"})

    @unittest.skipIf(os.geteuid() == 0, "root reads every folder")
    def test_folders_that_cannot_be_read_are_told(self):
        (self.folder / "album/closed").mkdir(parents=True)
        shutil.copy(self.folder / "song.wav", self.folder / "album/a.wav")
        (self.folder / "album/closed").chmod(0)
        script = self.folder_script("album", "scores", "csv")
        _, errors = script.communicate(timeout=120)
        (self.folder / "album/closed").chmod(0o700)
        self.assertEqual(script.returncode, 1, errors)
        self.assertTrue(errors.endswith("failed:\n  album/closed\n"), errors)

    def test_an_option_that_does_not_fit_one_recording_does_not_stop_a_folder(self):
        (self.folder / "album").mkdir()
        for name in ("a.wav", "b.wav"):
            shutil.copy(self.folder / "song.wav", self.folder / "album" / name)
        program = self.folder / "picky"  # As fyr does where a pickup is too long for the meter.
        program.write_text("#!/bin/sh\ncase $* in *--dry-run*) exit 0 ;; *a.wav*) exit 2 ;; esac\n")
        program.chmod(0o755)
        script = self.folder_script("album", "scores", "csv", FYR=str(program))
        _, errors = script.communicate(timeout=120)
        self.assertEqual(script.returncode, 1)
        self.assertTrue(errors.endswith("2/2 b.wav\ntranscribe_folder: failed:\n  album/a.wav\n"),
                        errors)

    def test_wrong_usage_stops_a_folder_at_once(self):
        (self.folder / "album").mkdir()
        for name in ("a.wav", "b.wav"):
            shutil.copy(self.folder / "song.wav", self.folder / "album" / name)
        for wrong in (["xyz"], ["csv", "--voices", "9"]):
            script = self.folder_script("album", "scores", *wrong)
            _, errors = script.communicate(timeout=120)
            self.assertEqual((script.returncode, errors.count("fyr: ")), (2, 1), errors)
            self.assertFalse((self.folder / "scores").exists())
        (self.folder / "scores").mkdir()
        self.folder_script("album", "scores", "xyz").communicate(timeout=120)
        self.assertTrue((self.folder / "scores").exists())

    def test_a_folder_without_recordings_is_told(self):
        (self.folder / "empty").mkdir()
        script = self.folder_script("empty", "scores")
        self.assertRegex(script.communicate(timeout=120)[1],
                         r'\Atranscribe_folder: no recording below "empty"; [^\n]+\n\Z')
        self.assertEqual(script.returncode, 3)

    def test_an_interrupted_folder_leaves_no_temporary_files(self):
        (self.folder / "album").mkdir()
        (self.folder / "temporary").mkdir()
        write_wav(self.folder / "album/a.wav", clicks(1))
        program = self.folder / "slow"  # As fyr, which a terminal interrupts together with its shell.
        program.write_text("#!/bin/sh\ncase $* in *--dry-run*) exit 0 ;; esac\n"
                           "echo begun\nexec sleep 100\n")
        program.chmod(0o755)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            script = self.folder_script("album", "scores", FYR=str(program),
                                        TMPDIR=str(self.folder / "temporary"))
            self.assertEqual(script.stdout.readline(), "begun\n")
            self.assertEqual(len(os.listdir(self.folder / "temporary")), 3)
            os.killpg(script.pid, number)
            script.communicate(timeout=120)
            # Not code 130, with which a loop around the script would go on.
            self.assertEqual((script.returncode, os.listdir(self.folder / "temporary")),
                             (-number, []))

    def test_numbers_do_not_depend_on_the_locale(self):
        """With a decimal comma, which no locale of a bare Debian has."""
        made = subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8",
                               self.folder / "de_DE.UTF-8"], capture_output=True, timeout=120)
        if made.returncode != 0:
            self.skipTest("Debian's package locales is not installed")
        german = {**self.environment(), "LC_ALL": "de_DE.UTF-8", "LOCPATH": str(self.folder)}
        told = subprocess.run([sys.executable, "-c", "import locale; locale.setlocale("
                               "locale.LC_ALL, ''); print(locale.localeconv()['decimal_point'])"],
                              env=german, capture_output=True, text=True, check=True, timeout=60)
        self.assertEqual(told.stdout, ",\n")
        for name in ("csv", "json", "mscx", "musicxml", "lilypond", "labels"):
            arguments = ("transcribe", "song.wav", "-o", "-", "-f", name, "--threshold", "0.05",
                         "--tempo", "97.5")
            plain = self.fyr(*arguments)
            self.assertEqual(plain.returncode, 0, plain.stderr)
            done = subprocess.run([FYR, *arguments], cwd=self.folder, env=german,
                                  capture_output=True, text=True, timeout=120)
            self.assertEqual(plain.stdout, done.stdout, name)

    # Settings

    def settings(self, text):
        (self.folder / "fyr").mkdir(exist_ok=True)
        (self.folder / "fyr/config.toml").write_text(text, encoding="utf-8")

    def transcribe_with(self, *arguments, before=(), **variables):
        environment = {**self.environment(), "XDG_CONFIG_HOME": str(self.folder), **variables}
        return subprocess.run([FYR, *before, "transcribe", "song.wav", "--dry-run", *arguments],
                              cwd=self.folder, env=environment, capture_output=True, text=True,
                              timeout=120)

    def test_settings_come_from_line_environment_and_file_in_that_order(self):
        self.settings("# what I like\n[transcribe]\nformat = [\"mscx\", \"csv\"]\n")
        self.assertEqual(self.transcribe_with("-o", "x/").stdout.count("->"), 2)
        self.assertEqual(self.transcribe_with("-o", "x/", FYR_FORMAT="csv").stdout,
                         "song.wav -> x/song.csv\n")
        self.assertEqual(self.transcribe_with("-o", "x/", "-f", "mscx", FYR_FORMAT="csv").stdout,
                         "song.wav -> x/song.mscx\n")

    def test_settings_may_hold_a_hash_and_quotes(self):
        def artist(text):
            self.settings(text)
            done = subprocess.run([FYR, "transcribe", "song.wav", "-o", "-", "-f", "mscx"],
                                  cwd=self.folder, capture_output=True, text=True, timeout=120,
                                  env={**self.environment(), "XDG_CONFIG_HOME": str(self.folder)})
            self.assertEqual(done.returncode, 0, done.stderr)
            return re.search('name="composer">(.*?)<', done.stdout)[1]

        for value, name in (('"C# Minor, live" # a comment', "C# Minor, live"), ("'#1' # \"", "#1"),
                            ('"It\'s"# so', "It's"), (r'"AC\\DC\\" # \\', "AC\\DC\\"),
                            (r"'C:\'", "C:\\"), (r"'a\\b c'", r"a\\b c"), ("1984", "1984"),
                            (r'"\"Live\" \\ \"2\""', "\"Live\" \\ \"2\""), ("98.6", "98.6"),
                            ('"\'quoted\'"', "'quoted'"), ('"[live]"', "[live]"),
                            (r'"Bj\u00f6rk"', "Björk")):
            with self.subTest(value=value):
                self.assertEqual(artist(f"[transcribe] # mine\nartist = {value}\n"), name)

    def test_settings_that_are_not_understood_are_told_with_file_and_line(self):
        path = self.folder / "fyr/config.toml"
        for text, line, needle in (
                ('\nartist = "Open\n', 3, "it is read as TOML: texts stand in quotes"),
                ("artist = The Band\n", 2, "it is read as TOML: texts stand in quotes"),
                ('artist = "C:\\dir"\n', 2, "it is read as TOML"),
                ('format = [\n"mscx",\n[decode]\nquiet = true\n', 4, "it is read as TOML"),
                ("quiet = true\nquiet = false\n", 3, "it is read as TOML"),
                ('format = "csv"\n\njobs = 2026-11-28\n', 4, '"jobs" takes no such value; write a'),
                ('format = ["csv", ["mid"]]\n', 2, '"format" takes no such value'),
                ('format = []\n', 2, '"format" has no value; remove it'),
                ('artits = "me"\n', 2, 'there is no setting "artits" (did you mean "artist"?)'),
                ("[transcribe.artist]\n", 2, "there is no section [artist]"),
                ("a." * 200000 + "a = 1\n", 2, "more than 50 points"),
                ('[[decode]]\nartist = "me"\n', 2, 'there is no setting "decode"')):
            with self.subTest(text=text):
                self.settings("[transcribe]\n" + text)
                done = self.transcribe_with("-o", "x/")
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertTrue(done.stderr.startswith(f'fyr: "{path}", line {line}: '), done.stderr)
                self.assertIn(needle, done.stderr)
                self.assertEqual(done.stderr.count("\n"), 1)

    def test_a_list_of_settings_may_take_several_lines(self):
        for value in ('[\n  "mscx",  # a score\n  "csv",\n]', '["mscx",\n"csv"]', '[\n\n"mscx", "csv"\n]'):
            self.settings(f"[transcribe]\nformat = {value}\njobs = 2\n")
            done = self.transcribe_with("-o", "x/")
            self.assertEqual((done.stdout.count("->"), done.stderr), (2, ""), value)

    def test_settings_may_begin_with_a_byte_order_mark(self):
        self.settings("\ufeff[transcribe]\nformat = \"csv\"\n")
        done = self.transcribe_with("-o", "x/")
        self.assertEqual((done.stdout, done.stderr), ("song.wav -> x/song.csv\n", ""))

    def test_a_settings_file_can_be_named(self):
        (self.folder / "mine.toml").write_text("[transcribe]\nformat = \"csv\"\n")
        for how in ({"before": ("--config", "mine.toml")}, {"FYR_CONFIG": "mine.toml"}):
            self.assertEqual(self.transcribe_with("-o", "x/", **how).stdout,
                             "song.wav -> x/song.csv\n")

    def test_settings_that_cannot_be_read_are_told(self):
        def refused(start, **variables):
            done = self.transcribe_with("-o", "x/", **variables)
            self.assertEqual((done.returncode, done.stdout), (3, ""))
            self.assertEqual(done.stderr, f"fyr: {start}\n")

        self.settings("[transcribe]\n")
        for name, cause in (("none.toml", "no such file; check the path"),
                            ("fyr", "it is a folder; name a file in it")):
            refused(f'FYR_CONFIG: cannot read settings "{name}": {cause} or unset the variable',
                    FYR_CONFIG=name)
            done = self.transcribe_with("-o", "x/", before=["--config", name])
            self.assertEqual((done.returncode, done.stderr),
                             (3, f'fyr: --config: cannot read "{name}": {cause}\n'))
        path = self.folder / "fyr/config.toml"
        self.settings("[{")
        done = self.transcribe_with("-o", "x/")
        self.assertEqual(done.returncode, 2)
        self.assertIn("line 1: Error while parsing key", done.stderr)
        self.settings("[transcribe]\n")
        if os.geteuid() != 0:  # Nothing is closed to root.
            path.chmod(0)
            refused(f'cannot read settings "{path}": Permission denied; check its permissions or '
                    "remove it")
        path.unlink()
        path.mkdir()
        refused(f'cannot read settings "{path}": it is a folder; name a file in it or remove it')
        for more in ("--help", "--version"):
            done = subprocess.run([FYR, more], capture_output=True, text=True, timeout=60,
                                  env={**self.environment(), "FYR_CONFIG": "none.toml"})
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_settings_are_never_written_to(self):
        (self.folder / "mine.csv").write_text("[transcribe]\njobs = 1\n")
        done = self.fyr("--config", "mine.csv", "transcribe", "song.wav", "-o", "mine.csv", "--force")
        self.assertEqual((done.returncode, (self.folder / "mine.csv").read_text()),
                         (2, "[transcribe]\njobs = 1\n"))
        self.assertIn("both input and output", done.stderr)

    def test_weights_that_cannot_run_are_refused_before_anything_is_heard(self):
        environment = {**self.environment(), "FYR_INSTRUCTION_SET": "sse2"}
        for how in ({"FYR_WEIGHTS": "float"}, {"FYR_WEIGHTS": "bf16"}):
            done = subprocess.run([FYR, "transcribe", "song.wav", "-o", "a.csv"], cwd=self.folder,
                                  env={**environment, **how}, capture_output=True, text=True,
                                  timeout=120)
            if how["FYR_WEIGHTS"] == "float":
                self.assertEqual(done.returncode, 0, done.stderr)
                (self.folder / "a.csv").unlink()
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertRegex(done.stderr, 
                         r"\Afyr: FYR_WEIGHTS: --weights bf16 needs [^\n]+ take --weights float\n\Z")
        self.assertEqual(self.files(), ["song.wav"])

    def test_bfloat_weights_hear_about_the_same(self):
        if "bf16" not in self.fyr("--version").stdout:
            self.skipTest("no AVX512_BF16")
        hits = {weights: self.transcribe("song.wav", "-o", "-", "-f", "csv", "--weights", weights)
                .stdout.splitlines() for weights in ("float", "bf16")}
        self.assertEqual(len(hits["bf16"]), len(hits["float"]))
        self.assertEqual([line.split(",")[1] for line in hits["bf16"]],
                         [line.split(",")[1] for line in hits["float"]])

    def test_unknown_settings_are_wrong_usage_with_a_suggestion(self):
        for text, needle in (("[transcribe]\nformats = \"csv\"\n", 'did you mean "format"?'),
                             ("[transkribe]\nformat = \"csv\"\n", 'did you mean "transcribe"?')):
            self.settings(text)
            done = self.transcribe_with("-o", "x/")
            self.assertEqual(done.returncode, 2)
            self.assertIn(needle, done.stderr)

    def test_files_that_look_like_options_are_explained(self):
        (self.folder / "song.wav").rename(self.folder / "-song.wav")
        self.fails(2, 'unknown argument "-song.wav"; if the file is meant, write ./-song.wav',
                   arguments=["transcribe", "-song.wav", "-o", "a.csv"])
        self.transcribe("./-song.wav", "-o", "a.csv")

    def test_program_options_after_the_command_are_explained(self):
        self.fails(2, "--config goes before the command", arguments=[
            "transcribe", "song.wav", "-o", "a.csv", "--config", "mine.toml"])

    def test_command_options_before_the_command_are_explained(self):
        self.fails(2, "-q goes after the command: fyr transcribe -q …", arguments=[
            "-q", "transcribe", "song.wav", "-o", "a.csv"])

    def test_unknown_command_is_wrong_usage_with_a_suggestion(self):
        for rest in (["song.wav"], ["--help"], ["--version"]):
            self.fails(2, 'unknown command "transcibe" (did you mean "transcribe"?)',
                       arguments=["transcibe", *rest])
        self.fails(2, 'unknown command "inof" (did you mean "info"?)',
                   arguments=["model", "inof", "--help"])
        self.fails(2, 'unknown command "song.wav"; if the file is meant, write fyr transcribe before it\n',
                   arguments=["song.wav"])

    # Terminals

    def on_terminal(self, *arguments, results=False, **variables):
        """Exit code and what a terminal of 60 columns receives on stderr, with results on stdout too."""
        controller, terminal = os.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
        environment = {**self.environment(), "TERM": "xterm", **variables}
        process = subprocess.Popen([FYR, *arguments], cwd=self.folder, env=environment,
                                   stdout=terminal if results else subprocess.DEVNULL, stderr=terminal)
        os.close(terminal)
        text = b""
        while True:
            try:
                block = os.read(controller, 4096)
            except OSError:  # Linux: the other end is closed.
                break
            if not block:
                break
            text += block
        os.close(controller)
        return process.wait(120), text.decode()

    def test_colour_only_where_wanted(self):
        arguments = ("transcribe", "missing.wav", "-o", "a.csv")
        red = "\x1b[31mfyr:\x1b[0m"
        self.assertIn(red, self.on_terminal(*arguments)[1])
        for variables in ({"NO_COLOR": "1"}, {"CLICOLOR": "0"}, {"TERM": "dumb"}):
            self.assertNotIn("\x1b[31m", self.on_terminal(*arguments, **variables)[1], variables)
        self.assertNotIn("\x1b", self.fyr(*arguments).stderr)
        forced = subprocess.run([FYR, *arguments], cwd=self.folder, capture_output=True, text=True,
                                env={**self.environment(), "CLICOLOR_FORCE": "1"}, timeout=120)
        self.assertIn(red, forced.stderr)

    def test_progress_only_on_a_terminal(self):
        write_wav(self.folder / "two.wav", clicks(2))
        arguments = ("transcribe", "song.wav", "two.wav", "-f", "csv", "--force", "-o", "scores/")
        code, text = self.on_terminal(*arguments)
        self.assertEqual(code, 0)
        bars = re.findall(r"\[#* *\] +\d+ %  \d/2[^\r\n]*", text)
        self.assertIn("100 %  2/2", bars[-1])
        self.assertLess(max(map(len, bars)), 60)
        self.assertTrue(text.endswith("\r\x1b[K"), repr(text[-20:]))  # The last bar is wiped.
        self.assertNotIn("%", self.fyr(*arguments).stderr)
        self.assertEqual(self.on_terminal(*arguments, "-q")[1], "")

    def test_progress_fits_its_line_whatever_the_script(self):
        """Characters of Chinese, Japanese and Korean take two columns."""
        name = "日本語の曲" * 12 + ".wav"
        (self.folder / "song.wav").rename(self.folder / name)
        code, text = self.on_terminal("transcribe", name, "-o", "a.csv")
        self.assertEqual(code, 0)
        bars = re.findall(r"\[#* *\][^\r\n\x1b]*", text)
        wide = [sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in bar) for bar in bars]
        self.assertTrue(50 < max(wide) < 60, wide)

    def test_results_begin_on_a_line_of_their_own(self):
        def line_of(result, text):
            return next(line for line in text.split("\n") if result in line)

        for arguments in (("-o", "-", "-f", "csv"), ("-o", "a.csv", "--doubts", "-"),
                          ("-o", "b.csv", "--json")):
            code, text = self.on_terminal("transcribe", "song.wav", *arguments, results=True)
            self.assertEqual(code, 0)
            first = {"csv": "time_s,", "-": "bar,beat,", "--json": "{"}[arguments[-1]]
            self.assertTrue(line_of(first, text).split("\x1b[K")[-1].startswith(first), repr(text))
        for path in ("audio/drum_only", "annotations/subclass"):
            (self.folder / "mdb" / path).mkdir(parents=True)
        shutil.copy(self.folder / "song.wav", self.folder / "mdb/audio/drum_only/a_Drum.wav")
        (self.folder / "mdb/annotations/subclass/a_subclass.txt").write_text("0.5 KD\n")
        code, text = self.on_terminal("evaluate", "mdb", "--dataset", "mdb", results=True)
        self.assertEqual(code, 0, text)
        self.assertTrue(line_of("mdb", text).split("\x1b[K")[-1].startswith("mdb"), repr(text))

    def test_progress_moves_while_one_recording_is_heard(self):
        write_wav(self.folder / "long.wav", clicks(10) * 120)
        code, text = self.on_terminal("transcribe", "long.wav", "-o", "a.csv", "-j", "1")
        self.assertEqual(code, 0)
        heard = [line for line in text.split("\r") if "long.wav: listen" in line]
        percents = [int(re.search(r"(\d+) %", line)[1]) for line in heard]
        self.assertEqual(percents, sorted(percents))
        self.assertTrue(any(0 < percent < 90 for percent in percents), text)
        self.assertRegex(heard[-1], r"\d+x ")

    # Completion and manual

    def completed(self, *words):
        """What bash offers for the last of `words`."""
        script = self.fyr("completion", "bash").stdout
        script += f"\nCOMP_WORDS=({shlex.join(words)}) COMP_CWORD={len(words) - 1}\n"
        script += "compopt() { :; }\n_fyr\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n"
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_bash_completes_commands_options_and_values(self):
        self.assertEqual(self.completed("fyr", "tr"), ["transcribe"])
        self.assertEqual(self.completed("fyr", "model", ""), ["info"])
        self.assertIn("--threshold", self.completed("fyr", "transcribe", "--th"))
        self.assertEqual(self.completed("fyr", "transcribe", "x.wav", "-f", "ms")[0], "mscx")
        self.assertEqual(self.completed("fyr", "transcribe", "--format", "=", "csv,msc")[0],
                         "csv,mscx")
        self.assertEqual(self.completed("fyr", "transcribe", "--threshold", "side"), ["side_stick="])
        for words in (["--threshold", "kick", "=", "0.3,sn"],
                      ["--threshold", "=", "kick", "=", "0.3,sn"],
                      ["--threshold", "kick", "=", "0.2,crash", "=", "0.3,sn"]):
            self.assertEqual(self.completed("fyr", "transcribe", *words), ["0.3,snare="])
        self.assertEqual(self.completed("fyr", "transcribe", "--style", "="),
                         ["weinberg", "musescore", "agostini"])
        self.assertEqual(self.completed("fyr", "completion", "z"), ["zsh"])
        for option, start, expected in (
                ("--dataset", "i", "idmt"), ("--part", "f", "full_mix"),
                ("--annotations", "p", "pp"), ("--vocabulary", "3,on", "3,onset"),
                ("--map", "eg", "egmd"), ("--estimate-map", "ez", "ezdrummer"),
                ("--show-map", "i", "idmt")):
            self.assertEqual(self.completed("fyr", "evaluate", option, start), [expected])
        # Files are left to the shell.
        self.assertEqual(self.completed("fyr", "transcribe", "-o", "x"), [])

    def test_every_option_of_the_help_is_completed(self):
        options = set(re.findall(r"--[a-z-]+", self.fyr("transcribe", "--help").stdout.split(
            "\nExamples:")[0]))
        self.assertLessEqual(options - {"--help"}, set(self.completed("fyr", "transcribe", "--")))

    def test_other_shells_accept_their_completion(self):
        for shell, arguments in (("zsh", ["-n"]), ("fish", ["-n"])):
            if shutil.which(shell) is None:
                print(f"SKIPPED: {shell} is not installed", file=sys.stderr)
                continue
            path = self.folder / shell
            path.write_text(self.fyr("completion", shell).stdout)
            done = subprocess.run([shell, *arguments, path], capture_output=True, text=True,
                                  timeout=60)
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_zsh_completes_commands_options_and_values(self):
        if shutil.which("zsh") is None:
            self.skipTest("zsh is not installed")
        (self.folder / "_fyr").write_text(self.fyr("completion", "zsh").stdout)
        for typed, wanted in (("tra", "transcribe "), ("model i", "model info "),
                              ("transcribe --thr", "--threshold="),
                              ("transcribe -f mscx,mi", "-f mscx,mid"),
                              ("transcribe --format=mscx,mi", "--format=mscx,mid"),
                              ("transcribe --threshold sn", "--threshold snare="),
                              ("transcribe --threshold kick=0.3,sn", "kick=0.3,snare=")):
            self.assertIn(wanted, self.zsh_line(typed))

    def zsh_line(self, typed):
        """What stands on the line of a zsh after `fyr`, these words and a tab."""
        program = (
            f"fpath=({self.folder} $fpath); autoload -Uz compinit; compinit -u -D\n"
            "show() { print -r -- \"line: $BUFFER\"; exit }\n"
            "zle -N show; bindkey '^T' show; PS1='> '\n")
        (self.folder / ".zshrc").write_text(program)
        controller, terminal = os.openpty()
        shell = subprocess.Popen(["zsh", "-i"], cwd=self.folder, stdin=terminal, stdout=terminal,
                                 stderr=terminal, start_new_session=True,
                                 env={**os.environ, "ZDOTDIR": str(self.folder), "TERM": "dumb"})
        os.close(terminal)
        os.write(controller, f"fyr {typed}\t\x14".encode())
        text = b""
        try:
            while block := os.read(controller, 4096):
                text += block
        except OSError:  # Linux: the other end is closed.
            pass
        os.close(controller)
        shell.wait(60)
        return text.decode().rpartition("line: ")[2]

    def test_fish_completes_commands_options_and_values(self):
        if shutil.which("fish") is None:
            self.skipTest("fish is not installed")
        script = self.fyr("completion", "fish").stdout
        for line, wanted in (("fyr tra", "transcribe"), ("fyr model ", "info"),
                             ("fyr transcribe x --thr", "--threshold"),
                             ("fyr transcribe -f cs", "csv"),
                             ("fyr transcribe -f csv,ms", "csv,mscz"),
                             ("fyr transcribe --threshold sn", "snare="),
                             ("fyr transcribe --threshold kick=0.3,sn", "kick=0.3,snare=")):
            done = subprocess.run(["fish", "-c", f"{script}\ncomplete -C {shlex.quote(line)}"],
                                  env={**os.environ, "HOME": str(self.folder)}, timeout=60,
                                  capture_output=True, text=True)
            offered = [word.split("\t")[0] for word in done.stdout.splitlines()]
            self.assertIn(wanted, offered, done.stderr)

    def test_manual_has_a_page_for_each_command(self):
        self.assertEqual(self.fyr("man", "pages").returncode, 0)
        pages = {path.name for path in (self.folder / "pages").iterdir()}
        self.assertLessEqual({"fyr.1", "fyr-transcribe.1", "fyr-model-info.1", "fyr-check.1"}, pages)
        text = (self.folder / "pages/fyr-transcribe.1").read_text()
        self.assertIn("fyr diff\\fR [options] BEFORE AFTER\n",
                      (self.folder / "pages/fyr-diff.1").read_text())
        self.assertIn(".SH ENVIRONMENT\n.EX\n  FYR_MUSESCORE ",
                      (self.folder / "pages/fyr.1").read_text())
        for needle in ("\\-\\-threshold", ".SH EXAMPLES", ".SH EXIT STATUS", "FYR_MODEL"):
            self.assertIn(needle, text)
        if shutil.which("mandoc") is None:
            self.skipTest("mandoc is not installed")
        for page in sorted((self.folder / "pages").iterdir()):
            done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page],
                                  capture_output=True, text=True, timeout=60)
            self.assertEqual((done.returncode, done.stdout), (0, ""), page.name)

    # Score tools

    def test_check_and_diff_know_our_own_scores(self):
        self.transcribe("song.wav", "-o", "a.mscx", "--threshold", "0.05")
        done = self.fyr("check", "a.mscx")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(self.fyr("diff", "a.mscx", "a.mscx").returncode, 0)
        text = (self.folder / "a.mscx").read_text()
        (self.folder / "b.mscx").write_text(text.replace("</Chord>", "</Chord><Rest><durationType>"
                                                         "half</durationType></Rest>", 1))
        done = self.fyr("check", "a.mscx", "b.mscx", "--json")
        self.assertEqual(done.returncode, 1)
        good, bad = map(json.loads, done.stdout.splitlines())
        self.assertNotIn("error", [finding["severity"] for finding in good["findings"]])
        self.assertEqual((bad["input"], bad["findings"][0]["severity"]), ("b.mscx", "error"))

    def test_diff_names_bar_and_beat(self):
        self.transcribe("song.wav", "-o", "a.mscx", "--threshold", "0.05")
        text = (self.folder / "a.mscx").read_text()
        pitch = text[text.index("<pitch>"):].split("</pitch>")[0] + "</pitch>"
        (self.folder / "b.mscx").write_text(text.replace(pitch, "<pitch>54</pitch>", 1))
        done = self.fyr("diff", "a.mscx", "b.mscx")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"\+ .*beat [\d.]+: percussion")
        self.fails(3, '"song.wav"', "saved by fyr", arguments=["diff", "a.mscx", "song.wav"])
        (self.folder / "cut.mscx").write_text(text[:len(text) // 2])
        self.fails(3, '"cut.mscx": not well-formed XML in line ', "; mend it in a text",
                   arguments=["diff", "cut.mscx", "b.mscx"])
        odd = re.sub("<Measure[^>]*", '<Measure len="1; 2"', text, count=1)
        (self.folder / "odd.mscx").write_text(odd)
        self.fails(3, '"1; 2" makes no sense; give scores', arguments=["diff", "odd.mscx", "b.mscx"])
        done = subprocess.run([FYR, "diff", "-", "b.mscx"], cwd=self.folder, input=text,
                              env=self.environment(), capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 1)

    def test_check_and_diff_read_compressed_scores(self):
        self.transcribe("song.wav", "-o", "a.mscx", "-f", "mscx,mscz", "--threshold", "0.05")
        plain, packed = ((self.folder / name).read_bytes() for name in ("a.mscx", "a.mscz"))
        self.assertEqual(self.fyr("check", "a.mscz").stdout,
                         self.fyr("check", "a.mscx").stdout.replace("a.mscx", "a.mscz"))
        self.assertEqual(self.fyr("diff", "a.mscx", "a.mscz").returncode, 0)
        done = subprocess.run([FYR, "diff", "-", "a.mscx"], cwd=self.folder, input=packed,
                              env=self.environment(), capture_output=True, timeout=120)
        self.assertEqual((done.returncode, done.stdout), (0, b""), done.stderr)
        with zipfile.ZipFile(self.folder / "empty.mscz", "w") as archive:
            archive.writestr("readme.txt", "nothing")
        for name, data, needle in (("cut.mscz", packed[:-100], "end is missing"),
                                   ("plain.mscz", plain, "not a zip archive"),
                                   ("zip.mscx", packed, "end its name in .mscz"),
                                   ("empty.mscz", None, "lacks META-INF/container.xml")):
            if data is not None:
                (self.folder / name).write_bytes(data)
            with self.subTest(name=name):
                for arguments in (["check", name], ["diff", "a.mscx", name]):
                    self.fails(3, f'"{name}"', needle, "; ", arguments=arguments)
        done = self.fyr("check", "cut.mscz", "a.mscz")
        self.assertEqual(done.returncode, 1)
        self.assertIn('"cut.mscz"', done.stderr)
        self.assertIn("a.mscz", done.stdout)

    # Activations

    def test_decoding_kept_activations_equals_transcribing(self):
        self.transcribe("song.wav", "--save-activations", "song.npz")
        for options in ([], ["--threshold", "0.05,snare=0.2", "--tempo", "97", "--voices", "1"]):
            with self.subTest(options=options):
                self.transcribe("song.wav", "-o", "one/", "-f", "mscx,csv", "--force", *options)
                done = self.fyr("decode", "song.npz", "-o", "two/", "-f", "mscx,csv", "--force",
                                *options)
                self.assertEqual(done.returncode, 0, done.stderr)
                for name in ("song.mscx", "song.csv"):
                    self.assertEqual((self.folder / "two" / name).read_bytes(),
                                     (self.folder / "one" / name).read_bytes())

    def test_kept_activations_know_what_sounds_alike(self):
        """The shipped model's context compares moments by their timbre, which must be kept."""
        demo = HERE.parent.parent / "data/rock_95bpm.flac"
        done = self.fyr("transcribe", demo, "--model", HERE.parent.parent / "models/drums.safetensors",
                        "-o", "heard.csv", "--save-activations", "heard.npz")
        self.assertEqual(done.returncode, 0, done.stderr)
        program = ("import numpy; z = dict(numpy.load('heard.npz')); "
                   "assert z.pop('timbre').shape == (len(z['onsets']), 20); "
                   "numpy.savez('deaf.npz', **z)")
        subprocess.run([sys.executable, "-c", program], cwd=self.folder, check=True)
        heard = (self.folder / "heard.csv").read_text()
        self.assertEqual(self.fyr("decode", "heard.npz", "-o", "-", "-f", "csv").stdout, heard)
        deaf = self.fyr("decode", "deaf.npz", "-o", "-", "-f", "csv")
        self.assertEqual(deaf.returncode, 0, deaf.stderr)
        self.assertNotEqual(deaf.stdout, heard)

    def test_numpy_opens_kept_activations(self):
        self.transcribe("song.wav", "-o", "a.csv", "--save-activations", "song.npz")
        program = ("import json, numpy; z = numpy.load('song.npz'); print(z['onsets'].shape, "
                   "json.loads(z['metadata'].item())['model_id']); numpy.savez('again.npz', **z)")
        done = subprocess.run([sys.executable, "-c", program], cwd=self.folder, check=True,
                              capture_output=True, text=True)
        self.assertEqual(done.stdout, "(300, 13) tiny-test\n")
        again = self.fyr("decode", "again.npz", "-o", "-", "-f", "csv")
        self.assertEqual(again.stdout, (self.folder / "a.csv").read_text())

    def test_activations_are_of_one_recording(self):
        write_wav(self.folder / "two.wav", clicks(1))
        for output in (["-o", "kept/"], []):
            self.fails(2, "--save-activations", "one recording", arguments=[
                "transcribe", "song.wav", "two.wav", "--save-activations", "x.npz", *output])

    def test_malformed_activations_leave_no_output(self):
        (self.folder / "text.npz").write_text("not a zip")
        before = self.files()
        for name in ("text.npz", "missing.npz", "song.wav"):
            with self.subTest(name=name):
                self.fails(3, f'"{name}"', "; ", arguments=["decode", name, "-o", "a.csv"])
        self.fails(2, "no output", "-o", arguments=["decode", "text.npz"])
        self.assertEqual(self.files(), before)

    def test_what_is_read_is_never_replaced(self):
        (self.folder / "hits.csv").write_text(HEADING + "1.0,kick,127,1\n")
        (self.folder / "beats.csv").write_text("0.5,1\n1.0,2\n")
        shutil.copy(self.model, self.folder / "mine.safetensors")
        (self.folder / "mine.toml").write_text("[beats]\n")
        os.symlink("mine.toml", self.folder / "toml.wav")
        os.symlink("mine.toml", self.folder / "toml.html")
        os.symlink("song.wav", self.folder / "link.wav")
        os.symlink("song.wav", self.folder / "link.html")
        before = {name: (self.folder / name).read_bytes() for name in self.files()}
        for arguments in (["sonify", "song.wav", "-o", "link.wav"],
                          ["report", "song.wav", "-o", "link.html"],
                          ["beats", "song.wav", "-o", "song.wav"],
                          ["beats", "song.wav", "--beats", "beats.csv", "-o", "beats.csv"],
                          ["transcribe", "song.wav", "-o", "a.mid", "--doubts", "link.wav"],
                          ["transcribe", "song.wav", "--hits", "hits.csv", "-o", "hits.csv"],
                          ["transcribe", "song.wav", "--model", "mine.safetensors", "-f", "csv",
                           "-o", "mine.safetensors"],
                          ["--config", "mine.toml", "beats", "song.wav", "-o", "mine.toml"],
                          ["--config", "mine.toml", "features", "song.wav", "--peaks-of",
                           "mine.safetensors", "-o", "mine.toml"],
                          ["--config", "mine.toml", "sonify", "song.wav", "-o", "toml.wav"],
                          ["--config", "mine.toml", "report", "song.wav", "-o", "toml.html"]):
            self.fails(2, "is both input and output", arguments=[*arguments, "--force"])
        self.assertEqual({name: (self.folder / name).read_bytes() for name in self.files()}, before)

    def test_the_model_that_ships_is_never_written_to(self):
        (self.folder / "bin").mkdir()
        (self.folder / "share/fyr").mkdir(parents=True)
        program = shutil.copy(FYR, self.folder / "bin/fyr")
        model = shutil.copy(self.model, self.folder / "share/fyr/drums.safetensors")
        for ending in ("html", "wav"):
            os.symlink(model, self.folder / f"model.{ending}")
        before = pathlib.Path(model).read_bytes()
        environment = {k: v for k, v in self.environment().items() if k != "FYR_MODEL"}
        for arguments in (["transcribe", "song.wav", "-f", "csv", "-o", model],
                          ["transcribe", "song.wav", "-o", "a.csv", "--doubts", model],
                          ["beats", "song.wav", "-o", model],
                          ["report", "song.wav", "-o", "model.html"],
                          ["sonify", "song.wav", "-o", "model.wav"]):
            done = subprocess.run([program, *arguments, "--force"], cwd=self.folder, timeout=60,
                                  env=environment, capture_output=True, text=True)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("is both input and output", done.stderr)
        self.assertEqual(pathlib.Path(model).read_bytes(), before)

    def test_disks_are_never_written_to(self):
        try:
            os.mknod(self.folder / "disk", stat.S_IFBLK | 0o600, os.makedev(0xfff, 0))  # Of nobody.
        except PermissionError:
            self.skipTest("only root makes disks")
        for force in ([], ["--force"]):
            self.fails(4, '"disk": it is a disk', arguments=[
                "transcribe", "song.wav", "-f", "csv", "-o", "disk", *force])

    def test_endings_may_be_in_capitals(self):
        self.transcribe("song.wav", "-o", "A.CSV", "--plot", "A.SVG", "--save-activations", "A.NPZ")
        self.assertIn("<svg", (self.folder / "A.SVG").read_text())
        self.assertEqual(self.fyr("report", "song.wav", "-o", "A.HTML").returncode, 0)
        for folder, name in (("references", "a.TXT"), ("estimates", "a.CSV")):
            (self.folder / folder).mkdir()
            (self.folder / folder / name).write_text("0.5,kick\n" if "CSV" in name else "0.5 KD\n")
        done = self.fyr("evaluate", "references", "estimates", "--window", "0.5,50")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, "vocabulary 5, ±0.5 ms, 1 recording\n(.|\n)*±50 ms")

    def test_a_vocabulary_too_fine_for_the_labels_leaves_the_others(self):
        (self.folder / "a.txt").write_text("0.5 HH\n0.7 SD\n")
        (self.folder / "a.csv").write_text("0.5,closed_hihat\n0.7,snare\n")
        for order in ("3,13", "13,3"):
            done = self.fyr("evaluate", "a.txt", "a.csv", "--map", "idmt", "--vocabulary", order)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("vocabulary 3,", done.stdout)
            self.assertIn("HH", done.stderr)

    def test_a_link_in_the_way_of_the_temporary_file_is_left_alone(self):
        """Its name held nothing but the process number once, which containers share."""
        (self.folder / "precious.txt").write_text("mine")
        starts = f'ln -s precious.txt .fyr-$$.tmp; exec "{FYR}" transcribe song.wav -o a.csv'
        done = subprocess.run(["sh", "-c", starts], cwd=self.folder, env=self.environment(),
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual((self.folder / "precious.txt").read_text(), "mine")

    def test_a_name_too_long_is_refused_before_listening(self):
        name = "x" * 251 + ".mscx"
        for more in ([], ["--dry-run"]):
            self.fails(4, "cannot write", "choose another name", arguments=[
                "transcribe", "missing.wav", "-o", name, *more])

    def test_messages_hold_no_control_characters(self):
        done = self.fyr("transcribe", "a\x1b[31mred\n.wav", "-o", "a.mid")
        self.assertIn('"a?[31mred?.wav"', done.stderr)
        done = self.fyr("transcribe", "a\u009b31mred.wav", "-o", "a.mid")
        self.assertIn('"a?31mred.wav"', done.stderr)

    def test_messages_quote_files_briefly_and_as_unicode(self):
        (self.folder / "latin.csv").write_bytes(b"0.5,gro\xdfe Trommel\n")
        (self.folder / "long.csv").write_text("0.5," + "kick" * 100000 + "\n")
        for name, needle in (("latin.csv", 'unknown drum "gro\ufffde Trommel"; the drums are: kick'),
                             ("long.csv", " … ")):
            done = self.fyr("transcribe", "song.wav", "-o", "a.mid", "--hits", name)
            self.assertEqual(done.returncode, 3)
            self.assertIn(needle, done.stderr)
            self.assertLess(len(done.stderr), 2100)

    def test_a_replaced_file_keeps_its_permissions(self):
        (self.folder / "a.csv").write_text("")
        (self.folder / "a.csv").chmod(0o600)
        self.transcribe("song.wav", "-o", "a.csv", "--force")
        self.assertEqual((self.folder / "a.csv").stat().st_mode & 0o777, 0o600)

    def test_the_name_says_the_format_before_settings_do(self):
        for variable in ("csv", "mscx,csv"):
            environment = {**self.environment(), "FYR_FORMAT": variable}
            subprocess.run([FYR, "transcribe", "song.wav", "-o", "a.mid", "--force"], check=True,
                           cwd=self.folder, env=environment, capture_output=True, timeout=120)
            self.assertEqual(self.files(), ["a.mid", "song.wav"])
            self.assertTrue((self.folder / "a.mid").read_bytes().startswith(b"MThd"))
        for formats in ("mscx", "mscx,mscx"):
            self.fails(2, '"b.csv" ends like csv, but -f says mscx', arguments=[
                "transcribe", "song.wav", "-o", "b.csv", "-f", formats])
        self.fails(2, '"b.mscx" ends like mscx, but -f says csv, mid; name mscx too', arguments=[
            "transcribe", "song.wav", "-o", "b.mscx", "-f", "csv,mid"])
        self.transcribe("song.wav", "-o", "b.mscx", "-f", "csv,mscx")
        self.assertEqual(self.files(), ["a.mid", "b.csv", "b.mscx", "song.wav"])

    def test_a_bad_format_in_the_environment_is_named_whatever_the_output(self):
        for output in ("a.csv", "a/", "-"):
            done = self.transcribe_with("-o", output, FYR_FORMAT="cvs")
            self.assertEqual(done.returncode, 2)
            self.assertIn('unknown format "cvs" (did you mean "csv"?)', done.stderr)

    def test_endings_are_format_names_too(self):
        for name, ending in (("ly", ".ly"), ("XML", ".musicxml"), (".Midi", ".mid"),
                             ("labels.txt", ".labels.txt")):
            self.transcribe("song.wav", "-o", "out/", "-f", name, "--force")
            self.assertTrue((self.folder / ("out/song" + ending)).exists(), name)
        self.fails(2, "choose tab or labels", arguments=[
            "transcribe", "song.wav", "-o", "out/", "-f", "txt"])

    def test_blanks_between_formats_do_not_matter(self):
        self.assertEqual(self.transcribe_with("-o", "x/", "-f", "csv, mid").stdout,
                         "song.wav -> x/song.csv\nsong.wav -> x/song.mid\n")

    def test_a_refused_value_is_told_where_it_came_from(self):
        for variable, value, needle in (
                ("FYR_QUIET", "maybe", 'FYR_QUIET: --quiet: "maybe" is neither true nor false'),
                ("FYR_WEIGHTS", "int8", 'FYR_WEIGHTS: --weights: unknown "int8"; there are: float'),
                ("FYR_THRESHOLD", "abc", 'FYR_THRESHOLD: --threshold: "abc" makes no sense; write 0.25'),
                ("FYR_FORMAT", "cvs", 'FYR_FORMAT: --format: unknown format "cvs"'),
                ("FYR_JOBS", "many", 'FYR_JOBS: --jobs: "many" is not a whole number')):
            done = self.transcribe_with("-o", "a.csv", **{variable: value})
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(needle, done.stderr)
        self.settings("[transcribe]\njobs = \"many\"\n")
        self.assertIn('fyr/config.toml": --jobs: "many"', self.transcribe_with("-o", "a.csv").stderr)
        self.assertTrue(self.transcribe_with("-o", "a.csv", "--jobs", "many").stderr.startswith(
            'fyr: --jobs: "many"'))

    def test_a_refused_setting_bothers_its_own_command_only(self):
        self.settings("[evaluate]\nworst = \"many\"\n[sonify]\nmix = \"maybe\"\n")
        self.assertEqual(self.transcribe_with("-o", "x/").returncode, 0)
        environment = {**self.environment(), "XDG_CONFIG_HOME": str(self.folder)}
        for arguments, needle in ((["evaluate", "a", "b"], 'fyr/config.toml": --worst: "many"'),
                                  (["evaluate", "--help"], None), (["--help"], None),
                                  (["--version"], None)):
            done = subprocess.run([FYR, *arguments], env=environment, capture_output=True, text=True,
                                  timeout=60)
            self.assertEqual(done.returncode, 0 if needle is None else 2, arguments)
            self.assertIn(needle or "", done.stderr)

    def test_a_refused_variable_bothers_its_own_commands_only(self):
        wrong = {"FYR_STYLE": "x", "FYR_VOICES": "7", "FYR_JOBS": "0", "FYR_MARK_DOUBTFUL": "9",
                 "FYR_WEIGHTS": "z", "FYR_REPEAT_SIGNS": "maybe", "FYR_QUIET": "maybe",
                 "FYR_TIMINGS": "maybe"}
        self.transcribe("song.wav", "-o", "a.mscx")
        for arguments, reads in ((["check", "a.mscx"], ("FYR_QUIET",)), (["model", "info"], ()),
                                 (["completion", "bash"], ()), (["beats", "song.wav"], ("FYR_WEIGHTS",))):
            unread = {name: value for name, value in wrong.items() if name not in reads}
            done = subprocess.run([FYR, *arguments], env={**self.environment(), **unread},
                                  cwd=self.folder, capture_output=True, text=True, timeout=60)
            self.assertEqual((done.returncode, done.stderr), (0, ""), arguments)
            for name in reads:
                done = subprocess.run([FYR, *arguments], env={**self.environment(), name: wrong[name]},
                                      cwd=self.folder, capture_output=True, text=True, timeout=60)
                self.assertEqual(done.returncode, 2)
                self.assertTrue(done.stderr.startswith(f"fyr: {name}: --"), done.stderr)

    def test_a_missing_output_is_not_blamed_on_the_settings(self):
        for command in ("sonify", "report"):
            self.fails(2, "fyr: --output is missing; see", arguments=[command, "song.wav"])

    def test_what_is_missing_is_named_as_it_is_written(self):
        self.fails(2, 'fyr: AFTER is missing: fyr diff [options] BEFORE AFTER; see "fyr diff --help"\n',
                   arguments=["diff", "a.mscx"])

    def test_man_pages_are_not_overwritten_unasked(self):
        self.assertEqual(self.fyr("man", "pages").returncode, 0)
        self.fails(4, "use --force to replace it", arguments=["man", "pages"])
        self.assertEqual(self.fyr("man", "pages", "--force").returncode, 0)

    def test_a_failed_call_leaves_no_new_folder(self):
        self.fails(3, "no such file", arguments=["transcribe", "missing.wav", "-o", "new/deep/"])
        (self.folder / "old").mkdir()
        self.fails(3, "no such file", arguments=["transcribe", "missing.wav", "-o", "old/"])
        self.assertEqual(self.files(), ["old", "song.wav"])
        self.transcribe("song.wav", "-o", "new/deep/")
        self.assertEqual(self.files(), ["new", "new/deep", "new/deep/song.mscx", "old", "song.wav"])

    def test_checked_names_do_not_steer_the_terminal(self):
        name = "a\x1b[31mred\n.mscx"
        self.transcribe("song.wav", "-o", name)
        done = self.fyr("check", name)
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"\A(a\?\[31mred\?\.mscx: [^\n\x1b]+\n)+\Z")

    def test_compared_scores_do_not_steer_the_terminal(self):
        self.transcribe("song.wav", "-o", "a.mscx", "--threshold", "0.01")
        text = (self.folder / "a.mscx").read_text()
        mark = "<Articulation><subtype>&#x9b;31mred</subtype></Articulation></Chord>"
        (self.folder / "b.mscx").write_text(text.replace("</Chord>", mark, 1))
        done = self.fyr("diff", "a.mscx", "b.mscx")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(", ?31mred", done.stdout)

    def test_what_is_typed_goes_before_the_environment(self):
        done = subprocess.run([FYR, "transcribe", "song.wav", "-o", "a.csv", "-v"], cwd=self.folder,
                              env={**self.environment(), "FYR_QUIET": "1"}, capture_output=True,
                              text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("fyr: model ", done.stderr)
        self.fails(2, "contradict each other", arguments=["transcribe", "song.wav", "-o", "b.csv",
                                                          "-q", "-v"])

    def test_help_may_be_a_command(self):
        self.assertEqual(self.fyr("help").stdout, self.fyr("--help").stdout)
        self.assertEqual(self.fyr("help", "model", "info").stdout,
                         self.fyr("model", "info", "--help").stdout)
        self.fails(2, 'unknown command "nonsense"', arguments=["help", "nonsense"])

    def test_usage_tells_which_arguments_may_be_left_out(self):
        self.assertIn("Usage: fyr model info [options] [FILE]\n",
                      self.fyr("model", "info", "--help").stdout)
        self.assertIn("Usage: fyr report [options] INPUT\n", self.fyr("report", "--help").stdout)
        self.fails(2, 'one argument too many: "b.wav"', arguments=["report", "a.wav", "b.wav"])

    def test_typed_beats_go_before_a_tempo_in_the_settings(self):
        (self.folder / "beats.csv").write_text("".join(f"{0.5 * k:.1f},{k % 4 + 1}\n" for k in range(7)))
        self.settings("".join(f"[{command}]\ntempo = 90\npickup = 1\n"
                              for command in ("transcribe", "beats", "report")))
        environment = {**self.environment(), "XDG_CONFIG_HOME": str(self.folder)}
        for arguments in (["transcribe", "song.wav", "-o", "a.csv"], ["beats", "song.wav"],
                          ["report", "song.wav", "-o", "a.html"]):
            done = subprocess.run([FYR, *arguments, "--beats", "beats.csv"], cwd=self.folder,
                                  env=environment, capture_output=True, text=True, timeout=120)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn('"--tempo"', (self.folder / "a.html").read_text())  # Of the page's command.
        self.settings("[beats]\nbeats = \"none.csv\"\n")
        done = subprocess.run([FYR, "beats", "song.wav", "--tempo", "90"], cwd=self.folder,
                              env=environment, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_named_thresholds_hold_whatever_their_order(self):
        def hits(thresholds):
            return self.transcribe("song.wav", "-o", "-", "-f", "csv", "--threshold",
                                   thresholds).stdout
        self.assertEqual(hits("snare=1,0.1"), hits("0.1,snare=1"))
        self.assertNotEqual(hits("snare=1,0.1"), hits("0.1"))

    def test_a_threshold_that_is_refused_is_quoted_whole(self):
        for text, needle in (("snare:0.2", '"snare:0.2" makes no sense; write 0.25 for all drums'),
                             ("0.3,kick=2", "kick=2 is not between 0 and 1")):
            self.fails(2, f"--threshold: {needle}", arguments=[
                "transcribe", "song.wav", "-o", "a.csv", "--threshold", text])

    def test_an_address_is_no_file(self):
        self.fails(3, '"https://example.org/a.mp3": fyr reads files only; download it first',
                   arguments=["transcribe", "https://example.org/a.mp3", "-o", "a.csv"])

    def test_hits_that_stand_twice_count_once(self):
        hits = "1.0,kick,80\n1.0,snare,80\n1.03,snare,70\n2.0,kick,80\n"
        (self.folder / "hits.csv").write_text(hits + hits.replace("1.0,kick,80", "1.0004,kick,90"))
        done = self.transcribe("song.wav", "-o", "a.csv", "--hits", "hits.csv")
        self.assertIn(": 4 hits,", done.stderr)
        self.assertEqual((self.folder / "a.csv").read_text().splitlines()[1:3],
                         ["1.0000,kick,90,1.0000", "1.0000,snare,80,1.0000"])

    def test_two_thresholds_for_one_drum_are_refused(self):
        for thresholds, name in (("snare=0.3,snare=0.4", "snare"),
                                 ("0.3,kick=0.2,0.4", "a threshold of all drums")):
            self.fails(2, f"--threshold: {name} stands more than once; keep one", arguments=[
                "transcribe", "missing.wav", "-o", "a.csv", "--threshold", thresholds])

    def test_what_only_one_recording_can_have_is_refused_for_several(self):
        write_wav(self.folder / "two.wav", clicks(1))
        (self.folder / "hits.csv").write_text(HEADING)
        self.fails(2, "of one recording, not of several", arguments=[
            "transcribe", "song.wav", "two.wav", "-o", "scores/", "--hits", "hits.csv"])
        self.fails(2, "no output; name a folder with -o FOLDER/",
                   arguments=["transcribe", "song.wav", "two.wav"])
        self.fails(2, 'no output; if it is "a.mscx", write -o before it',
                   arguments=["transcribe", "song.wav", "a.mscx"])
        (self.folder / "beats.csv").write_text("0.5,1\n1.0,2\n")
        self.fails(2, "leave --tempo and --pickup out", arguments=[
            "transcribe", "song.wav", "-o", "a.csv", "--beats", "beats.csv", "--tempo", "90"])

    def test_doubts_alone_are_output_enough(self):
        done = self.transcribe("song.wav", "--doubts", "-")
        self.assertTrue(done.stdout.startswith("bar,beat,"))

    def test_results_that_would_share_a_file_are_refused(self):
        (self.folder / "x.csv").write_text("kept")
        (self.folder / "here").symlink_to(".")
        (self.folder / "link.csv").symlink_to("new.csv")
        (self.folder / "two.mid").symlink_to("link.csv")
        before = self.files()
        for arguments in (["-o", "y.csv", "--doubts", "y.csv"], ["-o", "y.svg", "--plot", "./y.svg"],
                          ["-o", "y.csv", "--save-activations", "y.npz", "--plot", "y.png",
                           "--doubts", "y.npz"],
                          ["-o", "y.csv", "--doubts", self.folder / "y.csv"],
                          ["-o", "y.csv", "--doubts", "here/y.csv"],
                          ["-o", "new.csv", "--doubts", "two.mid"],
                          ["-o", "two.mid", "--doubts", "link.csv"]):
            self.fails(2, "is named twice", arguments=["transcribe", "song.wav", *arguments])
        (self.folder / "two.csv").symlink_to("new.csv")
        self.fails(2, "is named twice", arguments=["transcribe", "song.wav", "-o", "two", "-f",
                                                   "csv,mid"])
        write_wav(self.folder / "link.wav", clicks(1))
        self.fails(2, "would both become", arguments=["transcribe", "link.wav", "new.wav", "-o",
                                                      "./", "-f", "csv"])
        self.assertEqual(self.files(), sorted([*before, "two.csv", "link.wav"]))

    def test_a_device_takes_several_results(self):
        self.transcribe("song.wav", "-o", "/dev/null", "-f", "csv", "--doubts", "/dev/null")
        for name in ("two.csv", "two.mid"):
            (self.folder / name).symlink_to("/dev/null")
        self.transcribe("song.wav", "-o", "two", "-f", "csv,mid")
        (self.folder / "three").symlink_to("/dev/null")
        before = self.files()
        self.transcribe("song.wav", "-o", "three", "-f", "csv,mid")
        self.assertEqual(self.files(), before)  # Nor would a /dev/null.csv be wanted.

    def test_wrong_bars_are_refused_before_listening(self):
        self.fails(2, "pickup: must be", "; give the time signature if its bars have more",
                   arguments=["transcribe", "missing.wav", "-o", "a.mscx", "--pickup", "9"])
        self.fails(2, "not found by ear; give their beats as well (--beats)", arguments=[
            "transcribe", "missing.wav", "-o", "a.mscx", "--time-signature", "7/16"])
        for text, needle in (("0.5,40\n1.0,1\n", "line 1: beat numbers must be from 1 to 32"),
                             ("0.5,1\n1.0,0\n", "line 2: beat numbers must be from 1 to 32"),
                             ("0.5,1\n0.51,2\n", "line 2: beats must be in time order, from 20 ms"),
                             ("0.5,1\n121,2\n", "to 60 s apart"),
                             ('0.5,1\n1.0,"2\n', 'line 2: the quote before "2" is not closed'),
                             ("time_s,Beat,beat\n0.5,1,2\n", 'line 1: the heading has "beat" more')):
            (self.folder / "beats.csv").write_text(text)
            self.fails(3, 'cannot read beats "beats.csv": ', needle, arguments=[
                "transcribe", "missing.wav", "-o", "a.mscx", "--beats", "beats.csv"])

    def test_hits_of_another_recording_are_refused(self):
        (self.folder / "late.csv").write_text(HEADING + "0.5,kick,100,1\n5.5,snare,90,1\n")
        self.fails(3, 'cannot use hits "late.csv": the last is at 5.5 s, but the recording lasts 3 s',
                   arguments=[
            "transcribe", "song.wav", "-o", "a.csv", "--hits", "late.csv"])
        (self.folder / "late.csv").write_text(HEADING + "1e12,kick,100,1\n")
        self.fails(3, '"late.csv": line 2: expected seconds from 0 to 1000000', arguments=[
            "transcribe", "song.wav", "-o", "a.csv", "--hits", "late.csv"])

    def test_inputs_that_may_not_be_read_are_told_alike(self):
        if os.geteuid() == 0:
            self.skipTest("nothing is closed to root")
        (self.folder / "secret").write_text("")
        (self.folder / "secret").chmod(0)
        for arguments in (["transcribe", "secret", "-o", "a.csv"], ["check", "secret"],
                          ["diff", "secret", "song.wav"], ["decode", "secret", "-o", "a.csv"],
                          ["transcribe", "song.wav", "-o", "a.csv", "--hits", "secret"],
                          ["--config", "secret", "check", "song.wav"]):
            self.fails(3, '"secret": Permission denied; check its permissions',
                       arguments=arguments)

    def test_tables_that_a_spreadsheet_saved_are_read(self):
        rows = "0.5000,kick,100,0.9000\n1.0000,snare,90,0.8000\n"
        (self.folder / "mine.csv").write_bytes(
            b"\xef\xbb\xbf" + (HEADING + rows).replace("\n", "\r\n").encode())
        (self.folder / "beats.csv").write_bytes(b"\xef\xbb\xbftime_s,beat\r\n0.5,1\r\n1.0,2\r\n")
        done = self.transcribe("song.wav", "-o", "-", "-f", "csv", "--hits", "mine.csv", "--beats",
                               "beats.csv")
        self.assertEqual(done.stdout, HEADING + rows)
        sheet = "time_s;drum;velocity;confidence;;\n0,5;kick;100;0,9;;\n1,0;snare;90;0,8;;\n;;;;;\n"
        (self.folder / "mine.csv").write_text(sheet)
        (self.folder / "beats.csv").write_text('"beat"\t"time_s"\n1\t"0,5"\n2\t1,0\n')
        done = self.transcribe("song.wav", "-o", "-", "-f", "csv", "--hits", "mine.csv", "--beats",
                               "beats.csv")
        self.assertEqual(done.stdout, HEADING + rows)

    def test_hits_of_a_label_track_or_an_old_mac_are_read(self):
        rows = "0.5000,kick,64,1.0000\n1.0000,snare,64,1.0000\n"
        (self.folder / "hits.labels").write_text("0.5\t0.5\tkick\n1.0\t1.0\tsnare\n")
        (self.folder / "mac.csv").write_bytes(b"time_s,drum\r0.5,kick\r1.0,snare\r")
        (self.folder / "none.csv").write_text(HEADING)
        for name, expected in (("hits.labels", rows), ("mac.csv", rows), ("none.csv", "")):
            done = self.transcribe("song.wav", "-o", "-", "-f", "csv", "--hits", name)
            self.assertEqual(done.stdout, HEADING + expected)

    def test_lists_that_are_none_are_refused(self):
        for text, needle in (("", "line 1: the file is empty"), ("time,name\n", "line 1: expected seconds, or"),
                             ("0,5,kick,100\n", 'line 1: expected a velocity from 0 to 127, found "kick"'),
                             (HEADING + "0.5,kick,200\n", "line 2: expected a velocity from 0"),
                             (HEADING + "0.5,kick,1,2\n", "line 2: expected a confidence from 0")):
            (self.folder / "bad.csv").write_text(text)
            self.fails(3, 'cannot read hits "bad.csv": ' + needle, arguments=[
                "transcribe", "song.wav", "-o", "a.csv", "--hits", "bad.csv"])
        for option, name in (("--hits", "hits"), ("--beats", "beats")):
            (self.folder / "bad.csv").write_bytes("time_s,drum\n".encode("utf-16"))
            self.fails(3, f'cannot read {name} "bad.csv": it is UTF-16; save it as UTF-8', arguments=[
                "transcribe", "song.wav", "-o", "a.csv", option, "bad.csv"])
            self.fails(3, 'cannot read', '"song.wav": it is no text file; check the name', arguments=[
                "transcribe", "song.wav", "-o", "a.csv", option, "song.wav"])
        (self.folder / "bad.csv").write_text("when,what\n0.5,1\n1.0,2\n")
        self.fails(3, 'beats "bad.csv": line 1 is not seconds and beat number', arguments=[
            "transcribe", "song.wav", "-o", "a.csv", "--beats", "bad.csv"])

    def test_thresholds_for_given_hits_are_refused(self):
        (self.folder / "hits.csv").write_text(HEADING + "0.5,kick,100,1\n")
        for command, output in (("transcribe", "a.csv"), ("sonify", "a.wav"), ("report", "a.html")):
            self.fails(2, "leave --threshold out", arguments=[
                command, "song.wav", "-o", output, "--hits", "hits.csv", "--threshold", "0.5"])
        done = subprocess.run([FYR, "transcribe", "song.wav", "-o", "a.csv", "--hits", "hits.csv"],
                              cwd=self.folder, env={**self.environment(), "FYR_THRESHOLD": "0.5"},
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_hits_of_another_recording_are_not_sonified(self):
        (self.folder / "late.csv").write_text(HEADING + "0.5,kick,100,1\n5.5,snare,90,1\n")
        self.fails(3, 'cannot use hits "late.csv": the last is at 5.5 s, but the recording lasts 3 s',
                   arguments=[
            "sonify", "song.wav", "-o", "a.wav", "--hits", "late.csv"])

    def test_lists_that_no_recording_has_are_refused(self):
        (self.folder / "beats.csv").write_text("-1000000,1\n-999999,2\n")
        self.fails(3, '"beats.csv": line 1: the beat is more than 60 s before', arguments=[
            "transcribe", "song.wav", "-o", "a.mid", "--beats", "beats.csv"])
        (self.folder / "hits.csv").write_text("0.5,kick\n" * 1001)
        self.fails(3, '"hits.csv": more than 1000 hits within a second', arguments=[
            "transcribe", "song.wav", "-o", "a.mid", "--hits", "hits.csv"])

    def test_beats_of_another_recording_are_refused(self):
        """The bar that the recording ends in may be given to its end, and no more."""
        def beats(n, beat_s=0.5, n_bar=4):
            lines = (f"{k * beat_s},{k % n_bar + 1}\n" for k in range(n))
            (self.folder / "beats.csv").write_text("time_s,beat\n" + "".join(lines))
        beats(9)
        self.transcribe("song.wav", "--beats", "beats.csv", "-o", "a.mscx")
        beats(40)
        arguments = ["transcribe", "song.wav", "--beats", "beats.csv", "-o", "b.mscx"]
        self.fails(3, 'cannot use beats "beats.csv": the last is at 19.5 s, but the recording lasts 3 '
                      "s; are they of another recording?", arguments=arguments)
        self.fails(3, 'cannot use beats "beats.csv"', arguments=["beats", "song.wav", "--beats",
                                                                 "beats.csv"])
        beats(7, beat_s=2, n_bar=32)  # One bar, most of it after the end.
        self.fails(3, 'cannot use beats "beats.csv"', arguments=arguments)

    def test_beats_of_silence_are_told_to_be_a_guess(self):
        write_wav(self.folder / "silence.wav", [0] * 88200)
        done = self.fyr("beats", "silence.wav")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stderr, r'\Afyr: warning: no drums were heard in "silence.wav"[^\n]+\n\Z')

    def test_text_without_an_end_is_refused(self):
        """As long as no text, instead of filling the memory."""
        for arguments in (["check", "/dev/zero"], ["transcribe", "song.wav", "-o", "a.mscx", "--hits",
                                                   "/dev/zero"]):
            self.fails(3, "more than 256 MiB", arguments=arguments)
        self.fails(3, "it is not a zip archive", arguments=["decode", "/dev/zero", "-o", "a.mscx"])

    def test_activations_that_are_not_there_are_named_once(self):
        self.fails(3, 'fyr: cannot read activations "no.npz": no such file; check the path\n',
                   arguments=["decode", "no.npz", "-o", "a.mscx"])

    def test_a_velocity_of_0_is_the_softest(self):
        (self.folder / "hits.csv").write_text(HEADING + "0.5,kick,0,1\n1.0,kick,,1\n1.5,kick,0.2,1\n")
        self.transcribe("song.wav", "--hits", "hits.csv", "-o", "a.csv")
        rows = (self.folder / "a.csv").read_text().splitlines()[1:]
        self.assertEqual([row.split(",")[2] for row in rows], ["1", "64", "1"])

    def test_corrected_hits_replace_those_heard(self):
        hits = HEADING + "0.5000,kick,100,0.9000\n1.0000,snare,90,0.8000\n"
        (self.folder / "mine.csv").write_text(hits)
        done = self.transcribe("song.wav", "-o", "-", "-f", "csv", "--hits", "mine.csv")
        self.assertEqual(done.stdout, hits)
        (self.folder / "bad.csv").write_text(HEADING + "0.5,kick,100,0.9\n1.0,bongo\n")
        self.fails(3, '"bad.csv"', "line 3", '"bongo"', arguments=[
            "transcribe", "song.wav", "-o", "a.csv", "--hits", "bad.csv"])

    # Seeing and hearing

    def test_report_is_one_page_with_a_score(self):
        environment = {**self.environment(), "PATH": str(self.folder)}  # Without a MuseScore.
        done = subprocess.run([FYR, "report", "song.wav", "-o", "page.html", "--title", "<b>"],
                              cwd=self.folder, env=environment, capture_output=True, text=True,
                              timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("warning", done.stderr)
        page = (self.folder / "page.html").read_text()
        self.assertIn("<title>&lt;b&gt; – fyr</title>", page)
        self.assertIn('aria-label="Drum score"', page)
        self.assertIn('class="bar-box" data-bar="', page)
        self.assertNotIn("{{", page)
        self.fails(4, '"page.html"', "exists already", arguments=[
            "report", "song.wav", "-o", "page.html"])
        self.fails(2, "standard input", arguments=["report", "-", "-o", "other.html"])

    def test_a_musescore_that_fails_is_told_in_a_report(self):
        (self.folder / "hits.csv").write_text(HEADING + "1.0,kick,127,1\n")
        named = self.musescore("exit 1\n")
        (self.folder / "bin").mkdir()
        shutil.copy(named["FYR_MUSESCORE"], self.folder / "bin/mscore3")
        found = {**self.environment(), "PATH": f'{self.folder}/bin:{os.environ["PATH"]}'}
        found.pop("FYR_MUSESCORE", None)
        for environment, reason in (({**self.environment(), "FYR_MUSESCORE": "/nowhere"},
                                     'FYR_MUSESCORE names "/nowhere"'),
                                    (named, "could not draw"), (found, "could not draw")):
            done = subprocess.run([FYR, "report", "song.wav", "-o", "page.html", "--force", "--hits",
                                   "hits.csv"], cwd=self.folder, env=environment,
                                  capture_output=True, text=True, timeout=120)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertRegex(done.stderr, "warning: fyr draws the score itself: [^\n]*" + reason)
            self.assertIn('aria-label="Drum score"', (self.folder / "page.html").read_text())

    def test_sonify_chokes_given_crashes_too(self):
        random.seed(1)
        noise = [0] * 44100 + [random.randint(-9000, 9000) for _ in range(22050)] + [0] * 66150
        write_wav(self.folder / "crash.wav", noise)
        (self.folder / "hits.csv").write_text(HEADING + "1.0,crash,127,1\n")
        self.transcribe("crash.wav", "--hits", "hits.csv", "-o", "a.json")
        (hit,) = json.loads((self.folder / "a.json").read_text())["hits"]
        done = self.fyr("sonify", "crash.wav", "--hits", "hits.csv", "-o", "check.wav")
        self.assertEqual(done.returncode, 0, done.stderr)
        with wave.open(str(self.folder / "check.wav")) as file:
            kit = array.array("h", file.readframes(file.getnframes()))[1::2]
        self.assertGreater(hit["choked_after_s"], 0.4)
        self.assertEqual(max(map(abs, kit[int(1.8 * 44100):])), 0)

    def test_sonify_puts_recording_and_kit_side_by_side(self):
        (self.folder / "hits.csv").write_text(HEADING + "1.0,kick,127,1\n")
        done = self.fyr("sonify", "song.wav", "--hits", "hits.csv", "-o", "check.wav", "-q")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        with wave.open(str(self.folder / "check.wav")) as file:
            self.assertEqual((file.getnchannels(), file.getnframes()), (2, 3 * 44100))
            samples = array.array("h", file.readframes(3 * 44100))
        with wave.open(str(self.folder / "song.wav")) as file:
            song = array.array("h", file.readframes(3 * 44100))
        self.assertLessEqual(max(abs(a - b) for a, b in zip(samples[::2], song)), 1)
        self.assertEqual(max(map(abs, samples[1:2 * 44100:2])), 0)
        self.assertGreater(max(map(abs, samples[2 * 44100 + 1::2])), 10000)
        self.fails(2, '"check.aac"', ".mp3", arguments=[
            "sonify", "song.wav", "-o", "check.aac"])

    def test_what_cannot_be_read_twice_is_refused(self):
        os.mkfifo(self.folder / "pipe")
        for arguments in (["report", "pipe", "-o", "a.html"], ["sonify", "pipe", "-o", "a.wav"]):
            self.fails(2, f'fyr {arguments[0]} reads its recording twice; save "pipe" as a file first',
                       arguments=arguments)

    def test_sonify_hears_by_itself_and_clicks(self):
        for arguments in (["-o", "a.wav"], ["-o", "b.wav", "--clicks"], ["-o", "c.flac", "--mix"]):
            done = self.fyr("sonify", "song.wav", *arguments)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(f"hits -> {arguments[1]}", done.stderr)
        self.assertNotEqual((self.folder / "a.wav").read_bytes(),
                            (self.folder / "b.wav").read_bytes())

    def test_plot_draws_what_was_heard(self):
        self.transcribe("song.wav", "--plot", "a.png", "--save-activations", "a.npz")
        self.assertTrue((self.folder / "a.png").read_bytes().startswith(b"\x89PNG"))
        done = self.fyr("decode", "a.npz", "--plot", "a.svg")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("<svg", (self.folder / "a.svg").read_text())
        self.fails(2, "--plot", '"a.bmp"', ".png", arguments=[
            "transcribe", "song.wav", "--plot", "a.bmp"])

    # Other commands

    def test_model_info_prints_what_the_file_holds(self):
        done = self.fyr("model", "info", self.model)
        self.assertEqual(done.returncode, 0, done.stderr)
        for word in ("tiny-test", "44100 Hz", "2 x 4 units", "floor_tom", "for tests only"):
            self.assertIn(word, done.stdout)
        self.assertNotIn("?", done.stdout)
        told = done.stdout[done.stdout.index("training   ") :].replace("training", " " * 8, 1)
        self.assertEqual(json.loads(told)["note"], "random weights, for tests only")

    def test_features_are_a_numpy_file(self):
        settings = HERE.parent.parent / "models/training/features.json"
        done = self.fyr("features", "song.wav", "--settings", settings, "-o", "song.npy")
        self.assertEqual(done.returncode, 0, done.stderr)
        data = (self.folder / "song.npy").read_bytes()[:128]
        self.assertTrue(data.startswith(b"\x93NUMPY\x01\x00"))
        self.assertIn(b"'shape': (300, ", data)

    def peaks_of(self, model):
        """The demo's rows: drum, time, confidence, confidence in context, 36 features."""
        done = self.fyr("features", HERE.parent.parent / "data/rock_95bpm.flac", "--peaks-of", model,
                        "-o", "peaks.npy")
        self.assertEqual(done.returncode, 0, done.stderr)
        data = (self.folder / "peaks.npy").read_bytes()
        header = 10 + struct.unpack("<H", data[8:10])[0]
        values = struct.unpack(f"<{(len(data) - header) // 4}f", data[header:])
        return [values[i:i + 40] for i in range(0, len(values), 40)]

    def test_peaks_in_context_are_those_that_are_picked(self):
        """With the shipped model: each hit is a peak, as sure as its context makes it; of a pooled
        drum it may be surer."""
        demo = HERE.parent.parent / "data/rock_95bpm.flac"
        shipped = ("--model", HERE.parent.parent / "models/drums.safetensors")
        rows = self.peaks_of(shipped[1])
        self.assertTrue(any(abs(row[2] - row[3]) > 0.05 for row in rows), "no context")
        done = self.fyr("transcribe", demo, *shipped, "-f", "csv", "-o", "-")
        drums = {name: i for i, name in enumerate((
            "kick", "snare", "side_stick", "closed_hihat", "pedal_hihat", "open_hihat", "high_tom",
            "mid_tom", "floor_tom", "ride", "ride_bell", "crash", "percussion"))}
        hits = [line.split(",") for line in done.stdout.splitlines()[1:]]
        self.assertGreater(len(hits), 50)
        for time_s, drum, _, confidence in hits:
            peak = min((row for row in rows if row[0] == drums[drum]),
                       key=lambda row: abs(row[1] - float(time_s)))
            self.assertAlmostEqual(peak[1], float(time_s), delta=1e-3)
            if drum.endswith(("tom", "hihat")):  # pooled
                self.assertLess(peak[3], float(confidence) + 1e-3, (time_s, drum))
            else:
                self.assertAlmostEqual(peak[3], float(confidence), delta=1e-3, msg=(time_s, drum))

    def test_a_model_without_context_hears_what_sounds_alike(self):
        """A context is fitted on the features of a model that has none yet."""
        data = (HERE.parent.parent / "models/drums.safetensors").read_bytes()
        end = 8 + struct.unpack("<Q", data[:8])[0]
        header = json.loads(data[8:end])
        document = json.loads(header["__metadata__"]["fyr"])
        del document["context"]
        header["__metadata__"]["fyr"] = json.dumps(document)
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        (self.folder / "new.safetensors").write_bytes(
            struct.pack("<Q", len(text)) + text + data[end:])
        rows = self.peaks_of("new.safetensors")
        self.assertTrue(any(abs(row[4] - row[39]) > 0.05 for row in rows))

    def test_features_of_two_recordings_never_share_a_file(self):
        settings = HERE.parent.parent / "models/training/features.json"
        self.fails(2, '"song.wav" and "./song.wav" would both become "cache/song.npy"; write them',
                   arguments=["features", "song.wav", "./song.wav", "--settings", settings, "-o", "cache"])
        self.fails(2, '"song.wav" is named twice; name it once', arguments=[
            "features", "song.wav", "song.wav", "--settings", settings, "-o", "cache"])

    def test_features_of_standard_input_are_named_as_its_scores(self):
        data = (self.folder / "song.wav").read_bytes()
        settings = HERE.parent.parent / "models/training/features.json"
        subprocess.run([FYR, "features", "-", "--settings", settings, "-o", "new/"], input=data,
                       cwd=self.folder, env=self.environment(), check=True, timeout=120)
        self.assertEqual(os.listdir(self.folder / "new"), ["stdin.npy"])

    def test_features_are_not_overwritten_unasked(self):
        settings = HERE.parent.parent / "models/training/features.json"
        mine = shutil.copy(settings, self.folder / "mine.json")
        arguments = ["features", "song.wav", "--settings", "mine.json", "-o"]
        self.fails(2, "is both input and output", arguments=[*arguments, "mine.json", "--force"])
        self.assertEqual(mine.read_bytes(), settings.read_bytes())
        (self.folder / "a.npy").write_text("mine")
        self.fails(4, "use --force to replace it", arguments=[*arguments, "a.npy"])
        self.assertEqual((self.folder / "a.npy").read_text(), "mine")
        self.assertEqual(self.fyr(*arguments, "a.npy", "--force").returncode, 0)
        self.assertEqual(self.fyr(*arguments, "new/").returncode, 0)
        self.assertEqual(self.files(), ["a.npy", "mine.json", "new", "new/song.npy", "song.wav"])

    def test_features_of_the_other_inputs_are_written(self):
        settings = HERE.parent.parent / "models/training/features.json"
        done = self.fyr("features", "missing.wav", "song.wav", "--settings", settings, "-o", "cache")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r'\Afyr: [^\n]*"missing.wav": no such file[^\n]*\n'
                                      r"fyr: 1 of 2 recordings failed; the others are done\n\Z")
        self.assertEqual(os.listdir(self.folder / "cache"), ["song.npy"])
        self.fails(3, '"missing.wav"', arguments=["features", "missing.wav", "--settings", settings,
                                                  "-o", "new/"])
        self.assertFalse((self.folder / "new").exists())

    def test_features_of_several_recordings_need_a_folder(self):
        write_wav(self.folder / "two.wav", clicks(1))
        settings = HERE.parent.parent / "models/training/features.json"
        for output in ("-", "out.npy", "OUT.NPY"):
            self.fails(2, f'several inputs need a folder for their results, not "{output}"', arguments=[
                "features", "song.wav", "two.wav", "--settings", settings, "-o", output])
        self.assertEqual(self.files(), ["song.wav", "two.wav"])

    def test_feature_settings_that_are_a_folder_are_refused(self):
        self.fails(3, 'cannot read ".": it is a folder; name a file in it', arguments=[
            "features", "song.wav", "--settings", ".", "-o", "song.npy"])

    def test_features_of_what_is_asked_before_anything_slow(self):
        done = self.fyr("features", "song.wav", "-o", "song.npy")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--peaks-of", done.stderr)


if __name__ == "__main__":
    unittest.main()
