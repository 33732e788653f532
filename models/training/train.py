#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trains the drum network on a pool of rendered songs.

    python3 models/training/train.py --pool build/training/train --validation build/training/validation \\
        --out build/training/run1 --minutes 90

Writes into --out: checkpoint.pt (newest), best.pt (lowest validation loss), log.jsonl (one line a
validation), loss.png (both losses so far) and, where TensorBoard is installed, its event files. A
killed training goes on with --resume; --init CHECKPOINT starts a new schedule from given weights.
Public data sets join the rendered songs with --data NAME=FOLDER, records that a finished model labelled
(label_music.py) with --heard FOLDER; checkpoints name all that trained.
"""

from __future__ import annotations

import random
import sys
import time
import warnings
from functools import partial
from pathlib import Path

import blas  # noqa: F401  (sets OpenBLAS up before numpy and torch load it)

import numpy as np
import torch

from dataset import Pool
from feature_variations import FeatureVariations, check_features, image_of, read_settings
from losses import DrumLoss, drum_weights
from network import DrumNetwork, Front
from prepare_data import folder_of, prepare
from program import InputError, run
from run_log import RunLog
from sampling import Sampler, batches_of
from train_options import parse_arguments
from training_state import (
    Average,
    TrainingState,
    front_of,
    learning_rate_factor,
    load_checkpoint,
    load_weights,
)
from validation import validate
from widen import widened


def open_pools(arguments, prepared: bool = False) -> dict[str, Pool]:
    """The pool of rendered songs, of music that a model labelled, and one for each data set, which
    share the memory evenly. `prepared`: the data sets' features are there already."""
    n_pools = len(arguments.data) + bool(arguments.pool) + bool(arguments.heard)
    gigabytes = arguments.memory_gb / n_pools
    pools = {}
    if arguments.pool:
        pools["rendered"] = Pool(arguments.pool, gigabytes)
        wait_for_items(pools["rendered"], arguments.min_items)
    inputs = pools["rendered"].inputs if pools else None
    if arguments.heard:
        pools["heard"] = Pool(arguments.heard, gigabytes, inputs=inputs)
        wait_for_items(pools["heard"], 1)
        inputs = pools["heard"].inputs
    for choice in arguments.data:
        folder = folder_of(choice, arguments.out)
        if not prepared:
            prepare(choice, folder, arguments.fyr, arguments.features)
        pools[choice.name] = Pool(folder, gigabytes, inputs=inputs)
        inputs = pools[choice.name].inputs
        if pools[choice.name].view is None:
            raise InputError(f"{folder} holds no items of {inputs} features, as the others have")
    return pools


def check_folders(arguments):
    """Ends the program where folders of songs are missing; that of --pool is waited for."""
    for option in ("heard", "bands", "validation"):
        folder = getattr(arguments, option)
        if folder and not folder.is_dir():
            raise InputError(f"--{option} {folder}: no such folder")


def open_variations(arguments, inputs: int, seed: int, worker: int):
    """What changes rendered and heard segments, and the pool of bands; None where not asked for."""
    if arguments.no_variations or not (arguments.pool or arguments.heard):
        return None, None
    random_numbers = np.random.default_rng([seed, 0xFEA7, worker])
    variations = FeatureVariations(arguments.features, random_numbers)
    bands = None
    if arguments.bands:
        bands = Pool(arguments.bands, arguments.memory_gb / 4, inputs=inputs)
        wait_for_items(bands, 1)
    return variations, bands


def open_sampler(arguments, named_pools: dict[str, Pool] | None, seed: int, worker: int) -> Sampler:
    """Draws from `named_pools`; a worker's process has no threads that refresh them, so it opens
    its own."""
    if worker:
        named_pools = open_pools(arguments, prepared=True)
    pools = list(named_pools.values())
    variations, bands = open_variations(arguments, pools[0].inputs, seed, worker)
    return Sampler(
        pools,
        arguments.frames,
        seed + 1_000_003 * worker,
        arguments.rare_share,
        mask_share=arguments.mask_share,
        shares=[arguments.share.get(name) for name in named_pools],
        variations=variations,
        band=bands,
    )


def hours_of(pools: list[Pool]) -> float:
    return sum(pool.hours for pool in pools)


def wait_for_items(pool: Pool, least: int, minutes: float = 30.0):
    waited, told = time.monotonic(), False
    while pool.view is None or len(pool.view.items) < least:
        if not told:
            print(f"train: waiting for songs in {pool.folder}", file=sys.stderr, flush=True)
            told = True
        if time.monotonic() - waited > 60 * minutes:
            raise InputError(
                f"{pool.folder} has held fewer than {least} items for {minutes:g} minutes"
            )
        time.sleep(2)
        pool.refresh()


def choose_front(arguments, checkpoint: dict | None, inputs: int) -> Front | None:
    """The convolutions that --front asks for, else those of the checkpoint to start from, if any."""
    known = front_of(checkpoint) if checkpoint else None
    if not arguments.front:
        return known
    check_features(arguments.features, inputs, "the items have")
    planes, bands = image_of(read_settings(arguments.features))
    front = Front(planes, bands, tuple(arguments.front))
    if front.n_outputs < 1:
        raise InputError(f"--front leaves none of {bands} bands")
    if checkpoint and front != known:
        raise InputError("--front names other convolutions than those of the weights to start from")
    return front


def build(arguments, pools: list[Pool], device) -> TrainingState:
    """The network, from scratch, from --init or from the newest checkpoint in --out."""
    newest = arguments.out / "checkpoint.pt"
    resumed = arguments.resume and newest.exists()
    checkpoint = None
    if resumed:
        checkpoint = load_checkpoint(newest)
    elif arguments.init:
        checkpoint = load_weights(arguments.init)
    if checkpoint and checkpoint["inputs"] != pools[0].inputs:
        raise InputError(
            f"the network of {newest if resumed else arguments.init} has {checkpoint['inputs']} "
            f"inputs, the items have {pools[0].inputs} features"
        )
    units = tuple(arguments.units or (checkpoint["units"] if checkpoint else (192, 192)))
    if resumed and units != tuple(checkpoint["units"]):
        raise InputError(
            f"{newest} has layers of {checkpoint['units']} units; --init, into another --out, "
            f"begins a training of other ones with its weights"
        )
    front = choose_front(arguments, checkpoint, pools[0].inputs)
    network = DrumNetwork(pools[0].inputs, units, arguments.dropout, front=front)
    counts = torch.tensor(sum(pool.view.drum_counts for pool in pools)).float()
    loss = DrumLoss(
        drum_weights(counts, arguments.rare_weight),
        arguments.positive_weight,
        beat=arguments.beat_weight,
    )
    if checkpoint is None:
        network.set_standardisation(*pools[0].statistics())
    else:
        network.load_state_dict(widened(checkpoint["average"], units, front))
    network.to(device)
    loss.to(device)
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=arguments.lr, weight_decay=arguments.weight_decay
    )
    state = TrainingState(network, loss, optimiser, Average(network, arguments.ema))
    if checkpoint is not None:
        state.inherit(checkpoint, resumed)
        if resumed:
            state.restore(checkpoint)
    return state


def seed_all(seed: int):
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def open_validation(arguments, inputs: int) -> Pool | None:
    """The songs to validate on, if any were named."""
    if not arguments.validation:
        return None
    pool = Pool(arguments.validation, 4.0, refresh_s=None, inputs=inputs)
    if not pool.view:
        raise InputError(f"{arguments.validation} holds no items to validate on")
    return pool


def settings_of(arguments) -> dict:
    """What checkpoints tell of the command line."""
    settings = {k: str(v) if isinstance(v, Path) else v for k, v in vars(arguments).items()}
    settings["data"] = [f"{name}:{','.join(parts)}" for name, parts, _ in arguments.data]
    return settings


class Training:
    """What a training reads, how far it has come, and when it ends."""

    def __init__(self, arguments):
        self.arguments = arguments
        self.settings = settings_of(arguments)
        self.device = torch.device(arguments.device)
        self.named_pools = open_pools(arguments)
        self.pools = list(self.named_pools.values())
        self.validation = open_validation(arguments, self.pools[0].inputs)
        if (arguments.pool or arguments.heard) and not arguments.no_variations:
            check_features(arguments.features, self.pools[0].inputs, "the items have")
        self.state = build(arguments, self.pools, self.device)
        self.state.read_by_pools = [pool.datasets for pool in self.pools]
        self.state.validated_on |= self.validation.datasets if self.validation else set()
        self.log = RunLog(arguments.out, keep_until=self.state.step)

    def describe(self) -> str:
        n_weights = sum(p.numel() for p in self.state.network.parameters())
        n_items = sum(len(pool.view.items) for pool in self.pools)
        return (
            f"{n_items} items, {hours_of(self.pools):.1f} h, {self.pools[0].inputs} inputs, "
            f"{n_weights} weights, on {self.device}"
        )

    def is_stale(self) -> bool:
        return 0 < self.arguments.patience <= self.state.stale

    def share_done(self) -> float:
        """Of the schedule; 1 or more at its end."""
        if self.arguments.steps:
            return self.state.step / self.arguments.steps
        return self.state.elapsed_s / (60 * self.arguments.minutes)

    def save(self, name: str):
        self.state.save(self.arguments.out / name, self.settings)

    def check(self):
        """Validates the averaged weights, keeps them if they are the best, and logs."""
        entry = {
            "step": self.state.step,
            "minutes": round(self.state.elapsed_s / 60, 2),
            **self.state.train_summary(),
            "pool_hours": round(hours_of(self.pools), 2),
        }
        if self.validation:
            with self.state.average.applied():
                entry["validation"] = validate(
                    self.state.network,
                    self.state.loss,
                    self.validation,
                    self.device,
                    self.arguments.validation_minutes,
                    self.arguments.frames,
                )
            if self.state.note_validation(entry["validation"]["loss"]):
                # Together: a training that goes on must know how good the best weights are.
                self.save("best.pt")
                self.save("checkpoint.pt")
        self.log.write(entry)

    def batches(self):
        """Without end."""
        opener = partial(
            open_sampler,
            self.arguments,
            None if self.arguments.workers else self.named_pools,
            self.arguments.seed + self.state.step,
        )
        return batches_of(opener, self.arguments.batch, self.arguments.workers)

    def step(self, batch, done: float):
        rate = self.arguments.lr * learning_rate_factor(done, self.arguments.warm_up)
        for group in self.state.optimiser.param_groups:
            group["lr"] = rate
        audio_s = self.arguments.batch * self.arguments.frames / 100
        self.state.train_step(batch, self.device, audio_s)

    def run(self):
        """Steps until the schedule ends or validation no longer improves, with checks between."""
        batches = self.batches()
        batch = next(batches)  # pools are read until here, on no schedule's time
        last_check = last_save = self.state.elapsed_s
        clock = time.monotonic() - self.state.elapsed_s
        while (done := self.share_done()) < 1:
            self.step(batch, done)
            self.state.elapsed_s = time.monotonic() - clock
            if self.state.elapsed_s - last_check >= 60 * self.arguments.validate_minutes:
                last_check = self.state.elapsed_s
                self.check()
                if self.is_stale():
                    print("train: stopping early, validation no longer improves", flush=True)
                    break
            if self.state.elapsed_s - last_save >= 60 * self.arguments.checkpoint_minutes:
                last_save = self.state.elapsed_s
                self.save("checkpoint.pt")
            batch = next(batches)
        del batches  # ends its processes at once, which the garbage collector would wait seconds for
        if not self.log.entries or self.log.entries[-1]["step"] < self.state.step:
            self.check()
        self.save("checkpoint.pt")


def train(arguments):
    seed_all(arguments.seed)
    torch.set_num_threads(arguments.threads)
    # Gradients fade through time; NumPy notices, and it does not matter there.
    torch.set_flush_denormal(True)
    warnings.filterwarnings("ignore", message="The value of the smallest subnormal")
    newest = arguments.out / "checkpoint.pt"
    if newest.exists() and not arguments.resume:
        raise InputError(f"{newest} exists: go on with --resume, or name another --out")
    check_folders(arguments)
    arguments.out.mkdir(parents=True, exist_ok=True)
    training = Training(arguments)
    print(f"train: {training.describe()}", flush=True)
    if training.share_done() >= 1 or training.is_stale():
        print(f"train: the training in {arguments.out} has ended", flush=True)
        return
    training.run()


if __name__ == "__main__":
    run(lambda: train(parse_arguments()))
