# SPDX-License-Identifier: GPL-3.0-or-later

"""IDMT-SMT-Drums V2, MDB Drums and E-GMD as they are published, listed for training.

A data set is chosen as NAME=FOLDER or NAME:PART,PART=FOLDER:

    idmt   Dittmar & Gärtner, DAFx 2014; parts RealDrum, WaveDrum, TechnoDrum (default: all)
    mdb    Southall et al., ISMIR 2017 late-breaking; parts fold1, fold2, fold3 (default: all)
    egmd   Callender et al., 2020; parts train, validation, test (default: train)

mdb's folds are those of Vogl et al., DAFx 2018, which ADTOF uses as well: who trains on two of them
may measure on the third. The model that fyr ships trains on none of these data sets: they measure.
"""

from __future__ import annotations

import contextlib
import csv
import json
import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from drums import (BELL, CLOSED, CRASH, DRUMS, FLOOR_TOM, HIGH_TOM, KICK, MID_TOM, OPEN, PEDAL,
                   PERCUSSION, RIDE, SIDE_STICK, SNARE)
from groove import performance_of, read_midi
from program import InputError

_MDB_DRUMS = {
    "KD": KICK, "SD": SNARE, "SDB": SNARE, "SDD": SNARE, "SDF": SNARE, "SDG": SNARE, "SDNS": SNARE,
    "SST": SIDE_STICK, "CHH": CLOSED, "PHH": PEDAL, "OHH": OPEN, "HIT": HIGH_TOM, "MHT": HIGH_TOM,
    "HFT": FLOOR_TOM, "LFT": FLOOR_TOM, "RDC": RIDE, "RDB": BELL, "CRC": CRASH, "CHC": CRASH,
    "SPC": CRASH, "TMB": PERCUSSION,
}
# "HH" is any stroke of the hi-hat; closed ones are by far the most.
_IDMT_DRUMS = {"KD": KICK, "SD": SNARE, "HH": CLOSED}

_MDB_FOLDS = {
    "fold1": "Punk CoolJazz Disco SwingJazz Rockabilly Gospel BebopJazz",
    "fold2": "FunkJazz FreeJazz Reggae LatinJazz Britpop FusionJazz Shadows 80sRock",
    "fold3": "Beatles Grunge Zeppelin ModalJazz Country1 SpeedMetal Rock Hendrix",
}
PARTS = {"idmt": ("RealDrum", "WaveDrum", "TechnoDrum"), "mdb": tuple(_MDB_FOLDS),
         "egmd": ("train", "validation", "test")}
_DEFAULT_PARTS = {**PARTS, "egmd": ("train",)}


class Choice(NamedTuple):
    """A data set on disk and the parts of it to use."""

    name: str
    parts: tuple[str, ...]
    folder: Path


class Recording(NamedTuple):
    name: str  # of the item: unique, fit for a file
    audio: Path
    kind: str  # "drums" or "mix"
    onsets: np.ndarray  # [n, 3]: time_s, drum, velocity 0..1 (1 where it is not known)
    beats: np.ndarray  # [m, 2]: time_s, 1 on downbeats; empty where not known
    labelled: np.ndarray  # bool [13]: drums of which every hit is labelled
    has_velocities: bool
    lag_s: float | None  # of the audio behind the labels; None: to be measured
    drums_audio: Path | None  # recording of the drums alone, on which to measure it


def parse_choice(text: str) -> Choice:
    """Raises InputError for what is not NAME=FOLDER or NAME:PART,PART=FOLDER."""
    name, _, folder = text.partition("=")
    name, _, parts = name.partition(":")
    if name not in PARTS or not folder:
        raise InputError(f"{text!r} is not NAME=FOLDER with NAME one of {', '.join(PARTS)}")
    chosen = tuple(parts.split(",")) if parts else _DEFAULT_PARTS[name]
    for part in chosen:
        if part not in PARTS[name]:
            raise InputError(f"{name} has no part {part!r}; there are {', '.join(PARTS[name])}")
    return Choice(name, chosen, Path(folder))


def recordings(choice: Choice, but: Collection[str] = ()) -> Iterator[Recording]:
    """Recordings that have both audio (.wav or .flac) and annotation, without those whose names are
    in `but`, which are not read: E-GMD has 45,537 MIDI files. Raises InputError where the data set's
    layout is not found and for labels that it does not have."""
    return {"idmt": _idmt, "mdb": _mdb, "egmd": _egmd}[choice.name](choice, but)


def _root(choice: Choice, holds: str, *inside: str) -> Path:
    for root in (choice.folder, *(choice.folder / name for name in inside)):
        if (root / holds).exists():
            return root
    raise InputError(f"{choice.folder} holds no {holds}: it is not {choice.name}")


def _audio(path: Path) -> Path | None:
    """The file, or the same as the other of .wav and .flac."""
    found = [p for p in (path, *(path.parent / (path.stem + s) for s in (".wav", ".flac")))
             if p.exists()]
    return found[0] if found else None


def _item_name(*parts: str) -> str:
    return "-".join(re.sub(r"[^A-Za-z0-9]+", "_", part) for part in parts)


def _hits(rows: list[tuple[float, int]]) -> np.ndarray:
    return np.array([(time_s, drum, 1.0) for time_s, drum in sorted(rows)]).reshape(-1, 3)


def _all_but(*drums: int) -> np.ndarray:
    return ~np.isin(np.arange(len(DRUMS)), drums)


@contextlib.contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Tells with its name what is wrong inside of a file that is not as published."""
    try:
        yield
    except InputError:
        raise
    except (csv.Error, ElementTree.ParseError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path}: not as published ({error})") from error


def _drum(drums: dict[str, int], label: str, annotation: Path) -> int:
    if label not in drums:
        raise InputError(f"{annotation}: {label!r} is none of {', '.join(drums)}")
    return drums[label]


def _idmt(choice: Choice, but: Collection[str]) -> Iterator[Recording]:
    root = _root(choice, "annotation_xml", "IDMT-SMT-DRUMS-V2", "IDMT-SMT-Drums-V2", "idmt")
    labelled = np.isin(np.arange(len(DRUMS)), list(_IDMT_DRUMS.values()))
    # Single drums and training takes lie beside the mixes.
    for annotation in sorted((root / "annotation_xml").glob("*#MIX.xml")):
        name = _item_name("idmt", annotation.stem)
        audio = _audio(root / "audio" / f"{annotation.stem}.wav")
        if audio is None or name in but or not annotation.stem.startswith(choice.parts):
            continue
        with _naming(annotation):
            rows = [(float(event.findtext("onsetSec")),
                     _drum(_IDMT_DRUMS, event.findtext("instrument"), annotation))
                    for event in ElementTree.parse(annotation).iter("event")]
        yield Recording(name, audio, "drums", _hits(rows), np.zeros((0, 2)), labelled, False, None,
                        audio)


def _mdb(choice: Choice, but: Collection[str]) -> Iterator[Recording]:
    root = _root(choice, "annotations/subclass", "MDB Drums", "MDBDrums/MDB Drums", "mdb")
    tracks = {f"MusicDelta_{track}" for part in choice.parts for track in _MDB_FOLDS[part].split()}
    for annotation in sorted((root / "annotations" / "subclass").glob("*_subclass.txt")):
        track = annotation.stem.removesuffix("_subclass")
        if track not in tracks:
            continue
        with _naming(annotation):
            onsets = _hits([(float(time_s), _drum(_MDB_DRUMS, label, annotation))
                            for time_s, label in _rows(annotation)])
        beats_file = root / "annotations" / "beats" / f"{track}_MIX.beats"
        with _naming(beats_file):
            beats = np.array([(float(time_s), number == "1") for time_s, number in _rows(beats_file)]
                             if beats_file.exists() else []).reshape(-1, 2)
        drums = _audio(root / "audio" / "drum_only" / f"{track}_Drum.wav")
        mix = _audio(root / "audio" / "full_mix" / f"{track}_MIX.wav")
        for audio, kind in ((drums, "drums"), (mix, "mix")):
            name = _item_name("mdb", kind, track)
            if audio is not None and name not in but:
                # Its labels know two kinds of rack toms and two of floor toms, but no middle one.
                yield Recording(name, audio, kind, onsets, beats, _all_but(MID_TOM), False, None,
                                drums)


def _rows(path: Path) -> list[list[str]]:
    return [line.split() for line in path.read_text().splitlines() if line.strip()]


def _lags_ms(file: Path, midi_filenames: list[str]) -> dict[str, float]:
    """By MIDI file, where somebody has measured them: what the JSON file says of its path without
    suffix, or of its stem where no other recording has the same, for stems repeat between drummers."""
    with _naming(file):
        told = json.loads(file.read_text()) if file.exists() else {}
    paths = [Path(name).with_suffix("") for name in midi_filenames]
    stems = Counter(path.name for path in paths)
    lags_ms = {}
    for name, path in zip(midi_filenames, paths):
        lag_ms = told.get(path.as_posix(), told.get(path.name) if stems[path.name] == 1 else None)
        if lag_ms is not None:
            lags_ms[name] = lag_ms
    return lags_ms


def _egmd(choice: Choice, but: Collection[str]) -> Iterator[Recording]:
    table = "e-gmd-v1.0.0.csv"
    root = _root(choice, table, "e-gmd-v1.0.0", "egmd")
    with _naming(root / table), open(root / table, newline="") as file:
        rows = list(csv.DictReader(file))
        midi_filenames = [row["midi_filename"] for row in rows]
        rows = [row for row in rows if row["split"] in choice.parts]
    lags_ms = _lags_ms(root / "offsets_ms.json", midi_filenames)
    for row in rows:
        with _naming(root / table):
            name = _item_name("egmd", *Path(row["midi_filename"]).with_suffix("").parts)
            midi, audio = root / row["midi_filename"], _audio(root / row["audio_filename"])
            if name in but or audio is None or not midi.exists():
                continue
            played = performance_of(row, read_midi(midi))
        lag_ms = lags_ms.get(row["midi_filename"])
        yield Recording(name, audio, "drums", played.hits, played.beats(), _all_but(), True,
                        None if lag_ms is None else lag_ms / 1000, audio)
