#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trains the drum network on a pool of rendered songs.

    python3 models/training/train.py --pool work/train --validation work/validation \\
        --out work/run1 --minutes 90

Writes into --out: checkpoint.pt (newest), best.pt (lowest validation loss), log.jsonl (one line a
validation), loss.png (both losses so far) and, where TensorBoard is installed, its event files. A
killed training goes on with --resume; --init CHECKPOINT starts a new schedule from given weights.
"""

import argparse
import os
import random
import sys
import time
import warnings
from pathlib import Path

import blas  # noqa: F401  (sets OpenBLAS up before numpy and torch load it)

import numpy as np
import torch

from dataset import Pool, Sampler, prefetch
from losses import DrumLoss, drum_weights
from network import DrumNetwork
from run_log import RunLog
from training_state import Average, TrainingState, learning_rate_factor, load_checkpoint
from validation import validate


def parse_arguments(arguments=None):
    parser = argparse.ArgumentParser(
        description="Train the drum network on a pool of rendered songs."
    )
    data = parser.add_argument_group("data")
    data.add_argument(
        "--pool", type=Path, required=True, help="folder of items to train on; may grow and change"
    )
    data.add_argument("--validation", type=Path, help="folder of items to validate on")
    data.add_argument(
        "--memory-gb", type=float, default=6.0, help="features kept in memory (default 6)"
    )
    data.add_argument(
        "--min-items", type=int, default=20, help="wait until the pool holds so many (default 20)"
    )
    data.add_argument(
        "--validation-minutes",
        type=float,
        default=40.0,
        help="of audio per validation (default 40)",
    )
    data.add_argument(
        "--rare-share",
        type=float,
        default=0.4,
        help="segments drawn around rarer drums (default 0.4)",
    )
    data.add_argument(
        "--mask-share", type=float, default=0.3, help="segments with hidden bands (default 0.3)"
    )
    net = parser.add_argument_group("network")
    net.add_argument(
        "--units", type=int, nargs="+", default=[128, 128], help="per direction and layer"
    )
    net.add_argument("--dropout", type=float, default=0.2)
    net.add_argument("--no-kernel", action="store_true", help="use nn.LSTM on CPUs too")
    steps = parser.add_argument_group("schedule")
    length = steps.add_mutually_exclusive_group(required=True)
    length.add_argument(
        "--minutes", type=float, help="wall time; the learning rate falls with the time spent"
    )
    length.add_argument("--steps", type=int, help="optimiser steps")
    steps.add_argument("--batch", type=int, default=24, help="segments per step (default 24)")
    steps.add_argument(
        "--frames", type=int, default=500, help="frames per segment (default 500 = 5 s)"
    )
    steps.add_argument(
        "--lr", type=float, default=2e-3, help="highest learning rate (default 2e-3)"
    )
    steps.add_argument(
        "--warm-up", type=float, default=0.02, help="share of the schedule (default 0.02)"
    )
    steps.add_argument("--weight-decay", type=float, default=1e-4)
    steps.add_argument(
        "--ema", type=float, default=0.999, help="decay of the weights' running mean"
    )
    steps.add_argument(
        "--rare-weight", type=float, default=0.25, help="power of rarity in drum weights"
    )
    steps.add_argument(
        "--positive-weight", type=float, default=1.5, help="weight of onsets against silence"
    )
    steps.add_argument(
        "--patience",
        type=int,
        default=0,
        help="stop after so many validations without gain; 0: never",
    )
    run = parser.add_argument_group("run")
    run.add_argument("--out", type=Path, required=True)
    run.add_argument(
        "--validate-minutes", type=float, default=5.0, help="between validations (default 5)"
    )
    run.add_argument(
        "--checkpoint-minutes", type=float, default=3.0, help="between checkpoints (default 3)"
    )
    run.add_argument("--resume", action="store_true", help="go on with the training in --out")
    run.add_argument("--init", type=Path, help="start from the averaged weights of this checkpoint")
    run.add_argument("--seed", type=int, default=1)
    run.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    run.add_argument("--threads", type=int, default=1, help="of PyTorch on a CPU (default 1)")
    return parser.parse_args(arguments)


def wait_for_items(pool: Pool, least: int, minutes: float = 30.0):
    waited = time.monotonic()
    while pool.view is None or len(pool.view.items) < least:
        if time.monotonic() - waited > 60 * minutes:
            sys.exit(
                f"train: {pool.folder} holds fewer than {least} items after {minutes:.0f} minutes"
            )
        time.sleep(2)
        pool.refresh()


def build(arguments, pool: Pool, device) -> TrainingState:
    """The network, from scratch, from --init or from the newest checkpoint in --out."""
    newest = arguments.out / "checkpoint.pt"
    checkpoint = None
    if arguments.resume and newest.exists():
        checkpoint = load_checkpoint(newest)
    elif arguments.init:
        checkpoint = load_checkpoint(arguments.init)
    units = tuple(checkpoint["units"] if checkpoint else arguments.units)
    network = DrumNetwork(pool.inputs, units, arguments.dropout, not arguments.no_kernel)
    counts = torch.tensor(pool.view.drum_counts).float()
    loss = DrumLoss(drum_weights(counts, arguments.rare_weight), arguments.positive_weight)
    if checkpoint is None:
        network.set_standardisation(*pool.statistics())
    else:
        network.load_state_dict(checkpoint["average"])
        loss.load_state_dict(checkpoint["loss"])
    network.to(device)
    loss.to(device)
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=arguments.lr, weight_decay=arguments.weight_decay
    )
    state = TrainingState(network, loss, optimiser, Average(network, arguments.ema))
    if checkpoint is not None and arguments.resume and newest.exists():
        state.restore(checkpoint)
    return state


def train(arguments):
    random.seed(arguments.seed)
    np.random.seed(arguments.seed)
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    torch.set_flush_denormal(
        True
    )  # gradients fade through time; NumPy notices, and it does not matter there
    warnings.filterwarnings("ignore", message="The value of the smallest subnormal")
    device = torch.device(arguments.device)
    arguments.out.mkdir(parents=True, exist_ok=True)
    pool = Pool(arguments.pool, arguments.memory_gb)
    wait_for_items(pool, arguments.min_items)
    validation = None
    if arguments.validation:
        validation = Pool(arguments.validation, 4.0, refresh_s=None, inputs=pool.inputs)
    if validation and not validation.view:
        sys.exit(f"train: {arguments.validation} holds no items to validate on")
    state = build(arguments, pool, device)
    log = RunLog(arguments.out, keep=arguments.resume)
    settings = {k: str(v) if isinstance(v, Path) else v for k, v in vars(arguments).items()}
    sampler = Sampler(
        pool,
        arguments.frames,
        arguments.seed + state.step,
        arguments.rare_share,
        mask_share=arguments.mask_share,
    )
    print(
        f"train: {len(pool.view.items)} items, {pool.hours:.1f} h, {pool.inputs} inputs, "
        f"{sum(p.numel() for p in state.network.parameters())} weights, on {device}",
        flush=True,
    )

    def check():
        """Validates the averaged weights; returns False when it is time to stop early."""
        entry = {
            "step": state.step,
            "minutes": round(state.elapsed_s / 60, 2),
            **state.train_summary(),
            "pool_hours": round(pool.hours, 2),
        }
        if validation:
            with state.average.applied():
                entry["validation"] = validate(
                    state.network, state.loss, validation, device, arguments.validation_minutes
                )
            better = state.note_validation(entry["validation"]["loss"])
            if better:
                state.save(arguments.out / "best.pt", settings)
        log.write(entry)
        return arguments.patience == 0 or state.stale < arguments.patience

    last_check = last_save = state.elapsed_s
    clock = time.monotonic() - state.elapsed_s
    for batch in prefetch(sampler, arguments.batch):
        done = (
            state.step / arguments.steps
            if arguments.steps
            else state.elapsed_s / (60 * arguments.minutes)
        )
        if done >= 1:
            break
        for group in state.optimiser.param_groups:
            group["lr"] = arguments.lr * learning_rate_factor(done, arguments.warm_up)
        state.train_step(batch, device, arguments.batch * arguments.frames / 100)
        state.elapsed_s = time.monotonic() - clock
        if state.elapsed_s - last_check >= 60 * arguments.validate_minutes:
            last_check = state.elapsed_s
            if not check():
                print("train: stopping early, validation no longer improves", flush=True)
                break
        if state.elapsed_s - last_save >= 60 * arguments.checkpoint_minutes:
            last_save = state.elapsed_s
            state.save(arguments.out / "checkpoint.pt", settings)
    check()
    state.save(arguments.out / "checkpoint.pt", settings)


if __name__ == "__main__":
    train(parse_arguments())
