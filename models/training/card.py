# SPDX-License-Identifier: GPL-3.0-or-later

"""Tables of the model card: Markdown between markers, replaced by the scripts that measure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

CARD = Path(__file__).resolve().parents[1] / "README.md"


def replace_section(card: Path, name: str, text: str) -> None:
    """Puts `text` between the lines <!-- figures: NAME --> and <!-- end: NAME -->.

    Raises ValueError where the card has no such pair.
    """
    begin, end = f"<!-- figures: {name} -->\n", f"<!-- end: {name} -->"
    content = card.read_text(encoding="utf-8")
    head, found, rest = content.partition(begin)
    _, closed, tail = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"{card} has no section {name!r}")
    card.write_text(f"{head}{begin}{text.strip()}\n{closed}{tail}", encoding="utf-8")


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def share(value: float | None) -> str:
    """.934; a dash where the value is undefined."""
    return "–" if value is None else f"{value:.3f}".replace("0.", ".", 1)


def with_interval(value: float | None, interval: Sequence[float] | None) -> str:
    if value is None or interval is None:
        return share(value)
    return f"{share(value)} [{share(interval[0])}, {share(interval[1])}]"
