"""Answers with a reader: the sentences that carry the spans it found, quoted whole."""

from collections.abc import Iterator, Sequence

from index.sentences import sentence_spans
from qa.draft import Draft, Quote, ScoredPassage, Statement
from qa.question import kind
from qa.reader import Reader, Reading
from qa.spans import Span

LISTED = 4
"""Statements of an answer to a list question at most."""
LIST_MARGIN = 6.0
"""A further span is listed when its score (a sum of two logits) is at most so much lower than the
best one's, and only if it is likelier than not to be an answer at all."""


class ReaderAnswerer:
    """An `Answerer` over any `Reader`. Safe to use from several threads."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    @property
    def name(self) -> str:
        return f"reader:{self._reader.name}"

    def drafts(self, question: str, passages: Sequence[ScoredPassage]) -> Iterator[Draft]:
        """One draft: the answer, or a refusal below the reader's threshold."""
        readings = self._reader.read(question, [passage.text for passage in passages])
        best = max(
            (number for number, reading in enumerate(readings) if reading.spans),
            key=lambda number: readings[number].confidence,
            default=None,
        )
        if best is None or readings[best].confidence < self._reader.threshold:
            sure = 0.0 if best is None else readings[best].confidence
            yield Draft("not_in_article", (), None, sure)
            return
        found = [(passages[best], readings[best].spans[0])]
        if kind(question) == "list":
            found += _further(found[0][1], passages, readings, best)
        statements = [Statement(quote.text, (quote,)) for quote in _sentences(found)]
        yield Draft(
            "answered",
            tuple(statements),
            "; ".join(dict.fromkeys(_text(passage, span) for passage, span in found)),
            readings[best].confidence,
        )


def _further(
    first: Span, passages: Sequence[ScoredPassage], readings: Sequence[Reading], best: int
) -> list[tuple[ScoredPassage, Span]]:
    """The other spans of the best passage that come close to its first, in reading order."""
    close = [
        span
        for span in readings[best].spans[1:]
        if span.score > 0 and first.score - span.score <= LIST_MARGIN
    ]
    return [(passages[best], span) for span in sorted(close[: LISTED - 1], key=lambda s: s.start)]


def _sentences(found: Sequence[tuple[ScoredPassage, Span]]) -> list[Quote]:
    """The sentence around each span, once; a span over several sentences takes them all."""
    quotes: dict[tuple[str, int], Quote] = {}
    for passage, span in found:
        around = [
            (start, end)
            for start, end in sentence_spans(passage.text)
            if start < span.end and end > span.start
        ]
        start = min([span.start, *(start for start, _ in around)])
        end = max([span.end, *(end for _, end in around)])
        offset = passage.passage.start
        quotes.setdefault((passage.passage.id, start), Quote(passage, offset + start, offset + end))
    return list(quotes.values())


def _text(passage: ScoredPassage, span: Span) -> str:
    return passage.text[span.start : span.end]
