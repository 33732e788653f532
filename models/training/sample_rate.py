# SPDX-License-Identifier: GPL-3.0-or-later
"""The rate of all sounds that are read, made and mixed; features.json has the same."""

SAMPLE_RATE = 44100  # Hz
