# SPDX-License-Identifier: GPL-3.0-or-later
"""Recorded music that Debian ships under free licences, its percussive part removed.

Guitar stems of the two Frets on Fire packages need no separation: their tempo is in notes.mid.
"""

from collections import namedtuple
import shutil
import subprocess
import zipfile
import zlib

import mido
import numpy as np
from scipy.signal import istft, stft
import soundfile

from accompaniment_common import Piece, level, read_mono
from sample_rate import SAMPLE_RATE

Package = namedtuple("Package", "name licence pattern")
PACKAGES = [
    Package("wesnoth-1.16-music", "GPL-2+", "**/music/*.ogg"),
    Package("supertuxkart-data", "CC-BY-SA-3.0/4.0 and GPL-2+ by piece", "**/data/music/*.ogg"),
    Package("warzone2100-music", "GPL-2+", "**/music/**/*.opus"),
    Package("nexuiz-music", "GPL-2+", "**/cdtracks/*.ogg"),
    Package("hedgewars-data", "GPL-2", "**/Data/Music/*.ogg"),
    Package("flare-game", "CC-BY-SA-3.0+", "**/music/*.ogg"),
    Package("openarena-088-data", "GPL-2+", "**/music/*.ogg"),
    Package("extremetuxracer-data", "GPL-2+", "**/music/*.ogg"),
    Package("planetblupi-music-ogg", "GPL-3+", "**/music/*.ogg"),
    Package("frozen-bubble-data", "GPL-2", "**/snd/*.ogg"),
]
STEM_PACKAGES = [
    Package("fretsonfire-songs-muldjord", "CC-BY-SA-3.0 (El Senator / Muldjord)", "**/guitar.ogg"),
    Package("fretsonfire-songs-sectoid", "Expat (Carlos Viola Iborra)", "**/guitar.ogg"),
]

WINDOW = 2048
HOP = 1024
FRAMES_APART = 2  # nine of 17 frames, .4 s: what lasts that long is harmonic
BINS_APART = 4  # nine of 33 bins, 710 Hz: what spreads that wide is percussive
MARGIN = 2.0
MEDIAN_EXCHANGES = [(1, 2), (4, 5), (7, 8), (0, 1), (3, 4), (6, 7), (1, 2), (4, 5), (7, 8), (0, 3)]
MEDIAN_EXCHANGES += [(5, 8), (4, 7), (3, 6), (1, 4), (2, 5), (4, 7), (4, 2), (6, 4), (4, 2)]
RISE_DB_PER_S = 25.0
CHUNK_S = 40.0


def fetch(packages, folder):
    """Downloads the Debian packages into folder and unpacks each into a folder of its name, whole at
    once: one that is there is complete."""
    folder.mkdir(parents=True, exist_ok=True)
    for package in packages:
        target = folder / package.name
        if target.exists():
            continue
        subprocess.run(["apt-get", "download", package.name], cwd=folder, check=True)
        archive = next(folder.glob(f"{package.name}_*.deb"))
        part = folder / f".{package.name}.part"
        shutil.rmtree(part, ignore_errors=True)
        subprocess.run(["dpkg", "-x", str(archive), str(part)], check=True)
        part.rename(target)
        archive.unlink()
    for package in packages:
        for archive in (folder / package.name).rglob("*.pk3"):
            with zipfile.ZipFile(archive) as content:
                music = [
                    n
                    for n in content.namelist()
                    if n.endswith(".ogg") and ("cdtracks/" in n or "music/" in n)
                ]
                content.extractall(archive.parent, music)


def median_of_nine(values, apart, axis):
    """For each value the median of the nine that lie -4..4 times `apart` from it along the axis.

    Compares whole arrays in Paeth's network of 19 exchanges (Graphics Gems, 1990): twenty times as
    fast as a running median over all that lies between.
    """
    reach = 4 * apart
    padding = [(reach, reach) if a == axis else (0, 0) for a in range(values.ndim)]
    padded = np.pad(values, padding, mode="edge")
    size = values.shape[axis]
    v = [np.take(padded, range(n * apart, n * apart + size), axis) for n in range(9)]
    for low, high in MEDIAN_EXCHANGES:
        v[low], v[high] = np.minimum(v[low], v[high]), np.maximum(v[low], v[high])
    return v[4]


def harmonic_part(audio, sustained=False):
    """Audio without its percussive part.

    Median-filter separation (Fitzgerald 2010) with a soft mask that favours the harmonic part only
    where it exceeds the percussive one MARGIN times. That dims noise that lasts, too: distorted
    guitars and cymbals' wash. With `sustained`, highs keep it and lose only what rises or is short.
    """
    _, _, spectrum = stft(audio, SAMPLE_RATE, nperseg=WINDOW, noverlap=WINDOW - HOP)
    magnitude = np.abs(spectrum)
    harmonic = median_of_nine(magnitude, FRAMES_APART, axis=1)
    percussive = MARGIN * median_of_nine(magnitude, BINS_APART, axis=0)
    mask = harmonic**2 / (harmonic**2 + percussive**2 + 1e-12)
    high = int(2000 / SAMPLE_RATE * WINDOW)
    if sustained:
        mask[high:] = np.minimum(1.0, slowly_rising(harmonic[high:]) / (magnitude[high:] + 1e-9))
    _, cleaned = istft(spectrum * mask, SAMPLE_RATE, nperseg=WINDOW, noverlap=WINDOW - HOP)
    return cleaned[: len(audio)].astype(np.float32)


def slowly_rising(magnitude):
    """magnitude [bins, frames] held back where it rises by more than RISE_DB_PER_S."""
    step = 10 ** (RISE_DB_PER_S * HOP / SAMPLE_RATE / 20)
    floor = magnitude.max(axis=1) * 10 ** (-30 / 20)
    held = magnitude.copy()
    for frame in range(1, magnitude.shape[1]):
        held[:, frame] = np.minimum(held[:, frame], np.maximum(held[:, frame - 1] * step, floor))
    return held


def group_of(package, path):
    """Of a recording, or of the song that a recording is a stem or the whole of."""
    if package.name in (stems.name for stems in STEM_PACKAGES):
        return f"{package.name}_{path.parent.name.replace(' ', '_')}"
    return f"{package.name}_{path.stem}"


def recordings(seed, folder, number, finished):
    """The number-th chunk of each recording of PACKAGES under folder that is long enough for it.

    One whose FLAC lies in the folder `finished` is read from there: separation takes long.
    """
    for package in PACKAGES:
        for path in sorted((folder / package.name).glob(package.pattern)):
            seconds = soundfile.info(str(path)).duration
            if "_fast" in path.stem or seconds < 20 * (number + 1):
                continue
            group = group_of(package, path)
            name = f"{group}_{number}"
            if (finished / f"{name}.flac").exists():
                audio = read_mono(finished / f"{name}.flac")
            else:
                rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
                chunk = read_mono(path, rng.uniform(0, max(0, seconds - CHUNK_S)), CHUNK_S)
                audio = level(harmonic_part(chunk, sustained=rng.random() < 0.5))
            if np.abs(audio).max() > 1e-2:
                source = f"{package.name}: {path.name}"
                yield Piece(name, "recording", group, audio, source, package.licence)


def guitar_stems(folder):
    """Whole-bar chunks of the recorded guitar tracks, whose tempo is known and constant."""
    for package in STEM_PACKAGES:
        for path in sorted((folder / package.name).glob(package.pattern)):
            tempos = [
                m.tempo
                for t in mido.MidiFile(str(path.with_name("notes.mid"))).tracks
                for m in t
                if m.type == "set_tempo"
            ]
            bpm = round(60e6 / tempos[0], 2)
            bar = 240.0 / bpm
            audio = read_mono(path)
            bars = max(4, round(CHUNK_S / bar))
            group = group_of(package, path)
            for number, first in enumerate(
                range(0, int(len(audio) / SAMPLE_RATE / bar) - bars, bars)
            ):
                start = round(first * bar * SAMPLE_RATE)
                chunk = audio[start : start + round(bars * bar * SAMPLE_RATE)]
                if np.mean(np.abs(chunk) > 0.01) < 0.3:
                    continue
                yield Piece(
                    f"{group}_{number}",
                    "stem",
                    group,
                    level(chunk),
                    f"{package.name}: {path.parent.name}",
                    package.licence,
                    "guitar",
                    bpm,
                    "4/4",
                    bar,
                )
