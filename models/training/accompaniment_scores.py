# SPDX-License-Identifier: GPL-3.0-or-later
"""Chords, riffs and melodies by chance, as notes in ticks, and the instruments that play them."""

import mido
import numpy as np

TICKS = 192
PROGRESSIONS = """
I V vi IV, vi IV I V, I IV V V, I IV I V, ii V I vi, i bVII bVI bVII, i bVI bIII bVII, i iv v i,
I bVII IV I, I vi IV V, I iii IV iv, i i bVI V, I7 I7 IV7 I7, I7 IV7 I7 V7, iim7 V7 IM7 vim7,
im7 iv7 bVII7 bIIIM7, i bII i bII, i bV bVI bII, I I IV IV""".split(
    ","
)
DEGREES = {"i": 0, "ii": 2, "iii": 4, "iv": 5, "v": 7, "vi": 9, "vii": 11}
NOTE_NAMES = "C C# D Eb E F F# G Ab A Bb B".split()
# General MIDI programs, counted from 0
BASS_PROGRAMS = [32, 33, 33, 33, 34, 34, 34, 35, 36, 37, 38, 39]
GUITAR_PROGRAMS = [27, 27, 28, 29, 30, 30]
HARMONY_PROGRAMS = """0 1 4 5 7 16 17 18 18 19 24 25 25 26 27 27 29 29 30 30 48 49 50 51 61 62 63 80
 81 88 89 90 94""".split()
LEAD_PROGRAMS = (
    """11 22 26 27 29 30 30 40 52 53 54 56 59 60 65 66 68 71 73 80 81 82 84 87""".split()
)


def chords_of(rng, bars):
    """(root pitch class, mma name) of each bar: a progression of four or eight bars, repeated."""
    tonic = int(rng.integers(12))
    words = []
    for _ in range(1 + int(rng.random() < 0.5)):
        words += str(rng.choice(PROGRESSIONS)).split()
    chords = []
    for bar in range(bars):
        word = words[bar % len(words)]
        flat = word.startswith("b")
        numeral = word[flat:].rstrip("Mm7")
        root = (tonic + DEGREES[numeral.lower()] - flat) % 12
        quality = word[flat + len(numeral) :]
        minor = "m" if numeral.islower() and not quality.startswith("m") else ""
        chords.append((root, NOTE_NAMES[root] + minor + quality))
    return chords


def track_of(notes, program, channel):
    """A mido track of (start, end, pitch, velocity) notes in ticks."""
    events = []
    for start, end, pitch, velocity in notes:
        events.append(
            (
                int(start),
                1,
                mido.Message("note_on", channel=channel, note=int(pitch), velocity=int(velocity)),
            )
        )
        events.append(
            (int(end), 0, mido.Message("note_off", channel=channel, note=int(pitch), velocity=0))
        )
    events.sort(key=lambda e: (e[0], e[1]))
    track, now = (
        mido.MidiTrack([mido.Message("program_change", channel=channel, program=program)]),
        0,
    )
    for tick, _, message in events:
        track.append(message.copy(time=tick - now))
        now = tick
    return track


def tempo_track(bpm):
    return mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm))])


def riff(rng, chords, bar_ticks):
    """Power chords: eighths, gallops, sixteenths or held chords on a rhythm that repeats."""
    step = bar_ticks // 8 if rng.random() < 0.6 else bar_ticks // 16
    steps = bar_ticks // step
    density = rng.uniform(0.3, 1.0)
    rhythm = rng.random((2, steps)) < density
    rhythm[:, 0] = True
    if rng.random() < 0.3:
        rhythm[:] = np.arange(steps) == 0
    muted = rng.random((2, steps)) < rng.choice([0.0, 0.5, 0.85])
    base, notes = 40 + int(rng.integers(3)), []
    for bar, (root, _) in enumerate(chords):
        row = rhythm[bar % 2]
        hits = np.flatnonzero(row)
        for hit, following in zip(hits, np.append(hits[1:], steps)):
            short = muted[bar % 2, hit]
            start = bar * bar_ticks + hit * step
            end = start + (0.45 * step if short else 0.96 * (following - hit) * step)
            pitch = base + (root - base) % 12
            velocity = rng.integers(80, 120) - 20 * short
            notes += [
                (start, end, pitch + up, velocity) for up in ((0, 7) if short else (0, 7, 12))
            ]
    return notes


def melody(rng, chords, bar_ticks):
    """A pentatonic line with rests: what a singer or a lead guitar does over the chords."""
    step = bar_ticks // 8
    scale = np.array([0, 3, 5, 7, 10] if rng.random() < 0.5 else [0, 2, 4, 7, 9])
    tonic, place, notes, tick = chords[0][0] + 60, int(rng.integers(5)), [], 0
    while tick < len(chords) * bar_ticks:
        length = int(rng.choice([1, 1, 2, 2, 3, 4, 8])) * step
        place = int(np.clip(place + rng.integers(-2, 3), -3, 8))
        if rng.random() < 0.75:
            pitch = tonic + 12 * (place // 5) + scale[place % 5]
            notes.append((tick, tick + 0.92 * length, pitch, rng.integers(70, 115)))
        tick += length
    return notes
