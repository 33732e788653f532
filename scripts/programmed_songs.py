#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders programmed songs, of which the drums are known, and writes them in the layout of E-GMD.

    scripts/programmed_songs.py OUT
    fyr evaluate --dataset egmd --split test --slots --beats --map gm --ignore-unknown [--given hits] OUT

The songs are General MIDI, as games that Debian ships play them: metal and rock of Freedoom (3-clause BSD),
every style of OpenTTD's OpenMSX (GPL-2). FluidSynth plays the first three minutes of each, with one of three
sound fonts in turn. Songs with fewer than 100 strokes of the drums in them are left out, and those whose
metronome is not that of the notes (`is_counted`). Where a file names no meter it counts as 4/4. Nothing of
them trains.

Needs Debian's freedoom, openttd-openmsx, fluidsynth, fluid-soundfont-gm, musescore-general-soundfont,
timgm6mb-soundfont, python3-mido and python3-soundfile.
"""

from __future__ import annotations

import argparse
import csv
import io
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import mido
import soundfile

WADS = tuple(Path("/usr/share/games/doom") / f"{name}.wad" for name in ("freedoom1", "freedoom2"))
OPENMSX = Path("/usr/share/games/openttd/baseset/openmsx")
FONTS = tuple(Path("/usr/share/sounds") / name for name in (
    "sf2/FluidR3_GM.sf2", "sf3/MuseScore_General.sf3", "sf2/TimGM6mb.sf2"))
TABLE = "e-gmd-v1.0.0.csv"
COLUMNS = ("drummer", "session", "id", "style", "bpm", "beat_type", "time_signature",
           "midi_filename", "audio_filename", "duration", "split", "kit_name")
LONGEST_S = 180
FEWEST_STROKES = 100
DRUMS = 9  # The channel, counted from 0.
SAMPLE_RATE = 44100
SUSTAIN, ALL_NOTES_OFF = 64, 123

# Their notes were played to another metronome than the file has: next to none stand on its sixteenths.
NOT_COUNTED = {"freedoom1_BUNNY"}
# So were those with this many ticks a quarter, all of one sequencer.
NOT_COUNTED_TICKS = 89
# Three of the file's sixteenths are a beat: the ride plays swing on them.
SWING_IN_SIXTEENTHS = {"openmsx_busy_schedule", "openmsx_the_fast_route"}


def lumps(wad: Path) -> Iterator[tuple[str, bytes]]:
    """Names and contents (https://doomwiki.org/wiki/WAD)."""
    data = wad.read_bytes()
    n_lumps, directory = struct.unpack_from("<ii", data, 4)
    for i in range(n_lumps):
        start, size, name = struct.unpack_from("<ii8s", data, directory + 16 * i)
        yield name.rstrip(b"\0").decode(), data[start:start + size]


def songs() -> Iterator[tuple[str, mido.MidiFile]]:
    """All, each once."""
    found: dict[bytes, str] = {}
    for wad in WADS:
        for name, data in lumps(wad):
            if data.startswith(b"MThd"):
                found.setdefault(data, f"{wad.stem}_{name.removeprefix('D_')}")
    for path in sorted(OPENMSX.glob("*.mid")):
        found.setdefault(path.read_bytes(), f"openmsx_{path.stem}")
    for data, name in sorted(found.items(), key=lambda song: song[1]):
        yield name, mido.MidiFile(file=io.BytesIO(data))


def is_counted(name: str, song: mido.MidiFile) -> bool:
    return (song.ticks_per_beat != NOT_COUNTED_TICKS
            and name not in NOT_COUNTED | SWING_IN_SIXTEENTHS)


def beginning(song: mido.MidiFile) -> mido.MidiTrack:
    """The first LONGEST_S of all tracks in one. Notes end there, else FluidSynth would never."""
    track = mido.MidiTrack()
    tempo = 500_000
    time_s = 0.0
    for message in mido.merge_tracks(song.tracks):
        time_s += mido.tick2second(message.time, song.ticks_per_beat, tempo)
        if time_s > LONGEST_S:
            break
        track.append(message)
        if message.type == "set_tempo":
            tempo = message.tempo
    for channel in range(16):
        for control in (SUSTAIN, ALL_NOTES_OFF):
            track.append(mido.Message("control_change", channel=channel, control=control, value=0))
    return track


def drums_of(track: mido.MidiTrack) -> mido.MidiTrack:
    """Their notes, tempi and meters."""
    drums = mido.MidiTrack()
    ticks = 0
    for message in track:
        ticks += message.time
        is_note = message.type in ("note_on", "note_off") and message.channel == DRUMS
        if is_note or message.type in ("set_tempo", "time_signature"):
            drums.append(message.copy(time=ticks))
            ticks = 0
    return drums


def save(track: mido.MidiTrack, ticks_per_beat: int, path: Path) -> None:
    mido.MidiFile(type=0, ticks_per_beat=ticks_per_beat, tracks=[track]).save(path)


def play(track: mido.MidiTrack, ticks_per_beat: int, font: Path, path: Path) -> float:
    """Writes a recording. Returns its seconds."""
    with tempfile.TemporaryDirectory() as folder:
        score, sound = Path(folder) / "song.mid", Path(folder) / "song.wav"
        save(track, ticks_per_beat, score)
        # In floats: it plays some songs three times louder than full scale.
        subprocess.run(["fluidsynth", "-n", "-i", "-q", "-r", str(SAMPLE_RATE), "-O", "float",
                        "-T", "wav", "-F", sound, font, score],
                       check=True, stdout=subprocess.DEVNULL)
        audio, _ = soundfile.read(sound, dtype="float32")
    peak = abs(audio).max()
    soundfile.write(path, audio / max(peak, 1e-3) * 0.9, SAMPLE_RATE)
    return len(audio) / SAMPLE_RATE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, metavar="OUT", help="folder to fill")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    rows = []
    for name, song in songs():
        track = beginning(song)
        drums = drums_of(track)
        n_strokes = sum(message.type == "note_on" and message.velocity > 0 for message in drums)
        if n_strokes < FEWEST_STROKES or not is_counted(name, song):
            continue
        font = FONTS[len(rows) % len(FONTS)]
        save(drums, song.ticks_per_beat, out / f"{name}.midi")
        seconds = play(track, song.ticks_per_beat, font, out / f"{name}.flac")
        rows.append((name, name, name, "song", 0, "song", "", f"{name}.midi", f"{name}.flac",
                     f"{seconds:.3f}", "test", font.stem))
    with open(out / TABLE, "w", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    print(f"{out}: {len(rows)} songs")


if __name__ == "__main__":
    main()
