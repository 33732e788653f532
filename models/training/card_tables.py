#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the model card's tables that need no measuring: kits, training, times.

    python3 models/training/card_tables.py --kits data/kits --model models/drums.safetensors \\
        --times build/training/times.tsv --losses docs/pictures/training.png

Without an option its table stays as it is. A --card that is not there is begun. An accuracy section
of another model than --model is emptied: accuracy_table.py fills it.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from card import CARD, NOT_MEASURED, begin_card, replace_section, section_of, table
from drums import DRUMS
from kits import HELD_OUT_KITS, read_kits
from program import run
from safetensors import read_model


def kits_section(kits: dict[str, dict[str, Any]]) -> str:
    """Kits of the same origin and terms share a line."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for name, kit in sorted(kits.items()):
        author, origin, licence, tier = (kit.get(field, "–")
                                         for field in ("author", "origin", "lic", "tier"))
        origin = origin.split(" (")[0].split(", /")[0]
        groups.setdefault((origin, author, licence, tier), []).append(name)
    rows = []
    for (origin, author, licence, tier), names in groups.items():
        marked = (f"**{name}**" if name in HELD_OUT_KITS else name for name in names)
        rows.append([", ".join(marked), author, origin, licence, tier])
    samples = sum(kit.get("n", 0) for kit in kits.values())
    held_out = len(HELD_OUT_KITS & kits.keys())
    return (f"{len(kits)} kits, {samples} one-shots; {held_out} kits (in bold) are held out for "
            "validation and thresholds.\n\n"
            + table(["kits", "author", "origin", "licence", "tier"], rows))


def training_section(model: Path, losses: str | None = None) -> str:
    """`losses`: their picture, as the card links it."""
    tensors, description = read_model(model)
    training = description["training"]
    settings = training["settings"]
    layers = ", ".join(layer_name(layer) for layer in description["layers"])
    rows = [
        ["model", description["model_id"]],
        ["layers (units)", layers],
        ["weights", f"{n_weights(tensors, lambda name: not name.startswith(('input.', 'hits.'))):,}"],
        *hits_network_rows(tensors, description),
        ["file", f"{model.stat().st_size / 1e6:.1f} MB"],
        ["trained on", ", ".join(training["trained_on"])],
        ["validated on", ", ".join(training["validated_on"])],
        ["thresholds fitted on", f"{training.get('fitted_on_songs', 0)} rendered songs"],
        ["context fitted on", f"{training.get('context_fitted_on_songs', 0)} rendered songs"],
        *trainings_rows([*training["earlier"], training]),
        ["PyTorch", training["torch"]],
        *([name.replace("_", " "), settings[name]] for name in
          ("batch", "frames", "lr", "dropout", "weight_decay", "ema", "rare_share", "rare_weight",
           "positive_weight", "beat_weight", "mask_share", "seed") if name in settings),
    ]
    curves = f"\n\n![Losses]({losses})" if losses else ""
    picking = description["peak_picking"]
    drums = [[drum, f"{picking[drum]['threshold']:.2f}", f"{1000 * picking[drum]['gap_s']:.0f}"]
             for drum in DRUMS]
    return (table(["what", "value"], rows) + "\n\n"
            + table(["drum", "threshold", "least gap, ms"], drums)
            + f"\n\nTimes are moved by {1000 * description['time_offset_s']:+.1f} ms."
            + curves)


def n_weights(tensors: dict[str, Any], counts: Callable[[str], bool]) -> int:
    return sum(tensor.size for name, tensor in tensors.items() if counts(name))


def hits_network_rows(tensors: dict[str, Any], description: dict[str, Any]) -> list[list[str]]:
    """Of the network that reads hits, where there is one."""
    if "hits_network" not in description:
        return []
    layers = ", ".join(layer_name(layer) for layer in description["hits_network"]["layers"])
    training = description["training"]["hits_network"]
    return [["network that reads hits", layers],
            ["its weights", f"{n_weights(tensors, lambda name: name.startswith('hits.')):,}"],
            ["its training", f"{training['steps']:,} steps of {training['batch']} times "
             f"{training['segment_s']:.0f} s, {training['minutes']:.0f} min on one CPU core; the weights "
             f"after {training['taken_after']:,} steps"]]


def layer_name(layer: dict[str, Any]) -> str:
    if layer["type"] != "convolution":
        return f"{layer['units']} {layer['type']}"
    pooled = layer["pooled_bands"]
    return f"{layer['channels']} convolution" + (f" ({pooled} bands pooled)" if pooled > 1 else "")


def trainings_rows(trainings: list[dict[str, Any]]) -> list[list[str]]:
    """Steps, hours and minutes of trainings that each started from the one before."""
    def joined(values: list[str], unit: str = "") -> str:
        return ", then ".join(values) + unit

    return [
        ["steps", joined([f"{t['steps']:,}" for t in trainings])],
        ["audio heard", joined([f"{t['hours_heard']:.0f}" for t in trainings], " h")],
        ["wall time of the training", joined([f"{t['minutes']:.0f}" for t in trainings], " min")],
    ]


def times_section(times: Path) -> str:
    """Lines of `times`: step, seconds, machine; a step that was gone through again has several."""
    seconds: dict[tuple[str, str], float] = {}
    for line in times.read_text(encoding="utf-8").splitlines():
        step, took, machine = line.split("\t")
        seconds[step, machine] = seconds.get((step, machine), 0.0) + float(took)
    rows = [[step, f"{total / 60:.1f}", machine] for (step, machine), total in seconds.items()]
    return table(["step", "minutes", "machine"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kits", type=Path, help="bank of one-shots")
    parser.add_argument("--model", type=Path, help="exported model")
    parser.add_argument("--times", type=Path, help="times.tsv that retrain.sh wrote")
    parser.add_argument("--losses", type=Path, help="picture of the training's losses, with --model")
    parser.add_argument("--card", type=Path, default=CARD, help="file whose tables are replaced")
    arguments = parser.parse_args()
    if arguments.losses and not arguments.model:
        parser.error("--losses stand in the table of --model: give it too")
    card = arguments.card
    kits = read_kits(arguments.kits) if arguments.kits else None
    model_id = read_model(arguments.model)[1]["model_id"] if arguments.model else "The model"
    times = times_section(arguments.times) if arguments.times else None
    if not card.exists():
        begin_card(card, model_id)
    if kits:
        replace_section(card, "kits", kits_section(kits))
    if arguments.model:
        losses = arguments.losses and os.path.relpath(arguments.losses, card.parent)
        replace_section(card, "training", training_section(arguments.model, losses))
        if not section_of(card, "accuracy").startswith(f"Model {model_id},"):
            replace_section(card, "accuracy", NOT_MEASURED)
    if times:
        replace_section(card, "times", times)


if __name__ == "__main__":
    run(main)
