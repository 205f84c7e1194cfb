"""Where exactly the answer begins and ends: a second look at the passage that has it.

A reader is surer of an answer in its sentence and the one before than among ten others, and surer
of who and what is meant among ten. Both looks count alike: the logits are added. Of the likeliest
spans, the one is taken that shares the most with all of them, each by its probability (minimum
Bayes risk; Kumar and Byrne, "Minimum Bayes-Risk Decoding for Statistical Machine Translation",
2004). On the development questions, the right paragraph given, that brings F1 from 74.8 to 76.9.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.sentences import sentence_spans
from qa.reading.spans import Span, likely_spans

Logits = NDArray[np.float32]
"""(2, tokens): of the start and of the end at each token, less that of "not here"."""
Window = tuple[int, int]
"""The first token and the one after the last."""

_SENTENCES = 2
_SPANS = 20
_TEMPERATURE = 1.3
"""Of the sum of two looks; flatter probabilities make for longer answers."""

_WORD = re.compile(r"\w+")


def second_look(
    text: str,
    offsets: Sequence[tuple[int, int]],
    first: Logits,
    longest: int,
    read: Callable[[Sequence[Window]], Iterable[Logits]],
) -> Span | None:
    """The span of the highest expected overlap; None when there is none.

    `offsets` are those of the text's tokens, `first` is what the first look made of them, and
    `read` reads stretches of the tokens by themselves, of at most `longest`; where a sentence has
    more, there is no second look.
    """
    around = _around(text, offsets, likely_spans(text, offsets, first[0], first[1], _SPANS))
    if not around or any(stop - begin > longest for begin, stop in around):
        return None
    # A stretch that is the whole text was read already.
    windows = [window for window in around if window != (0, len(offsets))]
    seconds, counts = np.zeros_like(first), np.zeros(len(offsets), np.float32)
    if len(windows) < len(around):
        seconds, counts = first.copy(), counts + 1
    for (begin, stop), logits in zip(windows, read(windows), strict=True):
        seconds[:, begin:stop] += logits
        counts[begin:stop] += 1
    both = np.full_like(first, -np.inf)
    np.divide(seconds, counts, out=both, where=counts > 0)
    both += first
    return _most_shared(text, list(likely_spans(text, offsets, both[0], both[1], _SPANS)))


def _around(text: str, offsets: Sequence[tuple[int, int]], spans: Iterable[Span]) -> list[Window]:
    """The tokens of the sentences of the first spans, each with the sentence before."""
    sentences = sentence_spans(text)
    chosen: dict[int, None] = {}
    for span in spans:
        for number, (start, end) in enumerate(sentences):
            if start < span.end and span.start < end:
                chosen[number] = None
        if len(chosen) >= _SENTENCES:
            break
    starts = [start for start, _ in offsets]
    return [
        (
            bisect_left(starts, sentences[max(0, number - 1)][0]),
            bisect_left(starts, sentences[number][1]),
        )
        for number in list(chosen)[:_SENTENCES]
    ]


def _most_shared(text: str, spans: Sequence[Span]) -> Span | None:
    """The span of the highest expected F1 of words, if one of these spans is right."""
    if not spans:
        return None
    words = [match.start() for match in _WORD.finditer(text)]
    begin = np.array([bisect_left(words, span.start) for span in spans])
    stop = np.array([bisect_left(words, span.end) for span in spans])
    scores = np.array([span.score for span in spans]) / _TEMPERATURE
    probable = np.exp(scores - scores.max())
    shared = np.minimum(stop[:, None], stop) - np.maximum(begin[:, None], begin)
    lengths = (stop - begin)[:, None] + (stop - begin)
    f1 = 2 * np.maximum(shared, 0) / np.maximum(lengths, 1)
    return spans[int(np.argmax(f1 @ probable))]
