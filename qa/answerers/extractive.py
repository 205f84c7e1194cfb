"""Answers with a reader: the sentences that carry the spans it found, quoted whole."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.sentences import sentence_spans
from qa.answerers.attribution import who_is_meant
from qa.answerers.speaker import asks_what_was_said, introduction
from qa.candidates import CandidateAnswer, Quote, ScoredPassage, Statement
from qa.question.intent import kind
from qa.reading.reader import Reader, Reading
from qa.reading.spans import Span

_ORDINAL = re.compile(r"\b(?:first|second|third|fourth|fifth|last)\b", re.IGNORECASE)

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
        introduced = [introduction(question, passage) for passage in passages]
        read = self._reader.read(question, [i + t for i, t in zip(introduced, texts, strict=True)])
        readings = [
            replace(reading, spans=tuple(_quotable(reading.spans, len(before), text)))
            for reading, before, text in zip(read, introduced, texts, strict=True)
        ]
        best = max(
            (number for number, reading in enumerate(readings) if reading.spans),
            key=lambda number: readings[number].confidence,
            default=None,
        )
        if best is None or readings[best].confidence < self._reader.threshold:
            sure = 0.0 if best is None else readings[best].confidence
            yield CandidateAnswer("not_in_article", (), None, sure)
            return
        found = [(passages[best], _counted(question, passages[best], readings[best].spans))]
        if kind(question) == "list" or asks_what_was_said(question):
            found += _further(found[0][1], passages, readings, best)
        quotes = _sentences(found)
        short = "; ".join(dict.fromkeys(_text(passage, span) for passage, span in found))
        if (meant := who_is_meant(question, quotes[0])) and meant[0] not in quotes[0].text:
            short = meant[0]
            quotes = list(dict.fromkeys((meant[1], *quotes)))
        statements = tuple(Statement(quote.text, (quote,)) for quote in quotes)
        yield CandidateAnswer("answered", statements, short, readings[best].confidence)


def _quotable(spans: Sequence[Span], before: int, text: str) -> Iterator[Span]:
    """The spans that lie within one paragraph of `text`, read after `before` characters."""
    for span in spans:
        start, end = span.start - before, span.end - before
        if start >= 0 and "\n\n" not in text[start:end]:
            yield Span(start, end, span.score)


def _counted(question: str, passage: ScoredPassage, spans: Sequence[Span]) -> Span:
    """The best span; where the question asks for "the second" and its sentence tells of "the
    first", the best one whose sentence tells of the second."""
    asked = {word.lower() for word in _ORDINAL.findall(question)}
    told = [
        {word.lower() for word in _ORDINAL.findall(_sentences([(passage, span)])[0].text)}
        for span in spans
    ]
    if asked and told[0] and asked.isdisjoint(told[0]):
        return next((s for s, those in zip(spans, told, strict=True) if asked & those), spans[0])
    return spans[0]


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
