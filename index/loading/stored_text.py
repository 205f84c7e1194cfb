"""What a reader got out of a file → the text that is stored, and where its pages begin."""

import re

from index.loading.blocks import PAGE_MARK, Extract
from index.loading.normal_form import normalise

_HEADING = re.compile(r"#{1,6} ")
_NEAR_TOP = 10
"""Blocks in which a text says by itself who wrote it."""
_LONGEST_FACT = 200


def stored_text(extract: Extract) -> tuple[str, tuple[int, ...]]:
    """The text in normal form, and for each page the place at which it begins.

    What the file says of itself, such as its author, is a line of the text: after the heading at
    the top, where there is one. There it can be found, answered and quoted like all else.
    """
    # Each block is one line already; what is left to do is the characters.
    blocks = normalise("\n\n".join(extract.blocks)).split("\n\n")
    if line := _facts(extract, "\n".join(blocks[:_NEAR_TOP])):
        blocks.insert(1 if _HEADING.match(blocks[0]) and len(blocks) > 1 else 0, line)
    return _without_marks("\n\n".join(blocks))


def _facts(extract: Extract, top: str) -> str:
    """A line of the form of a row of a table: `Author: Petra Lind; Published: 8 March 2024`."""
    facts = [(name, normalise(text).replace("\n\n", " ")) for name, text in extract.facts]
    return "; ".join(
        f"{name}: {text[:_LONGEST_FACT].replace('; ', ', ')}"
        for name, text in facts
        if text and _is_news(name, text, top)
    )


def _is_news(name: str, text: str, top: str) -> bool:
    """Whether the text does not say so itself; of an author, whether it is more than a login."""
    return text not in top and (name != "Author" or " " in text.strip())


def _without_marks(text: str) -> tuple[str, tuple[int, ...]]:
    parts: list[str] = []
    starts: list[int] = []
    end = length = 0
    for mark in PAGE_MARK.finditer(text):
        parts.append(text[end : mark.start()])
        length += len(parts[-1])
        starts.append(length - int(mark[1]))
        end = mark.end()
    return "".join([*parts, text[end:]]), tuple(starts)
