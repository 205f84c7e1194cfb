"""The blocks of a text in normal form, as the readers of each file type write them."""

import re
from typing import NamedTuple

PAGE_MARK = re.compile("\ufdd0(\\d+)\ufdd1")
"""Where a page begins: so many characters before the mark. Its ends are no characters of Unicode,
so no text has them; `stored_text` takes the marks out again and keeps the places."""


class Extract(NamedTuple):
    """What a reader got out of a file: the blocks in order, and what the file says of itself.

    Each block is one line, marked as `index.articles` describes.
    """

    blocks: list[str]
    title: str | None = None
    """As the file calls itself where it begins."""
    named: str | None = None
    """The title in the properties of the file, which counts less than a heading at its top."""
    facts: tuple[tuple[str, str], ...] = ()
    """Author, date and the like, by name: of the file's properties, not of its text."""
    notes: tuple[str, ...] = ()
    """What a person should know of how the file was read, in whole sentences."""


def page_mark(back: int = 0) -> str:
    """The mark of a page that begins `back` characters before it."""
    return f"\ufdd0{back}\ufdd1"


def heading(level: int, text: str) -> str:
    """A heading; `level` is held between 1 and 6."""
    return f"{'#' * min(max(level, 1), 6)} {one_line(text)}"


def item(text: str, number: int | None = None) -> str:
    """A list item; of an ordered list with its number, so that it can be asked for."""
    return f"- {one_line(text)}" if number is None else f"{number}. {one_line(text)}"


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())
