# SPDX-License-Identifier: GPL-3.0-or-later
"""What every source of accompaniment shares: the piece it yields and small signal helpers."""

from dataclasses import dataclass, field
import subprocess
import tempfile
import zlib
from pathlib import Path

import numpy as np
from scipy.signal import butter, sosfilt
import soundfile

from sample_rate import SAMPLE_RATE

TARGET_RMS = 0.1
DIGITAL_CEILING = 0.98
VALIDATION_PERCENT = 12
# Packages whose recordings have percussion, but no drum kit.
ORCHESTRAS = ("wesnoth-1.16-music", "flare-game")


@dataclass
class Piece:
    """Mono drum-free audio at 44.1 kHz with what the mixer needs to know about it.

    group: pieces of one group belong together (the stems of a band) and never cross the split.
    bpm counts quarter notes; bar_s is the length of a bar; both None where the time is unknown.
    A piece with known time begins on a downbeat and holds whole bars, so it loops.
    """

    name: str
    kind: str
    group: str
    audio: np.ndarray
    source: str
    licence: str
    role: str = ""
    bpm: float | None = None
    meter: str | None = None
    bar_s: float | None = None
    extra: dict = field(default_factory=dict)


def split_of(group):
    """'validation' for about 12 % of the groups, by a checksum of the name."""
    return "validation" if zlib.crc32(group.encode()) % 100 < VALIDATION_PERCENT else "train"


def level(audio, rms=TARGET_RMS):
    """audio scaled to the given RMS over its active parts, softly clipped below full scale."""
    scaled = audio * (rms / max(active_rms(audio), 1e-6))
    return (DIGITAL_CEILING * np.tanh(scaled / DIGITAL_CEILING)).astype(np.float32)


def active_rms(audio, block=2205, floor_db=-30.0):
    """RMS over the 50 ms blocks that lie less than 30 dB under the loudest one."""
    count = len(audio) // block
    if count == 0:
        return float(np.sqrt(np.mean(np.square(audio)))) if len(audio) else 0.0
    blocks = audio[: count * block].reshape(count, block)
    power = np.einsum("ij,ij->i", blocks, blocks) / block
    return float(np.sqrt(power[power >= power.max() * 10 ** (floor_db / 10)].mean()))


def read_mono(path, start_s=0.0, length_s=None):
    """A recording, or `length_s` of it, as mono float32 at 44.1 kHz, resampled by straight lines."""
    with soundfile.SoundFile(str(path)) as file:
        rate = file.samplerate
        file.seek(min(int(start_s * rate), file.frames))
        audio = file.read(-1 if length_s is None else int(length_s * rate), dtype="float32")
    if audio.ndim > 1:
        audio = audio.mean(axis=1)
    if rate == SAMPLE_RATE:
        return audio
    times = np.arange(int(len(audio) * SAMPLE_RATE / rate)) * (rate / SAMPLE_RATE)
    return np.interp(times, np.arange(len(audio)), audio).astype(np.float32)


def amplifier(rng, audio):
    """A driven guitar amplifier: tightened lows, one or two tanh stages, a cabinet's low-pass."""
    tight = sosfilt(butter(1, rng.uniform(80, 300), "high", fs=SAMPLE_RATE, output="sos"), audio)
    driven = np.tanh(tight * 10 ** rng.uniform(0.8, 2.2))
    if rng.random() < 0.5:
        driven = np.tanh(1.5 * driven + 0.2)
    cabinet = butter(2, rng.uniform(3800, 11000), "low", fs=SAMPLE_RATE, output="sos")
    blocked = butter(1, 70, "high", fs=SAMPLE_RATE, output="sos")
    return sosfilt(blocked, sosfilt(cabinet, driven)).astype(np.float32)


def synthesise(midi, soundfont, gain=0.5):
    """Mono audio of a mido.MidiFile through fluidsynth, without its reverb and chorus."""
    with tempfile.TemporaryDirectory() as folder:
        midi_path, wave_path = Path(folder) / "piece.mid", Path(folder) / "piece.wav"
        midi.save(str(midi_path))
        subprocess.run(
            [
                "fluidsynth",
                "-ni",
                "-q",
                "-R",
                "0",
                "-C",
                "0",
                "-g",
                str(gain),
                "-r",
                str(SAMPLE_RATE),
                "-o",
                "synth.dynamic-sample-loading=1",
                "-F",
                str(wave_path),
                str(soundfont),
                str(midi_path),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return read_mono(wave_path)


def fold_loop(audio, length):
    """audio cut to length with what rings beyond it laid over the beginning, so that it loops."""
    looped = np.zeros(length, np.float32)
    looped[: min(length, len(audio))] = audio[:length]
    tail = audio[length : 2 * length]
    looped[: len(tail)] += tail
    return looped
