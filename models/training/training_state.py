# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that a training must remember to go on after a kill."""

from __future__ import annotations

import contextlib
import math
import os
import time
from pathlib import Path

import torch

from feature_variations import image_of
from losses import DrumLoss
from network import DrumNetwork, Front
from program import InputError
from safetensors import read_model


def learning_rate_factor(done: float, warm_up: float) -> float:
    """Linear warm-up, then half a cosine down to 1 %; `done` is the share of the schedule spent."""
    if done < warm_up:
        return max(done / warm_up, 0.01)
    return 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min((done - warm_up) / (1 - warm_up), 1.0)))


def save_whole(content: dict, path: Path):
    """Written beside and renamed: a kill never leaves half a file."""
    part = path.with_suffix(f".{os.getpid()}.part")
    torch.save(content, part)
    part.replace(path)


def load_saved(path: Path, program: str):
    """What `program` saved. Raises OSError, and InputError for other files."""
    try:
        return torch.load(path, map_location="cpu")
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        raise
    except Exception as error:  # unpickling raises what it comes across
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise InputError(f"{path}: not a checkpoint of {program} ({reason})") from error


_ORIGINS = {"trained_on", "validated_on", "earlier"}


def load_checkpoint(path: Path) -> dict:
    """Raises InputError for what is no checkpoint or does not tell what trained it."""
    checkpoint = load_saved(path, "train.py")
    if not isinstance(checkpoint, dict) or not _ORIGINS <= checkpoint.keys():
        raise InputError(f"{path}: not a checkpoint that tells what trained it")
    return checkpoint


def front_of(checkpoint: dict) -> Front | None:
    """The convolutions of a checkpoint's network."""
    stored = checkpoint["front"]
    if stored is None:
        return None
    layers = tuple((channels, pooled) for channels, pooled in stored["layers"])
    return Front(stored["planes"], stored["bands"], layers)


def stored_front(front: Front | None) -> dict | None:
    """What front_of reads."""
    if front is None:
        return None
    return {
        "planes": front.planes,
        "bands": front.bands,
        "layers": [list(layer) for layer in front.layers],
    }


def load_weights(path: Path) -> dict:
    """A checkpoint, or what a model file tells of the one that it was exported from."""
    if path.suffix != ".safetensors":
        return load_checkpoint(path)
    tensors, description = read_model(path)
    training = description.get("training", {})
    if not _ORIGINS <= training.keys():
        raise InputError(f"{path}: not a model file that tells what trained it")
    units = [layer["units"] for layer in description["layers"] if layer["type"] == "bilstm"]
    convolutions = [layer for layer in description["layers"] if layer["type"] == "convolution"]
    front = None
    if convolutions:
        layers = tuple((layer["channels"], layer["pooled_bands"]) for layer in convolutions)
        front = Front(*image_of(description["features"]), layers)
    weights = {
        "input_mean": tensors["input.mean"],
        "input_scale": tensors["input.scale"],
        "dense.weight": tensors["dense.weight"],
        "dense.bias": tensors["dense.bias"],
    }
    for k in range(len(convolutions)):
        weight = tensors[f"convolution.{k}.weight"]
        weights[f"convolutions.layers.{k}.weight"] = (
            weight.reshape(len(weight), 3, 3, -1).transpose(0, 3, 1, 2).copy()
        )
        weights[f"convolutions.layers.{k}.bias"] = tensors[f"convolution.{k}.bias"]
    for k in range(len(units)):
        for direction, suffix in (("forward", ""), ("backward", "_reverse")):
            ours, theirs = f"lstm.{k}.{direction}.", f"layers.{k}.lstm."
            weights[f"{theirs}weight_ih_l0{suffix}"] = tensors[f"{ours}weight_ih"]
            weights[f"{theirs}weight_hh_l0{suffix}"] = tensors[f"{ours}weight_hh"]
            # PyTorch has two biases; the file holds their sum.
            weights[f"{theirs}bias_ih_l0{suffix}"] = tensors[f"{ours}bias"]
            weights[f"{theirs}bias_hh_l0{suffix}"] = 0 * tensors[f"{ours}bias"]
    return {
        "inputs": len(tensors["input.mean"]),
        "units": units,
        "front": stored_front(front),
        "average": {name: torch.tensor(tensor) for name, tensor in weights.items()},
        "trained_on": training["trained_on"],
        "validated_on": training["validated_on"],
        "earlier": training["earlier"],
        "step": training["steps"],
        "heard_s": 3600 * training["hours_heard"],
        "elapsed_s": 60 * training["minutes"],
        "settings": training["settings"],
    }


def summary(checkpoint: dict) -> dict:
    """How long the training of a checkpoint took."""
    return {
        "steps": checkpoint["step"],
        "hours_heard": round(checkpoint["heard_s"] / 3600, 1),
        "minutes": round(checkpoint["elapsed_s"] / 60, 1),
    }


class Average:
    """Running mean of a network's weights, faster in the beginning."""

    def __init__(self, network: DrumNetwork, decay: float):
        self.network, self.decay, self.updates = network, decay, 0
        self.weights = {
            name: value.detach().clone() for name, value in network.state_dict().items()
        }

    @torch.no_grad()
    def update(self):
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        for name, value in self.network.state_dict().items():
            self.weights[name].lerp_(value, 1 - decay)

    @contextlib.contextmanager
    def applied(self):
        """The network carries the mean inside this context, its own weights again afterwards."""
        own = {name: value.detach().clone() for name, value in self.network.state_dict().items()}
        self.network.load_state_dict(self.weights)
        try:
            yield
        finally:
            self.network.load_state_dict(own)


class TrainingState:
    """Network, loss, optimiser and running mean, and how far they have come."""

    def __init__(self, network: DrumNetwork, loss: DrumLoss, optimiser, average: Average):
        self.network, self.loss, self.optimiser, self.average = network, loss, optimiser, average
        self.step, self.elapsed_s, self.heard_s = 0, 0.0, 0.0
        self.best_loss, self.stale = math.inf, 0
        self.inherited: set[str] = set()  # data sets that trained the weights it started from
        self.read_by_pools: list[set[str]] = []  # each pool's, which may grow
        self.drawn: set[str] = set()  # workers read pools of their own
        self.validated_on: set[str] = set()
        self.earlier: list[dict] = []  # trainings that the start's weights had behind them
        self._recent, self._recent_s, self._recent_since = [], 0.0, time.monotonic()

    def train_step(self, batch, device, audio_s: float):
        self.network.train()
        features, targets, known, mask = (
            part.to(device, non_blocking=True) for part in batch[:4]
        )
        losses = self.loss(self.network(features, mask), targets, known)
        self.optimiser.zero_grad(set_to_none=True)
        losses[0].backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        self.average.update()
        self.drawn |= batch.datasets
        self.step += 1
        self.heard_s += audio_s
        self._recent.append(torch.stack([part.detach() for part in losses]))
        self._recent_s += audio_s

    def train_summary(self) -> dict:
        """Mean losses and speed of the steps since the last call, at least one."""
        now = time.monotonic()
        means = torch.stack(self._recent).mean(0).tolist()
        speed = self._recent_s / max(now - self._recent_since, 1e-9)
        self._recent, self._recent_s, self._recent_since = [], 0.0, now
        return {
            "loss": means[0],
            "onset_loss": means[1],
            "velocity_loss": means[2],
            "beat_loss": means[3],
            "x_real_time": round(speed, 1),
            "heard_hours": round(self.heard_s / 3600, 2),
            "lr": self.optimiser.param_groups[0]["lr"],
        }

    def note_validation(self, loss: float) -> bool:
        """True when `loss` is the lowest so far."""
        better, loss = loss < self.best_loss, float(loss)  # PyTorch loads no number of NumPy's
        self.best_loss, self.stale = (loss, 0) if better else (self.best_loss, self.stale + 1)
        return better

    @property
    def trained_on(self) -> set[str]:
        """Names of all data sets whose items ever could reach these weights."""
        return self.inherited.union(self.drawn, *self.read_by_pools)

    def inherit(self, checkpoint: dict, resumed: bool):
        """Takes over what trained `checkpoint`, as an earlier training unless it is resumed."""
        self.inherited = set(checkpoint["trained_on"])
        self.validated_on = set(checkpoint["validated_on"])
        self.earlier = list(checkpoint["earlier"])
        if not resumed:
            self.earlier.append(summary(checkpoint))

    def save(self, path: Path, settings: dict):
        """Raises InputError, and leaves what is there, where weights are no longer finite: nothing
        could go on from them.
        """
        if not all(value.isfinite().all() for value in self.network.state_dict().values()):
            raise InputError(
                f"weights are no longer finite numbers after step {self.step}, {path} stays as it is; "
                "a lower --lr may help"
            )
        save_whole(
            {
                "inputs": self.network.inputs,
                "units": list(self.network.units),
                "front": stored_front(self.network.front),
                "settings": settings,
                "torch": str(torch.__version__),
                "trained_on": sorted(self.trained_on),
                "validated_on": sorted(self.validated_on),
                "earlier": self.earlier,
                "network": self.network.state_dict(),
                "average": self.average.weights,
                "updates": self.average.updates,
                "loss": self.loss.state_dict(),
                "optimiser": self.optimiser.state_dict(),
                "step": self.step,
                "elapsed_s": self.elapsed_s,
                "heard_s": self.heard_s,
                "best_loss": self.best_loss,
                "stale": self.stale,
                "random": torch.get_rng_state(),
                "cuda_random": torch.cuda.get_rng_state_all(),
            },
            path,
        )

    def restore(self, checkpoint: dict):
        self.network.load_state_dict(checkpoint["network"])
        self.loss.load_state_dict(checkpoint["loss"])
        self.optimiser.load_state_dict(checkpoint["optimiser"])
        for name, value in checkpoint["average"].items():
            self.average.weights[name].copy_(value)
        self.average.updates = checkpoint["updates"]
        self.step, self.elapsed_s, self.heard_s = (
            checkpoint[k] for k in ("step", "elapsed_s", "heard_s")
        )
        self.best_loss, self.stale = checkpoint["best_loss"], checkpoint["stale"]
        torch.set_rng_state(checkpoint["random"])
        if len(checkpoint["cuda_random"]) == torch.cuda.device_count():
            torch.cuda.set_rng_state_all(checkpoint["cuda_random"])
