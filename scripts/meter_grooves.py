#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays common grooves in many meters and writes them in the layout of the Groove MIDI Dataset.

    scripts/meter_grooves.py OUT && for meter in OUT/*; do
      fyr evaluate --dataset groove --given hits --slots --beats $meter; done

A folder for each meter, every groove at six tempi. Strokes scatter in time and velocity, some are left
out, kicks come in between, every eighth bar ends in a fill; the seed is fixed. The grooves are as drum
methods teach them; no recording is behind them. Needs Debian's python3-mido and python3-numpy.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import NamedTuple

import mido
import numpy as np

PITCH = {"kick": 36, "snare": 38, "stick": 37, "hat": 42, "pedal": 44, "open": 46, "ride": 51,
         "bell": 53, "crash": 49}
FILL = (38, 48, 45, 43)
TEMPI, SECONDS, FEWEST_BARS = 6, 40, 12
TICKS = 480


class Groove(NamedTuple):
    """A bar of equal places: X loud, x played, g a ghost note, . nothing. Beats a minute as counted:
    dotted quarters in 6/8 and 12/8, eighths in 7/8."""

    name: str
    meter: str
    bpm: tuple[float, float]
    lines: dict[str, str]


GROOVES = (
    Groove("waltz", "3-4", (80, 170), {"hat": "xxxxxx", "kick": "X.....", "snare": "..x.x."}),
    Groove("snare_on_3", "3-4", (80, 170), {"hat": "xxxxxx", "kick": "X.x...", "snare": "....X."}),
    Groove("snare_on_2", "3-4", (80, 150), {"hat": "xxxxxx", "kick": "X....x", "snare": "..X..."}),
    Groove("jazz_waltz", "3-4", (120, 200),
           {"ride": "x..x.xx..", "pedal": "...x.....", "kick": "x........"}),
    Groove("quarters", "3-4", (100, 180), {"ride": "xxx", "pedal": ".xx", "kick": "X.."}),
    Groove("ballad", "6-8", (45, 80), {"hat": "xxxxxx", "kick": "X.....", "snare": "...X.."}),
    Groove("upbeat", "6-8", (45, 80), {"hat": "xxxxxx", "kick": "X....x", "snare": "...X.."}),
    Groove("ride", "6-8", (50, 90), {"ride": "xxxxxx", "kick": "X.x..x", "snare": "...X.."}),
    Groove("sixteenths", "6-8", (40, 65),
           {"hat": "x.x.x.x.x.x.", "kick": "X......x..x.", "snare": "......X....x"}),
    Groove("blues", "12-8", (45, 80),
           {"hat": "xxxxxxxxxxxx", "kick": "X.....X.....", "snare": "...X.....X.."}),
    Groove("upbeat", "12-8", (50, 80),
           {"hat": "xxxxxxxxxxxx", "kick": "X....xX.....", "snare": "...X.....X.."}),
    Groove("gospel", "12-8", (60, 100),
           {"ride": "xxxxxxxxxxxx", "kick": "X....x..x...", "snare": "...X.....X.x"}),
    Groove("rock", "5-4", (90, 150), {"hat": "x" * 10, "kick": "X.....x...", "snare": "..X.....X."}),
    Groove("syncopes", "5-4", (90, 150),
           {"hat": "x" * 10, "kick": "X..x.xX...", "snare": "..X.X...X."}),
    Groove("three_and_two", "5-4", (140, 190),
           {"ride": "x..x.xx..x..x..", "pedal": "...x.....x.....",
            "kick": "x........x.....", "snare": ".....x.....x..."}),
    Groove("backbeat", "5-4", (90, 150),
           {"hat": "x" * 10, "kick": "X.x....x..", "snare": "....X...X."}),
    Groove("sixteenths", "5-4", (80, 130),
           {"hat": "x." * 10, "kick": "X..x......x...x.....", "snare": "....X.......X......."}),
    Groove("rock", "7-8", (150, 340), {"hat": "x" * 7, "kick": "X...x..", "snare": "..X..X."}),
    Groove("snare_on_5", "7-8", (150, 340), {"hat": "x" * 7, "kick": "X.x....", "snare": "....X.."}),
    Groove("two_kicks", "7-8", (150, 340), {"hat": "x" * 7, "kick": "X..X...", "snare": "..X..X."}),
    Groove("quarters", "7-8", (230, 340), {"hat": "x.x.x.x", "kick": "X...x..", "snare": "..X..X."}),
    Groove("ride", "7-8", (230, 340), {"ride": "x.x.x.x", "kick": "X.....x", "snare": "..X.X.."}),
    Groove("half_time", "7-8", (230, 340), {"hat": "x.x.x.x", "kick": "X..X...", "snare": "....X.."}),
    Groove("rock", "4-4", (70, 170), {"hat": "x" * 8, "kick": "X..xX...", "snare": "..X...X."}),
    Groove("funk", "4-4", (80, 120),
           {"hat": "x." * 8, "kick": "X.....x..xX.....", "snare": "....X..g.g..X..g"}),
    Groove("shuffle", "4-4", (90, 150),
           {"hat": "x.xx.xx.xx.x", "kick": "X.....X.x...", "snare": "...X.....X.."}),
    Groove("swing", "4-4", (110, 200),
           {"ride": "x..x.xx..x.x", "pedal": "...x.....x..", "kick": "x.....x....."}),
    Groove("half_time", "4-4", (70, 100),
           {"hat": "x." * 8, "kick": "X....x.....x....", "snare": "........X......."}),
    Groove("bossa", "4-4", (60, 85),
           {"hat": "x." * 8, "kick": "X..xX..xX..xX..x", "stick": "x..x..x...x..x..",
            "pedal": "....x.......x..."}),
    Groove("disco", "4-4", (105, 130),
           {"hat": "x...x...x...x...", "open": "..x...x...x...x.", "kick": "X...X...X...X...",
            "snare": "....X.......X..."}),
    Groove("one_drop", "4-4", (70, 95), {"hat": "x" * 8, "kick": "....X...", "stick": "....X..."}),
    Groove("train", "4-4", (90, 130),
           {"snare": "xxxxXxxxxxxxXxxx", "kick": "X.......X.......", "pedal": "....x.......x..."}),
    Groove("two_step", "4-4", (160, 178),
           {"hat": "x." * 8, "kick": "X.........X.....", "snare": "....X.......X..."}),
)


def n_beats(meter: str) -> int:
    numerator, denominator = map(int, meter.split("-"))
    return numerator // 3 if denominator == 8 and numerator % 3 == 0 else numerator


def strokes(rng: np.random.Generator, groove: Groove, bar_s: float, bars: int, take: int):
    """(time in s, pitch, velocity) in time order."""
    places = len(groove.lines["kick"])
    place_s = bar_s / places
    found = []
    for bar in range(bars):
        fills = bar % 8 == 7 and take % 3 != 0
        for drum, line in groove.lines.items():
            keeps_time = drum in ("hat", "ride")
            for place, mark in enumerate(line):
                missed = not keeps_time and mark == "x" and rng.random() < 0.15
                if mark == "." or missed or (fills and place >= places // 2):
                    continue
                velocity = {"X": 105, "x": 80, "g": 25}[mark]
                pitch = PITCH["crash" if keeps_time and bar % 8 == place == 0 else drum]
                found.append((bar * bar_s + place * place_s, pitch, rng.normal(velocity, 8)))
        if fills:
            first = places // 2
            for place in range(first, places):
                pitch = FILL[(place - first) * len(FILL) // (places - first)]
                found.append((bar * bar_s + place * place_s, pitch, rng.normal(95, 10)))
        if rng.random() < 0.25:
            place = rng.integers(places)
            found.append((bar * bar_s + place * place_s, PITCH["kick"], rng.normal(80, 8)))
    scatter_s = rng.uniform(0.003, 0.010)
    return sorted((max(0.0, time_s + rng.normal(0, scatter_s)), pitch,
                   int(np.clip(velocity, 5, 127))) for time_s, pitch, velocity in found)


def write_midi(path: Path, played, tempo: int, numerator: int, denominator: int) -> None:
    meter = mido.MetaMessage("time_signature", numerator=numerator, denominator=denominator)
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=tempo), meter])
    events = [(time_s, "note_on", pitch, velocity) for time_s, pitch, velocity in played]
    events += [(time_s + 0.03, "note_off", pitch, 0) for time_s, pitch, _ in played]
    last = 0
    for time_s, kind, pitch, velocity in sorted(events):
        tick = round(mido.second2tick(time_s, TICKS, tempo))
        track.append(mido.Message(kind, channel=9, note=pitch, velocity=velocity, time=tick - last))
        last = tick
    mido.MidiFile(ticks_per_beat=TICKS, tracks=[track]).save(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="the folder to write")
    out = parser.parse_args().out
    rng = np.random.default_rng(3)
    rows: dict[str, list[dict]] = {}
    for groove in GROOVES:
        numerator, denominator = map(int, groove.meter.split("-"))
        slowest, fastest = groove.bpm
        (out / groove.meter / "midi").mkdir(parents=True, exist_ok=True)
        for take in range(TEMPI):
            bpm = slowest * (fastest / slowest) ** ((take + 0.5) / TEMPI)
            bar_s = 60 * n_beats(groove.meter) / bpm
            quarters_bpm = 240 / bar_s * numerator / denominator
            bars = max(FEWEST_BARS, int(SECONDS / bar_s))
            name = f"midi/{groove.name}_{round(bpm)}.mid"
            played = strokes(rng, groove, bar_s, bars, take)
            write_midi(out / groove.meter / name, played, mido.bpm2tempo(quarters_bpm),
                       numerator, denominator)
            rows.setdefault(groove.meter, []).append({
                "id": name, "style": groove.name, "bpm": f"{quarters_bpm:.5f}", "beat_type": "beat",
                "time_signature": groove.meter, "midi_filename": name, "audio_filename": "",
                "duration": f"{bars * bar_s:.4f}", "split": "test"})
    for meter, table in rows.items():
        with open(out / meter / "info.csv", "w", newline="") as file:
            writer = csv.DictWriter(file, list(table[0]))
            writer.writeheader()
            writer.writerows(table)


if __name__ == "__main__":
    main()
