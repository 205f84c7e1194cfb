"""Merged cells of the tables of a page, laid out: trafilatura would leave their places empty."""

from copy import deepcopy
from typing import TYPE_CHECKING

from index.loading.blocks import one_line
from index.loading.html_blocks import span

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_CELLS = 20_000
"""Of a page: a table may say of one cell that it covers a million places."""


def lay_out_tables(tree: "HtmlElement") -> None:
    """Write each merged cell at every place that it covers, and header rows as one.

    A cell that covers a whole row stays alone in it: it is the heading of a part of the table.
    """
    room = _MOST_CELLS
    for table in tree.iter("table"):
        rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
        if any(cell.get("colspan") or cell.get("rowspan") for row in rows for cell in _cells(row)):
            room = _spread(rows, room)
        _join_headers(rows)


def _cells(row: "HtmlElement") -> "list[HtmlElement]":
    return list(row.iterchildren("td", "th"))


def _spread(rows: "list[HtmlElement]", room: int) -> int:
    width = max(sum(span(cell, "colspan") for cell in _cells(row)) for row in rows)
    below: dict[int, tuple[HtmlElement, int]] = {}
    for row in rows:
        column = 0
        cells = _cells(row)
        while cells or column in below:
            if column in below:
                above, left = below.pop(column)
                copy = deepcopy(above)
                row.insert(row.index(cells[0]) if cells else len(row), copy)
                if left > 1:
                    below[column] = (above, left - 1)
                column += 1
                room -= 1
                continue
            cell = cells.pop(0)
            across, down = span(cell, "colspan"), span(cell, "rowspan")
            for name in ("colspan", "rowspan"):
                cell.attrib.pop(name, None)
            if across < width:
                for i in range(across):
                    if i and room > 0:
                        cell.addnext(deepcopy(cell))
                        room -= 1
                    if down > 1 and room > 0:
                        below[column + i] = (cell, down - 1)
            column += across
    return room


def _join_headers(rows: "list[HtmlElement]") -> None:
    """`2021` above `Revenue` → one row of headers with `2021 Revenue`."""
    headers = []
    for row in rows:
        cells = _cells(row)
        if len(cells) < 2 or any(c.tag != "th" and c.text_content().strip() for c in cells):
            break
        headers.append(cells)
    if len(headers) < 2 or len({len(cells) for cells in headers}) > 1:
        return
    for column in zip(*headers, strict=True):
        words = dict.fromkeys(one_line(cell.text_content()) for cell in column)
        last = column[-1]
        last.clear()
        last.tag, last.text = "th", " ".join(word for word in words if word)
    for cells in headers[:-1]:
        cells[0].getparent().drop_tree()
