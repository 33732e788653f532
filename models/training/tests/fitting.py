# SPDX-License-Identifier: GPL-3.0-or-later

"""A folder with a small model and a program in fyr's place, for what fits models on songs."""

import tempfile
import unittest
from pathlib import Path

import numpy as np

from safetensors import write_model


class FittingTest(unittest.TestCase):
    def set_up(self, stub: str, description: dict):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        self.fyr = self.folder / "fyr"
        self.fyr.write_text(stub)
        self.fyr.chmod(0o755)
        self.model = self.folder / "model.safetensors"
        write_model(self.model, {"a": np.ones(3)}, description)
