"""What an article offers before anything was asked: a summary of it, and questions it answers."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice, zip_longest
from threading import Lock

from index.articles import Article
from index.settings import Settings
from qa.answer import Answer
from qa.chain import AnswerChain
from qa.evaluation.drafting import answered_cases
from qa.evaluation.question_generation import Proposal, proposals
from ui.render.article import section_of

SHOWN = 4
KEPT = 8
TRIES = 16
"""Proposals asked for one article; a long one that answers none of these gets no starters."""

_ASKS = re.compile(r"(?:Who|When|Where|Why|How|What|Which)\b(?! or )")
_LONGEST = 90

_ABOUT = "What is the article about?"

_questions: dict[tuple[str, str], list["Starter"]] = {}
_summaries: dict[tuple[str, str], Answer] = {}
"""By the article's text and by the settings: neither the library nor the page changes them."""


@dataclass(frozen=True, slots=True)
class Starter:
    """A question, and where in the article its answer stands."""

    question: str
    start: int


class Starters:
    """Summaries and questions by article; each question was checked once by asking it."""

    def __init__(self, chain: AnswerChain, settings: Settings) -> None:
        self._chain = chain
        self._making = Lock()
        self._settings = settings.model_dump_json(exclude={"data_dir", "host", "port"})

    def summary(self, article: Article) -> Answer:
        """What the article is about, in its own words."""
        key = (article.id, self._settings)
        if key not in _summaries:
            _summaries[key] = self._ask(_ABOUT, article)
        return _summaries[key]

    def of(self, article: Article) -> list[Starter]:
        """At most `KEPT` questions that this article answers with the sentence they came from."""
        key = (article.id, self._settings)
        with self._making:
            if key not in _questions:
                made = islice(_spread(article), TRIES)
                drafted = answered_cases(article, lambda q: self._ask(q, article), KEPT, made)
                _questions[key] = [
                    Starter(one.case.question, one.proposal.start) for one in drafted
                ]
            return _questions[key]

    def _ask(self, question: str, article: Article) -> Answer:
        return self._chain.invoke({"question": question, "article_ids": [article.id]})


def suggested(
    known: Iterable[Starter], asked: Collection[str], near: int | None = None
) -> list[str]:
    """What to ask next: not what was asked before, and first what stands `near` in the article."""
    left = [starter for starter in known if starter.question not in asked]
    if near is not None:
        left.sort(key=lambda starter: abs(starter.start - near))
    return [starter.question for starter in left[:SHOWN]]


def _spread(article: Article) -> Iterator[Proposal]:
    """What reads like a question, from all sections in turn; the rest only where nothing does."""
    made = list(proposals(article))
    good = [p for p in made if _ASKS.match(p.question) and len(p.question) <= _LONGEST]
    sections = [list(own) for _, own in groupby(good, lambda p: section_of(article.text, p.start))]
    for row in zip_longest(*sections):
        yield from (proposal for proposal in row if proposal)
    if not good:
        yield from made
