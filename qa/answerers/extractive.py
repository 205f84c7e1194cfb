"""Answers with a reader: the sentences that carry the spans it found, quoted whole, or those that
come closest."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.embedding.embedder import Embedder
from index.passages import reading_context
from index.sentences import sentence_spans
from qa.answerers.relevant import Sentence, helpful, in_order, naming, sentences, speaking_of
from qa.answerers.yes_no import YES, Judge, yes_or_no
from qa.candidates import CandidateAnswer, Quote, ScoredPassage, Statement
from qa.question.forms import AskedFor, asked_for
from qa.question.intent import kind
from qa.reading.reader import Reader, Reading
from qa.reading.spans import Span

_JOINT = re.compile(r"[\s,;]*(?:and|or|as well as)?[\s,;]*(?:the |an? )?", re.IGNORECASE)

LISTED = 4
"""Spans of an answer to a list question at most."""
LIST_MARGIN = 6.0
"""A further span is listed when its score (a sum of two logits) is at most so much lower than the
best one's, and only if it is likelier than not to be an answer at all."""
HELPS = 0.3
"""Probability from which a further sentence belongs to an answer of several."""
CLOSE = 0.1
"""The same where nothing answers exactly."""
NAMED = 0.95
"""Confidence that what is named in the article is mentioned."""

SEVERAL = ("about", "compare", "open")
"""Forms of questions that want more than the best sentence."""

SPOKEN_OF = "What the article says about this:"
CLOSEST = "The article does not answer this exactly. What comes closest:"

Found = tuple[ScoredPassage, Span]


class ReaderAnswerer:
    """An `Answerer` over any `Reader`. Safe to use from several threads."""

    def __init__(self, reader: Reader, embedder: Embedder, judge: Judge | None = None) -> None:
        """`embedder` tells what form a question has, `judge` what a sentence says to yes or no."""
        self._reader = reader
        self._embedder = embedder
        self._judge = judge

    @property
    def name(self) -> str:
        return f"reader:{self._reader.name}"

    def candidates(
        self, question: str, passages: Sequence[ScoredPassage]
    ) -> Iterator[CandidateAnswer]:
        """One draft: the answer, the sentences that come closest, or a refusal.

        Below the reader's threshold nothing is an answer.
        """
        asked = asked_for(question, self._embedder)
        readings = self._readings(question, passages, thorough=asked.form in SEVERAL)
        best = max(
            (number for number, reading in enumerate(readings) if reading.spans),
            key=lambda number: readings[number].confidence,
            default=None,
        )
        sure, found = 0.0, list[Found]()
        if best is not None:
            sure = readings[best].confidence
            if sure >= self._reader.threshold:
                found = _spans(question, passages[best], readings[best])
        told = sentences(passages, readings)
        candidate = self._candidate(question, asked, found, sure, told)
        yield replace(candidate, relevance=_relevance(readings))

    def _readings(
        self, question: str, passages: Sequence[ScoredPassage], *, thorough: bool
    ) -> list[Reading]:
        texts = [passage.text for passage in passages]
        contexts = [reading_context(passage.article, passage.passage) for passage in passages]
        read = self._reader.read(question, texts, contexts, thorough=thorough)
        return [
            replace(reading, spans=tuple(_within_a_block(reading.spans, text)))
            for reading, text in zip(read, texts, strict=True)
        ]

    def _candidate(
        self,
        question: str,
        asked: AskedFor,
        found: Sequence[Found],
        sure: float,
        told: Sequence[Sentence],
    ) -> CandidateAnswer:
        """What the form of the question makes of the spans found and of the sentences read."""
        quotes = _sentences(found)
        match asked.form:
            case "mention":
                named = naming(asked.topics, told)
                return _answered(in_order(named), YES, NAMED) if named else _refusal(sure)
            case "about" | "compare" if spoken_of := speaking_of(
                asked.topics, told, together=asked.form == "about"
            ):
                quotes = in_order([*quotes, *spoken_of, *helpful(told, HELPS)])
                return _answered(quotes, None, sure) if found else _related(SPOKEN_OF, quotes, sure)
            case "about" | "compare" | "open" if found:
                quotes = in_order([*quotes, *helpful(told, HELPS)])
                return _answered(quotes, _short(found), sure)
            case "about" | "compare" | "open" if close := helpful(told, CLOSE):
                return _related(CLOSEST, in_order(close), sure)
            case "yes-no" if found:
                return _answered(quotes, self._headline(question, quotes[0], sure), sure)
            case _:
                return _answered(quotes, _short(found), sure) if found else _refusal(sure)

    def _headline(self, question: str, quote: Quote, sure: float) -> str | None:
        if self._judge is None:
            return None
        return yes_or_no(question, quote.text, sure, self._judge)


def _answered(quotes: Sequence[Quote], short: str | None, sure: float) -> CandidateAnswer:
    return CandidateAnswer("answered", _statements(quotes), short, sure)


def _related(line: str, quotes: Sequence[Quote], sure: float) -> CandidateAnswer:
    return CandidateAnswer("related", (Statement(line, ()), *_statements(quotes)), None, sure)


def _refusal(sure: float) -> CandidateAnswer:
    return CandidateAnswer("not_in_article", (), None, sure)


def _statements(quotes: Sequence[Quote]) -> tuple[Statement, ...]:
    return tuple(Statement(quote.text, (quote,)) for quote in quotes)


def _short(found: Sequence[Found]) -> str:
    return "; ".join(dict.fromkeys(_text(passage, span) for passage, span in found))


def _relevance(readings: Sequence[Reading]) -> tuple[float, ...]:
    """Of each passage, that of its most helpful sentence: 0 where the reader did not look, because
    an earlier passage settled the question. Empty where the reader does not tell."""
    relevance = tuple(
        max((sentence.probability for sentence in reading.sentences), default=0.0)
        for reading in readings
    )
    return relevance if any(relevance) else ()


def _within_a_block(spans: Sequence[Span], text: str) -> Iterator[Span]:
    """The spans that lie within one paragraph or row of the text."""
    return (span for span in spans if "\n\n" not in text[span.start : span.end])


def _spans(question: str, passage: ScoredPassage, reading: Reading) -> list[Found]:
    """The best span and, where a list is asked for, those of the passage that come close to it, in
    reading order.

    Of one sentence only those that go on in the list: "copper" and "tin" of "copper and tin".
    """
    first, *others = reading.spans
    kept = [first]
    for span in others if kind(question) == "list" else ():
        if span.score <= 0 or first.score - span.score > LIST_MARGIN:
            continue
        beside = [other for other in kept if _in_one_sentence(passage, span, other)]
        if not beside or any(_go_together(passage.text, span, other) for other in beside):
            kept.append(span)
    listed = [first, *sorted(kept[1:LISTED], key=lambda span: span.start)]
    return [(passage, span) for span in listed]


def _in_one_sentence(passage: ScoredPassage, span: Span, other: Span) -> bool:
    return len(_sentences([(passage, span), (passage, other)])) == 1


def _go_together(text: str, span: Span, other: Span) -> bool:
    between = text[min(span.end, other.end) : max(span.start, other.start)]
    return _JOINT.fullmatch(between) is not None


def _sentences(found: Sequence[Found]) -> list[Quote]:
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
