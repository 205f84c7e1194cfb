"""The sentences of all passages that speak of what is asked about, or that help to answer."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.passages import looks_back
from index.sentences import sentence_spans
from qa.candidates import Quote, ScoredPassage
from qa.reading.reader import Reading, Relevance
from qa.text import stems

MOST = 6
"""Sentences told at most."""
SPEAKS_OF = 0.4
"""Share of a topic's words, weighted by how rare they are, from which a sentence speaks of it."""
_BY_HEADING = 0.5
"""What a word counts that stands only in the heading over a sentence."""
_AFTER = 0.9
"""What a sentence that looks back ("He told …") counts of the one before it."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage, and how likely the reader finds that it helps to answer."""

    quote: Quote
    relevance: float


def sentences(passages: Sequence[ScoredPassage], readings: Sequence[Reading]) -> list[Sentence]:
    """Every sentence, each text once, in the order of the passages."""
    found: dict[str, Sentence] = {}
    for passage, reading in zip(passages, readings, strict=True):
        start = passage.passage.start
        for each in reading.sentences or _untold(passage):
            quote = Quote(passage, start + each.start, start + each.end)
            found.setdefault(quote.text, Sentence(quote, each.probability))
    return list(found.values())


def _untold(passage: ScoredPassage) -> list[Relevance]:
    return [Relevance(start, end, 0.0) for start, end in sentence_spans(passage.text)]


def helpful(told: Iterable[Sentence], least: float) -> list[Quote]:
    """Those that help to answer with at least this probability, the likeliest first."""
    likeliest = sorted(told, key=lambda sentence: -sentence.relevance)
    return [sentence.quote for sentence in likeliest if sentence.relevance >= least]


def speaking_of(topics: Sequence[str], told: Sequence[Sentence], *, together: bool) -> list[Quote]:
    """Those that speak of the topics, most plainly first and of each topic in turn.

    None where one of the topics is not spoken of at all; where they are asked about `together`,
    only those of passages that speak of all.
    """
    asked = [list(dict.fromkeys(stems(topic))) for topic in topics]
    asked = [topic for topic in asked if topic]
    texts = [frozenset(stems(sentence.quote.text)) for sentence in told]
    headings = [frozenset(stems(sentence.quote.passage.passage.heading)) for sentence in told]
    ranked = [list(_ranked(topic, told, texts, headings)) for topic in asked]
    if together and ranked:
        of_all = set.intersection(*({_passage(told[n]) for n in of_topic} for of_topic in ranked))
        ranked = [[n for n in of_topic if _passage(told[n]) in of_all] for of_topic in ranked]
    if not all(ranked):
        return []
    turns = (of_topic[n] for n in range(len(told)) for of_topic in ranked if n < len(of_topic))
    return [told[number].quote for number in dict.fromkeys(turns)]


def _passage(sentence: Sentence) -> str:
    return sentence.quote.passage.passage.id


def naming(topics: Sequence[str], told: Sequence[Sentence]) -> list[Quote]:
    """Those that hold every word of the topics, or stand under a heading that does."""
    asked = {word for topic in topics for word in stems(topic)}
    quotes = [sentence.quote for sentence in told]
    return [
        quote
        for quote in quotes
        if asked and asked <= {*stems(quote.text), *stems(quote.passage.passage.heading)}
    ]


def in_order(quotes: Iterable[Quote]) -> list[Quote]:
    """The first `MOST` that overlap none before them, by article and place in it."""
    first: list[Quote] = []
    for quote in quotes:
        if len(first) < MOST and not any(_overlap(quote, other) for other in first):
            first.append(quote)
    articles = list(dict.fromkeys(quote.passage.article.id for quote in first))
    return sorted(first, key=lambda q: (articles.index(q.passage.article.id), q.start))


def _overlap(one: Quote, other: Quote) -> bool:
    same = one.passage.article.id == other.passage.article.id
    return same and one.start < other.end and other.start < one.end


def _ranked(
    topic: Sequence[str],
    told: Sequence[Sentence],
    texts: Sequence[frozenset[str]],
    headings: Sequence[frozenset[str]],
) -> Iterator[int]:
    """The numbers of the sentences that speak of one topic, most plainly first."""
    spread = Counter(word for text in texts for word in text)
    rarity = {word: math.log(1 + len(texts) / (1 + spread[word])) for word in topic}
    whole = sum(rarity.values())
    shares: list[float] = []
    for number, sentence in enumerate(told):
        own = sum(rarity[word] for word in topic if word in texts[number])
        over = sum(rarity[word] for word in topic if word in headings[number] - texts[number])
        share = (own + _BY_HEADING * over) / whole
        if shares and looks_back(sentence.quote.text) and _follows(told[number - 1], sentence):
            share = max(share, _AFTER * shares[-1])
        shares.append(share)
    order = sorted(range(len(told)), key=lambda n: (-shares[n], -told[n].relevance))
    return (number for number in order if shares[number] >= SPEAKS_OF)


def _follows(one: Sentence, other: Sentence) -> bool:
    return one.quote.passage is other.quote.passage and one.quote.end <= other.quote.start
