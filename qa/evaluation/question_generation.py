"""Proposes test cases for an article, from its own sentences, for a person to accept or edit.

A question is made from a sentence by a plain transformation that is right for most sentences of
its pattern, then asked through the real chain. It is kept only when the answer cites that very
sentence, so a draft shows what works today: keep what is true, mend what reads badly, and add
the questions that people really ask.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from rich.console import Console

from index.articles import Article
from index.errors import BadInput
from index.loading.loader import load_file
from index.settings import Settings
from qa.answer import Answer
from qa.evaluation.cases import Case, ExpectedQuote
from qa.evaluation.own_set import as_yaml
from qa.evaluation.question_patterns import proposals
from qa.evaluation.run import temporary_library


def draft_cases(
    article: Article, ask: Callable[[str], Answer], limit: int, tries: int | None = None
) -> list[Case]:
    """At most `limit` proposals that `ask` answers by citing their very sentence.

    `tries` is how many may be asked for that; None: all that the article gives.
    """
    cases: list[Case] = []
    seen: set[str] = set()
    for proposal in proposals(article):
        if len(cases) == limit or (tries is not None and len(seen) == tries):
            break
        if proposal.question in seen:
            continue
        seen.add(proposal.question)
        sentence = article.text[proposal.start : proposal.end]
        if article.text.count(sentence) > 1:
            continue  # a quote must name one place
        answer = ask(proposal.question)
        cited = any(
            c.start < proposal.end and proposal.start < c.end and proposal.answer in c.quote
            for c in answer.citations
        )
        if cited:
            cases.append(
                Case(
                    id=f"{proposal.kind.replace('_', '-')}-{len(cases) + 1}",
                    kind=proposal.kind,
                    question=proposal.question,
                    answers=(proposal.answer,),
                    quotes=(ExpectedQuote(text=sentence),),
                )
            )
    return cases


def drafted_set(file: Path, folder: Path, settings: Settings, limit: int) -> str:
    """A YAML test set for the article in `file`, whose path in it is relative to `folder`.

    Raises:
        BadInput: when no proposal was answered with its own sentence.
    """
    article = load_file(file, settings)
    with temporary_library(settings) as (library, chain), _asking() as tried:
        library.add(article)

        def ask(question: str) -> Answer:
            tried()
            return chain.invoke({"question": question})

        cases = draft_cases(article, ask, limit)
    if not cases:
        raise BadInput(
            f"No question could be made from the sentences of {file}: write the cases by hand."
        )
    lines = [
        f"# Drafted from {article.title!r}: each case is answered today by the sentence it quotes.",
        "# Keep what is true, mend what reads badly, and add what people really ask.",
        f"articles: [{_yaml_text(os.path.relpath(file.resolve(), folder.resolve()))}]",
        "",
        "cases:",
    ]
    for case in cases:
        lines += [f"  {line}" for line in as_yaml(case).splitlines()]
    return "\n".join(lines) + "\n"


@contextmanager
def _asking() -> Iterator[Callable[[], None]]:
    """Shows on standard error how many questions were tried; nothing where it is no terminal."""
    console = Console(stderr=True)
    with console.status("Reading the article") as status:
        numbers = count(1)
        yield lambda: status.update(f"Trying question {next(numbers)}")


def _yaml_text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
