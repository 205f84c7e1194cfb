"""Look-ups in real tables: WikiTableQuestions (Pasupat and Liang, ACL 2015; CC BY-SA 4.0).

Kept are questions whose answer is one cell and that name another cell of its row, so that the row
answers by itself; a question whose row is left out of the window is a near miss.
"""

import csv
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from training.example import ReadingExample, Stretch

Row = Sequence[str]

_BETWEEN = "\n\n"
"""Rows are blocks of the stored text."""

LONGEST_ROW = 400
_SHOWN = (3, 9)


def lookups(folder: Path, rng: random.Random) -> Iterator[ReadingExample]:
    """Examples from a checkout of ppasupat/WikiTableQuestions."""
    with (folder / "data" / "training.tsv").open(encoding="utf-8") as file:
        next(file)
        for line in file:
            name, question, context, target = line.rstrip("\n").split("\t")
            table = _table(folder / context)
            if table is not None:
                yield from _of(name, question, target, table, rng)


def _table(path: Path) -> tuple[Row, list[Row]] | None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            [" ".join(cell.replace("\\n", " ").split()) for cell in row]
            for row in csv.reader(file, escapechar="\\")
        ]
    if len(rows) < 4 or any(len(row) != len(rows[0]) for row in rows) or len(rows[0]) < 2:
        return None
    return rows[0], rows[1:]


def _of(
    name: str, question: str, target: str, table: tuple[Row, list[Row]], rng: random.Random
) -> Iterator[ReadingExample]:
    header, rows = table
    asked = question.lower()
    cells = [
        (r, c)
        for r, row in enumerate(rows)
        for c, cell in enumerate(row)
        if cell.lower() == target.lower() and cell
    ]
    if len(cells) != 1 or "|" in target or target.lower() in asked:
        return
    ((row, column),) = cells
    named = [
        cell
        for c, cell in enumerate(rows[row])
        if c != column and len(cell) > 3 and cell.lower() in asked
    ]
    alone = [cell for cell in named if sum(cell in other for other in rows) == 1]
    if not alone:
        return
    lines = [row_line(header, cells_) for cells_ in rows]
    if len(lines[row]) > LONGEST_ROW:
        return
    group = f"web_tables:{name}"
    text, place = _window(lines, row, rng)
    start = place + _cell_place(header, rows[row], column, lines[row])
    answer: Stretch = (start, start + len(rows[row][column]))
    if text[slice(*answer)] != rows[row][column]:
        return
    relevant = ((place, place + len(lines[row])),)
    yield ReadingExample("web_tables/asked", "", text, question + " ?", (answer,), relevant, group)
    others = [line for number, line in enumerate(lines) if number != row]
    missed, _ = _window(others, rng.randrange(len(others)), rng)
    if alone[0].lower() not in missed.lower():
        yield ReadingExample("web_tables/absent", "", missed, question + " ?", (), (), group)


def row_line(header: Row, cells: Row) -> str:
    """A row as loading stores it: `Header1: cell1; Header2: cell2`, without empty cells."""
    return "; ".join(
        f"{label.removesuffix(':')}: {cell}" if label else cell
        for label, cell in zip(header, cells, strict=True)
        if cell
    )


def _window(lines: Sequence[str], row: int, rng: random.Random) -> tuple[str, int]:
    """Some neighbouring lines with that one among them, and where it begins."""
    size = min(len(lines), rng.randint(*_SHOWN))
    first = max(0, min(row - rng.randrange(size), len(lines) - size))
    shown = list(lines[first : first + size])
    while sum(map(len, shown)) > 1000 and len(shown) > 1:
        if row - first < len(shown) / 2:
            shown.pop()
        else:
            shown.pop(0)
            first += 1
    before = shown[: row - first]
    return _BETWEEN.join(shown), sum(len(line) + len(_BETWEEN) for line in before)


def _cell_place(header: Row, cells: Row, column: int, line: str) -> int:
    """Where in the line the cell of that column begins, cells being written in order."""
    place = 0
    for number, cell in enumerate(cells[: column + 1]):
        if not cell:
            continue
        label = f"{header[number].removesuffix(':')}: " if header[number] else ""
        found = line.find(label + cell, place)
        place = found + len(label) if found >= 0 else line.find(cell, place)
        if number < column:
            place += len(cell)
    return place
