# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts a band, voices and a mastering desk around rendered drums.

  accompanist = Accompanist("bank", "train")
  audio = accompanist.mix(rng, drums, labels, bpm, meter)

The labels stay true: the drums are never moved, stretched or delayed. The bank is made by
make_accompaniment.py; its pieces without known time (recordings, voices, noises) lie anywhere,
those with known time are played at the song's tempo, bar on bar.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy import signal

import accompaniment_layers as layers
import effects
from accompaniment_common import ORCHESTRAS, active_rms
from mastering import excited, mastered, ramps, shelved
from sample_rate import SAMPLE_RATE

_REACH = 0.17  # octaves of varispeed that a band may be changed by
_MOST_DB = 8.0


class _Desk(NamedTuple):
    """How the drums lie in the mix."""

    mean_db: float  # drums over backing
    deviation_db: float
    least_db: float
    dull_share: float  # of the songs, whose drums lose up to dull_db of their highs
    dull_db: float
    balanced_share: float  # of the songs, whose drums' highs are brought down to the music's


# Training goes beyond what records do; validation, which thresholds are fitted on, stays within.
_DESKS = {
    "train": _Desk(-1.5, 4.5, -12.0, 0.5, 14.0, 0.2),
    "validation": _Desk(1.0, 3.0, -4.0, 0.3, 6.0, 0.0),
}
_DUCK_BLOCK = 64


class Accompanist:
    """Mixes accompaniments for one split ('train' or 'validation') of a bank.

    The bank is mapped, not read: processes share it. Raises ValueError for an unknown split.
    """

    def __init__(self, bank_dir: str | Path, split: str = "train") -> None:
        if split not in ("train", "validation"):
            raise ValueError(f"split is train or validation, not {split}")
        self._desk = _DESKS[split]
        folder = Path(bank_dir)
        self.entries = [
            e for e in json.loads((folder / "index.json").read_text()) if _serves(e, split)
        ]
        self._samples = np.memmap(folder / "bank.i16", np.int16, "r")
        self._kinds: dict[tuple[str, str], list[dict]] = {}
        self._groups: dict[str, list[dict]] = {}
        for entry in self.entries:
            self._kinds.setdefault(
                (entry["kind"], entry["role"] if entry["kind"] == "notes" else ""), []
            ).append(entry)
            if entry["bar_s"]:
                self._groups.setdefault(
                    entry["group"] if entry["kind"] == "band" else entry["file"], []
                ).append(entry)
        self._timed = list(self._groups.values())

    def tempo_for(self, rng: np.random.Generator, bpm: float, meter) -> tuple[str, float] | None:
        """A band in this meter and the factor on the song's tempo at which it plays unchanged.

        None where no band's tempo lies within an eighth of an octave; pass the name to mix as file.
        """
        found = self._matches(_bar_s(bpm, meter), _meter(meter), 0.125)
        if not found:
            return None
        entries, speed = found[int(rng.integers(len(found)))]
        return entries[0]["file"], 1.0 / speed

    def mix(
        self,
        rng: np.random.Generator,
        drums: np.ndarray,
        labels,
        bpm: float,
        meter,
        file: str | None = None,
        listen: Callable[[np.ndarray, np.ndarray], None] | None = None,
    ) -> np.ndarray:
        """The drums within a finished record, as long as before, float32 in -1…1.

        labels has onsets [n, 3] (s, drum, velocity) and beats [m, 2] (s, 1 on downbeats).
        file names a piece of tempo_for to be the band, in songs that get a band; without one, any
        that fits is taken. listen is given the drums as they lie in the mix and the whole mix,
        both before mastering.
        """
        music = self.backing(rng, len(drums), labels, bpm, meter, file)
        drums = drums.astype(np.float32, copy=True)
        desk = self._desk
        if rng.random() < desk.dull_share:  # hats and cymbals as dull and quiet as on records
            drums = shelved(drums, rng.uniform(2000, 7000), -rng.uniform(1, desk.dull_db))
        music_level, drum_level = active_rms(music), active_rms(drums)
        if music_level > 1e-6 and drum_level > 1e-6:
            balance_db = rng.normal(desk.mean_db, desk.deviation_db)
            balance_db = np.clip(balance_db, desk.least_db, _MOST_DB)
            drums *= np.float32(10 ** (balance_db / 20) * music_level / drum_level)
            if rng.random() < desk.balanced_share:
                drums, music = _highs_balanced(rng, drums, music)
            if rng.random() < 0.2:
                music = _ducked(rng, music, labels)
        if rng.random() < 0.2:
            drums += np.float32(rng.uniform(0.02, 0.15)) * effects.reverberated(
                drums, effects.room(rng)
            )
        mix = music + drums
        if listen is not None:
            listen(drums, mix)
        return mastered(rng, mix)

    def backing(
        self,
        rng: np.random.Generator,
        count: int,
        labels,
        bpm: float,
        meter,
        file: str | None = None,
    ) -> np.ndarray:
        """One to four layers of music, `count` samples, without drums."""
        meter = _meter(meter)
        eighths, downbeats = layers.pulse(labels, bpm, meter, count / SAMPLE_RATE)
        scene = str(rng.choice(["band", "rock", "recording"], p=[0.45, 0.33, 0.22]))
        parts: list[tuple[np.ndarray, float]] = []  # layer and its gain in dB
        if scene == "band":
            parts += self._band(rng, count, bpm, meter, downbeats, file)
        if scene == "recording" or (not parts and scene == "band"):
            parts += self._free(rng, count, "recording", -3, 3)
        lone = scene == "band" and len(parts) == 1
        if not parts or lone or rng.random() < 0.3:
            parts += self._notes(rng, count, labels, eighths, downbeats, whole=not parts)
        if scene == "rock" and rng.random() < 0.3:
            parts += self._band(rng, count, bpm, meter, downbeats, file, kinds=("stem",))
        if scene == "rock" and rng.random() < 0.25:
            parts += self._free(rng, count, "recording", -12, 0)
        if rng.random() < 0.5:
            parts += self._free(rng, count, "voice", -6, 6)
        if rng.random() < 0.15:
            parts += self._free(rng, count, "noise", -26, -6)
        music = np.zeros(count, np.float32)
        for part, gain_db in parts:
            music += self._treated(rng, part, gain_db, downbeats)
        if rng.random() < 0.55:
            music += np.float32(rng.uniform(0.05, 0.5)) * effects.reverberated(
                music, effects.room(rng)
            )
        if rng.random() < 0.3:  # guitars and voices as bright as records have them
            music = shelved(music, rng.uniform(2000, 6000), rng.uniform(1, 10))
        if rng.random() < 0.2:
            music = excited(music, rng.uniform(1500, 5000), rng.uniform(-14, 0))
        return music

    def _treated(self, rng, part, gain_db, downbeats):
        if rng.random() < 0.5:
            part = effects.filtered(part, effects.equaliser(rng, 8.0)[:2])
        if rng.random() < 0.2:
            part = layers.doubled(rng, part)
        if rng.random() < 0.2:
            part = part * layers.sections(rng, len(part), downbeats)
        return part * np.float32(10 ** (gain_db / 20))

    def _audio(self, entry):
        return self._samples[entry["offset"] : entry["offset"] + entry["samples"]]

    def _pick(self, rng, kind, role=""):
        found = self._kinds.get((kind, role), [])
        return found[int(rng.integers(len(found)))] if found else None

    def _matches(self, bar_s, meter, reach):
        """(stems, speed) of each timed group that fits bars of bar_s within `reach` octaves."""
        found = []
        for entries in self._timed:
            if _meter(entries[0]["meter"]) != meter:
                continue
            octaves = np.log2(entries[0]["bar_s"] / bar_s)
            off = octaves - np.clip(np.round(octaves), -1, 1)  # at half or double tempo too
            if abs(off) <= reach:
                found.append((entries, float(2**off)))
        return found

    def _band(self, rng, count, bpm, meter, downbeats, file, kinds=("band", "stem")):
        found = self._matches(_bar_s(bpm, meter), meter, _REACH)
        found = [f for f in found if f[0][0]["kind"] in kinds]
        named = [f for f in found if any(e["file"] == file for e in f[0])]
        found = named or found
        if not found:
            return []
        entries, speed = found[int(rng.integers(len(found)))]
        bar = entries[0]["bar_s"] * SAMPLE_RATE
        first = downbeats[0] * SAMPLE_RATE if len(downbeats) else 0.0
        bars = round(entries[0]["samples"] / bar)
        where = layers.positions(
            count, entries[0]["samples"], rng.integers(bars) * bar - first * speed, speed
        )
        kept = [e for e in entries if rng.random() > 0.12] or entries[:1]
        return [(layers.looped(self._audio(e), where), rng.uniform(-7, 5)) for e in kept]

    def _free(self, rng, count, kind, least_db, most_db):
        entry = self._pick(rng, kind)
        if entry is None:
            return []
        speed = 2 ** rng.uniform(-0.2, 0.2) if rng.random() < 0.5 else 1.0
        where = layers.positions(count, entry["samples"], rng.uniform(0, entry["samples"]), speed)
        return [(layers.looped(self._audio(entry), where), rng.uniform(least_db, most_db))]

    def _notes(self, rng, count, labels, eighths, downbeats, whole):
        """A bass along the kicks and, where it is the whole band, one or two guitars."""
        progression = layers.PROGRESSIONS[int(rng.integers(len(layers.PROGRESSIONS)))]
        tonic = int(rng.integers(12))
        parts = []
        for role in ["bass"] + ["guitar"] * (int(rng.integers(1, 3)) if whole else 0):
            entry = self._pick(rng, "notes", role)
            if entry is None:
                continue
            on_kick = rng.choice(
                [0.0, 0.6, 1.0], p=[0.15, 0.3, 0.55] if role == "bass" else [0.5, 0.2, 0.3]
            )
            on_eighth = rng.choice([0.0, 0.3, 0.6, 1.0])
            times = layers.note_times(rng, labels, eighths, downbeats, on_kick, on_eighth)
            steady = rng.uniform(0.6, 1.0) if role == "bass" else 1.0
            roots = layers.roots_at(rng, times, downbeats, tonic, progression, steady)
            part = layers.played_notes(rng, count, self._audio(entry), entry, times, roots)
            parts.append((part, rng.uniform(-5, 4)))
        return parts


def _serves(entry: dict, split: str) -> bool:
    """Recordings of a drum kit keep traces of its hits, which no label tells: found in validation
    songs, they would count as inventions."""
    traces = entry["kind"] == "recording" and entry["source"].split(":")[0] not in ORCHESTRAS
    return entry["split"] == split and not (split == "validation" and traces)


def _meter(meter) -> tuple[int, int]:
    """(4, 4) from that or from '4/4' or '4-4'."""
    if isinstance(meter, str):
        upper, lower = meter.replace("-", "/").split("/")
        return int(upper), int(lower)
    return int(meter[0]), int(meter[1])


def _bar_s(bpm: float, meter) -> float:
    upper, lower = _meter(meter)
    return 240.0 / bpm * upper / lower


def _highs_balanced(
    rng: np.random.Generator, drums: np.ndarray, music: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Both, so that the drums' highs stand over the music's by no more than a record's do.

    Hats and cymbals lie far lower on finished records than in a kit: the music's highs rise, by 12
    dB at most, and the drums' fall, by 20 at most, until a level by chance is met.
    """
    corner = rng.uniform(3000, 6000)
    band = effects.high_pass(corner)
    levels = [active_rms(effects.filtered(part, band)) for part in (drums, music)]
    over_db = 20 * np.log10((levels[0] + 1e-6) / (levels[1] + 1e-6)) - rng.normal(-2.0, 6.0)
    if over_db <= 0:
        return drums, music
    raised_db = min(over_db * rng.uniform(0.2, 0.8), 12.0)
    lowered_db = min(over_db - raised_db, 20.0)
    return shelved(drums, corner, -lowered_db), shelved(music, corner, raised_db)


def _ducked(rng: np.random.Generator, music: np.ndarray, labels) -> np.ndarray:
    """The music pressed down by each kick and let up again, as with a side-chained compressor."""
    onsets = np.asarray(labels.onsets).reshape(-1, 3)
    kicks = onsets[onsets[:, 1] == layers.KICK, 0]
    blocks = -(-len(music) // _DUCK_BLOCK)
    strikes = np.zeros(blocks)
    strikes[np.clip((kicks * SAMPLE_RATE / _DUCK_BLOCK).astype(int), 0, blocks - 1)] = 1.0
    pole = np.exp(-_DUCK_BLOCK / SAMPLE_RATE / rng.uniform(0.04, 0.25))
    pressed = np.minimum(signal.lfilter([1.0], [1.0, -pole], strikes), 1.0)
    gain = (10 ** (-rng.uniform(2, 12) / 20 * pressed)).astype(np.float32)
    return music * ramps(gain, _DUCK_BLOCK).reshape(-1)[: len(music)]
