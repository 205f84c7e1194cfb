"""Statements → text with footnote numbers, where these stand, and the quotes compared with the
stored articles."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.library import Library
from qa.answer import Answer, Citation
from qa.candidates import Quote, Statement

# Numbers end a statement; a number in brackets elsewhere was quoted from the article.
_RUN = re.compile(r"(?:(?<= )|^)(?:\[\d+\])+(?=\n\n|\Z)", re.MULTILINE)
_NUMBER = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class NumberedStatement:
    """A statement as it is read: `text` ends with its numbers (`… [1][2]`)."""

    text: str
    new: tuple[Citation, ...]
    """The citations that this statement is the first to use."""


@dataclass(frozen=True, slots=True)
class Mark:
    """`answer.text[start:end]` is `[n]`, the number of a citation of that answer."""

    n: int
    start: int
    end: int


class QuoteMismatch(AssertionError):
    """A quote is not in the stored article at its place. Never sent; always a bug."""


def number(statements: Sequence[Statement]) -> list[NumberedStatement]:
    """The statements with their footnotes, numbered 1, 2, 3 … in the order of first use.

    The same place in an article has one number.
    """
    numbers: dict[tuple[str, int, int], int] = {}
    numbered = []
    for statement in statements:
        used: list[int] = []
        new: list[Citation] = []
        for quote in statement.quotes:
            place = (quote.passage.article.id, quote.start, quote.end)
            if place not in numbers:
                numbers[place] = len(numbers) + 1
                new.append(_citation(numbers[place], quote))
            if numbers[place] not in used:
                used.append(numbers[place])
        text = " ".join([statement.text, "".join(f"[{n}]" for n in used)]).rstrip()
        numbered.append(NumberedStatement(text, tuple(new)))
    return numbered


def marks(answer: Answer) -> Iterator[Mark]:
    """The footnote numbers of an answer's text, in order."""
    for run in _RUN.finditer(answer.text):
        for number in _NUMBER.finditer(answer.text, run.start(), run.end()):
            n = int(number[1])
            if 1 <= n <= len(answer.citations):
                yield Mark(n, number.start(), number.end())


def verify(answer: Answer, library: Library) -> Answer:
    """The same answer, after its quotes and passages were compared with the stored articles.

    The words come from the database, cut there at the place that the answer names, and not from
    the text that was read. An article that was removed meanwhile cannot be compared.

    Raises:
        QuoteMismatch: if the words at a place are not those of the answer.
    """
    quotes = {(c.article_id, c.start, c.end): c.quote for c in answer.citations}
    passages = {(p.article_id, p.start, p.end): p.text for p in answer.passages}
    stored = library.read_places([*quotes, *passages])
    for words in (quotes, passages):
        for place, text in words.items():
            if stored.get(place, text) != text:
                article_id, start, end = place
                raise QuoteMismatch(f"not the words of {article_id} from {start} to {end}")
    return answer


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
        page=article.page(quote.start),
    )
