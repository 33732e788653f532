#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speed and peak memory of `fyr transcribe` against the recording's length.

The recordings are data/rock_95bpm.flac again and again, as 16-bit WAV; ten hours take 3.2 GB. Every
figure is one whole process, from its start to the written score. Needs python3-soundfile and
python3-matplotlib.

    python3 benchmarks/lengths.py --fyr build/release/fyr --folder /tmp --plot docs/pictures/speed.png
"""
import argparse
import os
import pathlib
import re
import subprocess
import tempfile

import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import soundfile

SOURCE = pathlib.Path(__file__).resolve().parent.parent
LENGTHS_S = {"1 s": 1, "10 s": 10, "1 min": 60, "3 min": 180, "10 min": 600, "1 h": 3600,
             "10 h": 36000}


def write_recording(path, seconds):
    samples, rate_hz = soundfile.read(SOURCE / "data/rock_95bpm.flac", dtype="int16",
                                      always_2d=True)
    mono = samples[:, 0]
    with soundfile.SoundFile(path, "w", rate_hz, 1, "PCM_16") as file:
        left = int(seconds * rate_hz)
        while left > 0:
            file.write(mono[:left])
            left -= min(left, len(mono))


def run(command):
    """CPU seconds and peak memory in MiB of one process.

    The memory is what the program says: the system's figure would count Python's own before exec.
    """
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    told = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    peak = re.search(r"peak memory (\d+) MiB", told)
    if status != 0 or not peak:
        raise SystemExit(f"{command} failed: {told}")
    return usage.ru_utime + usage.ru_stime, float(peak[1])


def measure(fyr, folder, repeats, longest_s):
    rows = []
    for name, seconds in LENGTHS_S.items():
        if seconds > longest_s:
            continue
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            recording, score = os.path.join(scratch, "song.wav"), os.path.join(scratch, "song.mscx")
            write_recording(recording, seconds)
            runs = [run([fyr, "transcribe", "-j", "1", "--force", "--timings", recording, "-o", score])
                    for _ in range(repeats if seconds < 1000 else 1)]
        cpu_s = sorted(cpu for cpu, _ in runs)[len(runs) // 2]
        peak_mib = max(peak for _, peak in runs)
        rows.append((name, seconds, cpu_s, peak_mib))
        print(f"| {name} | {cpu_s:.3f} | {seconds / cpu_s:.0f} | {peak_mib:.0f} |", flush=True)
    return rows


def plot(rows, path):
    seconds = [row[1] for row in rows]
    figure, (speed, memory) = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
    speed.plot(seconds, [row[1] / row[2] for row in rows], "o-")
    speed.axhline(200, color="grey", linestyle=":")
    speed.set_ylabel("× real time, one core")
    memory.plot(seconds, [row[3] for row in rows], "o-")
    memory.axhline(150, color="grey", linestyle=":")
    memory.set_ylabel("peak memory, MiB")
    for axes in (speed, memory):
        axes.set_xscale("log")
        axes.set_ylim(bottom=0)
        axes.set_xticks(seconds, [row[0] for row in rows], rotation=45)
        axes.minorticks_off()
        axes.set_xlabel("recording")
        axes.grid(alpha=0.3)
    figure.savefig(path, dpi=110)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fyr", default="build/release/fyr")
    parser.add_argument("--folder", default=None, help="where the recordings may lie for a while")
    parser.add_argument("--plot", help="PNG to write")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--longest", type=float, default=36000, help="seconds")
    arguments = parser.parse_args()
    print("| recording | CPU s | × real time | peak MiB |\n| --- | --- | --- | --- |")
    rows = measure(arguments.fyr, arguments.folder, arguments.repeats, arguments.longest)
    if arguments.plot:
        plot(rows, arguments.plot)


if __name__ == "__main__":
    main()
