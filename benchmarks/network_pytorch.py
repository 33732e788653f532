#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network of network_bench.cpp without convolutions in PyTorch: two bidirectional LSTM layers, 228 inputs, 28
outputs, three minutes in batches of 12 segments, one thread.

    OMP_NUM_THREADS=1 python3 benchmarks/network_pytorch.py
"""
import math
import time

import torch

SEGMENT, OVERLAP, FRAMES, INPUTS, BATCH = 500, 125, 18000, 228, 12


def main():
    torch.set_num_threads(1)
    for units in (128, 160, 192):
        lstm = torch.nn.LSTM(INPUTS, units, num_layers=2, bidirectional=True, batch_first=True)
        dense = torch.nn.Linear(2 * units, 28)
        n_segments = math.ceil(FRAMES / (SEGMENT - 2 * OVERLAP))
        inputs = torch.rand(n_segments, SEGMENT, INPUTS)
        seconds = []
        with torch.no_grad():
            for _ in range(3):
                start = time.thread_time()
                for batch in inputs.split(BATCH):
                    torch.sigmoid(dense(lstm(batch)[0][:, OVERLAP:-OVERLAP]))
                seconds.append(time.thread_time() - start)
        print(f"PyTorch {torch.__version__}, {units} units: {min(seconds):.3f} s, "
              f"{FRAMES * 0.01 / min(seconds):.0f} x real time")


if __name__ == "__main__":
    main()
