"""Questions about the whole article, answered by its most central sentences.

LexRank (Erkan and Radev 2004): sentences that are similar to many others are central; the
stationary distribution of a walk over the similarities ranks them. On top of it, the sentences
that open an article count more, and a sentence like one already chosen counts less (maximal
marginal relevance, Carbonell and Goldstein 1998). Each part of the article gives one sentence.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.articles import Article, Passage
from index.embedding.embedder import Embedder
from index.sentences import sentence_spans
from qa.candidates import CandidateAnswer, Quote, ScoredPassage, Statement
from qa.text import words

_SENTENCES_COMPARED = 80
"""Of one article. More are thinned out evenly, the opening kept whole."""
_ARTICLES = 5
_LEAD = 0.35
"""Weight of the opening sentence's advantage, as a share of the best centrality."""
_TITLE = 0.4
"""Weight of the likeness to the title."""
_REPETITION = 0.5
"""Weight of the likeness to a sentence already chosen."""
_SAME = 0.85
"""Cosine over which two sentences say the same."""
_MOST = 12
_NUMBERS = (
    "one", "two", "three", "four", "five", "six",
    "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_ASKED_FOR = re.compile(rf"\b(?P<number>{'|'.join(_NUMBERS)}|[1-9]\d?)(?: \w+)? sentences?\b")
_RESTART = 0.15
_CONFIDENCE = 0.9
"""An article always says something about itself; how well was not measured."""


_CONTINUES = re.compile(
    r"(?:But|And|However|Or|So|Yet|Also|After a while|Afterwards|Meanwhile|Then|Later|Thus"
    r"|Therefore|Instead|Hence|For (?:example|instance)|In addition|Furthermore|Moreover"
    r"|Nevertheless|Still|Another|Other|Figure|On the other hand|(?:In|By) contrast)\b"
)
_LOOKS_BACK = re.compile(
    r"[\"“‘'*(]*(?:he|she|it|they|his|her|its|their|this|that|these|those|the same|both|the latter"
    r"|the former|such|the (?:writer|analyst|author|minister|president|official|expert|speaker"
    r"|man|woman|company|group|city|country|team|book|film|song|band|album|building))\b",
    re.IGNORECASE,
)
"""It begins with words that stand for something said before."""
_CAPTION = re.compile(r"[*_]*Photo caption:", re.IGNORECASE)
_POINTS_BACK = re.compile(r"\b(?:such|the same|the latter|these|those|he|she) ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Candidate:
    article: Article
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


def summary(question: str, articles: Sequence[Article], embedder: Embedder) -> CandidateAnswer:
    """The most central sentences, one of each part, quoted in the order of the article.

    As many as the question asks for ("in two sentences"), else three to five of one article (fewer
    when it has fewer) and two or three of each of several. Of several articles the first
    `_ARTICLES` are summed up, and a note says so.
    """
    shown = articles[:_ARTICLES]
    statements = []
    for article in shown:
        candidates = _candidates(article)
        count = asked_for(question) or _count(len(candidates), len(shown))
        for chosen in _central(candidates, count, embedder):
            passage = Passage.of(article.id, chosen.start, chosen.end, "")
            quote = Quote(ScoredPassage(passage, article, 1.0), chosen.start, chosen.end)
            statements.append(Statement(chosen.text, (quote,)))
    if not statements:
        return CandidateAnswer("not_in_article", (), None, 0.0)
    note = None
    if len(articles) > len(shown):
        note = f"Only the first {len(shown)} of {len(articles)} articles are summed up."
    return CandidateAnswer("answered", tuple(statements), None, _CONFIDENCE, note)


def asked_for(question: str) -> int | None:
    """The number of sentences that a question asks for, at most twelve.

    >>> asked_for("Sum it up in two short sentences, please"), asked_for("What is it about?")
    (2, None)
    """
    found = _ASKED_FOR.search(question.lower())
    if found is None:
        return None
    number = found["number"]
    return min(int(number), _MOST) if number.isdecimal() else 1 + _NUMBERS.index(number)


def _count(candidates: int, articles: int) -> int:
    if articles == 1:
        return min(candidates, max(3, min(5, 3 + candidates // 12)))
    return min(candidates, 3 if articles == 2 else 2)


def _candidates(article: Article) -> list[_Candidate]:
    """The sentences fit to stand alone, at most `_SENTENCES_COMPARED`; if there is none, all."""
    every = [
        _Candidate(article, start, end)
        for start, end in sentence_spans(article.text)
        if not article.text.startswith("#", start) and not _CAPTION.match(article.text, start)
    ]
    fit = [c for c in every if _stands_alone(c.text)] or every
    if len(fit) > _SENTENCES_COMPARED:
        opening = _SENTENCES_COMPARED // 6
        thinned = np.linspace(opening, len(fit) - 1, _SENTENCES_COMPARED - opening).astype(int)
        fit = fit[:opening] + [fit[i] for i in thinned]
    return fit


def _stands_alone(sentence: str) -> bool:
    return (
        9 <= len(words(sentence)) <= 60
        and sentence[0].isupper()
        and sentence.rstrip("\"'”’)*_").endswith(".")
        and not _LOOKS_BACK.match(sentence)
        and not _POINTS_BACK.search(sentence)
        and not _CONTINUES.match(sentence)
    )


def _central(candidates: Sequence[_Candidate], count: int, embedder: Embedder) -> list[_Candidate]:
    if not candidates:
        return []
    title = candidates[0].article.title
    found = embedder.embed_documents([*(c.text for c in candidates), title])
    vectors = np.asarray(found, dtype=np.float64)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    *_, about = vectors
    vectors = vectors[:-1]
    alike = np.clip(vectors @ vectors.T, 0.0, None)
    worth = _lexrank(alike)
    worth = (worth - worth.min()) / (np.ptp(worth) or 1.0) + _TITLE * (vectors @ about)
    worth = worth + _LEAD / (1 + np.arange(len(candidates)) / 2)
    chosen: list[int] = []
    for part in np.array_split(np.arange(len(candidates)), min(count, len(candidates))):
        said = alike[:, chosen].max(axis=1) if chosen else np.zeros(len(candidates))
        left = np.where(said > _SAME, -np.inf, worth - _REPETITION * said)[part]
        if left.max() > -np.inf:
            chosen.append(int(part[left.argmax()]))
    return [candidates[i] for i in chosen]


def _lexrank(alike: NDArray[np.float64]) -> NDArray[np.float64]:
    """Continuous LexRank: the stationary distribution of the walk, by power iteration."""
    edges = alike - np.diag(np.diag(alike)) + 1e-9
    walk = edges / edges.sum(axis=1, keepdims=True)
    size = len(walk)
    rank = np.full(size, 1 / size)
    for _ in range(50):
        rank = _RESTART / size + (1 - _RESTART) * (walk.T @ rank)
    return rank
