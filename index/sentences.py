"""Where the sentences of a text are: cut by sentencex (Wikimedia), with our offsets."""

import re
from collections.abc import Iterator

import sentencex

from index.loading.tables import is_table_row

Span = tuple[int, int]

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_WHOLE = re.compile(r"#{1,6} ")
_WINDOW = 4_000
"""Characters given to sentencex at once: its time grows with the square of the length
(100,000 Chinese characters on one line take it 4 s, 1,000,000 take 10 minutes)."""


def sentence_spans(text: str) -> list[Span]:
    """(start, end) of each sentence in order, in code points, without the spaces around it.

    Every character that is not a space is in exactly one span, and none crosses a blank line. A
    heading and a row of a table are one sentence each. A sentence of more than
    4,000 characters comes in pieces, cut between words where there are words.
    """
    return [span for start, end in _blocks(text) for span in _sentences(text, start, end)]


def _blocks(text: str) -> Iterator[Span]:
    start = 0
    for blank in _BLANK_LINE.finditer(text):
        yield start, blank.start()
        start = blank.end()
    yield start, len(text)


def _sentences(text: str, start: int, end: int) -> list[Span]:
    whole = _WHOLE.match(text, start) or is_table_row(text[start : min(end, start + _WINDOW)])
    if whole and end - start <= _WINDOW:
        return [_trimmed(text, start, end)]
    spans: list[Span] = []
    while start < end:
        stop = min(end, start + _WINDOW)
        if stop < end:
            stop = text.rfind(" ", start + 1, stop) + 1 or stop
        found = [
            (start + boundary["start_index"], start + boundary["end_index"])
            for boundary in sentencex.get_sentence_boundaries("en", text[start:stop])
        ]
        if stop < end and len(found) > 1:
            stop = found.pop()[0]  # it may go on beyond the window
        spans += [_trimmed(text, *span) for span in found]
        start = stop
    return _mended(text, [(start, end) for start, end in spans if start < end])


def _trimmed(text: str, start: int, end: int) -> Span:
    inside = text[start:end]
    start += len(inside) - len(inside.lstrip())
    return start, max(start, start + len(inside.strip()))


_ABBREVIATED = re.compile(
    r"(?:^|[\s(])(?:[A-Z]|No|Nos|vs|cf|approx|ca|c|Fig|Vol|pp?|al|[A-Z]\.[A-Z])\.$"
)
_LABEL = re.compile(r"(?:\d{1,3}|[A-Za-z]|[ivxlIVXL]{1,6})\.")
"""Before an item of a list, which sentencex takes for a sentence."""
_CLOSING = re.compile(r"[\"'”’»)\]]+[.,;]?|\[[^\]\n]{1,40}\][.,;]?")


def _mended(text: str, spans: list[Span]) -> list[Span]:
    """The spans of a block, joined after an abbreviation or the number of an item, or before a
    closing quote or a [note]."""
    mended: list[Span] = []
    for start, end in spans:
        if mended:
            before = text[max(mended[-1][0], mended[-1][1] - 12) : mended[-1][1]]
            goes_on = text[start].islower() or text[start].isdigit()
            if (
                _CLOSING.fullmatch(text, start, end)
                or (len(mended) == 1 and _LABEL.fullmatch(text, *mended[0]))
                or (goes_on and _ABBREVIATED.search(before))
            ):
                mended[-1] = (mended[-1][0], end)
                continue
        mended.append((start, end))
    return mended
