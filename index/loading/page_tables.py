"""Printed lines whose words stand in columns → the rows of a table.

A PDF holds no tables. Here one is: neighbouring lines with words far apart that stand in the same
columns, which are what the widest gaps through all of these lines leave between them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import mean, median

from index.loading.page_line import PageLine, Segment
from index.loading.tables import Cell, row_lines

_PROSE = 30
"""Characters of a cell on average in every column: such columns are of text, not of a table."""
_FEWEST_ROWS = 2
_FEWEST_PAIRS = 3
"""Of two columns alone: two lines with a gap in them are as likely an address or a date."""
_NEAR = 0.8
"""Times the usual distance of two rows: a line nearer than this goes on with the row above."""

Column = tuple[float, float]


def with_rows(lines: Sequence[PageLine]) -> list[PageLine]:
    """The lines of a page, where those of a table have become one line for each of its rows."""
    return [line for stretch in _stretches(lines) for line in _as_table(stretch) or stretch]


def _stretches(lines: Sequence[PageLine]) -> Iterator[list[PageLine]]:
    """Lines that may be a table together, and each of the others by itself.

    Between two lines of several cells there may be one of a single cell: the rest of a cell that
    is too long for its line, or the heading of a part of the table.
    """
    table: list[PageLine] = []
    between: list[PageLine] = []
    for line in lines:
        below = bool(table) and line.y < (between or table)[-1].y
        if _may_be_row(line) and (below or not table):
            table += [*between, line]
            between = []
        elif below and not between and not line.in_margin and not line.is_row:
            between = [line]
        else:
            yield table
            yield from ([other] for other in between)
            table, between = [], []
            if _may_be_row(line):
                table = [line]
            else:
                yield [line]
    yield table
    yield from ([other] for other in between)


def _may_be_row(line: PageLine) -> bool:
    return len(line.cells) > 1 and not line.in_margin and not line.is_row


def _as_table(lines: Sequence[PageLine]) -> list[PageLine]:
    """The lines of a table, one for each row; none where the lines are no table."""
    columns = _columns(lines)
    fewest = _FEWEST_PAIRS if len(columns) == 2 else _FEWEST_ROWS
    if len(columns) < 2 or sum(len(line.cells) > 1 for line in lines) < fewest:
        return []
    usual = median(above.y - below.y for above, below in pairwise(lines))
    rows: list[list[Cell]] = []
    above = None
    for line in lines:
        row = _row(line, columns)
        goes_on = not row[0].text or len(line.cells) == 1
        if above and goes_on and above.y - line.y < _NEAR * usual and len(row) == len(rows[-1]):
            rows[-1] = [_both(a, b) for a, b in zip(rows[-1], row, strict=True)]
        else:
            rows.append(row)
        above = line
    whole = [row for row in rows if len(row) == len(columns)]
    if min(mean(len(cell.text) for cell in column) for column in zip(*whole, strict=True)) > _PROSE:
        return []
    bold = lines[0].bold and not all(line.bold for line in lines)
    texts = row_lines(rows, header_rows=1 if bold else None)
    return [replace(lines[0], text=text, bold=False, cells=(), is_row=True) for text in texts]


def _columns(lines: Sequence[PageLine]) -> list[Column]:
    """Where the columns are, by the lines that have as many cells as most; none if they overlap."""
    counts = Counter(len(line.cells) for line in lines if len(line.cells) > 1)
    if not counts:
        return []
    usual = max(counts, key=lambda n: (counts[n], n))
    cells = sorted(
        (cell.left, cell.right) for line in lines if len(line.cells) == usual for cell in line.cells
    )
    columns: list[Column] = []
    for left, right in cells:
        if columns and left <= columns[-1][1]:
            columns[-1] = (columns[-1][0], max(right, columns[-1][1]))
        else:
            columns.append((left, right))
    return columns if len(columns) == usual else []


def _row(line: PageLine, columns: Sequence[Column]) -> list[Cell]:
    """The cells of a line at their columns; one that reaches over several covers them."""
    row: list[Cell] = []
    for cell in line.cells:
        over = [i for i, column in enumerate(columns) if _overlap(cell, column) > 0]
        first = over[0] if over else _nearest(cell, columns)
        row += [Cell("")] * (first - _width(row))
        if first < _width(row):  # two pieces in one column
            row[-1] = replace(row[-1], text=f"{row[-1].text} {cell.text}")
        else:
            row.append(Cell(cell.text, columns=max(1, len(over))))
    return row + [Cell("")] * (len(columns) - _width(row))


def _width(row: Sequence[Cell]) -> int:
    return sum(cell.columns for cell in row)


def _overlap(cell: Segment, column: Column) -> float:
    return min(cell.right, column[1]) - max(cell.left, column[0])


def _nearest(cell: Segment, columns: Sequence[Column]) -> int:
    return max(range(len(columns)), key=lambda i: _overlap(cell, columns[i]))


def _both(above: Cell, below: Cell) -> Cell:
    return replace(above, text=f"{above.text} {below.text}".strip())
