#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fits the widths in src/score/lines.cpp to where MuseScore breaks lines itself.

usage: fit_line_widths.py SCORE.mscx...      (scores written by fyr; needs mscore3 and NumPy)
"""
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

import numpy as np

TICKS = {"whole": 1920, "half": 960, "quarter": 480, "eighth": 240, "16th": 120, "32nd": 60}
NAMES = ["bar", "column", "ghost", "grace", "dot"]


def features(measure):
    """Counts of NAMES in one measure."""
    columns, graces = {}, 0
    for voice in measure.findall("voice"):
        tick, scale = 0, 1
        for item in voice:
            if item.tag == "Tuplet":
                scale = 2 / 3
            elif item.tag == "endTuplet":
                scale = 1
            elif item.tag in ("Chord", "Rest"):
                if item.find("acciaccatura") is not None or item.find("grace16") is not None:
                    graces += 1
                    continue
                name = item.find("durationType").text
                dotted = item.find("dots") is not None
                column = columns.setdefault(round(tick), [False, False])
                column[0] |= item.find("Note/Symbol") is not None
                column[1] |= dotted and item.find("visible") is None
                tick += TICKS.get(name, 1920) * (1.5 if dotted else 1) * scale
    ghosts = sum(ghost for ghost, _ in columns.values())
    dots = sum(dot for _, dot in columns.values())
    return np.array([1, len(columns), ghosts, graces, dots], float)


def natural_lines(path, folder):
    """Features of the measures, grouped by the lines that MuseScore chooses."""
    text = re.sub(r"<LayoutBreak>.*?</LayoutBreak>", "", open(path).read(), flags=re.S)
    score, positions = os.path.join(folder, "score.mscx"), os.path.join(folder, "score.mpos")
    with open(score, "w") as file:
        file.write(text)
    environment = dict(os.environ, QT_QPA_PLATFORM="offscreen", XDG_RUNTIME_DIR=folder)
    subprocess.run(["mscore3", "-o", positions, score], env=environment, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    lines, previous = [], None
    places = ET.parse(positions).getroot().find("elements")
    for place, measure in zip(places, ET.parse(score).getroot().iter("Measure")):
        line = (place.get("page"), place.get("y"))
        if line != previous:
            lines.append([])
        previous = line
        lines[-1].append(features(measure))
    return lines


def main(paths):
    full, overfull = [], []
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            lines = natural_lines(path, folder)
            # The first line has a time signature, the last one is not full.
            for line, following in zip(lines[1:], lines[2:]):
                full.append(sum(line))
                overfull.append(sum(line) + following[0])
    full, overfull = np.array(full), np.array(overfull)
    # A line is full somewhere between its own bars and one bar more.
    widths = np.linalg.lstsq((full + overfull) / 2, np.full(len(full), 100.0), rcond=None)[0]
    print(f"{len(full)} lines;", ", ".join(f"{n} {w:.2f}" for n, w in zip(NAMES, widths)))
    print("lines that fit: 95th percentile %.1f, widest %.1f" %
          (np.percentile(full @ widths, 95), (full @ widths).max()))
    print("lines that do not: narrowest %.1f, 5th percentile %.1f" %
          ((overfull @ widths).min(), np.percentile(overfull @ widths, 5)))


if __name__ == "__main__":
    main(sys.argv[1:])
