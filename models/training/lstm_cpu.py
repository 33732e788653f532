# SPDX-License-Identifier: GPL-3.0-or-later

"""A bidirectional LSTM layer that trains fast on a CPU.

`BiLstm` holds the parameters of a one-layer bidirectional `nn.LSTM` and equals it in values and
gradients. On a CPU it runs the kernel of lstm_cpu.cpp, compiled on first use for the machine at
hand; on a GPU, for sizes that the kernel cannot do, and where no compiler is found, it runs
`nn.LSTM` itself.
"""

import ctypes
import functools
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import torch
from torch import nn

SOURCE = Path(__file__).with_name("lstm_cpu.cpp")
FLAGS = ["-std=c++17", "-O3", "-march=native", "-ffp-contract=fast", "-shared", "-fPIC"]


def _cache_dir() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "fyr"


def _cpu_flags() -> str:
    """What -march=native depends on, so that a cache shared by two machines keeps one library for
    each."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return ""
    return next((line for line in lines if line.startswith("flags")), "")


@functools.lru_cache(maxsize=None)
def load_kernel():
    """The compiled kernel as a ctypes library, or None where it cannot be compiled."""
    key = hashlib.sha256(
        SOURCE.read_bytes() + " ".join(FLAGS).encode() + _cpu_flags().encode()
    ).hexdigest()[:16]
    library = _cache_dir() / f"lstm_cpu_{key}.so"
    if not library.exists():
        part = library.with_suffix(f".{os.getpid()}.part")
        try:
            library.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(
                [os.environ.get("CXX", "g++"), *FLAGS, str(SOURCE), "-o", str(part)],
                check=True,
                capture_output=True,
                text=True,
            )
        except (OSError, subprocess.CalledProcessError) as error:
            reason = getattr(error, "stderr", None) or error
            print(f"lstm_cpu: no fast kernel ({reason}); using nn.LSTM", file=sys.stderr)
            return None
        part.rename(library)
    kernel = ctypes.CDLL(str(library))
    integer, pointer, stride = ctypes.c_int, ctypes.c_void_p, ctypes.c_ssize_t
    kernel.fyr_lstm_lanes.restype = integer
    kernel.fyr_lstm_forward.argtypes = [integer] * 5 + [pointer] * 7 + [stride]
    kernel.fyr_lstm_forward.restype = None
    kernel.fyr_lstm_backward.argtypes = [integer] * 4 + [pointer, stride] + [pointer] * 4
    kernel.fyr_lstm_backward.restype = None
    return kernel


@functools.lru_cache(maxsize=None)
def _panel_rows(units: int, lanes: int) -> torch.Tensor:
    """Rows of a PyTorch weight (gate, unit) in the kernel's order (panel, gate, lane)."""
    return torch.arange(4 * units).view(4, units // lanes, lanes).transpose(0, 1).reshape(-1)


def _pack_forward(weight: torch.Tensor, lanes: int) -> torch.Tensor:
    """[4H in panel order, depth] -> [panels, depth, 4 * lanes]."""
    return weight.view(-1, 4 * lanes, weight.shape[1]).transpose(1, 2).contiguous()


def _pack_backward(weight: torch.Tensor, lanes: int) -> torch.Tensor:
    """[4H in panel order, H] -> pairs of panels [4H, 2 * lanes] one after the other, an odd one
    last."""
    units = weight.shape[1]
    paired = units // (2 * lanes) * 2 * lanes
    pairs = weight[:, :paired].reshape(4 * units, -1, 2 * lanes).transpose(0, 1).reshape(-1)
    return torch.cat([pairs, weight[:, paired:].reshape(-1)])


class _BiLstmFunction(torch.autograd.Function):
    """x [T, B, I] and per direction W_ih [4H, I], W_hh [4H, H], bias [4H] -> h [T, B, 2H]."""

    @staticmethod
    def forward(ctx, x, *weights):
        kernel = load_kernel()
        lanes = kernel.fyr_lstm_lanes()
        frames, batch, inputs = x.shape
        units = weights[1].shape[1]
        rows = _panel_rows(units, lanes)
        x = x.contiguous()
        h = x.new_empty(frames, batch, 2 * units)
        saved = []
        for direction in range(2):
            w_ih, w_hh, bias = (
                w.detach()[rows] for w in weights[3 * direction : 3 * direction + 3]
            )
            gates = x.new_empty(frames, batch, 4 * units)
            c = x.new_empty(frames, batch, units)
            packed_ih, packed_hh = _pack_forward(w_ih, lanes), _pack_forward(w_hh, lanes)
            kernel.fyr_lstm_forward(
                frames,
                batch,
                inputs,
                units,
                direction,
                x.data_ptr(),
                packed_ih.data_ptr(),
                packed_hh.data_ptr(),
                bias.data_ptr(),
                gates.data_ptr(),
                c.data_ptr(),
                h.data_ptr() + 4 * units * direction,
                2 * units,
            )
            saved += [gates, c, w_ih, w_hh]
        ctx.save_for_backward(x, h, *saved)
        ctx.spent = False
        return h

    @staticmethod
    def backward(ctx, dh):
        if ctx.spent:
            raise RuntimeError(
                "the LSTM kernel's gate buffers are overwritten by backward: call it once"
            )
        ctx.spent = True
        kernel = load_kernel()
        lanes = kernel.fyr_lstm_lanes()
        x, h, *saved = ctx.saved_tensors
        frames, batch, inputs = x.shape
        units = h.shape[2] // 2
        rows = _panel_rows(units, lanes)
        dh = dh.contiguous()
        dx = None
        scratch = x.new_empty(batch, units)
        gradients = []
        for direction in range(2):
            gates, c, w_ih, w_hh = saved[4 * direction : 4 * direction + 4]
            packed = _pack_backward(w_hh, lanes)
            kernel.fyr_lstm_backward(
                frames,
                batch,
                units,
                direction,
                dh.data_ptr() + 4 * units * direction,
                2 * units,
                packed.data_ptr(),
                c.data_ptr(),
                gates.data_ptr(),
                scratch.data_ptr(),
            )
            sums = gates.view(frames * batch, 4 * units)
            mine = h[:, :, units * direction : units * (direction + 1)]
            if direction == 0:
                before, after = mine[:-1], gates[1:]
            else:
                before, after = mine[1:], gates[:-1]
            d_ih = sums.t() @ x.view(frames * batch, inputs)
            d_hh = after.reshape(-1, 4 * units).t() @ before.reshape(-1, units)
            for packed_gradient in (d_ih, d_hh, sums.sum(0)):
                gradient = torch.empty_like(packed_gradient)
                gradient[rows] = packed_gradient
                gradients.append(gradient)
            if ctx.needs_input_grad[0]:
                part = (sums @ w_ih).view(frames, batch, inputs)
                dx = part if dx is None else dx.add_(part)
        return (dx, *gradients)


def named_weights(layers, prefix: str) -> dict[str, torch.Tensor]:
    """What a model file holds of BiLstm layers: PREFIX.K.DIRECTION.weight_ih, weight_hh and bias."""
    keys = ("weight_ih", "weight_hh", "bias")
    return {
        f"{prefix}.{k}.{name}.{key}": tensor
        for k, layer in enumerate(layers)
        for direction, name in enumerate(("forward", "backward"))
        for key, tensor in zip(keys, layer.direction_weights(direction))
    }


class BiLstm(nn.Module):
    """One bidirectional LSTM layer: [T, B, inputs] -> [T, B, 2 * units], forward half first."""

    def __init__(self, inputs: int, units: int, use_kernel: bool = True):
        super().__init__()
        self.lstm = nn.LSTM(inputs, units, bidirectional=True)
        self.use_kernel = use_kernel

    def kernel_applies(self, x: torch.Tensor) -> bool:
        if not self.use_kernel or x.device.type != "cpu" or x.dtype != torch.float32:
            return False
        kernel = load_kernel()
        return kernel is not None and self.lstm.hidden_size % kernel.fyr_lstm_lanes() == 0

    def direction_weights(self, direction: int):
        """W_ih [4H, I], W_hh [4H, H] and the sum of both biases [4H]; rows by gate: i, f, g, o."""
        suffix = "_l0_reverse" if direction else "_l0"
        w_ih, w_hh, b_ih, b_hh = (
            getattr(self.lstm, name + suffix)
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )
        return w_ih, w_hh, b_ih + b_hh

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.kernel_applies(x):
            return self.lstm(x)[0]
        return _BiLstmFunction.apply(x, *self.direction_weights(0), *self.direction_weights(1))
