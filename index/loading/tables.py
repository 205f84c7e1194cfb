"""A table of any format → one line for each row, as a reader can use it.

    Lighthouse: Grey Point; Built: 1871; Keeper: Olsen

Every cell stands behind the name of its column, because what retrieval and the reader see of a
table is a row or two: without its header `1871` is no year of building.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_LONGEST_LABEL = 100
_FIGURE = re.compile(r"[^\w\s]*\d[\d\s.,:/%°-]*\D{0,3}")
"""A cell that is a number, a date or an amount: with three letters of a unit at most."""
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A cell, and how many columns and rows of the grid it covers."""

    text: str
    columns: int = 1
    rows: int = 1


_EMPTY = Cell("")


def row_lines(rows: Sequence[Sequence[Cell]], header_rows: int | None = None) -> list[str]:
    """One line for each row of data, each cell behind the name of its column.

    `header_rows`: how many rows at the top name the columns; None where the format does not say,
    then the cells do. A cell that covers several rows is said in each of them; one that covers a
    whole row is a line of its own; an empty cell is left out. Without a header two columns are
    read as a name and its value, `Born: 1871`, and more are kept apart by ` | `.
    """
    width = max((sum(cell.columns for cell in row) for row in rows), default=0)
    grid = [row for row in _grid(rows, width) if any(cell.text for cell in row)]
    title = [grid.pop(0)[0].text] if len(grid) > 1 and _is_one_cell(grid[0]) else []
    if header_rows is None:
        header_rows = 1 if _names_its_columns(grid) else 0
    else:
        header_rows = max(0, header_rows - len(title))
    header, data = grid[:header_rows], grid[header_rows:]
    if not data or width == 1:
        header, data = [], grid
    labels = [_joined([cell.text for cell in column]) for column in zip(*header, strict=True)]
    labels = labels if any(labels) else []
    return [*title, *(line for row in data if (line := _line(row, labels)))]


def plain_rows(rows: Sequence[Sequence[str]], header_rows: int | None = None) -> list[str]:
    """`row_lines` of cells that cover one column and one row each."""
    return row_lines([[Cell(text) for text in row] for row in rows], header_rows)


def is_table_row(line: str) -> bool:
    """Whether a line of a stored text has the form that `row_lines` writes for a table.

    >>> is_table_row("Lighthouse: Grey Point; Built: 1871")
    True
    >>> is_table_row("He asked for two: a lamp and a rope. He got both.")
    False
    """
    if " | " in line:
        return True
    labelled = 0
    parts = line.split("; ")
    for part in parts:
        label, colon, _ = part.partition(": ")
        if len(label) > _LONGEST_LABEL or ". " in label:
            return False
        labelled += bool(colon)
    return len(parts) > 1 and labelled >= max(1, len(parts) - 1)


def is_figure(text: str) -> bool:
    """Whether a cell holds a number, a date or an amount and not words."""
    return _FIGURE.fullmatch(text.strip()) is not None


def _grid(rows: Sequence[Sequence[Cell]], width: int) -> list[list[Cell]]:
    """The cell at each place; a merged cell is at all of its places."""
    grid = []
    below: dict[int, tuple[Cell, int]] = {}  # column → a cell from above, rows that it still covers
    for row in rows:
        line: list[Cell] = []
        cells = iter(row)
        while len(line) < width:
            cell, left = below.pop(len(line), (None, 0))
            if cell is not None:
                if left > 1:
                    below[len(line)] = (cell, left - 1)
                line.append(cell)
                continue
            cell = next(cells, None) or _EMPTY
            span = range(len(line), min(len(line) + max(cell.columns, 1), width))
            if cell.rows > 1:
                below |= dict.fromkeys(span, (cell, cell.rows - 1))
            line += [cell] * len(span)
        grid.append(line)
    return grid


def _is_one_cell(row: Sequence[Cell]) -> bool:
    """Whether one cell covers the whole row, or is the only one in it with words: a section."""
    return len(row) > 1 and (
        all(cell is row[0] for cell in row)
        or (len(row) > 2 and bool(row[0].text) and not any(cell.text for cell in row[1:]))
    )


def _names_its_columns(grid: Sequence[Sequence[Cell]]) -> bool:
    """Whether the first row reads like names: all there, all different, no figures but years.

    Of two columns the first row is as likely a pair like all others, unless figures follow it.
    """
    if len(grid) < 2:
        return False
    corner, *names = (cell.text for cell in grid[0])
    figures = len(grid) > 2 and all(_FIGURE.fullmatch(row[-1].text) for row in grid[1:])
    return (
        all(names)
        and len({corner, *names}) == len(grid[0])
        and all(len(name) <= _LONGEST_LABEL for name in (corner, *names))
        and not _FIGURE.fullmatch(corner)
        and (not corner or all(_YEAR.fullmatch(n) or not _FIGURE.fullmatch(n) for n in names))
        and (len(names) > 1 or figures)
    )


def _joined(labels: Sequence[str]) -> str:
    """`2021` above `Revenue` → `2021 Revenue`; a label that is merged downwards is said once."""
    return " ".join(dict.fromkeys(label for label in map(_plain, labels) if label)).rstrip(": ")


def _line(row: Sequence[Cell], labels: Sequence[str]) -> str:
    cells = [cell for cell in dict.fromkeys(row) if cell.text]
    if _is_one_cell(row):
        return _plain(row[0].text)
    if labels:
        pairs = zip(labels, row, strict=True)
        named = dict.fromkeys((label, _plain(cell.text)) for label, cell in pairs if cell.text)
        return "; ".join(f"{label}: {text}" if label else text for label, text in named)
    texts = [_plain(cell.text) for cell in cells]
    if len(row) == 2 and len(texts) == 2:
        return f"{texts[0].rstrip(': ')}: {texts[1]}"
    return " | ".join(text.replace(" | ", " / ") for text in texts)


def _plain(text: str) -> str:
    """On one line, without what keeps the cells of a row apart."""
    return " ".join(text.split()).replace("; ", ", ")
