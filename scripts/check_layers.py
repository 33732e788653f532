#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guards the direction of includes: a layer knows itself and what is below, never what is above.

usage: check_layers.py SOURCE_FOLDER     exit 1 names every include that breaks the rule
"""
import pathlib
import re
import sys

# From the bottom up. A layer is a folder of src/ (or a file directly in it) and the headers of
# include/fyr/ named beside it.
LAYERS = [
    ("vocabulary", ["drum", "median", "number", "onset", "program_start", "shared_library", "suggest", "table", "text", "utf8"], ["drum", "error", "matrix", "onset", "version"]),
    ("audio", ["audio"], ["audio", "encode_sound"]),
    ("spectrogram", ["spectrogram"], ["spectrogram", "timbre"]),
    ("model", ["model"], ["model"]),
    ("network", ["network"], ["activations", "network", "instruction_set", "weight_type"]),
    ("onsets", ["onsets"], ["onsets", "chokes"]),
    ("rhythm", ["rhythm"], ["rhythm", "beats_in_hits", "context"]),
    ("score", ["score"], ["score", "transcription"]),
    ("writers", ["writers"], ["writers", "drum_map"]),
    ("analysis", ["analysis"], ["analysis"]),
    ("kit", ["kit"], ["kit"]),
    ("plot", ["plot"], ["plot"]),
    ("transcribe", ["check_given", "stage_clock", "transcribe"], ["transcribe"]),
    ("score files", ["score_file"], ["score_file"]),
    ("report", ["report"], ["report_page"]),
    ("evaluate", ["evaluate"], ["annotation", "scoring", "evaluate"]),
    ("app", ["app"], []),
]
RANK_OF_SOURCE = {name: i for i, (_, sources, _) in enumerate(LAYERS) for name in sources}
RANK_OF_HEADER = {name: i for i, (_, _, headers) in enumerate(LAYERS) for name in headers}

# Third-party and printing headers, and the only places that may see them.
ONLY_IN = {
    r"sndfile\.h": "src/audio/", r"soxr\.h": "src/audio/", r"fftw3\.h": "src/spectrogram/fft.cpp",
    r"tinyxml2\.h": "src/(writers|score_file|evaluate|report)/", r"CLI/.*": "src/app/",
    r"iostream": "src/app/", r"nlohmann/.*": "src/(model|evaluate|writers|report|app)/",
    r"cairo/.*": "src/plot/libcairo.hpp", r"zip\.h": "src/writers/libzip.hpp",
    r"dlfcn\.h": "src/shared_library.cpp", r"spawn\.h": "src/program_start.hpp",
    r"toml\+\+/.*": "src/app/config_file.cpp",
}


def rank(path):
    """Of a file in src/ or include/fyr/, or of what an include names; None for others."""
    parts = pathlib.PurePosixPath(path).parts
    if parts[0] == "src":
        parts = parts[1:]
    if parts[:2] == ("include", "fyr"):
        parts = parts[1:]
    if parts[0] == "fyr":
        return RANK_OF_HEADER.get(parts[1].split(".")[0])
    return RANK_OF_SOURCE.get(parts[0].split(".")[0])


def complaints(root):
    for path in sorted([*root.glob("src/**/*.?pp"), *root.glob("include/**/*.hpp")]):
        name = path.relative_to(root).as_posix()
        own = rank(name)
        if own is None:
            yield f"{name}: not in the table of layers"
            continue
        includes = re.findall(r'^#include ([<"])([^>"]+)', path.read_text(), re.MULTILINE)
        for quote, included in includes:
            other = rank(included) if quote == '"' else None
            if quote == '"' and other is None:
                yield f"{name}: includes {included}, which is in no layer"
            elif other is not None and other > own:
                yield f"{name}: {LAYERS[own][0]} must not know {LAYERS[other][0]} ({included})"
            for pattern, place in ONLY_IN.items():
                if re.fullmatch(pattern, included) and not re.match(place, name):
                    yield f"{name}: {included} belongs in {place} only"


def main():
    found = list(complaints(pathlib.Path(sys.argv[1])))
    print("\n".join(found) or "every include points downwards")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
