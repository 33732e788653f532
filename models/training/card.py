# SPDX-License-Identifier: GPL-3.0-or-later

"""Tables of the model card: Markdown between markers, replaced by the scripts that measure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from program import InputError

CARD = Path(__file__).resolve().parents[1] / "README.md"
NOT_MEASURED = "Not measured."
_HEADINGS = {"accuracy": "Accuracy", "training": "How it was trained", "kits": "Kits",
             "times": "Times"}


def begin_card(card: Path, title: str) -> None:
    """Writes a card of all sections, without figures yet."""
    sections = [f"## {heading}\n\n<!-- figures: {name} -->\n{NOT_MEASURED}\n<!-- end: {name} -->\n"
                for name, heading in _HEADINGS.items()]
    card.write_text("\n".join([f"# {title}\n", *sections]), encoding="utf-8")


def section_of(card: Path, name: str) -> str:
    """The text between the lines that replace_section looks for; raises ValueError as it does."""
    return _around(card, name)[1]


def _around(card: Path, name: str) -> tuple[str, str, str]:
    """What stands before the section, in it and after it, marks left out."""
    content = card.read_text(encoding="utf-8")
    head, found, rest = content.partition(f"<!-- figures: {name} -->\n")
    text, closed, tail = rest.partition(f"<!-- end: {name} -->")
    if not found or not closed:
        raise InputError(f"{card} has no section {name!r}")
    return head, text, tail


def replace_section(card: Path, name: str, text: str) -> None:
    """Puts `text` between the lines <!-- figures: NAME --> and <!-- end: NAME -->.

    Raises ValueError where the card has no such pair.
    """
    head, _, tail = _around(card, name)
    marks = f"<!-- figures: {name} -->\n", f"<!-- end: {name} -->"
    card.write_text(f"{head}{marks[0]}{text.strip()}\n{marks[1]}{tail}", encoding="utf-8")


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
