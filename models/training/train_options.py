# SPDX-License-Identifier: GPL-3.0-or-later

"""The command line of train.py; run as a program it only says what is wrong with one."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from datasets import parse_choice
from option_types import count, count_from_0, from_0, more_than_0, seed, share, share_below_1
from program import InputError


def parse_arguments(arguments=None) -> argparse.Namespace:
    """Ends the program with one line for what makes no sense, also of options together."""
    parser = argparse.ArgumentParser(
        description="Train the drum network on a pool of rendered songs."
    )
    _add_data(parser)
    _add_network(parser)
    _add_schedule(parser)
    _add_run(parser)
    chosen = parser.parse_args(arguments)
    if not (chosen.pool or chosen.heard or chosen.data):
        parser.error("nothing to train on: give --pool, --heard or --data")
    if chosen.bands and (chosen.no_variations or not chosen.pool):
        parser.error("--bands lie under songs of --pool that vary: it needs --pool, no --no-variations")
    if chosen.data and not chosen.fyr:
        parser.error("--data needs --fyr")
    if chosen.patience and not chosen.validation:
        parser.error("--patience counts validations: it needs --validation")
    try:
        chosen.data = [parse_choice(text) for text in chosen.data]
        chosen.share = _parse_shares(chosen.share)
        _check_names(chosen)
        _check_device(chosen.device)
    except InputError as error:
        parser.error(str(error))
    return chosen


def _add_data(parser: argparse.ArgumentParser) -> None:
    data = parser.add_argument_group("data")
    data.add_argument(
        "--pool", type=Path, help="folder of items to train on; may grow and change"
    )
    data.add_argument(
        "--heard", type=Path, help="folder of recorded music that label_music.py labelled"
    )
    data.add_argument(
        "--data",
        action="append",
        default=[],
        metavar="NAME[:PART,PART]=FOLDER",
        help="also train on recordings: idmt, mdb or egmd as published (see datasets.py)",
    )
    data.add_argument(
        "--share",
        action="append",
        default=[],
        metavar="NAME=SHARE",
        help="share of the segments that come from a data set (default: by hours^0.7)",
    )
    data.add_argument(
        "--bands",
        type=Path,
        help="folder of accompaniments alone (make_data.py --bands) to lay under rendered segments",
    )
    data.add_argument(
        "--no-variations",
        action="store_true",
        help="take the features of --pool and --heard as they are",
    )
    data.add_argument(
        "--features",
        type=Path,
        default=Path(__file__).with_name("features.json"),
        help="settings that the features of --pool were made with",
    )
    data.add_argument("--fyr", type=Path, help="the fyr program, to compute features for --data")
    data.add_argument("--validation", type=Path, help="folder of items to validate on")
    data.add_argument(
        "--memory-gb",
        type=more_than_0,
        default=6.0,
        help="features of songs kept in memory; those of --bands take a quarter more (default 6)",
    )
    data.add_argument(
        "--workers",
        type=count_from_0,
        default=0,
        help="processes that prepare segments, each with --memory-gb of its own; a GPU needs some "
        "(default 0: a thread)",
    )
    data.add_argument(
        "--min-items", type=count, default=20, help="wait until the pool holds so many (default 20)"
    )
    data.add_argument(
        "--validation-minutes",
        type=more_than_0,
        default=40.0,
        help="of audio per validation (default 40)",
    )
    data.add_argument(
        "--rare-share",
        type=share,
        default=0.4,
        help="segments drawn around rarer drums (default 0.4)",
    )
    data.add_argument(
        "--mask-share", type=share, default=0.3, help="segments with hidden bands (default 0.3)"
    )


def _add_network(parser: argparse.ArgumentParser) -> None:
    net = parser.add_argument_group("network")
    net.add_argument(
        "--units",
        type=count,
        nargs="+",
        help="per direction and layer (default those of --init, 192 192 without); more than --init "
        "has widen its network",
    )
    net.add_argument(
        "--front",
        type=_parse_convolution,
        nargs="+",
        metavar="CHANNELS[:POOLED]",
        help="convolutions over the first view's bands in front of the other layers: how many "
        "channels each makes and how many bands it puts together, 16 16:2 32:2 for one (default: "
        "those of --init, none without)",
    )
    net.add_argument("--dropout", type=share_below_1, default=0.2)


def _add_schedule(parser: argparse.ArgumentParser) -> None:
    steps = parser.add_argument_group("schedule")
    length = steps.add_mutually_exclusive_group(required=True)
    length.add_argument(
        "--minutes", type=more_than_0, help="wall time; the learning rate falls with the time spent"
    )
    length.add_argument("--steps", type=count, help="optimiser steps")
    steps.add_argument("--batch", type=count, default=24, help="segments per step (default 24)")
    steps.add_argument(
        "--frames", type=count, default=500, help="frames per segment (default 500 = 5 s)"
    )
    steps.add_argument(
        "--lr", type=more_than_0, default=2e-3, help="highest learning rate (default 2e-3)"
    )
    steps.add_argument(
        "--warm-up", type=share, default=0.02, help="share of the schedule (default 0.02)"
    )
    steps.add_argument("--weight-decay", type=from_0, default=1e-4)
    steps.add_argument(
        "--ema", type=share, default=0.999, help="decay of the weights' running mean"
    )
    steps.add_argument(
        "--rare-weight", type=from_0, default=0.25, help="power of rarity in drum weights"
    )
    steps.add_argument(
        "--positive-weight", type=from_0, default=1.5, help="weight of onsets against silence"
    )
    steps.add_argument(
        "--beat-weight", type=from_0, default=0.3, help="weight of the beats' loss (default 0.3)"
    )
    steps.add_argument(
        "--patience",
        type=count_from_0,
        default=0,
        help="stop after so many validations without gain; 0: never",
    )


def _add_run(parser: argparse.ArgumentParser) -> None:
    run = parser.add_argument_group("run")
    run.add_argument("--out", type=Path, required=True)
    run.add_argument(
        "--validate-minutes", type=from_0, default=5.0, help="between validations (default 5)"
    )
    run.add_argument(
        "--checkpoint-minutes", type=from_0, default=3.0, help="between checkpoints (default 3)"
    )
    run.add_argument("--resume", action="store_true", help="go on with the training in --out")
    run.add_argument(
        "--init",
        type=Path,
        help="start from the averaged weights of this checkpoint or from this model file",
    )
    run.add_argument("--seed", type=seed, default=1)
    run.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    run.add_argument("--threads", type=count, default=1, help="of PyTorch on a CPU (default 1)")


def _check_names(chosen: argparse.Namespace) -> None:
    names = [choice.name for choice in chosen.data]
    for name in names:
        if names.count(name) > 1:
            raise InputError(
                f"--data names {name} twice; parts go together: {name}:PART,PART=FOLDER"
            )
    if chosen.heard:
        names.append("heard")
    strangers = set(chosen.share) - set(names)
    if strangers:
        raise InputError(f"--share names {', '.join(sorted(strangers))}, which is not trained on")
    total = sum(chosen.share.values())
    if chosen.pool or len(chosen.share) < len(names):
        if total >= 1:
            raise InputError(f"--share: {total:g} in all leaves nothing for the rest")
    elif abs(total - 1) > 1e-6:
        raise InputError(f"--share: the shares of all that trains make {total:g}, not 1")


def _check_device(name: str) -> None:
    try:
        device = torch.device(name)
    except RuntimeError:
        raise InputError(f"--device {name}: PyTorch knows no such device") from None
    if device.type == "cuda" and not torch.cuda.is_available():
        raise InputError(f"--device {name}: PyTorch finds no CUDA device; --device cpu needs none")
    try:
        torch.empty(0, device=device)
    except RuntimeError:
        raise InputError(f"--device {name}: PyTorch has no use of it here; try cpu or cuda") from None


def _parse_convolution(text: str) -> tuple[int, int]:
    channels, _, pooled = text.partition(":")
    try:
        layer = int(channels), int(pooled or 1)
    except ValueError:
        layer = 0, 0
    if min(layer) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not CHANNELS or CHANNELS:POOLED, like 16:2")
    return layer


def _parse_shares(texts: list[str]) -> dict[str, float]:
    shares: dict[str, float] = {}
    for text in texts:
        name, _, number = text.partition("=")
        try:
            share = float(number)
        except ValueError:
            share = 0.0
        if not 0 < share <= 1:
            raise InputError(f"--share {text}: not NAME=SHARE with a share above 0, at most 1")
        if name in shares:
            raise InputError(f"--share names {name} twice")
        shares[name] = share
    return shares


if __name__ == "__main__":
    parse_arguments()
