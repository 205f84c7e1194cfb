"""The values of the fields of a form → at the lines of the page that they were written beside."""

from collections.abc import Sequence
from dataclasses import replace

from index.loading.page_line import PageLine


def at_their_places(lines: Sequence[PageLine], fields: Sequence[PageLine]) -> list[PageLine]:
    """The lines of a page with each field beside its label, `Name: Marta Lindqvist`.

    A field without a label on its height stands where its height is among the lines.
    """
    placed = list(lines)
    for field in fields:
        beside = [
            i
            for i, line in enumerate(placed)
            if abs(line.y - field.y) < max(line.size, field.size) and line.cells
        ]
        if beside:
            i = beside[-1]
            cells = sorted((*placed[i].cells, *field.cells), key=lambda cell: cell.left)
            text = " ".join(cell.text for cell in cells)
            placed[i] = replace(placed[i], text=text, cells=tuple(cells), is_row=True)
        else:
            below = (i for i, line in enumerate(placed) if line.y < field.y)
            placed.insert(next(below, len(placed)), replace(field, is_row=True))
    return placed
