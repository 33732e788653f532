# SPDX-License-Identifier: GPL-3.0-or-later

"""Numbers of a command line, as argparse's `type`: those that cannot be are told in one line."""

from __future__ import annotations

import argparse
import math


def _number(text: str, kind: type, fits, wanted: str):
    try:
        number = kind(text)
    except ValueError:
        number = None
    if number is None or not fits(number):
        raise argparse.ArgumentTypeError(f"{text!r} is not {wanted}")
    return number


def count(text: str) -> int:
    return _number(text, int, lambda number: number > 0, "a whole number above 0")


def count_from_0(text: str) -> int:
    return _number(text, int, lambda number: number >= 0, "a whole number from 0 on")


def seed(text: str) -> int:
    """As numpy's global generator takes it."""
    return _number(text, int, lambda number: 0 <= number < 2**32, "a whole number from 0 to 2³² − 1")


def more_than_0(text: str) -> float:
    return _number(text, float, lambda number: 0 < number < math.inf, "a number above 0")


def from_0(text: str) -> float:
    return _number(text, float, lambda number: 0 <= number < math.inf, "a number from 0 on")


def share(text: str) -> float:
    return _number(text, float, lambda number: 0 <= number <= 1, "a share from 0 to 1")


def share_below_1(text: str) -> float:
    return _number(text, float, lambda number: 0 <= number < 1, "a share from 0 to below 1")
