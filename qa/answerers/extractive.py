"""Answers with a reader: the sentences that carry the spans it found, quoted whole."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.passages import reading_context
from index.sentences import sentence_spans
from qa.candidates import CandidateAnswer, Quote, ScoredPassage, Statement
from qa.question.intent import kind
from qa.reading.reader import Reader, Reading
from qa.reading.spans import Span

_JOINT = re.compile(r"[\s,;]*(?:and|or|as well as)?[\s,;]*(?:the |an? )?", re.IGNORECASE)

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

    def candidates(
        self, question: str, passages: Sequence[ScoredPassage]
    ) -> Iterator[CandidateAnswer]:
        """One draft: the answer, or a refusal below the reader's threshold."""
        texts = [passage.text for passage in passages]
        contexts = [reading_context(passage.article, passage.passage) for passage in passages]
        readings = [
            replace(reading, spans=tuple(_within_a_block(reading.spans, text)))
            for reading, text in zip(
                self._reader.read(question, texts, contexts), texts, strict=True
            )
        ]
        best = max(
            (number for number, reading in enumerate(readings) if reading.spans),
            key=lambda number: readings[number].confidence,
            default=None,
        )
        relevance = tuple(
            max((sentence.probability for sentence in reading.sentences), default=0.0)
            for reading in readings
        )
        if not any(relevance):  # a reader that does not tell
            relevance = ()
        if best is None or readings[best].confidence < self._reader.threshold:
            sure = 0.0 if best is None else readings[best].confidence
            yield CandidateAnswer("not_in_article", (), None, sure, relevance=relevance)
            return
        found = [(passages[best], readings[best].spans[0])]
        if kind(question) == "list":
            found += _further(found[0][1], passages, readings, best)
        quotes = _sentences(found)
        short = "; ".join(dict.fromkeys(_text(passage, span) for passage, span in found))
        statements = tuple(Statement(quote.text, (quote,)) for quote in quotes)
        sure = readings[best].confidence
        yield CandidateAnswer("answered", statements, short, sure, relevance=relevance)


def _within_a_block(spans: Sequence[Span], text: str) -> Iterator[Span]:
    """The spans that lie within one paragraph or row of the text."""
    return (span for span in spans if "\n\n" not in text[span.start : span.end])


def _further(
    first: Span, passages: Sequence[ScoredPassage], readings: Sequence[Reading], best: int
) -> list[tuple[ScoredPassage, Span]]:
    """The other spans of the best passage that come close to its first, in reading order.

    Of one sentence only those that go on in the list: "copper" and "tin" of "copper and tin".
    """
    passage, kept = passages[best], [first]
    for span in readings[best].spans:
        if span == first or span.score <= 0 or first.score - span.score > LIST_MARGIN:
            continue
        beside = [other for other in kept if _in_one_sentence(passage, span, other)]
        if not beside or any(_go_together(passage.text, span, other) for other in beside):
            kept.append(span)
    return [(passage, span) for span in sorted(kept[1:LISTED], key=lambda s: s.start)]


def _in_one_sentence(passage: ScoredPassage, span: Span, other: Span) -> bool:
    return len(_sentences([(passage, span), (passage, other)])) == 1


def _go_together(text: str, span: Span, other: Span) -> bool:
    between = text[min(span.end, other.end) : max(span.start, other.start)]
    return _JOINT.fullmatch(between) is not None


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
