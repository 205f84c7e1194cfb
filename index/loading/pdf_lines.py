"""A page of a PDF, as PDFium sees it → printed lines with their place, size and type."""

import ctypes
import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from index.loading.blocks import one_line
from index.loading.page_line import PageLine, Segment

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_COLUMN_GAP = 1.1
"""Times the size of the type: words that stand further apart are of two columns of a table."""
_MARGIN = 0.12
"""Of the height of a page, at its top and at its foot: where running heads and feet stand."""
_AS_LETTERS = {
    0x02: "-", 0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st",
    0xFB06: "st",
}  # fmt: skip
_CUT, _LINE_FEED, _RETURN, _SPACE = 0x02, 0x0A, 0x0D, 0x20
"""The first is PDFium's for a hyphen at the end of a line, where it goes on with the next line."""


@dataclass(frozen=True, slots=True)
class _Type:
    """How the characters of one text object are printed."""

    size: float
    bold: bool
    angle: int
    """Degrees against the clock; 0 for upright text."""


@dataclass(frozen=True, slots=True)
class _Character:
    letters: str
    type: _Type
    left: float
    right: float
    y: float
    """Of the line that it stands on, above the foot of the page."""


def page_lines(page: "PdfPage") -> tuple[list[PageLine], bool]:
    """The lines of a page in the order of its content, and whether some stood sideways.

    Words that stand at another angle than most, such as a stamp along the edge, are left out:
    they would fall into the middle of a sentence.
    """
    characters = _characters(page)
    angles = Counter(c.type.angle for line in characters for c in line)
    if not angles:
        return [], False
    main = angles.most_common(1)[0][0]
    width, height = page.get_size()
    foot, head = sorted((0.0, _turned(width, height, main)[1]))
    edge = _MARGIN * (head - foot)
    lines = []
    for line in characters:
        cells = _cells([c for c in line if c.type.angle == main])
        if cells:
            type_ = Counter(c.type for c in line if c.letters.strip()).most_common(1)[0][0]
            y = next(c.y for c in line if c.type is type_)
            lines.append(
                PageLine(
                    one_line(" ".join(cell.text for cell in cells)),
                    type_.size,
                    y,
                    bold=all(c.type.bold for c in line if c.letters.strip()),
                    in_margin=not foot + edge <= y <= head - edge,
                    cells=tuple(cells),
                )
            )
    return lines, len(angles) > 1


def _characters(page: "PdfPage") -> list[list[_Character]]:
    """What is printed, in PDFium's lines, with the spaces that it finds between words."""
    from pypdfium2 import raw

    text = page.get_textpage()
    lines: list[list[_Character]] = [[]]
    types: dict[int | None, _Type] = {}
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    for i in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text.raw, i)
        if code in (_LINE_FEED, _RETURN):
            lines.append([])
            continue
        if raw.FPDFText_IsGenerated(text.raw, i) == 1 or code == _SPACE:
            if lines[-1]:
                lines[-1].append(replace(lines[-1][-1], letters=" "))
            continue
        key = ctypes.cast(raw.FPDFText_GetTextObject(text.raw, i), ctypes.c_void_p).value
        if key not in types:
            types[key] = _type(text.raw, i)
        angle = types[key].angle
        raw.FPDFText_GetLooseCharBox(text.raw, i, box)
        raw.FPDFText_GetCharOrigin(text.raw, i, x, y)
        ends = [_turned(*p, angle)[0] for p in ((box.left, box.bottom), (box.right, box.top))]
        letters = _AS_LETTERS.get(code) or chr(code)
        height = _turned(x.value, y.value, angle)[1]
        lines[-1].append(_Character(letters, types[key], min(ends), max(ends), height))
        if code == _CUT:
            lines.append([])
    text.close()
    return lines


def _type(text: Any, index: int) -> _Type:
    from pypdfium2 import raw

    matrix, font, flags = raw.FS_MATRIX(), ctypes.create_string_buffer(128), ctypes.c_int()
    raw.FPDFText_GetMatrix(text, index, matrix)
    raw.FPDFText_GetFontInfo(text, index, font, 128, flags)
    name = font.value.lower()
    return _Type(
        size=raw.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d),
        bold=b"bold" in name or b"black" in name,
        angle=round(math.degrees(math.atan2(matrix.b, matrix.a))) % 360,
    )


def _turned(x: float, y: float, angle: int) -> tuple[float, float]:
    """(along, above) a line at this angle."""
    if not angle:
        return x, y
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return x * cos + y * sin, y * cos - x * sin


def _cells(line: list[_Character]) -> list[Segment]:
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
