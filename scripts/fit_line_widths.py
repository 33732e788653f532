#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fits the widths in src/score/lines.cpp to the least widths that MuseScore gives measures.

Needs mscore3 and NumPy.
"""
import argparse
import os
import re
import subprocess
import tempfile
import xml.etree.ElementTree as ET

import numpy as np

TICKS = {"whole": 1920, "half": 960, "quarter": 480, "eighth": 240, "16th": 120, "32nd": 60, "64th": 30}
NAMES = ["bar", "column", "ledger", "circled", "ghost", "dot", "beside", "grace"]
INCH = 3600  # Of the positions that MuseScore tells.
LINE = (8.27 - 2 / 2.54) * INCH


def features_of(chord, places):
    """What makes a column wider, of NAMES from "ledger" on."""
    visible = chord.find("visible") is None
    drums = [places[note.find("pitch").text] for note in chord.findall("Note")]
    lines = sorted(line for line, _ in drums)
    return {"ledger": any(line < -1 or line > 9 for line in lines),
            "circled": any(head == "xcircle" for _, head in drums),
            "ghost": chord.find("Note/Symbol") is not None,
            "dot": visible and chord.find("dots") is not None,
            "beside": any(two - one <= 1 for one, two in zip(lines, lines[1:]))}


def features(measure, places):
    """Counts of NAMES in one measure."""
    columns, graces = {}, 0
    for voice in measure.findall("voice"):
        tick, scale = 0, 1
        for item in voice:
            if item.tag == "Tuplet":
                scale = int(item.find("normalNotes").text) / int(item.find("actualNotes").text)
            elif item.tag == "endTuplet":
                scale = 1
            elif item.tag in ("Chord", "Rest"):
                if item.find("acciaccatura") is not None or item.find("grace16") is not None:
                    graces += 1
                    continue
                column = columns.setdefault(round(tick), {})
                for name, has in features_of(item, places).items():
                    column[name] = column.get(name, False) or has
                dotted = item.find("dots") is not None
                tick += TICKS.get(item.find("durationType").text, 1920) * (1.5 if dotted else 1) * scale
    counts = [sum(column[name] for column in columns.values()) for name in NAMES[2:-1]]
    return [1, len(columns), *counts, graces]


def positions(text, inches, folder):
    """(x, width, line) of what MuseScore draws on lines of that length, whatever breaks were asked for."""
    text = re.sub(r"<LayoutBreak>.*?</LayoutBreak>", "", text, flags=re.S)
    text = re.sub(r"<lastSystemFillLimit>.*?<", "<lastSystemFillLimit>0.7<", text)
    page = f"<pageWidth>{inches + 1}</pageWidth><pagePrintableWidth>{inches}</pagePrintableWidth>"
    text = re.sub(r"<pageWidth>.*?</pageWidth>", page, text)
    score, places = os.path.join(folder, "score.mscx"), os.path.join(folder, "score.mpos")
    with open(score, "w") as file:
        file.write(text)
    environment = dict(os.environ, QT_QPA_PLATFORM="offscreen", XDG_RUNTIME_DIR=folder)
    subprocess.run(["mscore3", "-o", places, score], env=environment, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return [(float(e.get("x")), float(e.get("sx")), (e.get("page"), e.get("y")))
            for e in ET.parse(places).getroot().find("elements")]


def least_widths(text, folder):
    """Of what is drawn, in hundredths of a line. A last line that is far from full is drawn twice as wide as it
    must be; on a line just so long that all fits, everything is as narrow as can be."""
    wide = positions(text, 30000, folder)
    least = (wide[-1][0] + wide[-1][1] - wide[0][0]) / 2 / INCH
    for room in (1.0005, 1.003, 1.01, 1.03):
        tight = positions(text, least * room + 0.2, folder)
        if len({line for _, _, line in tight}) == 1:
            return [100 * width / LINE for _, width, _ in tight]
    return None


def drawn_measures(root):
    """In order; None where one rest stands for several."""
    measures = root.find(".//Score/Staff").findall("Measure")
    drawn, skip = [], 0
    for measure, following in zip(measures, measures[1:] + [None]):
        if measure.find("multiMeasureRest") is not None:
            continue
        if skip:
            skip -= 1
            continue
        rest = following.find("multiMeasureRest") if following is not None else None
        skip = int(rest.text) - 1 if rest is not None else 0
        drawn.append(None if rest is not None else measure)
    return drawn


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scores", nargs="+", metavar="SCORE.mscx", help="written by fyr")
    arguments = parser.parse_args()
    counts, widths = [], []
    with tempfile.TemporaryDirectory() as folder:
        for path in arguments.scores:
            text = open(path).read()
            root = ET.fromstring(text)
            places = {drum.get("pitch"): (int(drum.find("line").text), drum.find("head").text)
                      for drum in root.iter("Drum")}
            # The first has the clef.
            for measure, width in list(zip(drawn_measures(root), least_widths(text, folder) or []))[1:]:
                if measure is None or measure.find("voice/TimeSig") is not None:
                    continue
                row = features(measure, places)
                if row[1] > 1:
                    counts.append(row)
                    widths.append(width)
    counts, widths = np.array(counts, float), np.array(widths)
    fitted = np.linalg.lstsq(counts, widths, rcond=None)[0]
    print(f"{len(widths)} bars;", ", ".join(f"{n} {w:.2f}" for n, w in zip(NAMES, fitted)))
    print("standard deviation of the rest %.2f" % (widths - counts @ fitted).std())


if __name__ == "__main__":
    main()
