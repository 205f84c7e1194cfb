"""The blocks of a text in normal form, as the readers of each file type write them."""

from collections.abc import Sequence
from typing import NamedTuple

_LONGEST_LABEL = 60


class Extract(NamedTuple):
    """What a reader got out of a file: a title where the file names one, and the blocks in order.

    Each block is one line, marked as `index.articles` describes.
    """

    title: str | None
    blocks: list[str]


def heading(level: int, text: str) -> str:
    """A heading; `level` is held between 1 and 6."""
    return f"{'#' * min(max(level, 1), 6)} {one_line(text)}"


def item(text: str, number: int | None = None) -> str:
    """A list item; of an ordered list with its number, so that it can be asked for."""
    # Not `1.`: the full stop would end a sentence there.
    return f"- {number}) {one_line(text)}" if number is not None else f"- {one_line(text)}"


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def table_rows(rows: Sequence[Sequence[str]], *, header: bool) -> list[str]:
    """One readable block for each row: with a header `Missile: Hypersonic; Minutes: 5`."""
    cells = [[one_line(cell) for cell in row] for row in rows]
    cells = [row for row in cells if any(row)]
    labels = cells[0] if cells else []
    if header and len(cells) > 1 and all(len(label) <= _LONGEST_LABEL for label in labels):
        return ["; ".join(_labelled(labels, row)) for row in cells[1:]]
    return [" | ".join(cell for cell in row if cell) for row in cells]


def _labelled(labels: Sequence[str], row: Sequence[str]) -> list[str]:
    padded = [*labels, *[""] * len(row)]
    return [
        f"{label.rstrip(':')}: {cell}" if label else cell
        for label, cell in zip(padded, row, strict=False)
        if cell
    ]
