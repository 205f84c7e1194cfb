"""CSV and TSV → one block for each row, its cells behind the names of their columns."""

import csv
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from index.loading.blocks import Extract
from index.loading.tables import is_figure, plain_rows

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 100
"""Rows by which the delimiter is found."""
_FEWEST_ROWS = 3
_FEWEST_COLUMNS = 3
"""Of a text that does not say that it is a table: prose has no three lines of two commas each."""

Rows = list[list[str]]


def looks_delimited(text: str) -> bool:
    """Whether a text without a name is a table: each of its lines has the same number of cells."""
    lines = text.lstrip("\ufeff").splitlines()[:_SAMPLE]
    if len(lines) < _FEWEST_ROWS or not all(line.strip() for line in lines):
        return False
    _, rows = _best(lines)
    widths = {len(row) for row in rows}
    return len(widths) == 1 and widths.pop() >= _FEWEST_COLUMNS


def read_delimited(text: str) -> Extract | None:
    """The rows of a table; None where the text is none: of one column, or wrongly quoted."""
    lines = text.lstrip("\ufeff").splitlines(keepends=True)
    if lines and lines[0].lower().startswith("sep="):  # Excel says so, and means the next lines
        delimiter, lines = lines[0].strip()[4:] or ",", lines[1:]
    else:
        delimiter, _ = _best(lines)
    rows = _parsed(lines, delimiter)
    if not rows or max(len(row) for row in rows) < 2:
        return None
    first = rows[0]
    named = all(cell.strip() and not is_figure(cell) for cell in first) and len(rows) > 1
    return Extract(plain_rows(rows, header_rows=1 if named else None))


def _best(lines: Sequence[str]) -> tuple[str, Rows]:
    """The delimiter that gives the most rows the same number of cells, and the first rows."""

    def score(tried: tuple[str, Rows]) -> tuple[float, int]:
        counts = Counter(len(row) for row in tried[1])
        width, often = max(counts.items(), key=lambda item: item[1], default=(0, 0))
        return (often / len(tried[1]) if width > 1 else 0.0, width)

    return max(((d, _parsed(lines[:_SAMPLE], d)) for d in _DELIMITERS), key=score)


def _parsed(lines: Sequence[str], delimiter: str) -> Rows:
    try:
        rows = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
        return [row for row in islice(rows, len(lines)) if any(cell.strip() for cell in row)]
    except (csv.Error, TypeError):  # a cell of 131,072 characters; a delimiter of two
        return []
