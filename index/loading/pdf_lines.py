"""A page of a PDF → printed lines with their place, size and type."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.loading.blocks import one_line
from index.loading.page_line import PageLine, Segment
from index.loading.pdf_characters import Character, characters, turned
from index.loading.pdf_letters import UNKNOWN, without_misread

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_COLUMN_GAP = 1.1
"""Times the size of the type: words that stand further apart are of two columns of a table."""
_MARGIN = 0.12
"""Of the height of a page, at its top and at its foot: where running heads and feet stand."""
_UNSEEN = " \u00a0" + UNKNOWN


@dataclass(frozen=True, slots=True)
class PageText:
    """What is printed on a page, and whether something was left out."""

    lines: list[PageLine]
    """In the order of the page's content."""
    sideways: bool = False
    """Words that stand at another angle than most, such as a stamp along the edge, are left out:
    they would fall into the middle of a sentence."""
    unknown: float = 0.0
    """The share of characters of which no one can know which letters they are."""
    is_picture: bool = False
    """Whether it holds hardly a letter and is covered by a picture."""


def page_text(page: "PdfPage") -> PageText:
    """The lines of a page; none for a line of which no letter is known."""
    found = without_misread(characters(page))
    angles = Counter(c.type.angle for line in found for c in line)
    if not angles:
        return PageText([])
    main = angles.most_common(1)[0][0]
    width, height = page.get_size()
    foot, head = sorted((0.0, turned(width, height, main)[1]))
    edge = _MARGIN * (head - foot)
    lines = []
    for line in found:
        printed = [c for c in line if c.type.angle == main]
        seen = [c for c in printed if c.letters.strip(_UNSEEN)]
        if seen and (cells := _cells(printed)):
            type_ = Counter(c.type for c in seen).most_common(1)[0][0]
            y = next(c.y for c in seen if c.type is type_)
            lines.append(
                PageLine(
                    one_line(" ".join(cell.text for cell in cells)),
                    type_.size,
                    y,
                    bold=all(c.type.bold for c in seen),
                    in_margin=not foot + edge <= y <= head - edge,
                    cells=tuple(cells),
                )
            )
    letters = Counter(c.letters == UNKNOWN for line in found for c in line if c.letters != " ")
    return PageText(lines, len(angles) > 1, letters[True] / max(letters.total(), 1))


def _cells(line: Sequence[Character]) -> list[Segment]:
    """The line in pieces, cut where a gap is as wide as between the columns of a table."""
    cells: list[Segment] = []
    letters: list[str] = []
    left = right = 0.0
    for character in line:
        if character.letters == " ":
            letters.append(" ")
            continue
        if letters and character.left - right > _COLUMN_GAP * character.type.size:
            cells.append(Segment(one_line("".join(letters)), left, right))
            letters = []
        if not letters:
            left = character.left
        letters.append(character.letters)
        right = max(character.right, right if letters else 0.0)
    if "".join(letters).strip():
        cells.append(Segment(one_line("".join(letters)), left, right))
    return cells
