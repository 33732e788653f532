#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documents tell a user to type works, and what they say the program says, it says.

Every `fyr` line of a document's code blocks is run, in order, in a folder of the document's own; so
is the Python in them. docs/evaluation.md and other lines with --dataset are left out: they need the
data sets.
usage: FYR=build/dev/fyr FYR_MODEL=models/drums.safetensors docs_test.py [Docs.test_name]
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import soundfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FYR = os.path.abspath(os.environ.get("FYR", ROOT / "build/dev/fyr"))
MODEL = os.path.abspath(os.environ.get("FYR_MODEL", ROOT / "models/drums.safetensors"))
DEMO = ROOT / "data/rock_95bpm.flac"
LENGTH_S = 12  # Enough for bars; every command hears it again.
DOCUMENTS = ["README.md", "docs/activations.md", "docs/command_line.md", "docs/formats.md",
             "docs/guides.md", "docs/report.md"]
# Their Python needs nothing but NumPy.
WITH_PYTHON = ["docs/activations.md", "docs/guides.md", "docs/model_format.md"]
# What other programs take.
FOREIGN_OPTIONS = {"--install", "--preset"}


def blocks(document):
    """(language, text) of every code block."""
    return re.findall(r"^```(\w*)\n(.*?)^```", (ROOT / document).read_text(), re.M | re.S)


def commands(document):
    return [line for language, text in blocks(document) if language == ""
            for line in text.splitlines()
            if re.match(r"fyr |awk |source <\(fyr ", line) and "--dataset" not in line]


def without_code(document):
    return re.sub(r"^```.*?^```", "", (ROOT / document).read_text(), flags=re.M | re.S)


def anchors(document):
    """What links may name behind a #, as web pages of repositories make it of headings."""
    headings = re.findall(r"^#+ (.*)$", without_code(document), re.M)
    words = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings]
    return {heading.replace(" ", "-") for heading in words}


def dead_links(document):
    """Links to files or headings of the repository that are not there."""
    for link in re.findall(r"\]\(([^)\s]+)\)", without_code(document)):
        if re.match("https?:", link):
            continue
        name, _, anchor = link.partition("#")
        path = (ROOT / document).parent / name if name else ROOT / document
        if not path.exists() or (anchor and anchor not in anchors(path)):
            yield link


def troubles(document):
    """What the program says, by the tables of "When something goes wrong"."""
    section = (ROOT / document).read_text().split("## When something goes wrong\n")[1]
    rows = section.split("\n## ")[0].splitlines()
    return re.findall(r"^\| `([^`]+)`", "\n".join(rows), re.M)


class Docs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        samples, rate_hz = soundfile.read(DEMO, frames=LENGTH_S * soundfile.info(DEMO).samplerate)
        (self.folder / "album").mkdir()
        for name in ("song.wav", "other.mp3", "album/01 one.flac", "album/02 two.flac"):
            soundfile.write(self.folder / name, samples, rate_hz)
        for folder in (".zfunc", ".config/fish/completions", "programs"):
            (self.folder / folder).mkdir(parents=True)
        (self.folder / "programs/fyr").symlink_to(FYR)
        (self.folder / "models").symlink_to(ROOT / "models")

    def shell(self, line, **variables):
        environment = {**os.environ, "FYR_MODEL": MODEL, "LC_ALL": "C.UTF-8",
                       "HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder / ".config"),
                       "PATH": f"{self.folder}/programs:{os.environ['PATH']}", **variables}
        return subprocess.run(["/bin/bash", "-o", "pipefail", "-c", line], cwd=self.folder,
                              env=environment, capture_output=True, text=True, timeout=120)

    def test_every_command_of_the_documents_works(self):
        self.assertGreater(sum(len(commands(document)) for document in DOCUMENTS), 20)
        for document in DOCUMENTS:
            with self.subTest(document=document):
                self.setUp()
                if document == "docs/formats.md":
                    maps = [text for language, text in blocks(document) if language == "json"]
                    (self.folder / "my_kit.json").write_text(maps[0])
                if document in ("docs/guides.md", "docs/report.md"):  # As the page's download.
                    self.shell("fyr transcribe song.wav -o song.hits.csv")
                for line in commands(document):
                    if "pdf" in line.split("#")[0] and shutil.which("mscore3") is None:
                        print(f"NOT TRIED, as mscore3 is not installed: {line}", file=sys.stderr)
                        continue
                    if "| jq" in line and shutil.which("jq") is None:
                        print(f"NOT TRIED, as jq is not installed: {line}", file=sys.stderr)
                        continue
                    done = self.shell(line)
                    self.assertEqual(done.returncode, 0, f"{line}\n{done.stderr}")

    def test_a_tempo_that_is_not_the_music_s_is_told(self):
        for tempo, told in ((97, ""), (140, "--tempo 140: no beats near it were heard")):
            for command in ("beats", "report -o page.html --force", "sonify -o check.wav --clicks --force"):
                done = self.shell(f"fyr {command} '{DEMO}' --tempo {tempo}")
                self.assertEqual(done.returncode, 0)
                self.assertEqual("--tempo" in done.stderr, bool(told), done.stderr)
                self.assertIn(told, done.stderr)

    def test_python_of_the_documents_works(self):
        self.shell("fyr transcribe song.wav --save-activations song.npz")
        for document in WITH_PYTHON:
            programs = [text for language, text in blocks(document) if language == "python"]
            self.assertTrue(programs, document)
            for program in programs:
                (self.folder / "program.py").write_text(program)
                done = self.shell(f"{sys.executable} program.py")
                self.assertEqual(done.returncode, 0, f"{document}\n{done.stderr}")

    def test_every_option_of_the_documents_exists(self):
        known = set()
        for command in ("transcribe", "decode", "report", "sonify", "beats", "check", "diff",
                        "model info", "evaluate", "features", "completion"):
            known |= set(re.findall(r"--[a-z][a-z-]*", self.shell(f"fyr {command} --help").stdout))
        known |= set(re.findall(r"--[a-z][a-z-]*", self.shell("fyr --help").stdout))
        for document in DOCUMENTS:
            text = (ROOT / document).read_text()
            code = re.findall(r"`([^`\n]*--[^`\n]*)`", text) + commands(document)
            told = {option for line in code if not re.search("cmake|ctest|cpack|python3", line)
                    for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", line)}
            self.assertLessEqual(told - FOREIGN_OPTIONS, known, document)

    def test_links_lead_somewhere(self):
        documents = [path for path in ROOT.rglob("*.md")
                     if path.relative_to(ROOT).parts[0] != "build"]
        self.assertGreater(len(documents), 10)
        dead = {str(path): list(dead_links(path)) for path in documents}
        self.assertEqual({path: links for path, links in dead.items() if links}, {})

    def test_every_variable_is_told(self):
        known = set()
        for command in ("transcribe", "decode", "report", "beats", "evaluate"):
            known |= set(re.findall(r"env:\s+(FYR_\w+)", self.shell(f"fyr {command} --help").stdout))
        self.assertIn("FYR_MODEL", known)
        told = set(re.findall(r"`(FYR_\w+)`", (ROOT / "docs/command_line.md").read_text()))
        self.assertLessEqual(known, told)

    def test_settings_of_the_documents_are_accepted(self):
        settings = [text for language, text in blocks("docs/command_line.md") if language == "toml"]
        self.assertEqual(len(settings), 1)
        (self.folder / ".config/fyr").mkdir()
        (self.folder / ".config/fyr/config.toml").write_text(settings[0])
        done = self.shell("fyr transcribe song.wav -o scores/ --dry-run")
        self.assertEqual((done.returncode, done.stdout.count("->")), (0, 2), done.stderr)

    def test_the_program_says_what_the_documents_explain(self):
        whole = (self.folder / "song.wav").read_bytes()
        (self.folder / "cut.wav").write_bytes(whole[:len(whole) // 2])
        (self.folder / "song.m4a").write_bytes(b"\0\0\0\x20ftypM4A " + bytes(5000))
        soundfile.write(self.folder / "silence.wav", [0.0] * 44100, 44100)
        clicks = [0.5, -0.5] * 22050
        soundfile.write(self.folder / "phase.wav", [[x, -x] for x in clicks], 44100)
        (self.folder / "there.mid").write_text("mine")
        (self.folder / "wrong.toml").write_text("artists = 1\n")
        # Nothing lies beside this copy.
        (self.folder / "alone").mkdir()
        shutil.copy(FYR, self.folder / "alone/fyr")
        with_no_programs = {"PATH": f"{self.folder}/programs"}
        said_by = {
            "no model found": ("alone/fyr transcribe song.wav -o a.mid", {"FYR_MODEL": ""}),
            "it is cut off or damaged": ("fyr transcribe cut.wav -o a.mid", {}),
            "not a sound file that libsndfile reads": (
                "fyr transcribe song.m4a -o a.mid", with_no_programs),
            "ffmpeg does not decode all of it": ("fyr transcribe song.m4a -o a.mid", {}),
            "drawn by MuseScore, which is not installed": (
                "fyr transcribe song.wav -o a.pdf", with_no_programs),
            "it exists already": ("fyr transcribe song.wav -o there.mid", {}),
            "its channels cancel each other out": ("fyr transcribe phase.wav -o a.mid", {}),
            "no drums were heard": ("fyr transcribe silence.wav -o silence.mid", {}),
            "no such file; check the path": ("fyr transcribe nowhere.wav -o a.mid", {}),
            "several inputs need a folder": ("fyr transcribe album/*.flac -o a.mid", {}),
            "unknown argument … did you mean": ("fyr transcribe song.wav --treshold 0.3", {}),
            "no output; name a file": ("fyr transcribe song.wav", {}),
            "there is no setting": (
                "fyr transcribe song.wav -o a.mid", {"FYR_CONFIG": "wrong.toml"}),
        }
        self.assertEqual(set(troubles("README.md") + troubles("docs/guides.md")), set(said_by))
        for message, (line, variables) in said_by.items():
            done = self.shell(line, **variables)
            for part in message.split(" … "):
                self.assertIn(part, done.stderr, line)


if __name__ == "__main__":
    unittest.main()
