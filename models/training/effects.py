# SPDX-License-Identifier: GPL-3.0-or-later
"""What a room, a desk, a machine and a file format do to recorded drums; all on float32 mono."""

from __future__ import annotations

import io

import numpy as np
import soundfile
from scipy import signal

from sample_rate import SAMPLE_RATE

_BLOCK = 64  # samples of one step of the compressor's level detector


def room(rng: np.random.Generator) -> np.ndarray:
    """Impulse response of a random room without its direct sound: some early reflections, then
    coloured noise that decays exponentially in 0.1 to 1.5 s (60 dB)."""
    decay_s = float(np.exp(rng.uniform(np.log(0.1), np.log(1.5))))
    count = int(min(decay_s * 1.1, 1.2) * SAMPLE_RATE)
    time_s = np.arange(count, dtype=np.float32) / SAMPLE_RATE
    tail = rng.standard_normal(count, dtype=np.float32) * np.exp(-6.9 / decay_s * time_s)
    bright = rng.uniform(1500, 12000)
    band = signal.butter(1, [rng.uniform(40, 300), bright], "band", fs=SAMPLE_RATE, output="sos")
    tail = signal.sosfilt(band, tail).astype(np.float32)
    if rng.random() < 0.12:  # gated, as drums of the 1980s
        tail[int(rng.uniform(0.08, 0.25) * SAMPLE_RATE):] = 0.0
    start = int(rng.uniform(0.0005, 0.02) * SAMPLE_RATE)
    tail[:start] *= np.linspace(0, 1, start, dtype=np.float32)
    response = tail / (np.sqrt(np.sum(tail**2)) + 1e-9)
    for _ in range(int(rng.integers(2, 9))):
        at = int(rng.uniform(0.0007, 0.03) * SAMPLE_RATE)
        if at < count:
            response[at] += rng.uniform(-0.5, 0.5)
    return response / np.float32(np.sqrt(np.sum(response**2)))


def reverberated(audio: np.ndarray, response: np.ndarray) -> np.ndarray:
    return signal.oaconvolve(audio, response.astype(np.float32))[:len(audio)]


def equaliser(rng: np.random.Generator, extent_db: float) -> np.ndarray:
    """Second-order sections: two shelves and up to two peaks of at most `extent_db`."""
    sections = [_shelf(float(rng.uniform(60, 400)), _gain(rng, extent_db), low=True),
                _shelf(float(rng.uniform(2500, 10000)), _gain(rng, extent_db), low=False)]
    for _ in range(int(rng.integers(0, 3))):
        centre = float(np.exp(rng.uniform(np.log(80), np.log(9000))))
        sections.append(_peak(centre, _gain(rng, extent_db), float(rng.uniform(0.5, 3.0))))
    return np.array(sections)


def low_pass(cutoff_hz: float, order: int = 2) -> np.ndarray:
    return signal.butter(order, cutoff_hz, fs=SAMPLE_RATE, output="sos")


def high_pass(cutoff_hz: float, order: int = 2) -> np.ndarray:
    return signal.butter(order, cutoff_hz, "high", fs=SAMPLE_RATE, output="sos")


def filtered(audio: np.ndarray, sections: np.ndarray) -> np.ndarray:
    return signal.sosfilt(sections.astype(np.float32), audio).astype(np.float32, copy=False)


def compressed(rng: np.random.Generator, audio: np.ndarray) -> np.ndarray:
    """A bus compressor: threshold 4 to 20 dB under the peaks, ratio 1.5 to 8."""
    blocks = -(-len(audio) // _BLOCK)
    padded = np.zeros(blocks * _BLOCK, dtype=np.float32)
    np.abs(audio, out=padded[:len(audio)])
    level = padded.reshape(blocks, _BLOCK).max(axis=1)
    peak = float(level.max(initial=0.0))
    if peak < 1e-6:
        return audio
    release = float(np.exp(-_BLOCK / SAMPLE_RATE / rng.uniform(0.03, 0.4)))
    attack = float(np.exp(-_BLOCK / SAMPLE_RATE / rng.uniform(0.0005, 0.03)))
    held = signal.lfilter([1 - attack], [1, -attack], level)
    held = np.maximum(held, signal.lfilter([1 - release], [1, -release], held))
    over_db = 20 * np.log10(held / peak + 1e-6) + rng.uniform(4, 20)
    gain_db = -np.maximum(over_db, 0.0) * (1 - 1 / rng.uniform(1.5, 8.0))
    gain = (10 ** (gain_db / 20)).astype(np.float32)
    steps = np.linspace(0, 1, _BLOCK, endpoint=False, dtype=np.float32)
    following = np.append(gain[1:], gain[-1])
    curve = gain[:, None] + (following - gain)[:, None] * steps
    return audio * curve.reshape(-1)[:len(audio)]


def saturated(audio: np.ndarray, drive_db: float) -> np.ndarray:
    """tanh driven `drive_db` beyond full scale of the loudest sample."""
    peak = float(np.abs(audio).max(initial=0.0)) + 1e-9
    drive = np.float32(10 ** (drive_db / 20) / peak)
    return np.tanh(audio * drive) * np.float32(peak)


def noise_floor(rng: np.random.Generator, count: int, level_db: float) -> np.ndarray:
    """Hiss of random colour, sometimes with mains hum, at `level_db` RMS of full scale."""
    hiss = rng.standard_normal(count, dtype=np.float32)
    pole = np.float32(rng.uniform(0.0, 0.97))
    hiss = signal.lfilter(np.array([1 - pole], np.float32), np.array([1, -pole], np.float32), hiss)
    if rng.random() < 0.3:
        step = 2 * np.pi * rng.choice([50.0, 60.0]) / SAMPLE_RATE
        phase = (np.arange(count) * step).astype(np.float32)
        scale = np.float32(np.std(hiss))
        hiss = hiss + scale * rng.uniform(0.3, 2.0) * (np.sin(phase) + 0.5 * np.sin(3 * phase))
    return (hiss * (10 ** (level_db / 20) / (np.std(hiss) + 1e-9))).astype(np.float32)


def played_at_speed(audio: np.ndarray, onset: int, speed: float) -> tuple[np.ndarray, int]:
    """`audio` played at `speed`, its attack on the sample returned."""
    if abs(speed - 1.0) < 0.005:
        return audio, onset
    start = int(onset / speed)
    positions = onset + (np.arange(int((len(audio) - 1 - onset) / speed) + start) - start) * speed
    if speed > 1.12:  # linear interpolation would fold what lies above the new limit
        band = signal.butter(4, 20000 / speed, fs=SAMPLE_RATE, output="sos")
        audio = filtered(audio, band)
    return np.interp(positions, np.arange(len(audio)), audio).astype(np.float32), start


def through_codec(rng: np.random.Generator, audio: np.ndarray) -> np.ndarray:
    """`audio` after a lossy file: Ogg Vorbis or MP3, from poor to good. As long as before and not
    late: libsndfile makes up for the delays of its encoders."""
    peak = max(1.0, float(np.abs(audio).max(initial=0.0)))
    file_format, subtype = ("OGG", "VORBIS") if rng.random() < 0.5 else ("MP3", "MPEG_LAYER_III")
    buffer = io.BytesIO()
    with soundfile.SoundFile(buffer, "w", SAMPLE_RATE, 1, subtype, format=file_format) as file:
        _set_compression(file, rng.uniform(0.2, 1.0))
        for start in range(0, len(audio), SAMPLE_RATE):  # libvorbis overflows on one huge write
            file.write(audio[start:start + SAMPLE_RATE] / peak)
    buffer.seek(0)
    return soundfile.read(buffer, dtype="float32")[0] * np.float32(peak)


def _set_compression(file: soundfile.SoundFile, level: float) -> None:
    """0: best to 1: smallest. python-soundfile 0.12 has no public way to libsndfile's command
    SFC_SET_COMPRESSION_LEVEL (0x1301)."""
    value = soundfile._ffi.new("double*", level)
    soundfile._snd.sf_command(file._file, 0x1301, value, 8)


def _gain(rng: np.random.Generator, extent_db: float) -> float:
    return float(np.clip(rng.normal(0, extent_db / 2), -extent_db, extent_db))


def _shelf(corner_hz: float, gain_db: float, low: bool) -> list[float]:
    """Audio EQ Cookbook (Bristow-Johnson), shelf slope 1."""
    amp, turn = 10 ** (gain_db / 40), 2 * np.pi * corner_hz / SAMPLE_RATE
    cos, alpha = np.cos(turn), np.sin(turn) / np.sqrt(2)
    sign, root = (1.0 if low else -1.0), 2 * np.sqrt(amp) * alpha
    a0 = (amp + 1) + sign * (amp - 1) * cos + root
    return [amp * ((amp + 1) - sign * (amp - 1) * cos + root) / a0,
            sign * 2 * amp * ((amp - 1) - sign * (amp + 1) * cos) / a0,
            amp * ((amp + 1) - sign * (amp - 1) * cos - root) / a0, 1.0,
            -sign * 2 * ((amp - 1) + sign * (amp + 1) * cos) / a0,
            ((amp + 1) + sign * (amp - 1) * cos - root) / a0]


def _peak(centre_hz: float, gain_db: float, quality: float) -> list[float]:
    amp, turn = 10 ** (gain_db / 40), 2 * np.pi * centre_hz / SAMPLE_RATE
    cos, alpha = np.cos(turn), np.sin(turn) / (2 * quality)
    a0 = 1 + alpha / amp
    return [(1 + alpha * amp) / a0, -2 * cos / a0, (1 - alpha * amp) / a0, 1.0, -2 * cos / a0,
            (1 - alpha / amp) / a0]
