"""The names of a statement, and whether a source has them in this form or another.

A name is a word with a capital or a digit in it. The first word of a sentence is taken for one as
well, unless it is one that often begins a sentence or is in the source in a form of its own.
"""

import re
import unicodedata
from collections.abc import Sequence

from qa.quantities import dates, quantities
from qa.text import FUNCTION_WORDS, WORD, stem

_OPENERS = frozenset(
    """according accordingly additionally afterwards altogether analysts article articles besides
    conversely consequently critics currently despite earlier either eventually experts finally
    furthermore generally hence hereby however including indeed initially instead later likewise
    meanwhile moreover nevertheless nonetheless notably officials originally otherwise overall
    people perhaps previously rather recently researchers similarly since specifically still
    subsequently therefore thus today together traditionally ultimately unlike unless usually
    when whereas whether yesterday""".split()  # noqa: SIM905  one long list of words reads better so
)
_SAME_NAME = {
    "america": "us", "american": "us", "americans": "us", "usa": "us",
    "britain": "uk", "british": "uk", "european": "eu", "europe": "eu",
}  # fmt: skip
_DERIVED = frozenset(["s", "es", "n", "an", "ian", "ean", "ish", "ese", "i", "ic"])
"""What a name ends in when it is made into an adjective or a plural: `Ukrain|ian`, `Iraq|i`."""
_SENTENCE_START = re.compile(r"^\W*|[.!?:]\W+")


def missing_name(statement: str, source: str) -> str | None:
    """The first name of the statement that is not in the source, or `None`."""
    held = [match[0] for match in WORD.finditer(source)]
    held_folded = {plain(word) for word in held}
    held_folded |= {_SAME_NAME[word] for word in held_folded if word in _SAME_NAME}
    held_folded |= _initials(held)
    months = {date.month for date in dates(source)}
    starts = {match.end() for match in _SENTENCE_START.finditer(statement)}
    acronyms = spelled_out(statement, source)
    for match in WORD.finditer(statement):
        word, name = match[0], plain(match[0])
        if not _is_name(word) or name in FUNCTION_WORDS or match.start() in acronyms:
            continue
        if match.start() in starts and name in _OPENERS:
            continue
        if name in held_folded or _SAME_NAME.get(name, name) in held_folded:
            continue
        if any(_same_name(name, other) for other in held_folded):
            continue
        # "Analysts expect" for "an analyst expects": at the start of a sentence only.
        if match.start() in starts and any(stem(name) == stem(other) for other in held_folded):
            continue
        if any(date.month in months for date in dates(f"1 {word}")):
            continue
        if not quantities(word):  # "Ten" was looked at as a number
            return word
    return None


def _is_name(word: str) -> bool:
    letters = [c for c in word if c.isalpha()]
    if not letters:
        return False
    return any(c.isupper() for c in letters) or any(c.isdigit() for c in word[1:])


def plain(word: str) -> str:
    """A word in lower case without accents and possessive ending."""
    letters = unicodedata.normalize("NFD", word.casefold())
    word = "".join(c for c in letters if not unicodedata.combining(c))
    return word.removesuffix("'s").removesuffix("s'")


def shared_beginning(a: str, b: str) -> int:
    """How many characters two words have in common from the first on."""
    pairs = enumerate(zip(a, b, strict=False))
    return next((i for i, (x, y) in pairs if x != y), min(len(a), len(b)))


def _same_name(a: str, b: str) -> bool:
    """`russia` and `russian`, `ukraine` and `ukrainian`, not `maria` and `marie`."""
    short, long = sorted((a, b), key=len)
    common = shared_beginning(a, b)
    if common < 4:
        return False
    if not a.isascii():  # the case endings of Slavic languages and Greek
        return len(short) - common <= 2 and len(long) - common <= 2
    return long[common:] in _DERIVED and short[common:] in {"", "a", "e", "y"}


def _initials(words: Sequence[str]) -> set[str]:
    """`nato` for `North Atlantic Treaty Organization`."""
    found: set[str] = set()
    run: list[str] = []
    for word in [*words, ""]:
        if word[:1].isupper():
            run.append(word[0].casefold())
            found |= {"".join(run[i:]) for i in range(len(run) - 1)}
        elif word.casefold() not in {"of", "the", "and", "for"}:
            run = []
    return found


def spelled_out(statement: str, source: str) -> set[int]:
    """Where the words of a name stand whose initials are an acronym of the source."""
    held = (match[0] for match in WORD.finditer(source))
    acronyms = {word.casefold() for word in held if word.isupper() and len(word) > 1}
    found: set[int] = set()
    names = [match for match in WORD.finditer(statement) if match[0][:1].isupper()]
    for first in range(len(names)):
        for last in range(first + 2, min(first + 7, len(names)) + 1):
            if "".join(name[0][0].casefold() for name in names[first:last]) in acronyms:
                found |= {name.start() for name in names[first:last]}
    return found
