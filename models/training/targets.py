# SPDX-License-Identifier: GPL-3.0-or-later

"""Training targets of one stretch of frames.

A hit at frame position p = time * 100 gives frame n the value clip(1.5 - |n - p|, 0, 1): the usual
[.5 1 .5] when the hit lies on a frame, [.5 - d, 1, .5 + d] when it lies d frames after one. The
vertex of the parabola through these three values is exactly p, which is how onset picking refines
the time.
"""

import numpy as np

from network import BEATS, N_OUTPUTS, ONSETS, VELOCITIES

FRAMES_PER_SECOND = 100


def widened(positions: np.ndarray):
    """Frames [n, 3] around each position and their values [n, 3]."""
    nearest = np.floor(positions + 0.5).astype(np.int64)
    frames = nearest[:, None] + np.arange(-1, 2)
    return frames, np.clip(1.5 - np.abs(frames - positions[:, None]), 0.0, 1.0)


def _paint(target: np.ndarray, columns: np.ndarray, positions: np.ndarray):
    """Raises target[frame, column] to the widened value; returns what was painted: frame, column,
    value, hit."""
    frames, values = widened(positions)
    inside = (frames >= 0) & (frames < len(target)) & (values > 0)
    columns = np.broadcast_to(columns[:, None], frames.shape)[inside]
    hits = np.broadcast_to(np.arange(len(positions))[:, None], frames.shape)[inside]
    frames, values = frames[inside], values[inside]
    np.maximum.at(target, (frames, columns), values)
    return frames, columns, values, hits


def build_targets(
    onsets: np.ndarray, beats: np.ndarray, first_frame: int, frames: int
) -> np.ndarray:
    """Targets [frames, 28] for the frames from `first_frame` on.

    onsets [n, 3]: time_s, drum, velocity 0..1; beats [m, 2]: time_s, 1 for downbeats. Velocities
    stand at the frames of their onset and are 0 elsewhere: the onset target tells where they count.
    """
    target = np.zeros((frames, N_OUTPUTS), np.float32)
    start, stop = (first_frame - 2) / FRAMES_PER_SECOND, (
        first_frame + frames + 2
    ) / FRAMES_PER_SECOND
    onsets = onsets[(onsets[:, 0] >= start) & (onsets[:, 0] < stop)].astype(np.float64)
    if len(onsets):
        drums = onsets[:, 1].astype(np.int64)
        at, columns, values, hits = _paint(
            target[:, ONSETS], drums, onsets[:, 0] * FRAMES_PER_SECOND - first_frame
        )
        order = np.argsort(
            values, kind="stable"
        )  # where hits overlap, the nearer one gives the velocity
        target[:, VELOCITIES][at[order], columns[order]] = onsets[hits[order], 2]
    beats = beats[(beats[:, 0] >= start) & (beats[:, 0] < stop)].astype(np.float64)
    if len(beats):
        positions = beats[:, 0] * FRAMES_PER_SECOND - first_frame
        _paint(target[:, BEATS], np.zeros(len(beats), np.int64), positions)
        down = beats[:, 1] > 0.5
        _paint(target[:, BEATS], np.ones(int(down.sum()), np.int64), positions[down])
    return target
