"""Where the footnote numbers stand in the text of an answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.answer import Answer

# Numbers end a statement; a number in brackets elsewhere was quoted from the article.
_RUN = re.compile(r"(?:(?<= )|^)(?:\[\d+\])+(?=\n\n|\Z)", re.MULTILINE)
_NUMBER = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Mark:
    """`answer.text[start:end]` is `[n]`, the number of a citation of that answer."""

    n: int
    start: int
    end: int


def marks(answer: Answer) -> Iterator[Mark]:
    """The footnote numbers of an answer's text, in order."""
    for run in _RUN.finditer(answer.text):
        for number in _NUMBER.finditer(answer.text, run.start(), run.end()):
            n = int(number[1])
            if 1 <= n <= len(answer.citations):
                yield Mark(n, number.start(), number.end())
