#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders the recording that data/ ships: a human performance through sampled drums.

The same inputs give the same samples.
"""
import argparse
import csv
import pathlib
import random

import mido
import numpy as np
import soundfile

PERFORMANCE = "groove/drummer7/session3/117_rock_95_beat_4-4.mid"
KIT = "muldjord"
RATE_HZ = 44100
LEAD_S = 0.5
TAIL_S = 2.0
PEAK = 0.7
DRY_RELEASE_S = 0.03  # How fast a closing hat stops an open one.

# Pitches of the performance (Roland TD-11) -> one-shots (folder, zones to choose from). The kit has
# no pedalled hat and no side stick: a closed hat and a snare stand in.
SOUND_OF_PITCH = {
    **dict.fromkeys((35, 36), "kick"), **dict.fromkeys((38, 40, 37), "snare"),
    **dict.fromkeys((42, 22, 44), "hihat_closed"), **dict.fromkeys((46, 26), "hihat_open"),
    **dict.fromkeys((48, 50), "tom_high"), **dict.fromkeys((45, 47), "tom_mid"),
    **dict.fromkeys((43, 58, 41), "tom_low"), **dict.fromkeys((51, 59), "ride"), 53: "ride_bell",
    **dict.fromkeys((49, 52, 55, 57), "crash"),
}


def read_kit(folder):
    """Sound -> [(nominal velocity, samples)] of its first zone, softest first."""
    kit = {}
    zones = {}
    with open(folder / "kits/index.tsv", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["kit"] == KIT]
    for row in rows:
        zone = zones.setdefault(row["class"], row["tag"])
        if row["tag"] == zone:
            samples, _ = soundfile.read(folder / "kits" / row["file"])
            kit.setdefault(row["class"], []).append((int(row["vel_nominal"]), samples))
    return {sound: sorted(layers, key=lambda layer: layer[0]) for sound, layers in kit.items()}


def read_hits(path):
    """[(seconds, sound, velocity)] in time order."""
    hits, time_s = [], 0.0
    for message in mido.MidiFile(path):
        time_s += message.time
        if message.type == "note_on" and message.velocity > 0 and message.note in SOUND_OF_PITCH:
            hits.append((time_s, SOUND_OF_PITCH[message.note], message.velocity))
    return hits


def choose(rng, layers, velocity):
    """A round robin of the nearest velocity layer, its level moved to `velocity`."""
    nearest = min((abs(nominal - velocity), nominal) for nominal, _ in layers)[1]
    samples = rng.choice([samples for nominal, samples in layers if nominal == nearest])
    return samples * (velocity / nearest)


def release(samples, after):
    """Fades `samples` out after that many samples."""
    if after >= len(samples):
        return samples
    fade = np.exp(-np.arange(len(samples) - after) / (DRY_RELEASE_S * RATE_HZ))
    return np.concatenate([samples[:after], samples[after:] * fade])


def render(hits, kit):
    rng = random.Random(117)
    out = np.zeros(int((LEAD_S + hits[-1][0] + TAIL_S) * RATE_HZ))
    hat_times = [time_s for time_s, sound, _ in hits if sound.startswith("hihat")]
    for time_s, sound, velocity in hits:
        samples = choose(rng, kit[sound], velocity)
        if sound == "hihat_open":
            following = min((t for t in hat_times if t > time_s), default=np.inf)
            samples = release(samples, int(min(following - time_s, 60.0) * RATE_HZ))
        start = int((LEAD_S + time_s) * RATE_HZ)
        end = min(start + len(samples), len(out))
        out[start:end] += samples[:end - start]
    fade = int(TAIL_S / 2 * RATE_HZ)
    out[-fade:] *= np.linspace(1, 0, fade)
    return out * (PEAK / np.abs(out).max())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path, help="holds groove/ and kits/, see data/SOURCES.md")
    parser.add_argument("output", type=pathlib.Path, help="OUTPUT.flac")
    arguments = parser.parse_args()
    audio = render(read_hits(arguments.folder / PERFORMANCE), read_kit(arguments.folder))
    soundfile.write(arguments.output, audio, RATE_HZ, subtype="PCM_16")
    print(f"{arguments.output}: {len(audio) / RATE_HZ:.1f} s")


if __name__ == "__main__":
    main()
