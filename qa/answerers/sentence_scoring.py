"""How well each sentence of the retrieved passages answers a question, without a trained reader.

A sentence is described by a few features between 0 and 1 (`FEATURES`) and scored by a weighted
sum of them; `training/fit_sentence_confidence.py` fitted the weights.
"""

import difflib
import itertools
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.articles import Article
from index.sentences import sentence_spans
from qa.candidates import ScoredPassage
from qa.question.answer_type import fits
from qa.question.intent import keywords, kind
from qa.text import FUNCTION_WORDS, stems, words

FEATURES = (
    "overlap",
    "context",
    "pairs",
    "similarity",
    "fits",
    "first_passage",
)
"""`overlap`: share of the question's weight (idf) that is in the sentence,
its pronoun filled in; `context`: the further
share in the sentence before, the headings and the title; `pairs`: neighbouring words of the
question that are close in the sentence; `similarity`: cosine of the embeddings; `fits`: it holds
the kind of thing that is asked for; `first_passage`: 1 over the passage's rank."""

RANKING = (3.1, 1.0, 0.55, 3.0, 0.3, 0.1)
"""Weights of `FEATURES` that order the sentences."""

_CAPTION = re.compile(r"[*_]*Photo caption:", re.IGNORECASE)
_LOOKS_BACK = re.compile(
    r"[\"“‘'*(]*(?:he|she|it|they|his|her|its|their|this|that|these|those|the same|both|the latter"
    r"|the former|such|the (?:writer|analyst|author|minister|president|official|expert|speaker"
    r"|man|woman|company|group|city|country|team|book|film|song|band|album|building))\b",
    re.IGNORECASE,
)
_NAME_FIRST = re.compile(
    r"(?:The )?([A-ZÀ-Þ][\w.-]*(?: (?:(?:de|von|van|der|al|bin) )?[A-ZÀ-Þ][\w-]*)+)"
)
NAMED_WITHIN = 1_500
"""Characters before a sentence in which the one it speaks of is looked for."""
_MAX_IDF_CHARACTERS = 400_000


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article: `article.text[start:end]`."""

    passage: ScoredPassage
    rank: int
    """Of its passage, 0 for the best."""
    start: int
    end: int
    before: str
    """The sentence before it under the same heading, where there is one."""
    headings: str
    meant: str
    """The name that "He …" most likely stands for; empty when it does not begin so."""

    @property
    def text(self) -> str:
        return self.passage.article.text[self.start : self.end]

    @property
    def looks_back(self) -> bool:
        """Whether it begins with words that stand for something said before."""
        return looks_back(self.text)

    @property
    def in_context(self) -> str:
        """The text to embed; one that begins with "He …" needs to say where it stands."""
        return f"{self.headings} {self.meant}: {self.text}" if self.looks_back else self.text

    @property
    def place(self) -> tuple[str, int]:
        return self.passage.article.id, self.start


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence with its features in the order of `FEATURES`, and their weighted sum."""

    sentence: Sentence
    features: tuple[float, ...]
    score: float


def looks_back(sentence: str) -> bool:
    return _LOOKS_BACK.match(sentence) is not None


def name_first(sentence: str) -> str | None:
    """The name of two or more words that the sentence begins with."""
    found = _NAME_FIRST.match(sentence)
    if found is None or words(found[1])[0] in FUNCTION_WORDS:
        return None
    return found[1]


def is_caption(sentence: str) -> bool:
    return _CAPTION.match(sentence) is not None


def sentences_of(passages: Sequence[ScoredPassage]) -> list[Sentence]:
    """The sentences of the passages, best passage first, no place twice; without headings."""
    found: list[Sentence] = []
    seen: set[tuple[str, int]] = set()
    for rank, passage in enumerate(passages):
        before, heading = _sentence_before(passage), passage.passage.heading
        for start, end in sentence_spans(passage.text):
            text = passage.text[start:end]
            if text.startswith("#"):
                heading, before = text.lstrip("# "), ""
                continue
            place = (passage.article.id, passage.passage.start + start)
            if place not in seen and any(character.isalnum() for character in text):
                seen.add(place)
                headings = f"{passage.article.title} {heading}"
                end += passage.passage.start
                meant = name_meant(passage.article, place[1]) if looks_back(text) else ""
                found.append(Sentence(passage, rank, place[1], end, before, headings, meant))
            before = text
    return found


def name_meant(article: Article, start: int) -> str:
    """The name that begins the nearest sentence before `start` that begins with one."""
    naming = naming_sentence(article, start)
    return naming[0] if naming else ""


@lru_cache(maxsize=4_096)
def naming_sentence(article: Article, start: int) -> tuple[str, int, int] | None:
    """The nearest sentence before `start` that begins with a name: the name, and its place."""
    first = max(0, start - NAMED_WITHIN)
    earlier = article.text[first:start]
    for begin, end in reversed(sentence_spans(earlier)):
        sentence = earlier[begin:end]
        if not is_caption(sentence) and (name := name_first(sentence)):
            return name, first + begin, first + end
    return None


def _sentence_before(passage: ScoredPassage) -> str:
    """The sentence that ends where the passage begins; empty where a heading is in between."""
    earlier = passage.article.text[max(0, passage.passage.start - 600) : passage.passage.start]
    spans = sentence_spans(earlier)
    if not spans:
        return ""
    last = earlier[slice(*spans[-1])]
    return "" if last.startswith("#") else last


def prescored(question: str, passages: Sequence[ScoredPassage]) -> list[Scored]:
    """The sentences by everything but their embeddings (`similarity` is 0), best first."""
    sentences = sentences_of(passages)
    if not sentences:
        return []
    asked = keywords(question)
    weights = _idf(asked, passages)
    own = [set(stems(f"{sentence.text} {sentence.meant}")) for sentence in sentences]
    vocabulary = set().union(*own)
    spelled = {term: _as_spelled(term, vocabulary) for term in asked}
    total = sum(weights.values()) or 1.0
    wanted = kind(question)
    scored = []
    for sentence, terms in zip(sentences, own, strict=True):
        around = set(stems(f"{sentence.before} {sentence.headings}"))
        overlap = sum(w for t, w in weights.items() if spelled[t] in terms) / total
        context = (
            sum(w for t, w in weights.items() if spelled[t] in around and spelled[t] not in terms)
            / total
        )
        features = (
            overlap,
            context * (1.0 if sentence.looks_back else 0.6),
            _pairs([spelled[term] for term in asked], sentence.text),
            0.0,
            fits(wanted, question, sentence.text),
            1 / (1 + sentence.rank),
        )
        scored.append(Scored(sentence, features, _weighted(features)))
    return sorted(scored, key=lambda candidate: -candidate.score)


def with_similarity(candidate: Scored, similarity: float) -> Scored:
    """The candidate with the cosine of question and sentence counted in."""
    at = FEATURES.index("similarity")
    features = (*candidate.features[:at], max(0.0, similarity), *candidate.features[at + 1 :])
    return Scored(candidate.sentence, features, _weighted(features))


def _weighted(features: Sequence[float]) -> float:
    return sum(w * f for w, f in zip(RANKING, features, strict=True))


def _pairs(asked: Sequence[str], text: str) -> float:
    """Share of the question's neighbouring terms that are at most three words apart."""
    if len(asked) < 2:
        return 0.0
    places: dict[str, list[int]] = {}
    for place, term in enumerate(stems(text)):
        places.setdefault(term, []).append(place)
    near = sum(
        any(abs(a - b) <= 3 for a in places.get(first, ()) for b in places.get(second, ()))
        for first, second in itertools.pairwise(asked)
    )
    return near / (len(asked) - 1)


def _idf(asked: Sequence[str], passages: Sequence[ScoredPassage]) -> dict[str, float]:
    """Robertson and Spärck Jones's weight of each term over the paragraphs of the articles."""
    articles = {passage.article.id: passage.article for passage in passages}
    counts = [_paragraph_counts(article) for article in articles.values()]
    total = sum(size for size, _ in counts)
    weights = {}
    for term in asked:
        holding = sum(frequency.get(term, 0) for _, frequency in counts)
        weights[term] = math.log(1 + (total - holding + 0.5) / (holding + 0.5))
    return weights


@lru_cache(maxsize=32)
def _paragraph_counts(article: Article) -> tuple[int, Mapping[str, int]]:
    """The number of paragraphs, and in how many of them each stem is."""
    paragraphs = article.text[:_MAX_IDF_CHARACTERS].split("\n\n")
    frequency: Counter[str] = Counter()
    for paragraph in paragraphs:
        frequency.update(set(stems(paragraph)))
    return len(paragraphs), frequency


def _as_spelled(term: str, vocabulary: set[str]) -> str:
    """The term as the passages spell it, when the question has it slightly wrong."""
    if term in vocabulary or len(term) < 5 or term.isdigit():
        return term
    alike = [w for w in vocabulary if abs(len(w) - len(term)) <= 1 and w[0] == term[0]]
    return (difflib.get_close_matches(term, alike, n=1, cutoff=0.84) or [term])[0]
