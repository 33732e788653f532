# SPDX-License-Identifier: GPL-3.0-or-later

"""Counting found, invented and missed hits, and picking the peaks of an activation.

Hits are arrays of times; matching is one to one within a window. For sorted times the pairs that a
single pass from the earliest on makes are as many as any matching can make.
"""

import numpy as np


def match(reference: np.ndarray, found: np.ndarray, window_s: float = 0.05):
    """Indices of matched pairs (into `reference`, into `found`); both sorted."""
    pairs, r, f = [], 0, 0
    while r < len(reference) and f < len(found):
        difference = found[f] - reference[r]
        if abs(difference) <= window_s:
            pairs.append((r, f))
            r, f = r + 1, f + 1
        elif difference < 0:
            f += 1
        else:
            r += 1
    return np.array(pairs, np.int64).reshape(-1, 2).T


def f_measure(hits: float, found: float, reference: float) -> float:
    """2 TP / (found + reference); 1 where there is nothing to find and nothing found."""
    return float(2 * hits / (found + reference)) if found + reference else 1.0


def count_at(songs, thresholds: np.ndarray, window_s: float = 0.05) -> np.ndarray:
    """Pooled TP, found, reference [len(thresholds), 3] of one drum.

    songs: (reference times, found times, confidences) each; a threshold keeps the hits with at
    least its confidence.
    """
    counts = np.zeros((len(thresholds), 3))
    for reference, times, confidences in songs:
        order = np.argsort(times, kind="stable")
        times, confidences, reference = times[order], confidences[order], np.sort(reference)
        for k, threshold in enumerate(thresholds):
            kept = times[confidences >= threshold]
            counts[k] += match(reference, kept, window_s).shape[1], len(kept), len(reference)
    return counts


def pick_peaks(activation: np.ndarray, least: float = 0.05, frames_per_second: float = 100.0):
    """Times and confidences of one drum's peaks in activation [frames]: a quick stand-in for the
    product's picking.

    A peak is the largest value from 20 ms before to 10 ms after; its confidence is its height over
    the mean from 100 ms before to 10 ms after (Böck et al., ISMIR 2012).
    """
    n = len(activation)
    padded = np.concatenate([np.zeros(10), activation, np.zeros(1)])
    largest = np.max([padded[10 + k : 10 + k + n] for k in (-2, -1, 0, 1)], axis=0)
    sums = np.concatenate([[0.0], np.cumsum(padded)])
    confidence = activation - (sums[12 : 12 + n] - sums[:n]) / 12
    peaks = np.flatnonzero((activation == largest) & (confidence >= least))
    if len(peaks):
        y = np.concatenate([[0.0], activation, [0.0]])
        left, top, right = y[peaks], y[peaks + 1], y[peaks + 2]
        bend = left - 2 * top + right
        shift = np.where(bend < 0, 0.5 * (left - right) / np.where(bend < 0, bend, -1), 0)
        return (peaks + np.clip(shift, -0.5, 0.5)) / frames_per_second, confidence[peaks]
    return np.zeros(0), np.zeros(0)
