# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders a song's drums to labelled audio.

An onset's label is the sample on which its one-shot's attack was put, so labels are exact. A hit
that cannot be heard carries no label: one whose peak within 10 ms of its attack lies more than
45 dB under the song's RMS, or one that the rest of the drums or the band masks (see audibility.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

import ambience
import effects
from audibility import REACH, Evidence, excerpt
from drum_variations import without_pedal
from drums import CRASH, HATS, OPEN
from groove import Library, Performance
from kits import OneShotBank
from patterns import TempoChoice, compose
from sample_rate import SAMPLE_RATE
from voices import Kit

_INAUDIBLE_DB = 45.0
_BLEED_SHARE = 0.15
_TAIL_S = 1.5
# Of the drum tracks for mixes, beside those that lose them anyhow: Groove's players keep time with the
# foot far more often than it is heard on records.
_WITHOUT_PEDAL_SHARE = 0.6


# By the crash's index in Performance.hits: after the stroke (s), in what time (s).
CrashChokes = dict[int, tuple[float, float]]
Bleed = Callable[[np.random.Generator, int, "Labels"], np.ndarray]


@dataclass(frozen=True)
class RenderOptions:
    """`strength` scales the variations of the performance; `electronic_share` of the songs are
    played on electronic kits; `plain_share` are recorded close in a dry room, so that attacks rise
    far above what rang before; with `for_mix` the drums stay free of the final noise, codec and level that belong to the finished mix, and `tempo` may choose a
    factor on the song's tempo so that an accompaniment fits. `bleed` makes the given number of
    samples of a band that the drums' microphones pick up faintly."""

    least_s: float = 25.0
    most_s: float = 60.0
    strength: float = 1.0
    electronic_share: float = 0.22
    plain_share: float = 0.3
    for_mix: bool = False
    tempo: TempoChoice | None = None
    bleed: Bleed | None = None


@dataclass
class Labels:
    """Truth of a song. `onsets` [n, 3]: time in s, drum, velocity 0..1; `beats` [m, 2]: time in s,
    1 on downbeats; empty with `has_beats` False where the song's grid is not known."""

    onsets: np.ndarray
    beats: np.ndarray
    has_beats: bool
    bpm: float
    meter: tuple[int, int]
    sources: list[str] = field(default_factory=list)
    evidence: Evidence | None = None

    def drop_masked(self, drums: np.ndarray, everything: np.ndarray) -> None:
        """Drops onsets that cannot be made out in `everything`, of which `drums` is a part."""
        if self.evidence is not None:
            audible = self.evidence.audible(drums, everything)
            self.onsets, self.evidence = self.onsets[audible], self.evidence.kept(audible)


def render_song(rng: np.random.Generator, bank: OneShotBank, library: Library,
                options: RenderOptions = RenderOptions()) -> tuple[np.ndarray, Labels]:
    """A drum track (mono float32 at 44.1 kHz) and its labels; the same `rng` gives the same."""
    song = composed(rng, library, options)
    kit = Kit(rng, bank, options.electronic_share)
    count_in = rng.random() < 0.12
    lead_s = _lead_s(rng, song, count_in)
    buses, onsets, evidence = play(rng, song, kit, lead_s)
    if count_in:
        ambience.add_count_in(rng, buses[0], lead_s, song.beat_s)
    audio = _produced(rng, buses, options.plain_share)
    beats = song.beats()
    beats[:, 0] += lead_s
    labels = Labels(onsets, beats, True, song.bpm, song.meter, [song.name, kit.name], evidence)
    labels.drop_masked(audio, audio)
    if options.for_mix:
        return audio, labels
    if options.bleed is not None and rng.random() < _BLEED_SHARE:
        audio = _beside(rng, audio, effects.filtered(options.bleed(rng, len(audio), labels),
                                                     effects.low_pass(rng.uniform(800, 16000), 1)))
    sound = ambience.surroundings(rng, len(audio), lead_s)
    return finished(rng, audio if sound is None else _beside(rng, audio, sound)), labels


def composed(rng: np.random.Generator, library: Library, options: RenderOptions) -> Performance:
    """The strokes of a song, under a band more often without the hi-hat that the foot plays."""
    seconds = float(rng.uniform(options.least_s, options.most_s))
    song = compose(rng, library, seconds, options.strength, options.tempo)
    if options.for_mix and rng.random() < _WITHOUT_PEDAL_SHARE:
        song.hits = without_pedal(rng, song)
    return song


def render_performance(rng: np.random.Generator, bank: OneShotBank, performance: Performance,
                       options: RenderOptions = RenderOptions(), crash_chokes: CrashChokes | None = None
                       ) -> tuple[np.ndarray, str]:
    """A performance as it was played, from 0 s on, and the name of the kit."""
    kit = Kit(rng, bank, options.electronic_share)
    buses, _, _ = play(rng, performance, kit, lead_s=0.0, crash_chokes=crash_chokes)
    return finished(rng, _produced(rng, buses, options.plain_share)), kit.name


def _lead_s(rng: np.random.Generator, song: Performance, count_in: bool) -> float:
    if count_in:
        return float(rng.choice([song.beats_per_bar, 2 * song.beats_per_bar])
                     * song.beat_s + rng.uniform(0.05, 1.0))
    draw = rng.random()
    return 0.0 if draw < 0.3 else float(rng.uniform(0.0, 1.5 if draw < 0.9 else 6.0))


def _beside(rng: np.random.Generator, audio: np.ndarray, sound: np.ndarray) -> np.ndarray:
    """`audio` with another sound well under it."""
    relative_db = rng.uniform(-45.0, -18.0)
    scale = np.std(audio) / (np.std(sound) + 1e-9)
    return audio + sound * np.float32(scale * 10 ** (relative_db / 20))


def play(rng: np.random.Generator, song: Performance, kit: Kit, lead_s: float,
         crash_chokes: CrashChokes | None = None) -> tuple[np.ndarray, np.ndarray, Evidence]:
    """[2, samples] the drier and the wetter bus, [n, 3] the onsets that are not too soft, and the
    evidence by which masked ones are found. Which crashes are choked is drawn if it is not given."""
    count = int((lead_s + song.end_s + _TAIL_S) * SAMPLE_RATE)
    buses = np.zeros((2, count), dtype=np.float32)
    chokes = _chokes(rng, song.hits)
    if crash_chokes is not None:
        for i in np.flatnonzero(song.hits[:, 1] == CRASH):
            chokes[i] = [(*crash_chokes[i], 0.0)] if i in crash_chokes else []
    wires = ambience.SnareWires(rng)
    turns: dict[int, int] = {}
    onsets = np.empty((len(song.hits), 3))
    peaks = np.empty(len(song.hits))
    own = np.empty((len(song.hits), REACH), dtype=np.float32)
    for i, (time_s, drum_number, velocity) in enumerate(song.hits):
        drum = int(drum_number)
        turns[drum] = turns.get(drum, -1) + 1
        number = kit.voice(rng, drum, turns[drum])
        audio, attack, gain = kit.sound(rng, drum, number, velocity)
        at = round((time_s + lead_s) * SAMPLE_RATE)
        sound = _choked(audio, attack, chokes[i])
        first = max(0, attack - at)
        placed = sound[first:count - at + attack] * np.float32(gain)
        start = at - attack + first
        bus = buses[kit.voices[drum][number].room_send]
        bus[start:start + len(placed)] += placed
        wires.excite(rng, bus, at, drum, placed[attack - first:])
        onsets[i] = at / SAMPLE_RATE, drum, velocity
        peaks[i] = np.abs(placed[attack - first:attack - first + 441]).max(initial=0.0)
        own[i] = excerpt(placed, attack - first)
    track = buses.sum(axis=0)
    loudness = np.sqrt(np.mean(track**2)) + 1e-9
    heard = peaks > loudness * 10 ** (-_INAUDIBLE_DB / 20)
    attacks = np.round(onsets[heard, 0] * SAMPLE_RATE).astype(int)
    return buses, onsets[heard], Evidence(own[heard], attacks, track)


Choke = tuple[float, float, float]  # after the attack (s), in what time (s), to what level


def _chokes(rng: np.random.Generator, hits: np.ndarray) -> list[list[Choke]]:
    """How each hit is damped, in order."""
    chokes: list[list[Choke]] = [[] for _ in hits]
    # Where the foot does not hold still, open hats are open to different degrees.
    restless = rng.random() < 0.4
    crash_choke_s = rng.uniform(0.1, 0.6) if rng.random() < 0.05 else None
    newest: int | None = None  # stroke on the hi-hat
    struck_over: list[int] = []  # strokes before on a hat that has been open since
    for i, (time_s, drum, _) in enumerate(hits):
        if drum in HATS:
            for j in [*struck_over, newest] if newest is not None else []:
                after_s = float(time_s - hits[j, 0])
                if any(level == 0.0 and start + fade < after_s for start, fade, level in chokes[j]):
                    continue  # silent already
                if drum == OPEN:
                    if j == newest:
                        chokes[j].append((after_s, 0.04, 0.4))
                elif hits[j, 1] == OPEN:
                    chokes[j].append((after_s, float(rng.uniform(0.02, 0.06)), 0.0))
                else:
                    chokes[j].append((after_s, 0.03, 0.3))
            # An open hat struck open again still rings until the foot closes it.
            if drum != OPEN:
                struck_over = []
            elif newest is not None and hits[newest, 1] == OPEN:
                struck_over.append(newest)
            newest = i
            if drum == OPEN and restless and rng.random() < 0.6:
                after_s, fade_s = float(rng.uniform(0.05, 0.5)), float(rng.uniform(0.05, 0.4))
                chokes[i].append((after_s, fade_s, 0.0))
        if drum == CRASH and crash_choke_s is not None and rng.random() < 0.7:
            chokes[i].append((float(crash_choke_s), 0.05, 0.0))
    return chokes


def _choked(audio: np.ndarray, attack: int, chokes: list[Choke]) -> np.ndarray:
    for after_s, fade_s, level in chokes:
        start = attack + int(after_s * SAMPLE_RATE)
        if start >= len(audio):
            continue
        fade = np.linspace(1.0, level, int(fade_s * SAMPLE_RATE), dtype=np.float32)
        stop = min(start + len(fade), len(audio))
        audio = audio[:stop if level == 0.0 else len(audio)].copy()
        audio[start:stop] *= fade[:stop - start]
        audio[stop:] *= np.float32(level)
    return audio


def _produced(rng: np.random.Generator, buses: np.ndarray, plain_share: float) -> np.ndarray:
    """The two buses through room, equaliser, compressor and saturation."""
    audio = buses.sum(axis=0)
    if rng.random() < plain_share:
        return effects.filtered(audio, effects.equaliser(rng, 4.0))
    if rng.random() < 0.85:
        wet = float(rng.uniform(0.0, 0.5)) ** 1.5
        send = buses[0] * np.float32(rng.uniform(0.0, 1.0)) + buses[1]
        audio = audio * np.float32(1 - wet) + effects.reverberated(
            send, effects.room(rng) * np.float32(1.4 * wet))
    if rng.random() < 0.75:
        audio = effects.filtered(audio, effects.equaliser(rng, 9.0))
    if rng.random() < 0.65:
        audio = effects.compressed(rng, audio)
    if rng.random() < 0.35:
        audio = effects.saturated(audio, float(rng.uniform(-6.0, 14.0)))
    return audio


def finished(rng: np.random.Generator, audio: np.ndarray) -> np.ndarray:
    """Bandwidth, noise, level (sometimes clipped) and lossy file of a released recording."""
    draw = rng.random()
    if draw < 0.12:
        audio = effects.filtered(audio, effects.low_pass(float(rng.uniform(8000, 16000)), 4))
    elif draw < 0.17:
        audio = effects.filtered(audio, effects.high_pass(float(rng.uniform(60, 200))))
    peak = float(np.abs(audio).max(initial=0.0)) + 1e-9
    level_db = rng.uniform(-25.0, 0.0) if rng.random() < 0.35 else rng.uniform(-8.0, 0.0)
    audio = audio * np.float32(10 ** (level_db / 20) / peak)
    if rng.random() < 0.5:
        audio = audio + effects.noise_floor(rng, len(audio), level_db - rng.uniform(45.0, 80.0))
    if rng.random() < 0.06:
        audio = audio * np.float32(10 ** (rng.uniform(1.0, 8.0) / 20 - level_db / 20))
    audio = np.clip(audio, -1.0, 1.0)
    if rng.random() < 0.1:
        audio = effects.through_codec(rng, audio)
    return audio.astype(np.float32, copy=False)
