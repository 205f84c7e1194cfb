"""A page of a PDF, as PDFium sees it → its characters, with their places and their type."""

import ctypes
import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_AS_LETTERS = {
    0x02: "-", 0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st",
    0xFB06: "st",
}  # fmt: skip
_CUT, _LINE_FEED, _RETURN = 0x02, 0x0A, 0x0D
"""The first is PDFium's for a hyphen at the end of a line, where it goes on with the next line."""
_TOO_SMALL = 0.5
"""Times the height of its tallest letter: no type is smaller, whatever the file says."""


@dataclass(frozen=True, slots=True)
class Type:
    """How the characters of one text object are printed."""

    size: float
    bold: bool
    angle: int
    """Degrees against the clock; 0 for upright text."""
    font: int
    """PDFium's address of it, which tells one font of a page from another."""


@dataclass(frozen=True, slots=True)
class Character:
    """A letter, or two or three where they are printed as one."""

    letters: str
    type: Type
    left: float
    right: float
    y: float
    """Of the line that it stands on, above the foot of the page."""
    height: float
    """Of its box."""
    guessed: bool = False
    """Whether the file does not say which letter it is, so that PDFium took its code for one."""


def characters(page: "PdfPage") -> list[list[Character]]:
    """What is printed, in PDFium's lines, with the spaces that it finds between words."""
    from pypdfium2 import raw

    text = page.get_textpage()
    lines: list[list[Character]] = [[]]
    types: dict[int | None, Type] = {}
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    for i in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text.raw, i)
        if code in (_LINE_FEED, _RETURN):
            lines.append([])
            continue
        guessed = raw.FPDFText_HasUnicodeMapError(text.raw, i) == 1
        if raw.FPDFText_IsGenerated(text.raw, i) == 1 or (not guessed and chr(code).isspace()):
            if lines[-1]:
                lines[-1].append(replace(lines[-1][-1], letters=" ", guessed=False))
            continue
        key = ctypes.cast(raw.FPDFText_GetTextObject(text.raw, i), ctypes.c_void_p).value
        if key not in types:
            types[key] = _type(text.raw, i)
        angle = types[key].angle
        raw.FPDFText_GetLooseCharBox(text.raw, i, box)
        raw.FPDFText_GetCharOrigin(text.raw, i, x, y)
        corners = [turned(*p, angle) for p in ((box.left, box.bottom), (box.right, box.top))]
        (left, right), (foot, head) = map(sorted, zip(*corners, strict=True))
        letters = _AS_LETTERS.get(code) or chr(code)
        height = turned(x.value, y.value, angle)[1]
        lines[-1].append(Character(letters, types[key], left, right, height, head - foot, guessed))
        if code == _CUT:
            lines.append([])
    text.close()
    return _in_real_sizes(lines)


def _type(text: Any, index: int) -> Type:
    from pypdfium2 import raw

    matrix, name, flags = raw.FS_MATRIX(), ctypes.create_string_buffer(128), ctypes.c_int()
    raw.FPDFText_GetMatrix(text, index, matrix)
    raw.FPDFText_GetFontInfo(text, index, name, 128, flags)
    font = raw.FPDFTextObj_GetFont(raw.FPDFText_GetTextObject(text, index))
    return Type(
        size=raw.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d),
        bold=b"bold" in name.value.lower() or b"black" in name.value.lower(),
        angle=round(math.degrees(math.atan2(matrix.b, matrix.a))) % 360,
        font=ctypes.cast(font, ctypes.c_void_p).value or 0,
    )


def _in_real_sizes(lines: list[list[Character]]) -> list[list[Character]]:
    """The characters with the size that they are printed in.

    The letters of a font of Type 3 are little drawings of any size, and the size that the file
    names for it says nothing: it is as tall as its tallest letter.
    """
    tallest: defaultdict[Type, float] = defaultdict(float)
    for line in lines:
        for c in line:
            tallest[c.type] = max(tallest[c.type], c.height)
    real = {
        type_: replace(type_, size=height)
        for type_, height in tallest.items()
        if type_.size < _TOO_SMALL * height
    }
    if not real:
        return lines
    return [[replace(c, type=real.get(c.type, c.type)) for c in line] for line in lines]


def turned(x: float, y: float, angle: int) -> tuple[float, float]:
    """(along, above) a line at this angle."""
    if not angle:
        return x, y
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return x * cos + y * sin, y * cos - x * sin
