#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains the network that reads hits and puts it into a model file.

    python3 models/training/train_hits.py --groove $FYR_DATA/groove --model models/drums.safetensors \
      -o build/training/with_hits.safetensors --minutes 45

Hits of Groove's train split and of mma's grooves (hit_songs.py), cross-entropy of beats and downbeats,
AdamW with a warm-up and half a cosine over --minutes, running mean of the weights. One CPU core is
enough. Of what the losses on Groove's validation split on the way judge, the best weights are taken:
its hits as they were played, without the mistakes that those to learn from have.
--checkpoint FILE is written as often and at the end, and gone on from where it exists; without --model
that is all, so that a training may run before there is a model to put the network into.
"""

from __future__ import annotations

import blas  # noqa: F401  (sets OpenBLAS up before numpy and torch load it)

import argparse
import math
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

import groove
from hit_songs import Sources, cut
from hits_network import (SEGMENT_S, HitsNetwork, beat_targets, description_of, hit_frames, n_frames,
                          tensors_of)
from mma_grooves import load_mma_grooves
from option_types import count, more_than_0, seed, share
from program import InputError, prepare_output, run
from safetensors import read_model, write_model
from training_state import load_saved, save_whole

_RATE, _LEAST_RATE, _WARM_UP_STEPS = 2e-3, 1e-5, 100
_WEIGHT_DECAY, _CLIP = 1e-3, 1.0
_AVERAGE = 0.998
_VALIDATE_EVERY = 100
_JUDGED_AFTER_S = 1.5  # beats long after the last hit are nobody's to know
_VALIDATION_STEP_S = 30
_SETTINGS = ("units", "batch", "mma_share", "seed")  # that a training keeps to its end

Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor]  # frames, targets, which frames count


def _item(hits: np.ndarray, beats: np.ndarray, judged_after_s: float):
    frames = n_frames(SEGMENT_S)
    counts = np.ones(frames, np.float32)
    last_s = hits[:, 0].max() if len(hits) else 0.0
    counts[n_frames(last_s + judged_after_s) :] = 0
    return hit_frames(hits, frames), beat_targets(beats, frames), counts


def _stack(items) -> Batch:
    frames, targets, counts = (torch.from_numpy(np.stack(part)) for part in zip(*items))
    return frames, targets, counts


def draw_batch(rng: np.random.Generator, sources: Sources, size: int) -> Batch:
    cuts = (cut(rng, sources.draw(rng), SEGMENT_S) for _ in range(size))
    return _stack([_item(hits, beats, _JUDGED_AFTER_S) for hits, beats in cuts])


def validation_batch(library: groove.Library) -> Batch:
    """The performances as played, from 30 seconds to 30 seconds."""
    items = []
    for played in library.grooves:
        beats = played.beats().astype(float)
        for start in np.arange(0, max(1, played.end_s - 10), _VALIDATION_STEP_S):
            hits, near = (times[(times[:, 0] >= start) & (times[:, 0] < start + SEGMENT_S)].copy()
                          for times in (played.hits, beats))
            hits[:, 0] -= start
            near[:, 0] -= start
            items.append(_item(hits, near, 0.5))
    return _stack(items)


def losses(network: HitsNetwork, batch: Batch) -> torch.Tensor:
    """[2]: of beats and of downbeats, each a mean over the frames that count."""
    frames, targets, counts = batch
    each = binary_cross_entropy_with_logits(network(frames), targets, reduction="none")
    return (each * counts[..., None]).sum((0, 1)) / counts.sum()


class Judged(NamedTuple):
    """Averaged weights and their loss on the validation split."""

    loss: float
    steps: int
    weights: dict[str, torch.Tensor]


class Training:
    def __init__(self, sources: Sources, validation: Batch, arguments: argparse.Namespace):
        torch.manual_seed(arguments.seed)
        self.rng = np.random.default_rng(arguments.seed)
        self.sources, self.validation, self.arguments = sources, validation, arguments
        self.network = HitsNetwork(arguments.units)
        self.average = HitsNetwork(arguments.units).eval()
        self.average.load_state_dict(self.network.state_dict())
        self.optimiser = torch.optim.AdamW(self.network.parameters(), _RATE,
                                           weight_decay=_WEIGHT_DECAY)
        self.steps, self.seconds = 0, 0.0
        self.best = Judged(math.inf, 0, self.average.state_dict())
        if arguments.checkpoint and arguments.checkpoint.exists():
            self._load(arguments.checkpoint)

    def run(self) -> None:
        """Trains until the time is up."""
        recent: list[float] = []
        while self.seconds < 60 * self.arguments.minutes:
            begin = time.monotonic()
            recent.append(self._step())
            self.seconds += time.monotonic() - begin
            if self.steps % _VALIDATE_EVERY == 0:
                self._report(float(np.mean(recent[-_VALIDATE_EVERY:])))
        self._judge()
        if recent and self.arguments.checkpoint:
            self._save(self.arguments.checkpoint)

    def _step(self) -> float:
        done = self.seconds / (60 * self.arguments.minutes)
        rate = _RATE * min(1, (self.steps + 1) / _WARM_UP_STEPS) * (1 + math.cos(math.pi * done)) / 2
        for group in self.optimiser.param_groups:
            group["lr"] = rate + _LEAST_RATE
        self.network.train()
        loss = losses(self.network, draw_batch(self.rng, self.sources, self.arguments.batch)).sum()
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), _CLIP)
        self.optimiser.step()
        self.steps += 1
        kept = min(_AVERAGE, (self.steps + 1) / (self.steps + 10))
        with torch.no_grad():
            for mean, now in zip(self.average.parameters(), self.network.parameters()):
                mean.mul_(kept).add_(now, alpha=1 - kept)
        return loss.item()

    @torch.no_grad()
    def _validate(self) -> torch.Tensor:
        return losses(self.average, self.validation)

    def _judge(self) -> list[float]:
        """The validation losses, which decide whether these weights are the best."""
        found = self._validate().tolist()
        if sum(found) < self.best.loss:
            weights = {name: tensor.clone() for name, tensor in self.average.state_dict().items()}
            self.best = Judged(sum(found), self.steps, weights)
        return found

    def _report(self, trained: float) -> None:
        beats, downbeats = self._judge()
        print(f"step {self.steps}  {self.seconds / 60:.1f} min  loss {trained:.4f}  | validation "
              f"beats {beats:.4f}  downbeats {downbeats:.4f}", flush=True)
        if self.arguments.checkpoint:
            self._save(self.arguments.checkpoint)

    def _save(self, path: Path) -> None:
        save_whole({"network": self.network.state_dict(), "average": self.average.state_dict(),
                    "optimiser": self.optimiser.state_dict(), "steps": self.steps,
                    "best": tuple(self.best), "settings": self._settings(),
                    "seconds": self.seconds, "random": self.rng.bit_generator.state,
                    "torch_random": torch.get_rng_state()}, path)

    def _settings(self) -> dict[str, float]:
        return {name: getattr(self.arguments, name) for name in _SETTINGS}

    def _load(self, path: Path) -> None:
        stored = load_saved(path, "train_hits.py")
        try:
            trained = stored["settings"]
            for name, value in self._settings().items():
                if trained[name] != value:
                    option = f"--{name.replace('_', '-')}"
                    raise InputError(f"{path}: trained with {option} {trained[name]}, not {value}; give "
                                     "the same, or another --checkpoint")
            self.network.load_state_dict(stored["network"])
            self.average.load_state_dict(stored["average"])
            self.optimiser.load_state_dict(stored["optimiser"])
            self.steps, self.seconds = stored["steps"], stored["seconds"]
            self.best = Judged(*stored["best"])
            self.rng.bit_generator.state = stored["random"]
            torch.set_rng_state(stored["torch_random"])
        except (RuntimeError, KeyError, TypeError) as error:
            raise InputError(f"{path}: not a checkpoint of this train_hits.py") from error


def put_into(model: Path, output: Path, network: HitsNetwork, training: dict) -> None:
    """The model file with this hits network in place of any that it has."""
    tensors, description = read_model(model)
    tensors = {name: t for name, t in tensors.items() if not name.startswith("hits.")}
    description["hits_network"] = description_of(network)
    description["training"]["hits_network"] = training
    write_model(output, {**tensors, **tensors_of(network)}, description)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--groove", type=Path, required=True, help="the Groove MIDI Dataset's folder")
    parser.add_argument("--model", type=Path, help="the model file to put it into")
    parser.add_argument("-o", "--output", type=Path, help="the model file to write")
    parser.add_argument("--minutes", type=more_than_0, default=45)
    parser.add_argument("--units", type=count, default=64, help="of each direction")
    parser.add_argument("--batch", type=count, default=48, help="segments of 30 s")
    parser.add_argument("--mma-share", type=share, default=0.2, help="of mma's grooves; 0: none")
    parser.add_argument("--seed", type=seed, default=7)
    parser.add_argument("--checkpoint", type=Path)
    arguments = parser.parse_args()
    if (arguments.model is None) != (arguments.output is None):
        parser.error("--model and --output go together")
    if arguments.model is None and arguments.checkpoint is None:
        parser.error("nothing to write: give --model and --output, or --checkpoint")
    # Training takes long: what is wrong is told before.
    if arguments.model:
        read_model(arguments.model)
    for path in filter(None, (arguments.output, arguments.checkpoint)):
        prepare_output(path)
    try:
        grooves = load_mma_grooves() if arguments.mma_share > 0 else {}
        sources = Sources(groove.load_groove(arguments.groove, "train"), grooves, arguments.mma_share)
        validation = validation_batch(groove.load_groove(arguments.groove, "validation"))
    except ValueError as error:
        raise InputError(str(error)) from error
    training = Training(sources, validation, arguments)
    training.run()
    best = training.best
    if arguments.model is None:
        return
    network = HitsNetwork(arguments.units)
    network.load_state_dict(best.weights)
    put_into(arguments.model, arguments.output, network, {
        "steps": training.steps, "taken_after": best.steps, "minutes": round(training.seconds / 60, 1),
        "batch": arguments.batch, "segment_s": SEGMENT_S, "mma_share": arguments.mma_share,
        "seed": arguments.seed, "validation_loss": round(best.loss, 4)})
    print(f"{arguments.output}: weights of step {best.steps} of {training.steps}, "
          f"validation loss {best.loss:.4f}")


if __name__ == "__main__":
    run(main)
