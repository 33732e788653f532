# SPDX-License-Identifier: GPL-3.0-or-later
"""Which hits a listener can make out in the finished sound, by energy in eight bands.

For each hit the energy of its own one-shot is compared with that of everything at its place, in the
bands that characterise the one-shot and in two windows over its first 43 ms. A hit is masked when
it lies far below the rest in all of them.
"""

from __future__ import annotations

import numpy as np
from scipy import fft

from sample_rate import SAMPLE_RATE

_WINDOW = 1024
_LEAD = 128  # samples before the attack at which the first window starts
REACH = 2 * _WINDOW  # samples of a hit that are looked at, from _LEAD before its attack
_EDGES_HZ = (0, 130, 300, 700, 1500, 3000, 6000, 10000, 16000)
# Listeners hear a high band of the same width in octaves at less energy.
_TILT_DB_PER_OCTAVE = 3.0
_CHARACTERISTIC_DB = 12.0  # bands that far under the strongest do not identify a hit
_MASKED_DB = 15.0

_TAPER = np.hanning(_WINDOW).astype(np.float32)
_BINS = np.array([round(edge * _WINDOW / SAMPLE_RATE) for edge in _EDGES_HZ])
_CENTRES_HZ = np.array([np.sqrt(max(low, 45) * high) for low, high in
                        zip(_EDGES_HZ[:-1], _EDGES_HZ[1:])])
_TILT = 10 ** (_TILT_DB_PER_OCTAVE / 10 * np.log2(_CENTRES_HZ / 1000))
_TINY = 1e-12


def excerpt(audio: np.ndarray, attack: int) -> np.ndarray:
    """The REACH samples around an attack that the comparison looks at, zeros beyond the ends."""
    start = attack - _LEAD
    first = max(0, -start)
    found = audio[max(0, start):max(0, start + REACH)]
    result = np.zeros(REACH, dtype=np.float32)
    result[first:first + len(found)] = found
    return result


class Evidence:
    """What each hit of a drum track sounds like alone, and the track's energy at its place."""

    def __init__(self, own: np.ndarray, attacks: np.ndarray, track: np.ndarray) -> None:
        """`own` [hits, REACH] as `excerpt` cuts it, `attacks` [hits] in samples of `track`, the
        sum of all hits before any treatment."""
        self._own = _band_energies(own)
        self._attacks = attacks
        self._track = self._energies(track)

    def kept(self, mask: np.ndarray) -> Evidence:
        """The evidence of some of the hits."""
        part = object.__new__(Evidence)
        part._own, part._attacks, part._track = (
            self._own[mask], self._attacks[mask], self._track[mask])
        return part

    def audible(self, drums: np.ndarray, everything: np.ndarray) -> np.ndarray:
        """Which hits stand out in `everything`, of which `drums`, the treated track, is a part."""
        if not len(self._attacks):
            return np.zeros(0, dtype=bool)
        treated = self._energies(drums)
        # The treatment's gain per band; the median, for reverberation and distortion bring others'
        # energy to some places.
        gain = np.median(treated[:, 0] / (self._track[:, 0] + _TINY), axis=0)
        own = self._own * gain
        rest = treated if everything is drums else self._energies(everything)
        first = own.max(axis=1) * _TILT
        characteristic = first > first.max(axis=1, keepdims=True) * 10 ** (-_CHARACTERISTIC_DB / 10)
        ratio = (own / (rest + _TINY)).max(axis=1)
        return np.where(characteristic, ratio, 0.0).max(axis=1) > 10 ** (-_MASKED_DB / 10)

    def _energies(self, audio: np.ndarray) -> np.ndarray:
        if not len(self._attacks):
            return np.zeros((0, 2, len(_TILT)))
        return _band_energies(np.stack([excerpt(audio, attack) for attack in self._attacks]))


def _band_energies(excerpts: np.ndarray) -> np.ndarray:
    """[hits, windows, bands] of `excerpts` [hits, REACH]."""
    spectra = fft.rfft(excerpts.reshape(len(excerpts), REACH // _WINDOW, _WINDOW) * _TAPER, axis=2)
    power = spectra.real**2 + spectra.imag**2
    return np.add.reduceat(power[:, :, :_BINS[-1]], _BINS[:-1], axis=2).astype(np.float64)
