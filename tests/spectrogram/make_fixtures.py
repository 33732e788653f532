#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/data/spectrogram: one second of noise and a decaying sine, and the features that
NumPy computes from it in double precision, straight from the definitions in fyr/spectrogram.hpp.

usage: python3 tests/spectrogram/make_fixtures.py   (seeded; NumPy only)
"""
import pathlib

import numpy as np

RATE_HZ = 44100
HOP = 441
OUT = pathlib.Path(__file__).parents[1] / "data" / "spectrogram"


def log_filterbank(n_bins, bin_hz, bands_per_octave, min_hz, max_hz):
    steps = np.arange(-20 * bands_per_octave, 20 * bands_per_octave)
    hz = 440.0 * 2.0 ** (steps / bands_per_octave)
    hz = hz[(hz >= min_hz) & (hz <= max_hz)]
    centres = np.unique(np.floor(hz / bin_hz + 0.5).astype(int))
    centres = centres[centres < n_bins]
    filters = np.zeros((n_bins, len(centres) - 2))
    for band, (start, centre, stop) in enumerate(zip(centres, centres[1:], centres[2:])):
        rise = np.arange(start + 1, centre + 1)
        fall = np.arange(centre + 1, stop)
        filters[rise, band] = (rise - start) / (centre - start)
        filters[fall, band] = (stop - fall) / (stop - centre)
    return filters / filters.sum(axis=0)


def view(samples, window_samples, n_frames, reach, filters=None, log_multiplier=0.0,
         difference=False):
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window_samples) / window_samples)
    pad = window_samples // 2 + (reach + 2) * HOP
    padded = np.pad(samples.astype(float), pad)
    rows = []
    for frame in range(-reach, n_frames + reach):
        start = frame * HOP - window_samples // 2 + pad
        rows.append(np.abs(np.fft.rfft(window * padded[start:start + window_samples])))
    bands = np.array(rows) / (window.sum() / 2)
    if filters is not None:
        bands = bands @ filters
    if log_multiplier > 0:
        bands = np.log10(1 + log_multiplier * bands)
    if difference:
        rises = np.maximum(0, np.diff(bands, axis=0, prepend=0 * bands[:1]))
        bands = np.hstack([bands, rises])
    return bands


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(20261123)
    seconds = np.arange(int(0.4 * RATE_HZ)) / RATE_HZ
    samples = 0.01 * rng.standard_normal(len(seconds))
    samples += (seconds > 0.2) * 0.5 * np.exp(-20 * (seconds - 0.2)) * np.sin(
        2 * np.pi * 180 * seconds)
    samples = samples.astype(np.float32)
    n_frames = (len(samples) - 1) // HOP + 1
    reach = 1024 // HOP
    banks = {size: log_filterbank(size // 2 + 1, RATE_HZ / size, per_octave, low, 17000)
             for size, per_octave, low in ((2048, 12, 30), (512, 6, 120))}
    log = np.hstack([
        view(samples, 2048, n_frames, reach, banks[2048], 4000, True),
        view(samples, 512, n_frames, reach, banks[512], 4000, True)])
    linear = view(samples, 2048, n_frames, reach)[::8]
    np.save(OUT / "samples.npy", samples)
    np.save(OUT / "log_filterbank.npy", log.astype(np.float32))
    np.save(OUT / "linear_every_8th.npy", linear.astype(np.float32))


if __name__ == "__main__":
    main()
