# SPDX-License-Identifier: GPL-3.0-or-later
"""Voices from espeak-ng, spoken, sung and in chorus, and the noises that a net takes for hats."""

import subprocess

import numpy as np
from scipy.signal import butter, istft, sosfilt, stft

from accompaniment_common import Piece, level
from sample_rate import SAMPLE_RATE

ESPEAK_RATE = 22050
SOURCE = "espeak-ng"
LICENCE = "GPL-3+"
LENGTH_S = 40.0
VARIANTS = "m1 m2 m3 m4 m5 m6 m7 m8 f1 f2 f3 f4 f5 croak whisper whisperf klatt2 klatt3 Gene Andy Annie steph".split()
LANGUAGES = "en en en en-us en-us en-gb-scotland de es fr it pt sv pl fi".split()
WORDS = """sister stars kiss yes this lost listen whisper shadow shine shake city sky street sweet sunset silence
 so stay strong start stop still space fast last past rest best taste touch tick talk take time tonight tears
 chase change chance chain dance since once twice ice face place grace voice choice house crazy easy cheese
 away again alone always baby believe burning broken chorus darling dreaming every falling feeling fire forever
 girl gone heart heaven hold home hurricane know leave light love lonely maybe moment morning mother moving
 never night nobody ocean over people rain ready river road rolling running somebody something sorry soul story
 summer thunder together tomorrow under waiting walking wonder yesterday you""".split()


def speak(words, voice, speed, pitch):
    """espeak-ng's reading of words at 22.05 kHz, float."""
    done = subprocess.run(
        ["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "--stdout", words],
        check=True,
        capture_output=True,
    )
    audio = np.frombuffer(done.stdout[44:], "<i2").astype(np.float32) / 32768
    heard = np.flatnonzero(np.abs(audio) > 1e-3)
    return audio[heard[0] : heard[-1] + 1] if len(heard) else audio[:0]


def stretch(audio, factor, window=1024):
    """audio made longer by factor with a phase vocoder, its pitch kept."""
    _, _, spectrum = stft(audio, nperseg=window, noverlap=3 * window // 4)
    frames = spectrum.shape[1]
    places = np.arange(0, frames - 1, 1.0 / factor)
    below = places.astype(int)
    part = places - below
    magnitude = np.abs(spectrum)
    steps = np.angle(spectrum[:, 1:] * np.conj(spectrum[:, :-1]))[:, np.minimum(below, frames - 2)]
    phases = np.cumsum(np.concatenate([np.angle(spectrum[:, :1]), steps[:, 1:]], axis=1), axis=1)
    amount = magnitude[:, below] * (1 - part) + magnitude[:, below + 1] * part
    _, out = istft(amount * np.exp(1j * phases), nperseg=window, noverlap=3 * window // 4)
    return out.astype(np.float32)


def transpose(audio, semitones):
    """audio played faster or slower: pitch and formants move together."""
    ratio = 2 ** (semitones / 12)
    return np.interp(np.arange(0, len(audio) - 1, ratio), np.arange(len(audio)), audio).astype(
        np.float32
    )


def full_band(rng, audio):
    """A 22.05 kHz voice at 44.1 kHz; noise that follows its sibilants fills the missing octave."""
    doubled = np.interp(np.arange(2 * len(audio)) / 2, np.arange(len(audio)), audio)
    sibilants = np.abs(
        sosfilt(butter(2, [5000, 10000], "band", fs=SAMPLE_RATE, output="sos"), doubled)
    )
    envelope = sosfilt(butter(1, 60, fs=SAMPLE_RATE, output="sos"), sibilants)
    air = sosfilt(
        butter(2, 8500, "high", fs=SAMPLE_RATE, output="sos"), rng.standard_normal(len(doubled))
    )
    soft = sosfilt(butter(4, 10500, fs=SAMPLE_RATE, output="sos"), doubled)
    return (soft + rng.uniform(0.3, 1.5) * air * envelope).astype(np.float32)


def line(rng, style, voice, length):
    """One voice for length samples at 22.05 kHz: phrases of words with rests between."""
    audio, now = np.zeros(length + 8 * ESPEAK_RATE, np.float32), 0
    scale = np.array([-5, -3, 0, 2, 4, 5, 7, 9])
    place, pitch = int(rng.integers(len(scale))), int(rng.integers(20, 80))
    while now < length:
        for _ in range(int(rng.integers(2, 7))):
            if style == "spoken":
                word = speak(
                    " ".join(rng.choice(WORDS, 4)), voice, int(rng.integers(140, 260)), pitch
                )
            else:
                place = int(np.clip(place + rng.integers(-2, 3), 0, len(scale) - 1))
                word = speak(str(rng.choice(WORDS)), voice, int(rng.integers(80, 150)), pitch)
                word = transpose(word, scale[place])
                if len(word) > 4096:
                    word = stretch(word, rng.uniform(1.0, 2.2))
            # words run together or stand apart
            now = max(0, now + int(rng.uniform(-0.03, 0.06) * ESPEAK_RATE))
            end = min(now + len(word), len(audio))
            audio[now:end] += word[: end - now] * rng.uniform(0.6, 1.0)
            now = end
            if now >= length:
                break
        now += int(rng.uniform(0.1, 1.6) * ESPEAK_RATE)
    return audio[:length]


def voice_piece(rng, number):
    style = str(rng.choice(["spoken", "sung", "sung", "chorus"]))
    voice = f"{rng.choice(LANGUAGES)}+{rng.choice(VARIANTS)}"
    length = int(LENGTH_S * ESPEAK_RATE)
    audio = line(rng, "sung" if style == "chorus" else style, voice, length)
    if style == "chorus":
        for interval in rng.choice([-12, -5, 4, 7, 12], 2, replace=False):
            other = stretch(transpose(audio, interval), 2 ** (interval / 12))
            shift = int(rng.uniform(0, 0.03) * ESPEAK_RATE)
            count = min(length - shift, len(other))
            audio[shift : shift + count] += 0.6 * other[:count]
    name = f"voice{number:03d}"
    return Piece(
        name,
        "voice",
        name,
        level(full_band(rng, audio)),
        f"{SOURCE} ({voice}, {style})",
        LICENCE,
        style,
    )


def noise_piece(rng, number, length_s=30.0):
    """Sibilant-like bursts, breaths, hiss and slow sweeps: bright, but never struck."""
    length = int(length_s * SAMPLE_RATE)
    audio = np.zeros(length, np.float32)
    style = str(rng.choice(["sibilants", "sibilants", "breath", "hiss", "sweep"]))
    white = rng.standard_normal(length).astype(np.float32)
    if style in ("sibilants", "breath"):
        low = rng.uniform(3500, 7000) if style == "sibilants" else rng.uniform(500, 2000)
        band = sosfilt(
            butter(
                2,
                [low, min(low * rng.uniform(1.6, 3.5), 18000)],
                "band",
                fs=SAMPLE_RATE,
                output="sos",
            ),
            white,
        )
        now = 0.0
        while now < length_s - 1.5:
            attack, hold = (
                (rng.uniform(0.015, 0.06), rng.uniform(0.03, 0.2))
                if style == "sibilants"
                else (rng.uniform(0.1, 0.5), rng.uniform(0.1, 0.5))
            )
            shape = np.interp(
                np.arange(0, 2 * attack + hold, 1 / SAMPLE_RATE),
                [0, attack, attack + hold, 2 * attack + hold],
                [0, 1, 0.8, 0],
            )
            start = int(now * SAMPLE_RATE)
            count = min(len(shape), length - start)
            audio[start : start + count] += (
                band[start : start + count] * shape[:count] ** 2 * rng.uniform(0.3, 1)
            )
            now += 2 * attack + hold + rng.exponential(0.35)
    elif style == "hiss":
        audio += sosfilt(
            butter(1, rng.uniform(1000, 8000), "high", fs=SAMPLE_RATE, output="sos"), white
        )
    else:
        period = rng.uniform(3, 9)
        swell = (np.arange(length) / SAMPLE_RATE / period) % 1.0
        audio += white * (np.minimum(swell, 8 * (1 - swell)) ** 2).astype(np.float32)
        audio = sosfilt(
            butter(2, rng.uniform(2000, 7000), "high", fs=SAMPLE_RATE, output="sos"), audio
        )
    name = f"noise{number:03d}"
    return Piece(name, "noise", name, level(audio), "made by numpy", "GPL-3.0-or-later", style)
