"""Proposes test cases for an article, each asked through the real chain, for a person to decide.

A question is kept when the answer to it cites the very sentence that it was made from and holds the
words that it asks for (round trip, after Alberti et al. 2019). A near miss is kept when it is
refused today, or when what it is answered with is that sentence: then it is the very mistake that
a test set should show. One that another sentence answers may be answerable after all, and goes.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.articles import Article
from index.errors import BadInput
from index.loading.loader import load_file
from index.settings import Settings
from qa.answer import Answer
from qa.evaluation.cases import Case, ExpectedQuote
from qa.evaluation.question_generation import Proposal, near_misses, proposals
from qa.evaluation.run import temporary_library
from qa.evaluation.set_writing import set_text

Ask = Callable[[str], Answer]

NEAR_MISSES = 3
"""One case of so many is a near miss, where there are enough of both."""


@dataclass(frozen=True, slots=True)
class DraftedCase:
    """A proposed case, what it was made from, and what is answered to it today."""

    case: Case
    proposal: Proposal
    answer: Answer

    @property
    def right(self) -> bool:
        wanted = "not_in_article" if self.case.not_in_article else "answered"
        return self.answer.status == wanted


def answered_cases(
    article: Article, ask: Ask, limit: int, made: Iterable[Proposal] | None = None
) -> Iterator[DraftedCase]:
    """At most `limit` questions that are answered with the sentence they were made from.

    `made` are the proposals to ask for that; None: all that the article gives.
    """
    kept = 0
    for proposal in _distinct(proposals(article) if made is None else made):
        if kept == limit:
            return
        if article.text.count(article.text[proposal.start : proposal.end]) > 1:
            continue  # a quote must name one place
        answer = ask(proposal.question)
        if _cites(answer, proposal):
            kept += 1
            yield DraftedCase(_case(proposal, kept, article), proposal, answer)


def near_miss_cases(
    article: Article, ask: Ask, answered: Sequence[DraftedCase], limit: int
) -> Iterator[DraftedCase]:
    """At most `limit` near misses of the `answered` cases."""
    kept = 0
    for proposal in _distinct(near_misses(article, [drafted.proposal for drafted in answered])):
        if kept == limit:
            return
        answer = ask(proposal.question)
        misled = any(_overlap(c.start, c.end, proposal) for c in answer.citations)
        if answer.status == "not_in_article" or misled:
            kept += 1
            number = len(answered) + kept
            yield DraftedCase(_case(proposal, number, article), proposal, answer)


def _distinct(made: Iterable[Proposal]) -> Iterator[Proposal]:
    seen: set[str] = set()
    for proposal in made:
        if proposal.question not in seen:
            seen.add(proposal.question)
            yield proposal


def drafts(file: Path, settings: Settings, limit: int) -> Iterator[DraftedCase]:
    """The proposals for the article in `file`.

    Raises:
        BadInput: when the file cannot be read.
    """
    article = load_file(file, settings)
    with temporary_library(settings) as (library, chain):
        library.add(article)

        def ask(question: str) -> Answer:
            return chain.invoke({"question": question})

        answered = []
        for drafted in answered_cases(article, ask, limit - limit // NEAR_MISSES):
            answered.append(drafted)
            yield drafted
        yield from near_miss_cases(article, ask, answered, limit - len(answered))


def drafted_text(file: Path, folder: Path, cases: Iterable[Case]) -> str:
    """The cases as a YAML test set; the article's path in it is relative to `folder`.

    Raises:
        BadInput: when there are none.
    """
    kept = list(cases)
    if not kept:
        raise BadInput(
            f"No question could be made from the sentences of {file}: write the cases by hand."
        )
    name = os.path.relpath(file.resolve(), folder.resolve())
    remarks = (
        f"Drafted from {file.name}: a question each that its sentence answers, and near misses.",
        "Keep what is true, mend what reads badly, and add what people really ask.",
    )
    return set_text([name], kept, remarks)


def _cites(answer: Answer, proposal: Proposal) -> bool:
    return proposal.answer is not None and any(
        _overlap(c.start, c.end, proposal) and proposal.answer in c.quote for c in answer.citations
    )


def _overlap(start: int, end: int, proposal: Proposal) -> bool:
    return start < proposal.end and proposal.start < end


def _case(proposal: Proposal, number: int, article: Article) -> Case:
    name = f"{proposal.kind.replace('_', '-')}-{number}"
    if proposal.answer is None:
        return Case(
            id=name,
            kind=proposal.kind,
            question=proposal.question,
            not_in_article=True,
            tags=(proposal.tag,),
        )
    return Case(
        id=name,
        kind=proposal.kind,
        question=proposal.question,
        answers=(proposal.answer,),
        quotes=(ExpectedQuote(text=article.text[proposal.start : proposal.end]),),
    )
