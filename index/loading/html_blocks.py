"""Blocks of HTML that is all text, such as what another program made of an office file.

For a page of the web, `index.loading.html` finds the article first.
"""

import re
from typing import TYPE_CHECKING

from index.loading.blocks import heading, item, one_line
from index.loading.tables import Cell, plain_rows, row_lines

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LINES = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "html", "li",
    "main", "nav", "ol", "p", "pre", "section", "summary", "td", "th", "tr", "ul", "br", "caption",
})  # fmt: skip
"""Elements that begin and end a line."""
_UNSEEN = frozenset({"head", "script", "style", "template", "title"})
_MARK = re.compile(r"#{1,6} |- ")
"""Of a heading or an item, which in a cell is neither; `-3` begins with none."""
_MOST_SPAN = 100


def blocks_of(root: "_Element") -> list[str]:
    """The blocks of an element in order: headings, items of lists, rows of tables, paragraphs."""
    blocks: list[str] = []
    line: list[str] = []

    def end_line() -> None:
        if text := one_line("".join(line)):
            blocks.append(text)
        line.clear()

    # A stack instead of recursion: a hostile file may nest a thousand levels deep.
    todo: list[_Element | str | None] = [root]  # None ends a line
    while todo:
        node = todo.pop()
        if node is None:
            end_line()
            continue
        if isinstance(node, str):
            line.append(node)
            continue
        if node.tag == "pre":
            end_line()
            blocks += (text for raw in _words(node).splitlines() if (text := one_line(raw)))
            continue
        whole = _whole(node)
        if whole is not None:
            end_line()
            blocks += whole
            continue
        if node.tag in _LINES:
            end_line()
            todo.append(None)
        if node.tag == "li":
            line.append(f"{item('', _number(node))}")
        for child in reversed(node):
            todo.append(child.tail or "")
            if isinstance(child.tag, str) and child.tag not in _UNSEEN:
                todo.append(child)
        todo.append(node.text or "")
    end_line()
    return [block for block in blocks if block.strip("#- ")]


def _whole(node: "_Element") -> list[str] | None:
    """The blocks of an element that is read in one piece; None for all others."""
    if level := _HEADINGS.get(node.tag):
        return [heading(level, _words(node))]
    if node.tag == "table":
        return _rows(node)
    if node.tag == "dl" and [child.tag for child in node] == ["dt", "dd"] * (len(node) // 2):
        words = [_words(child) for child in node]
        return plain_rows(list(zip(words[::2], words[1::2], strict=True)), header_rows=0)
    return None


def _rows(table: "_Element") -> list[str]:
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    cells = [list(row.iterchildren("td", "th")) for row in rows]
    header = 0
    for row in cells:
        if not row or any(cell.tag != "th" and _words(cell) for cell in row):
            break
        header += 1
    grid = [
        [
            Cell(
                " ".join(
                    _MARK.sub("", block, count=1) if _MARK.match(block) else block
                    for block in blocks_of(cell)
                ),
                span(cell, "colspan"),
                span(cell, "rowspan"),
            )
            for cell in row
        ]
        for row in cells
    ]
    return row_lines(grid, header or None)


def span(cell: "_Element", name: str) -> int:
    """How many columns (`colspan`) or rows a cell covers; a page may say a million."""
    value = cell.get(name, "1").strip()
    return min(max(int(value), 1), _MOST_SPAN) if value.isdecimal() and len(value) < 9 else 1


def _number(entry: "_Element") -> int | None:
    """The number of an item of an ordered list."""
    parent = entry.getparent()
    if parent is None or parent.tag != "ol":
        return None
    return 1 + sum(1 for _ in entry.itersiblings("li", preceding=True))


def _words(element: "_Element") -> str:
    return "".join(element.itertext()).strip()
