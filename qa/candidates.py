"""`CandidateAnswer`: what an answerer proposes, before its quotes are checked and numbered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.articles import Article, Passage
from qa.answer import Status, Usage


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage as the retriever ranked it; `text` is `article.text[start:end]`."""

    passage: Passage
    article: Article
    score: float

    @property
    def text(self) -> str:
        return self.article.text[self.passage.start : self.passage.end]


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of an article, by its place in it (code points of the article, not the passage)."""

    passage: ScoredPassage
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.passage.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing said, and what it rests on."""

    text: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class CandidateAnswer:
    """An answer without numbers. `answered` without statements, or `not_in_article`: a refusal."""

    status: Status
    statements: tuple[Statement, ...]
    short_answer: str | None
    confidence: float
    """Probability that the passages answer and that this is the answer."""
    note: str | None = None
    answerer: str | None = None
    """Who wrote it, where that is not the answerer that was asked."""
    usage: Usage | None = None
    relevance: tuple[float, ...] = ()
    """How likely the best sentence of each passage helps to answer, 0 for one that was not read;
    empty where that is unknown."""
    provisional: bool = False
    """Whether the answer that comes after it takes its place, instead of going on from it."""


class Answerer(Protocol):
    """Reads the retrieved passages, best first, and proposes an answer."""

    @property
    def name(self) -> str: ...

    def candidates(
        self, question: str, passages: Sequence[ScoredPassage]
    ) -> Iterator[CandidateAnswer]:
        """Growing drafts, each with the statements of the one before; the last is the answer.

        A provisional one may come first.

        An answerer that has nothing to show before it is done yields once.
        """
        ...
