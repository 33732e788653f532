#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Installs into a folder and uses what lies there: program, man pages, completions, library.

usage: install_test.py BUILD_FOLDER SOURCE_FOLDER
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD, SOURCE = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
RECORDING = SOURCE / "data/rock_95bpm.flac"
HEADING = "time_s,drum,velocity,confidence\n"


def output_of(*command, **options):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command} gave {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        installed = pathlib.Path(cls.folder.name) / "first place"
        output_of("cmake", "--install", BUILD, "--prefix", installed)
        # It must not matter where it lies.
        cls.prefix = installed.rename(pathlib.Path(cls.folder.name) / "moved")
        cls.environment = {key: value for key, value in os.environ.items() if key != "FYR_MODEL"}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def only(self, pattern):
        found = list(self.prefix.rglob(pattern))
        self.assertEqual(len(found), 1, f"{pattern}: {found}")
        return found[0]

    def hits(self, *command):
        return output_of(*command, cwd=self.folder.name, env=self.environment)

    def test_program_finds_its_model(self):
        program = self.prefix / "bin/fyr"
        text = output_of(program, "--version", env=self.environment)
        self.assertIn(str(self.prefix / "share/fyr/drums.safetensors"), text)

    def test_man_pages_and_completions_lie_where_they_are_looked_for(self):
        for path in ("share/man/man1/fyr.1", "share/man/man1/fyr-transcribe.1",
                     "share/bash-completion/completions/fyr", "share/zsh/site-functions/_fyr",
                     "share/fish/vendor_completions.d/fyr.fish"):
            self.assertGreater((self.prefix / path).stat().st_size, 200, path)

    def test_links_of_the_documents_lead_somewhere(self):
        pages = [self.only("CHANGELOG.md").parent / name for name in ("README.md", "ARCHITECTURE.md")]
        pages += pages[0].parent.glob("*/*.md")
        self.assertIn(pages[0].parent / "docs/evaluation.md", pages)
        for page in pages:
            for link in re.findall(r"\]\(([^)#:]+)[)#]", page.read_text()):
                self.assertTrue((page.parent / link).exists(), f"{page.name}: {link}")

    def test_zsh_looks_where_its_completion_lies(self):
        """A shell searches vendor-completions below /usr only."""
        for prefix, folder in (("/usr", "vendor-completions"), ("/usr/local", "site-functions")):
            stage = pathlib.Path(self.folder.name) / folder
            output_of("cmake", "--install", BUILD, "--prefix", prefix,
                      env={**os.environ, "DESTDIR": str(stage)})
            found = [path.relative_to(stage) for path in stage.rglob("_fyr")]
            self.assertEqual(found, [pathlib.Path(prefix[1:]) / "share/zsh" / folder / "_fyr"])

    def test_library_works_with_cmake_and_pkg_config(self):
        """In a program for this processor's instructions, with which Eigen aligns memory otherwise."""
        build = pathlib.Path(self.folder.name) / "example"
        flags = os.environ.get("CXXFLAGS", "") + " -march=native -fPIC"
        output_of("cmake", "-S", SOURCE / "examples", "-B", build,
                  f"-DCMAKE_PREFIX_PATH={self.prefix}", env={**os.environ, "CXXFLAGS": flags})
        output_of("cmake", "--build", build)
        with_cmake = self.hits(build / "hits", RECORDING)
        with_program = self.hits(self.prefix / "bin/fyr", "transcribe", RECORDING, "-o", "-",
                                 "-f", "csv")
        self.assertTrue(with_cmake.startswith(HEADING))
        self.assertEqual(with_cmake, with_program)

        if shutil.which("pkg-config") is None:
            self.skipTest("pkg-config is not installed")
        environment = {**self.environment,
                       "PKG_CONFIG_PATH": str(self.only("fyr.pc").parent)}
        flags = output_of("pkg-config", "--cflags", "--libs", "fyr", env=environment).split()
        model = output_of("pkg-config", "--variable=model", "fyr", env=environment).strip()
        self.assertTrue(pathlib.Path(model).is_file(), model)
        # Compiling again would take long and tell no more: the flags must link what is compiled.
        compiled = self.only_object(build)
        output_of(os.environ.get("CXX", "c++"), *os.environ.get("CXXFLAGS", "").split(), compiled,
                  *flags, "-o", build / "again")
        self.assertEqual(self.hits(build / "again", RECORDING), with_program)
        output_of(os.environ.get("CXX", "c++"), *os.environ.get("CXXFLAGS", "").split(), "-shared",
                  compiled, *flags, "-o", build / "plug-in.so")

    def only_object(self, build):
        found = list(build.rglob("*.o"))
        self.assertEqual(len(found), 1, found)
        return found[0]


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
