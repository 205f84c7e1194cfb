"""Logits of a reading model → the best stretches of a text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

LONGEST_ANSWER = 30
"""Tokens."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the passage's text, `text[start:end]`."""

    start: int
    end: int
    score: float
    """Sum of its two logits, each less that of "not in this passage"."""


def likely_spans(
    text: str, offsets: Sequence[tuple[int, int]], start: Floats, end: Floats, n: int
) -> Iterator[Span]:
    """The stretches of the `n` highest sums of a start and an end, best first, each once.

    `start` and `end` hold one logit for each token of `offsets`, -inf where none may be.

    >>> logits = np.array([0, 3, 0], dtype=np.float32)
    >>> next(likely_spans("the Andes run", [(0, 3), (4, 9), (10, 13)], logits, logits, 1))
    Span(start=4, end=9, score=6.0)
    """
    size = len(offsets)
    if not size:
        return
    reach = min(LONGEST_ANSWER, size)
    padded = np.concatenate([end, np.full(reach - 1, -np.inf, dtype=np.float32)])
    # row: first token; column: how many more there are
    scores = start[:, None] + np.lib.stride_tricks.sliding_window_view(padded, reach)
    told = set()
    for place in _largest_first(scores.ravel(), min(scores.size, n)):
        first, more = divmod(int(place), reach)
        if not np.isfinite(scores[first, more]):
            break
        span = _whole_words(text, offsets[first][0], offsets[first + more][1])
        if span[0] < span[1] and span not in told:
            told.add(span)
            yield Span(*span, float(scores[first, more]))


def best_spans(
    text: str, offsets: Sequence[tuple[int, int]], start: Floats, end: Floats, n: int
) -> list[Span]:
    """The `n` best spans that do not overlap, best first; arguments as of `likely_spans`."""
    return apart(likely_spans(text, offsets, start, end, 50 * n), n)


def apart(best_first: Iterable[Span], n: int) -> list[Span]:
    """The first `n` of the spans that do not overlap one before them."""
    chosen: list[Span] = []
    for span in best_first:
        if all(span.end <= other.start or other.end <= span.start for other in chosen):
            chosen.append(span)
            if len(chosen) == n:
                break
    return chosen


def _largest_first(values: Floats, n: int) -> NDArray[np.intp]:
    largest = np.argpartition(-values, n - 1)[:n]
    return largest[np.argsort(-values[largest], kind="stable")]


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Grown so that nothing of `_WHOLE` is cut, then without spaces around."""
    first = max(text.rfind(" ", 0, start), text.rfind("\n", 0, start)) + 1
    for match in _WHOLE.finditer(text, first):
        if match.start() >= end:
            break
        if match.end() > start:
            start, end = min(start, match.start()), max(end, match.end())
    inside = text[start:end]
    start += len(inside) - len(inside.lstrip())
    return start, start + len(inside.strip())


_WHOLE = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # an e-mail address
    r"|(?:https?://|www\.)[^\s<>]*[\w/]"  # a web address
    r"|\d+(?:[.,:/-]\d+)+"  # a number, time or date
    r"|\w+"
)
"""What an answer never cuts."""
