"""What the abbreviations of a question stand for, as the passages spell them out.

Much as Schwartz and Hearst, "A Simple Algorithm for Identifying Abbreviation Definitions in
Biomedical Text" (2003), but by initials alone, which short forms of English names nearly always
are; a long form has to stand near its short form.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

_SHORT = re.compile(r"\b[A-Z](?:\.?[A-Z]){2,5}\b")
"""Two letters are the initials of too much."""
_WORD = re.compile(r"[^\W\d_][\w’']*")
_ENDS = re.compile(r"[.!?:;\n]")
_SKIPPED = {"a", "and", "for", "in", "of", "on", "the", "to"}
_NEAR, _LONGEST = 30, 80
"""Characters from the short form to the long one, and of the long one."""

_PLACES = 3
"""A text spells it out where it comes up first."""


def with_long_forms(question: str, texts: Sequence[str]) -> str:
    """The question, and after it the long forms of its abbreviations.

    >>> with_long_forms("What is the ITC?", ["The International Tin Council (ITC) failed."])
    'What is the ITC? International Tin Council'
    """
    found = [
        long
        for short in dict.fromkeys(_SHORT.findall(question))
        for text in texts
        if short in text
        for long in _long_forms(short, text)
    ]
    return " ".join([question, *dict.fromkeys(found)])


def _long_forms(short: str, text: str) -> Iterator[str]:
    """The stretches of words near `short` that begin with its letters, in order."""
    initials = short.replace(".", "").lower()
    for place in islice(re.finditer(rf"\b{re.escape(short)}\b", text), _PLACES):
        for side in (
            text[max(0, place.start() - _NEAR - _LONGEST) : place.start()],
            text[place.end() : place.end() + _NEAR + _LONGEST],
        ):
            words = list(_WORD.finditer(side))
            for number, word in enumerate(words):
                end = _spelled(initials, words[number:])
                if end and not _ENDS.search(side, word.start(), end):
                    yield side[word.start() : end]


def _spelled(initials: str, words: Sequence[re.Match[str]]) -> int | None:
    """Where the word of the last initial ends, when the words begin with them one by one."""
    left = initials
    for word in words:
        if word[0][0].lower() == left[0] and not (len(word[0]) > 1 and word[0].isupper()):
            left = left[1:]
        elif left == initials or word[0].lower() not in _SKIPPED:
            return None
        if not left:
            return word.end()
    return None
