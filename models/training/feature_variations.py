# SPDX-License-Identifier: GPL-3.0-or-later

"""Variations of finished features: what a desk does to a record, done to its spectrogram.

Rendering a song takes a second, varying a segment of its features a millisecond, so no segment is
ever seen twice. Magnitudes are won back from the logarithm, changed and compressed again:

- an equaliser and a level are factors per band and for all bands,
- a compressor is a factor per frame,
- drums of another size are the same magnitudes some bands higher or lower,
- a dampened or a longer ringing kit moves each band's fall from its last peak,
- a room adds the decaying energy of the frames before,
- a band that plays along is another segment's magnitudes: uncorrelated sounds add their energies,
  so |X + Y|^2 is |X|^2 + |Y|^2 on average. In another key and with a second band it is a band
  that nobody has heard.

Attacks stay in their frames: nothing here moves the labels.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import lfilter

from program import InputError

_TUNING_HZ = 440.0
_LN10 = np.float32(np.log(10.0))


@dataclass(frozen=True)
class View:
    """Columns of one window: `bands` columns of bands from `first`, then, if any, their rises."""

    first: int
    bands: slice
    rises: slice | None
    centres_hz: np.ndarray
    log_multiplier: float


def _centres_hz(settings: dict, rate_hz: int) -> np.ndarray:
    """Centre frequencies of a view's bands, as src/spectrogram/filterbank.cpp lays them out."""
    bins = settings["window_samples"] // 2 + 1
    bin_hz = rate_hz / settings["window_samples"]
    if settings.get("scale", "log_filterbank") == "linear":
        return np.maximum(np.arange(bins), 0.5) * bin_hz
    per_octave = settings["bands_per_octave"]
    steps = np.arange(
        np.ceil(per_octave * np.log2(settings["min_hz"] / _TUNING_HZ)),
        np.floor(per_octave * np.log2(settings["max_hz"] / _TUNING_HZ)) + 1,
    )
    centres = np.unique(np.floor(_TUNING_HZ * 2.0 ** (steps / per_octave) / bin_hz + 0.5))
    return centres[centres < bins][1:-1] * bin_hz


def views_of(settings: dict) -> list[View]:
    """The layout of features that `fyr features --settings` computes with these settings."""
    views, first = [], 0
    for view in settings["views"]:
        centres = _centres_hz(view, settings["rate_hz"])
        bands = slice(first, first + len(centres))
        rises = slice(bands.stop, bands.stop + len(centres)) if view.get("difference") else None
        views.append(View(first, bands, rises, centres, float(view.get("log_multiplier", 0.0))))
        first = (rises or bands).stop
    return views


def read_settings(path: Path) -> dict:
    """Raises OSError, and InputError for a file of something else."""
    try:
        settings = json.loads(path.read_text())
        views_of(settings)
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: no feature settings, as features.json holds them") from error
    return settings


def image_of(settings: dict) -> tuple[int, int]:
    """Planes and bands of the image that convolutions see: the first view's bands and, where it has
    them, their rises."""
    first = views_of(settings)[0]
    return (1 if first.rises is None else 2), len(first.centres_hz)


def n_inputs(views: list[View]) -> int:
    return (views[-1].rises or views[-1].bands).stop


def check_features(settings: Path, found: int, whose: str) -> None:
    """Raises InputError where the file `settings` describes others than the `found` features that
    `whose` says."""
    described = n_inputs(views_of(read_settings(settings)))
    if described != found:
        raise InputError(f"{settings} describes {described} features, {whose} {found}; name their "
                         "settings with --features")


class FeatureVariations:
    """Varies segments [frames, inputs] of features; the same `random` gives the same."""

    def __init__(self, settings: Path | dict, random: np.random.Generator):
        if not isinstance(settings, dict):
            settings = read_settings(settings)
        self.views, self.random = views_of(settings), random

    def magnitudes(self, features: np.ndarray) -> list[np.ndarray]:
        """Each view's magnitudes [frames, bands], float32."""
        found = []
        for view in self.views:
            bands = features[:, view.bands].astype(np.float32)
            if view.log_multiplier > 0:
                bands = np.expm1(bands * _LN10) / np.float32(view.log_multiplier)
            found.append(np.maximum(bands, 0.0))
        return found

    def features(self, magnitudes: list[np.ndarray]) -> np.ndarray:
        """The features of magnitudes; the first frame's rises are counted from silence."""
        columns = []
        for view, bands in zip(self.views, magnitudes):
            if view.log_multiplier > 0:
                bands = np.log1p(np.float32(view.log_multiplier) * bands) / _LN10
            columns.append(bands)
            if view.rises is not None:
                before = np.concatenate([np.zeros_like(bands[:1]), bands[:-1]])
                columns.append(np.maximum(bands - before, 0.0))
        return np.concatenate(columns, axis=1)

    def varied(
        self, drums: np.ndarray, bands: Sequence[np.ndarray] = ()
    ) -> tuple[np.ndarray, np.ndarray]:
        """Another take of a segment, with the segments `bands` under it.

        All hold one frame more than the result: the rises of the first frame need the one before.
        Returns the features [frames, inputs] and by how many dB the drums' rise stands over the
        band in that frame's clearest place [frames], infinite without a band.
        """
        clear_db = np.full(len(drums) - 1, np.inf, np.float32)
        mix = self._equalised(self._another_kit(self.magnitudes(drums)), 5.0)
        if bands:
            below = self._accompaniment(bands)
            drums_over_band_db = float(np.clip(self.random.normal(-1.5, 5.0), -12.0, 10.0))
            gain = _level(mix) / max(_level(below), 1e-9) * 10 ** (-drums_over_band_db / 20)
            below = [y * np.float32(gain) for y in below]
            clear_db = _rise_over_db(mix[0], below[0])
            mix = [np.sqrt(x * x + y * y) for x, y in zip(mix, below)]
            if self.random.random() < 0.5:
                mix = self._compressed(mix)
            mix = self._equalised(mix, 3.0)
        elif self.random.random() < 0.3:
            mix = self._compressed(mix)
        return self.features(mix)[1:], clear_db

    def _equalised(self, magnitudes: list[np.ndarray], deviation_db: float) -> list[np.ndarray]:
        """All bands through one smooth curve over the octaves, and louder or softer as a whole."""
        octaves = np.linspace(np.log2(30.0), np.log2(18000.0), int(self.random.integers(3, 8)))
        curve_db = self.random.normal(0.0, deviation_db, len(octaves))
        curve_db += self.random.normal(0.0, 1.0) * np.linspace(-6.0, 6.0, len(octaves))
        curve_db += self.random.uniform(-8.0, 5.0)
        return [
            x * (10 ** (np.interp(np.log2(v.centres_hz), octaves, curve_db) / 20)).astype("f4")
            for v, x in zip(self.views, magnitudes)
        ]

    def _accompaniment(self, bands: Sequence[np.ndarray]) -> list[np.ndarray]:
        """The bands together, most of them in another key, the later ones softer than the first."""
        energies = [np.float32(0.0)] * len(self.views)
        first_level = None
        for band in bands:
            magnitudes = self.magnitudes(band)
            if self.random.random() < 0.7:
                octaves = float(np.clip(self.random.normal(0.0, 0.2), -0.5, 0.5))
                magnitudes = [
                    _transposed(y, v.centres_hz, octaves) for v, y in zip(self.views, magnitudes)
                ]
            magnitudes = self._equalised(magnitudes, 5.0)
            level = max(_level(magnitudes), 1e-9)
            softer_db = self.random.uniform(0.0, 12.0) if first_level else 0.0
            first_level = first_level or level
            gain = np.float32(first_level / level * 10 ** (-softer_db / 20))
            energies = [e + np.square(gain * y) for e, y in zip(energies, magnitudes)]
        return [np.sqrt(energy) for energy in energies]

    def _another_kit(self, magnitudes: list[np.ndarray]) -> list[np.ndarray]:
        """The same playing on drums of another size, other damping, in another room, each in half
        of the takes: kits are what a training has fewest of."""
        if self.random.random() < 0.5:
            octaves = float(np.clip(self.random.normal(0.0, 0.12), -0.25, 0.25))
            magnitudes = [
                _transposed(x, v.centres_hz, octaves) for v, x in zip(self.views, magnitudes)
            ]
        if self.random.random() < 0.5:
            exponent, release_db = self.random.uniform(-0.35, 0.6), self.random.uniform(0.1, 0.5)
            magnitudes = [_dampened(x, exponent, release_db) for x in magnitudes]
        if self.random.random() < 0.5:
            seconds, over_direct_db = self.random.uniform(0.15, 1.2), self.random.uniform(-18, -3)
            magnitudes = [_in_room(x, seconds, over_direct_db) for x in magnitudes]
        return magnitudes

    def _compressed(self, magnitudes: list[np.ndarray]) -> list[np.ndarray]:
        """A bus compressor that closes at once and opens by a constant number of dB a frame."""
        level_db = 20 * np.log10(np.sqrt(np.square(magnitudes[0]).sum(axis=1)) + 1e-6)
        over_db = np.maximum(level_db - np.percentile(level_db, self.random.uniform(30, 95)), 0.0)
        release_db = self.random.uniform(0.1, 1.5)
        frames = np.arange(len(over_db)) * release_db
        held_db = np.maximum.accumulate(over_db + frames) - frames
        gain = 10 ** (-self.random.uniform(0.2, 0.8) * held_db / 20)
        return [x * gain[:, None].astype(np.float32) for x in magnitudes]


def _transposed(magnitudes: np.ndarray, centres_hz: np.ndarray, octaves: float) -> np.ndarray:
    """Every sound `octaves` higher; the outermost bands stand for what lies beyond them."""
    log2_hz = np.log2(centres_hz)
    steps = np.interp(log2_hz - octaves, log2_hz, np.arange(len(log2_hz)))
    below = np.minimum(steps.astype(int), len(log2_hz) - 2)
    share = (steps - below).astype(np.float32)
    return magnitudes[:, below] * (1 - share) + magnitudes[:, below + 1] * share


def _dampened(magnitudes: np.ndarray, exponent: float, release_db: float) -> np.ndarray:
    """Each band's distance in dB from its last peak, which sinks by `release_db` a frame, times
    1 + exponent: above 0 drums ring shorter, below 0 longer. Peaks stay."""
    level_db = 20 * np.log10(magnitudes + 1e-5)
    sunk_db = (np.arange(len(magnitudes)) * release_db)[:, None]
    peak_db = np.maximum.accumulate(level_db + sunk_db) - sunk_db
    below_db = np.maximum(level_db - peak_db, -40.0)
    return magnitudes * (10 ** (exponent * below_db / 20)).astype(np.float32)


def _in_room(magnitudes: np.ndarray, rt60_s: float, over_direct_db: float) -> np.ndarray:
    """With a reverberation of `over_direct_db` in energy that fades by 60 dB in `rt60_s`."""
    fade = 10 ** (-6.0 / (rt60_s * 100))
    share = 10 ** (over_direct_db / 10) * (1 - fade)
    energy = magnitudes * magnitudes
    reverberation = lfilter([0.0, share], [1.0, -fade], energy, axis=0)
    return np.sqrt(energy + reverberation.astype(np.float32))


def _level(magnitudes: list[np.ndarray]) -> float:
    """Level of the loudest tenth of the frames: pauses do not count."""
    energy = np.square(magnitudes[0]).sum(axis=1)
    loud = np.partition(energy, -max(1, len(energy) // 10))[-max(1, len(energy) // 10) :]
    return float(np.sqrt(loud.mean()))


def _rise_over_db(drums: np.ndarray, band: np.ndarray) -> np.ndarray:
    """[frames - 1]: the rise of the drums' energy since the frame before over the band's energy, in
    the band of frequencies where it is largest."""
    energy = drums * drums
    rise = np.maximum(energy[1:] - energy[:-1], 0.0)
    return 10 * np.log10((rise / (band[1:] * band[1:] + 1e-12)).max(axis=1) + 1e-12)
