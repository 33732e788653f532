# SPDX-License-Identifier: GPL-3.0-or-later
"""Bands without drummers: mma's accompaniment styles and rock riffs, played by soundfonts.

Also single bass notes and power chords, which the mixer strings together along the kicks.
"""

import math

import mido

from accompaniment_common import Piece, amplifier, fold_loop, level, synthesise
from accompaniment_scores import (
    BASS_PROGRAMS,
    GUITAR_PROGRAMS,
    HARMONY_PROGRAMS,
    LEAD_PROGRAMS,
    TICKS,
    chords_of,
    melody,
    riff,
    tempo_track,
    track_of,
)
from mma_grooves import LIBRARY, jobs_of, run_mma
from sample_rate import SAMPLE_RATE

STYLES = LIBRARY / "stdlib"
SOUNDFONTS = {
    "/usr/share/sounds/sf2/FluidR3_GM.sf2": ("fluid-soundfont-gm", "Expat"),
    "/usr/share/sounds/sf3/MuseScore_General_Full.sf3": ("musescore-general-soundfont", "Expat"),
    "/usr/share/sounds/sf2/TimGM6mb.sf2": ("timgm6mb-soundfont", "GPL-2"),
}
SOUNDFONT_WEIGHTS = (0.45, 0.3, 0.25)
STRAIGHT_STYLES = """50srock 60srock 8beat ballad basicrock bluefolk bluegrass blues boggiewoggie boneym bossanova
 bubblerock bvfunk calypso chacha charleston countryblues countryswing cubanguitar desert dsoul easyswing fastblues
 folk folkballad folkrock foxtrot guitarballad gypsyjazz hillcountry jazzcombo jazzguitar jazzrock jive lfusion
 mambo mellowjazz merengue modernjazz pianoballad polka popballad popspiritual ragtime rb rb-ballad rhumba
 rockballad salsa samba shuffleboggie ska slowblues slowcountry softrock son stringballad strut swing tango trance
 twist westernswing zydeco ballad128 blues128 rock-128""".split()
THREE_STYLES = "rockwaltz jazzwaltz countrywaltz waltz latinwaltz modernjazzwaltz fastwaltz".split()
SIX_STYLES = "ballad68 blues68 arpeggio68 68swing".split()
# styles, share of the pieces
METERS = {"4/4": (STRAIGHT_STYLES, 0.8), "3/4": (THREE_STYLES, 0.12), "6/8": (SIX_STYLES, 0.08)}

PERCUSSIVE_PROGRAMS = 112
# lowest MIDI pitch, semitones, seconds for each
BASS_NOTES = (28, 24, 1.6)
GUITAR_CHORDS = (40, 14, 2.0)


def mma_tracks(groove, chords, bpm, seed):
    """mma's tracks for these chords as mido tracks, the drums left out."""
    lines = [f"RndSeed {seed}", f"Tempo {bpm:.2f}", f"Groove {groove}"] + [
        f"{i + 1} {name}" for i, (_, name) in enumerate(chords)
    ]
    tracks = run_mma("\n".join(lines) + "\n").tracks[1:]
    return [t for t in tracks if any(m.type == "note_on" and m.channel != 9 for m in t)]


def role_of(track):
    name = track.name.lower()
    if name.startswith(("bass", "walk")):
        return "bass"
    return "lead" if name.startswith(("melody", "solo", "scale", "aria")) else "harmony"


def reprogram(rng, track, role):
    """The track on channel-wide random volume and, most of the time, another instrument."""
    if role == "bass" or rng.random() < 0.6:
        pool = {"bass": BASS_PROGRAMS, "lead": LEAD_PROGRAMS, "harmony": HARMONY_PROGRAMS}[role]
        program = int(rng.choice(pool))
    else:
        program = None
    volume = int(rng.integers(60, 120))
    changed = mido.MidiTrack()
    for message in track:
        if message.type == "program_change" and (
            program is not None or message.program >= PERCUSSIVE_PROGRAMS
        ):
            message = message.copy(program=program or 0)
        if message.type == "control_change" and message.control == 7:
            message = message.copy(value=volume)
        changed.append(message)
    return changed


def pick_soundfont(rng):
    return str(rng.choice(list(SOUNDFONTS), p=SOUNDFONT_WEIGHTS))


def band(rng, number):
    """The stems of one band piece: bass, harmony, guitar riff, lead; each a Piece."""
    meter = str(rng.choice(list(METERS), p=[share for _, share in METERS.values()]))
    jobs = jobs_of(STYLES / f"{rng.choice(METERS[meter][0])}.mma")
    job = jobs[rng.integers(len(jobs))]
    # in mma's beats: a bar of 6/8 is written as four or six of them, and lasts as long
    bpm = math.exp(rng.uniform(math.log(60), math.log(215)))
    bpm = round(bpm * (job.time / 4 if meter == "6/8" else 1), 1)
    bar_s = job.time * 60.0 / bpm
    bars = max(4, 4 * round(45.0 / bar_s / 4))
    chords = chords_of(rng, bars)
    bar_ticks = job.time * TICKS
    stems = {}
    for track in mma_tracks(job.groove, chords, bpm, int(rng.integers(1 << 30))):
        stems.setdefault(role_of(track), []).append(reprogram(rng, track, role_of(track)))
    if rng.random() < 0.6:
        stems["guitar"] = [
            track_of(riff(rng, chords, bar_ticks), int(rng.choice(GUITAR_PROGRAMS)), 0)
        ]
    if rng.random() < 0.6:
        stems.setdefault("lead", []).append(
            track_of(melody(rng, chords, bar_ticks), int(rng.choice(LEAD_PROGRAMS)), 1)
        )
    quarter_bpm = {"4/4": 4, "3/4": 3, "6/8": 3}[meter] * 60.0 / bar_s
    for role, tracks in stems.items():
        soundfont = pick_soundfont(rng)
        midi = mido.MidiFile(ticks_per_beat=TICKS, tracks=[tempo_track(bpm)] + tracks)
        audio = fold_loop(synthesise(midi, soundfont), round(bars * bar_s * SAMPLE_RATE))
        if role == "guitar" or (role == "lead" and rng.random() < 0.3):
            audio = amplifier(rng, level(audio))
        if abs(audio).max() < 1e-4:
            continue
        package, licence = SOUNDFONTS[soundfont]
        yield Piece(
            f"band{number:03d}_{role}",
            "band",
            f"band{number:03d}",
            level(audio),
            f"mma ({job.groove}) + {package}",
            f"styles GPL-2+, samples {licence}",
            role,
            quarter_bpm,
            meter,
            bar_s,
        )


def note_table(rng, number, role):
    """Single notes (bass) or power chords (guitar), one every step_s, on rising semitones."""
    low, count, step_s = BASS_NOTES if role == "bass" else GUITAR_CHORDS
    program = int(rng.choice(BASS_PROGRAMS if role == "bass" else GUITAR_PROGRAMS))
    soundfont = pick_soundfont(rng)
    held = step_s * 0.9 if role == "bass" or rng.random() < 0.5 else 0.14
    tick = 2 * TICKS  # one second at 120 bpm
    notes = []
    for index in range(count):
        start = index * step_s * tick
        for up in (0,) if role == "bass" else (0, 7, 12):
            notes.append((start, start + held * tick, low + index + up, 112))
    midi = mido.MidiFile(
        ticks_per_beat=TICKS, tracks=[tempo_track(120), track_of(notes, program, 0)]
    )
    audio = fold_loop(synthesise(midi, soundfont), round(count * step_s * SAMPLE_RATE))
    if role == "guitar" or rng.random() < 0.25:
        audio = amplifier(rng, level(audio))
    package, licence = SOUNDFONTS[soundfont]
    name = f"notes{number:03d}_{role}"
    return Piece(
        name,
        "notes",
        name,
        level(audio),
        package,
        licence,
        role,
        extra={"first_pitch": low, "notes": count, "step_samples": round(step_s * SAMPLE_RATE)},
    )
