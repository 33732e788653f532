# SPDX-License-Identifier: GPL-3.0-or-later
"""The kit of one song: which pieces sound for each drum, and how they are tuned and treated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import effects
from drums import (BELL, CLOSED, CRASH, CYMBALS, DRUMS, FLOOR_TOM, HATS, HIGH_TOM, INSTRUMENTS,
                   KICK, MID_TOM, OPEN, PEDAL, PERCUSSION, RIDE, SIDE_STICK, SNARE, TOMS)
from kits import OneShotBank, Piece
from program import InputError
from sample_rate import SAMPLE_RATE

# Level of each drum's hardest layer against the kick's, dB over the first 200 ms: medians of the
# bank's acoustic kits. Pieces borrowed from another kit are brought to these.
_BALANCE_DB = {KICK: 0.0, SNARE: -3.0, SIDE_STICK: -10.5, CLOSED: -14.0, PEDAL: -14.0, OPEN: -9.0,
               HIGH_TOM: -0.5, MID_TOM: -1.5, FLOOR_TOM: -1.5, RIDE: -13.5, BELL: -11.0,
               CRASH: -6.5, PERCUSSION: -7.0}
_HARD = 0.9  # velocity at which pieces are compared
_BRIGHTNESS_STEPS = 5
_MOST_TAKES = 3  # of a layer in one song: each is treated and kept


@dataclass
class Voice:
    """A piece as it sounds in one song."""

    piece: Piece
    takes: tuple[tuple[int, ...], ...]  # the one-shots of each of the piece's layers that sound
    gain_db: float
    speed: float  # of playback: 2 is an octave up
    exponent: float  # of the level's power law beyond the recorded layers
    decay_s: float | None  # extra exponential decay (60 dB), none if None
    opens: bool  # a low-pass that opens with velocity stands in for missing layers
    sections: np.ndarray | None
    room_send: int  # 0: the drier bus, 1: the wetter one
    copy: tuple[int, float] | None  # delay in samples and gain of the overheads' later pick-up
    partner: Piece | None  # another piece of the drum, mixed in at `partner_share`
    partner_share: float


class Kit:
    """Voices of each drum for one song, and the treated one-shots they need."""

    def __init__(self, rng: np.random.Generator, bank: OneShotBank, electronic: float
                 ) -> None:
        self._bank = bank
        self._sounds: dict[tuple[int, int, int], tuple[np.ndarray, int]] = {}
        self.name, pieces = _choose_pieces(rng, bank, electronic)
        level = _hard_level(pieces[KICK][0])
        semitones = [float(np.clip(rng.normal(0, 1.2), -3, 3)) for _ in INSTRUMENTS]
        if rng.random() < 0.12:  # a kick or snare that could pass for a tom
            semitones[int(rng.integers(2))] = float(rng.uniform(-5, 5))
        family_speed = [2 ** (s / 12) for s in semitones]
        dynamics = rng.uniform(0.7, 1.5)
        # Modules and compressed recordings have softer strokes nearer to the hard ones.
        self._range = rng.uniform(0.45, 1.0) if rng.random() < 0.35 else 1.0
        rim_shots = rng.random() < 0.12
        self.voices: list[list[Voice]] = []
        for drum, chosen in enumerate(pieces):
            family = next(i for i, members in enumerate(INSTRUMENTS) if drum in members)
            gain_db = _piece_gain(rng, drum)
            self.voices.append([_voice(rng, bank, piece, drum, gain_db, level,
                                       family_speed[family], dynamics, self.name)
                                for piece in chosen])
        if rim_shots:
            for voice in self.voices[SNARE]:
                voice.partner = pieces[SIDE_STICK][0]
                voice.partner_share = float(rng.uniform(0.2, 0.55))
        self.alternation = [rng.choice(["first", "turns", "random"], p=[0.5, 0.2, 0.3])
                            for _ in DRUMS]

    def voice(self, rng: np.random.Generator, drum: int, turn: int) -> int:
        """Which voice of `drum` plays its `turn`-th hit."""
        count = len(self.voices[drum])
        style = self.alternation[drum]
        if count == 1 or (style == "first" and drum not in (CRASH, OPEN)):
            return 0
        return turn % count if style == "turns" else int(rng.integers(count))

    def sound(self, rng: np.random.Generator, drum: int, number: int, velocity: float
              ) -> tuple[np.ndarray, int, float]:
        """Audio, its attack's sample and its gain for a hit of `velocity` on a voice."""
        voice = self.voices[drum][number]
        layer = voice.piece.layer_at(velocity + rng.normal(0, 0.02))
        takes = voice.takes[layer]
        index = takes[rng.integers(len(takes))]
        bright = _BRIGHTNESS_STEPS
        if voice.opens:
            bright = min(_BRIGHTNESS_STEPS, 1 + int(velocity * _BRIGHTNESS_STEPS))
        key = (drum * 100 + number, index, bright)
        if key not in self._sounds:
            self._sounds[key] = self._treated(voice, index, layer, bright)
        audio, onset = self._sounds[key]
        hard = voice.piece.level_at(_HARD, voice.exponent)
        level = hard + self._range * (voice.piece.level_at(velocity, voice.exponent) - hard)
        level -= voice.piece.levels_db[layer]
        return audio, onset, 10 ** ((voice.gain_db + level + rng.normal(0, 0.4)) / 20)

    def _treated(self, voice: Voice, index: int, layer: int, bright: int
                 ) -> tuple[np.ndarray, int]:
        audio, onset = self._bank.audio(index), self._bank.onset(index)
        if voice.partner is not None:
            share = layer / max(1, len(voice.piece.layers) - 1)
            other = voice.partner.layers[round(share * (len(voice.partner.layers) - 1))][0]
            audio, onset = _blended(audio, onset, self._bank.audio(other),
                                    self._bank.onset(other), voice.partner_share)
        audio, onset = effects.played_at_speed(audio, onset, voice.speed)
        if voice.decay_s is not None:
            time_s = np.maximum(np.arange(len(audio), dtype=np.float32) - onset, 0) / SAMPLE_RATE
            audio = audio * np.exp(np.float32(-6.9 / voice.decay_s) * time_s)
            audio = audio[:onset + int(voice.decay_s * 1.2 * SAMPLE_RATE)]
        if voice.copy is not None:
            audio = _with_copy(audio, *voice.copy)
        sections = [] if voice.sections is None else [voice.sections]
        if bright < _BRIGHTNESS_STEPS:
            cutoff = 18000 * (bright / _BRIGHTNESS_STEPS) ** 1.3
            sections.append(effects.low_pass(cutoff, 1))
        if sections:
            audio = effects.filtered(audio, np.concatenate(sections))
        return np.ascontiguousarray(audio, dtype=np.float32), onset


def _choose_pieces(rng: np.random.Generator, bank: OneShotBank, electronic: float
                   ) -> tuple[str, list[list[Piece]]]:
    """One kit's pieces; drums it lacks, and with hybrids some more, come from other kits."""
    kind = "electronic" if rng.random() < electronic else "acoustic"
    least = 5 if kind == "acoustic" else 3
    names = [n for n, drums in bank.kits.items()
             if bank.kit_types[n] == kind and len(drums) >= least
             and KICK in drums and SNARE in drums]
    if not names:
        raise InputError(f"no {kind} kit for {bank.split} has kick, snare and {least - 2} more drums; "
                         "see HELD_OUT_KITS in kits.py")
    sizes = np.sqrt([sum(len(p.layers) for drum in bank.kits[n].values() for p in drum)
                     for n in names])
    name = names[rng.choice(len(names), p=sizes / sizes.sum())]
    hybrid = rng.random() < 0.35
    pieces: list[list[Piece]] = [[] for _ in DRUMS]
    for family in INSTRUMENTS:
        own = not (hybrid and rng.random() < 0.45)
        source = bank.kits[name] if own else {}
        if not any(drum in source for drum in family):
            source = _lender(rng, bank, family, kind)
        for drum in family:
            found = source.get(drum) or _stand_in(rng, bank, source, drum)
            pieces[drum] = _some(rng, bank, found, drum)
    return name, pieces


def _lender(rng: np.random.Generator, bank: OneShotBank, family: tuple[int, ...], kind: str
            ) -> dict[int, list[Piece]]:
    """A kit that has the whole family, or else most of it; mostly of the same kind."""
    kinds = [kind] if rng.random() < 0.7 else ["acoustic", "electronic", "percussion"]
    counts = {n: sum(d in drums for d in family) for n, drums in bank.kits.items()
              if bank.kit_types[n] in kinds}
    best = max(counts.values(), default=0)
    if best == 0:
        counts = {n: sum(d in drums for d in family) for n, drums in bank.kits.items()}
        best = max(counts.values())
    names = [n for n, count in counts.items() if count == best]
    return bank.kits[names[rng.integers(len(names))]]


def _stand_in(rng: np.random.Generator, bank: OneShotBank, source: dict[int, list[Piece]],
              drum: int) -> list[Piece]:
    if drum == MID_TOM and (HIGH_TOM in source or FLOOR_TOM in source):
        return source.get(HIGH_TOM) or source[FLOOR_TOM]  # retuned in _voice
    every = bank.pieces[drum]
    return [every[rng.integers(len(every))]]


def _some(rng: np.random.Generator, bank: OneShotBank, pieces: list[Piece], drum: int
          ) -> list[Piece]:
    """The zones used in this song: up to three crashes and open hats, one kind of percussion, else
    one or two."""
    if drum == PERCUSSION:
        if rng.random() < 0.3:
            pieces = bank.kits["synthesis"][PERCUSSION]
        kinds = sorted({p.kind for p in pieces})
        kind = kinds[rng.integers(len(kinds))]
        pieces = [p for p in pieces if p.kind == kind]
    most = 3 if drum in (CRASH, OPEN) else 2
    order = rng.permutation(len(pieces))[:int(rng.integers(1, most + 1))]
    chosen = [pieces[i] for i in order]
    if drum == CRASH and rng.random() < 0.25:  # an effect cymbal of whichever kit
        effect = [p for p in bank.pieces[CRASH] if p.kind in ("china", "splash")]
        chosen += [effect[rng.integers(len(effect))]] if effect else []
    return chosen


def _hard_level(piece: Piece) -> float:
    return piece.level_at(_HARD, 1.0)


def _piece_gain(rng: np.random.Generator, drum: int) -> float:
    """Hats and cymbals down to where finished records have them; drums within 6 dB."""
    if drum == CRASH:
        return float(rng.uniform(-9.0, 6.0))
    if drum in HATS or drum in CYMBALS:
        return float(rng.uniform(-14.0, -4.0) if rng.random() < 0.3 else rng.uniform(-6.0, 7.0))
    if drum in (PERCUSSION, SIDE_STICK):
        return float(rng.uniform(-12.0, 6.0))
    return float(np.clip(rng.normal(0, 3.0), -6.0, 6.0))


def _voice(rng: np.random.Generator, bank: OneShotBank, piece: Piece, drum: int, gain_db: float,
           kick_level: float, family_speed: float, dynamics: float, main_kit: str) -> Voice:
    natural = _hard_level(piece) - kick_level
    balance = np.clip(natural, _BALANCE_DB[drum] - 5, _BALANCE_DB[drum] + 5)
    if piece.kit != main_kit:
        balance = _BALANCE_DB[drum]
    semitones = rng.normal(0, 0.5 if drum in TOMS or drum in HATS else 1.0)
    if drum == MID_TOM and piece.drum != MID_TOM:
        semitones += rng.uniform(-4, -2.5) if piece.drum == HIGH_TOM else rng.uniform(3, 5)
    single = len(piece.layers) <= 2
    partner = None
    if rng.random() < 0.15:
        others = [p for p in bank.pieces[drum] if p.kind == piece.kind and p is not piece]
        partner = others[rng.integers(len(others))] if others else None
    decay_s = None
    if rng.random() < 0.25:
        decay_s = float(rng.uniform(0.5, 3.0) if drum in CYMBALS or drum == OPEN
                        else rng.uniform(0.12, 0.8))
    copy = None
    if rng.random() < 0.3:
        copy = (int(rng.uniform(0.0008, 0.006) * SAMPLE_RATE), float(rng.uniform(-0.6, 0.6)))
    takes = tuple(_takes(rng, layer) for layer in piece.layers)
    return Voice(piece, takes, float(balance - natural + gain_db), float(family_speed * 2 ** (
        semitones / 12)), float(rng.uniform(1.0, 1.8) * dynamics), decay_s,
        bool(single and rng.random() < 0.7),
        effects.equaliser(rng, 6.0) if rng.random() < 0.4 else None,
        int(rng.random() < 0.5), copy, partner, float(rng.uniform(0.2, 0.8)))


def _takes(rng: np.random.Generator, layer: tuple[int, ...]) -> tuple[int, ...]:
    if len(layer) <= _MOST_TAKES:
        return layer
    return tuple(layer[k] for k in rng.choice(len(layer), _MOST_TAKES, replace=False))


def _blended(first: np.ndarray, first_onset: int, second: np.ndarray, second_onset: int,
             share: float) -> tuple[np.ndarray, int]:
    """Two one-shots at equal power, attack on attack, `share` of the second."""
    onset = max(first_onset, second_onset)
    lead_first, lead_second = onset - first_onset, onset - second_onset
    mixed = np.zeros(max(len(first) + lead_first, len(second) + lead_second), dtype=np.float32)
    power_first = np.sqrt(np.sum(first[:8820]**2)) + 1e-6
    power_second = np.sqrt(np.sum(second[:8820]**2)) + 1e-6
    mixed[lead_first:lead_first + len(first)] = first * np.float32(1 - share)
    mixed[lead_second:lead_second + len(second)] += second * np.float32(
        share * min(10.0, power_first / power_second))
    return mixed, onset


def _with_copy(audio: np.ndarray, delay: int, gain: float) -> np.ndarray:
    mixed = np.zeros(len(audio) + delay, dtype=np.float32)
    mixed[:len(audio)] = audio
    mixed[delay:] += audio * np.float32(gain)
    return mixed
