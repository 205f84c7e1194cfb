"""Pictures of pages → printed lines, through RapidOCR, which brings its models (extra `ocr`).

PP-OCRv6 reads Latin letters, Chinese and Japanese, without a network and on the processor.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING, Any

from index.errors import UnreadableFile
from index.loading.blocks import one_line
from index.loading.page_line import PageLine, Segment

if TYPE_CHECKING:
    from PIL.Image import Image

EXTRA = "footnote-qa[ocr]"
NOTE = "Its words were recognised in pictures of its pages; letters may be wrong."
MOST_PICTURES = 50
"""Of a file: each takes several seconds."""
RECOGNITION_S = 900
LONGEST_SIDE = 2_000
"""Pixels of a picture that is looked at: RapidOCR makes smaller what is larger."""
_LARGER = 1.5
"""Times the usual height of a line: from here on its type is larger. Below, the letters differ."""
_BOX = 1.3
"""Times the size of the type: the box of a line."""
_MARGIN = 0.12
_FEWEST_LINES, _TEXT, _MOST_IN_COLUMNS = 5, 25, 0.6
"""Of a column of text: lines, characters of a usual line, and the share of all lines in both."""
_LEAST_SURE = 0.6
"""Of a line, by RapidOCR: marks on the paper and drawings come out below it."""


def is_installed() -> bool:
    """Whether the extra is there."""
    return find_spec("rapidocr") is not None


def recognised_lines(picture: "Image", scale: float = 1.0) -> list[PageLine]:
    """The lines of a page; `scale` in pixels a point.

    Raises:
        UnreadableFile: if a library of the system is missing.
    """
    import numpy as np

    found = _recogniser()(np.asarray(picture.convert("RGB"))[:, :, ::-1])
    if found.boxes is None:
        return []
    pieces = [
        _Piece(corners, text, scale)
        for corners, text, sure in zip(found.boxes.tolist(), found.txts, found.scores, strict=True)
        if sure >= _LEAST_SURE
    ]
    if not pieces:
        return []
    usual = median(piece.height for piece in pieces)
    height = picture.height / scale
    edge = _MARGIN * height
    lines = []
    for line in _in_lines(pieces):
        tallest = max(piece.height for piece in line)
        lines.append(
            PageLine(
                " ".join(piece.segment.text for piece in line),
                (tallest if tallest > _LARGER * usual else usual) / _BOX,
                height - line[0].middle,
                in_margin=not edge <= line[0].middle <= height - edge,
                cells=tuple(piece.segment for piece in line),
            )
        )
    return lines


class _Piece:
    """A run of words, as it was found: a line, or what stands in it between two wide gaps."""

    def __init__(self, corners: list[list[float]], text: str, scale: float) -> None:
        across, down = zip(*corners, strict=True)
        self.segment = Segment(one_line(text), min(across) / scale, max(across) / scale)
        self.middle = (min(down) + max(down)) / 2 / scale
        self.height = (max(down) - min(down)) / scale


def _in_lines(pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    """The pieces from left to right in their lines; of two columns of text the left one first."""
    gutter = _gutter(pieces)
    for reaches_over, group in groupby(
        sorted(pieces, key=lambda p: p.middle), key=lambda p: gutter is None or _over(p, gutter)
    ):
        if reaches_over or gutter is None:
            yield from _side_by_side(group)
            continue
        columns = list(group)
        yield from _side_by_side(p for p in columns if p.segment.right <= gutter)
        yield from _side_by_side(p for p in columns if p.segment.left >= gutter)


def _gutter(pieces: list[_Piece]) -> float | None:
    """Where two columns of text part: hardly a line reaches over it, and beside it are long ones.

    Cells of a table are short.
    """
    best = min(
        (piece.segment.left for piece in pieces),
        key=lambda x: (sum(_over(p, x) for p in pieces), abs(x - _middle(pieces))),
    )
    sides = (
        [p for p in pieces if p.segment.right <= best],
        [p for p in pieces if p.segment.left >= best],
    )
    are_text = all(
        len(side) >= _FEWEST_LINES and median(len(p.segment.text) for p in side) >= _TEXT
        for side in sides
    )
    return best if are_text and sum(map(len, sides)) >= _MOST_IN_COLUMNS * len(pieces) else None


def _middle(pieces: list[_Piece]) -> float:
    return (min(p.segment.left for p in pieces) + max(p.segment.right for p in pieces)) / 2


def _over(piece: _Piece, x: float) -> bool:
    return piece.segment.left < x < piece.segment.right


def _side_by_side(pieces: Iterable[_Piece]) -> Iterator[list[_Piece]]:
    line: list[_Piece] = []
    for piece in pieces:
        if line and piece.middle - line[0].middle > min(piece.height, line[0].height) / 2:
            yield sorted(line, key=lambda p: p.segment.left)
            line = []
        line.append(piece)
    if line:
        yield sorted(line, key=lambda p: p.segment.left)


@cache
def _recogniser() -> Callable[[Any], Any]:
    try:
        from rapidocr import RapidOCR
    except ImportError as error:  # of a library of the system, as libGL.so.1
        raise UnreadableFile(
            f"Text recognition does not start ({error}); install what it misses."
        ) from error
    _allow_time()
    recogniser: Callable[[Any], Any] = RapidOCR(params={"Global.log_level": "error"})
    return recogniser


def _allow_time() -> None:
    """More of the processor for this process, which is held to what a text takes."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if soft != resource.RLIM_INFINITY:
        more = soft + RECOGNITION_S * (os.cpu_count() or 1)
        more = more if hard == resource.RLIM_INFINITY else min(more, hard)
        resource.setrlimit(resource.RLIMIT_CPU, (more, hard))
