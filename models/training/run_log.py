# SPDX-License-Identifier: GPL-3.0-or-later

"""A training's record: log.jsonl, a picture of the losses, TensorBoard where it is installed."""

import json
from pathlib import Path


def _tensorboard(folder: Path):
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return None
    return SummaryWriter(folder)


class RunLog:
    """`keep_until`: entries up to this step stay, those of a training that was cut off after its
    last checkpoint go. 0: none stays."""

    def __init__(self, folder: Path, keep_until: int = 0):
        self.folder, self.path = folder, folder / "log.jsonl"
        self.entries = []
        if self.path.exists():
            whole, _, _ = self.path.read_text().rpartition("\n")  # A kill may cut the last line off.
            stored = [json.loads(line) for line in whole.splitlines()]
            self.entries = [entry for entry in stored if entry["step"] <= keep_until]
            part = folder / "log.part.jsonl"
            part.write_text("".join(json.dumps(entry) + "\n" for entry in self.entries))
            part.replace(self.path)
        self.tensorboard = _tensorboard(folder)

    def write(self, entry: dict):
        self.entries.append(entry)
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
        self._print(entry)
        self._draw()
        if self.tensorboard:
            for group in ("", "validation"):
                for name, value in (entry.get(group, {}) if group else entry).items():
                    if isinstance(value, (int, float)):
                        self.tensorboard.add_scalar(
                            f"{group or 'training'}/{name}", value, entry["step"]
                        )
            self.tensorboard.flush()

    @staticmethod
    def _print(entry: dict):
        line = (
            f"step {entry['step']}  {entry['minutes']:.1f} min  loss {entry['loss']:.4f}  "
            f"{entry['x_real_time']:.0f} x real time  heard {entry['heard_hours']:.1f} h  "
            f"pool {entry['pool_hours']:.1f} h"
        )
        if "validation" in entry:
            found = entry["validation"]
            line += f"  | validation {found['loss']:.4f}  F {found['f_flat']:.3f}"
            line += f" (mean of drums {found['f_best']:.3f})\n   "
            line += "  ".join(
                f"{drum} {values[1]:.2f}@{values[2]:.2f}"
                for drum, values in found["per_drum"].items()
            )
        print(line, flush=True)

    def _draw(self):
        try:
            import matplotlib
        except ImportError:
            return
        matplotlib.use("Agg")
        from matplotlib import pyplot

        figure, (left, right) = pyplot.subplots(1, 2, figsize=(12, 4.5))
        minutes = [entry["minutes"] for entry in self.entries]
        left.plot(minutes, [entry["loss"] for entry in self.entries], label="training")
        checked = [entry for entry in self.entries if "validation" in entry]
        at = [entry["minutes"] for entry in checked]
        left.plot(at, [entry["validation"]["loss"] for entry in checked], label="validation")
        left.set(xlabel="minutes", ylabel="loss", yscale="log")
        left.legend()
        right.plot(
            at,
            [entry["validation"]["f_best"] for entry in checked],
            "k",
            lw=2,
            label="mean of drums",
        )
        for drum in checked[-1]["validation"]["per_drum"] if checked else ():
            right.plot(
                at,
                [entry["validation"]["per_drum"][drum][1] for entry in checked],
                lw=0.8,
                label=drum,
            )
        right.set(xlabel="minutes", ylabel="validation F ±50 ms", ylim=(0, 1))
        right.legend(fontsize=6, ncol=2)
        figure.tight_layout()
        part = self.folder / "loss.part.png"
        figure.savefig(part, dpi=110)
        pyplot.close(figure)
        part.replace(self.folder / "loss.png")
