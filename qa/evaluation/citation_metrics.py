"""How well citations and passages meet the gold quotes, by character overlap at their place.

A citation of the same words elsewhere in the article does not count. Characters are Unicode code
points of the stored text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of an article."""

    article_id: str
    start: int
    end: int


def citation_recall(cited: Sequence[Span], gold: Sequence[Span]) -> float:
    """The share of the gold quotes' characters that are cited.

    >>> citation_recall([Span("a", 0, 60)], [Span("a", 50, 70)])
    0.5
    """
    return _overlap(cited, gold) / _length(gold)


def citation_precision(cited: Sequence[Span], allowed: Sequence[Span]) -> float:
    """The share of the cited characters that lie in `allowed`: the sentences of the gold quotes.

    A gold quote is the fewest words that answer, and an answer quotes whole sentences, so the
    rest of a gold sentence does not count against it.

    >>> citation_precision([Span("a", 0, 60), Span("b", 0, 20)], [Span("a", 0, 100)])
    0.75
    """
    return _overlap(cited, allowed) / _length(cited)


def first_hit(passages: Sequence[Span], gold: Sequence[Span]) -> int:
    """The rank, from 1, of the first passage that holds a whole gold quote at its place; 0: none.

    >>> first_hit([Span("a", 0, 50), Span("a", 40, 90)], [Span("a", 45, 60)])
    2
    """
    for rank, passage in enumerate(passages, start=1):
        if any(_holds(passage, quote) for quote in gold):
            return rank
    return 0


def hit_at(k: int, ranks: Sequence[int]) -> float:
    """The share of questions whose first hit is among the first k passages.

    >>> hit_at(1, [1, 2, 0, 1])
    0.5
    """
    return sum(0 < rank <= k for rank in ranks) / len(ranks)


def mean_reciprocal_rank(ranks: Sequence[int]) -> float:
    """The mean of 1 / rank of the first hit, with 0 for none.

    >>> mean_reciprocal_rank([1, 2, 0, 1])
    0.625
    """
    return sum(1 / rank for rank in ranks if rank) / len(ranks)


def _holds(passage: Span, quote: Span) -> bool:
    return (
        passage.article_id == quote.article_id
        and passage.start <= quote.start
        and quote.end <= passage.end
    )


def _union(spans: Iterable[Span]) -> list[Span]:
    """The same characters, each in one span only."""
    merged: list[Span] = []
    for span in sorted(spans):
        last = merged[-1] if merged else None
        if last and last.article_id == span.article_id and span.start <= last.end:
            merged[-1] = Span(last.article_id, last.start, max(last.end, span.end))
        else:
            merged.append(span)
    return merged


def _length(spans: Iterable[Span]) -> int:
    return sum(span.end - span.start for span in _union(spans))


def _overlap(some: Iterable[Span], others: Iterable[Span]) -> int:
    others = _union(others)
    return sum(
        max(0, min(a.end, b.end) - max(a.start, b.start))
        for a in _union(some)
        for b in others
        if a.article_id == b.article_id
    )
