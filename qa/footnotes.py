"""Statements → text with footnote numbers, and the citations they stand for."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answer import Citation
from qa.candidates import Quote, Statement


@dataclass(frozen=True, slots=True)
class NumberedStatement:
    """A statement as it is read: `text` ends with its numbers (`… [1][2]`)."""

    text: str
    new: tuple[Citation, ...]
    """The citations that this statement is the first to use."""


def number(statements: Sequence[Statement]) -> list[NumberedStatement]:
    """The statements with their footnotes, numbered 1, 2, 3 … in the order of first use.

    The same place in an article has one number.
    """
    numbers: dict[tuple[str, int, int], int] = {}
    footnoted = []
    for statement in statements:
        marks: list[int] = []
        new: list[Citation] = []
        for quote in statement.quotes:
            place = (quote.passage.article.id, quote.start, quote.end)
            if place not in numbers:
                numbers[place] = len(numbers) + 1
                new.append(_citation(numbers[place], quote))
            if numbers[place] not in marks:
                marks.append(numbers[place])
        text = " ".join([statement.text, "".join(f"[{n}]" for n in marks)]).rstrip()
        footnoted.append(NumberedStatement(text, tuple(new)))
    return footnoted


def _citation(n: int, quote: Quote) -> Citation:
    article = quote.passage.article
    return Citation(
        n=n,
        article_id=article.id,
        title=article.title,
        source=article.source,
        passage_id=quote.passage.passage.id,
        quote=quote.text,
        start=quote.start,
        end=quote.end,
    )
