"""A question typed in a hurry → the question with the words that the articles have for it.

Only a word that is neither a common word of English nor a word of the passages is touched, and only
where one word of the passages (or a function word) is within a slip or two of it: a letter left
out, put in, changed, or swapped with its neighbour. What was understood is shown with the answer.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from qa.text import FUNCTION_WORDS, WORD, stems

_WORDS = Path(__file__).parent / "words.txt"
_SHORTEST = 3
_TWO_SLIPS_FROM = 8
"""Letters of a word in which two slips are believed, and not another word."""


def unknown_words(question: str) -> list[str]:
    """The words of the question that may be misspelt: none that a list of 30,000 has."""
    known = _common_words()
    return [
        match[0]
        for match in WORD.finditer(question)
        if len(match[0]) >= _SHORTEST and match[0].isalpha() and _plain(match[0]) not in known
    ]


def respelled(question: str, texts: Sequence[str]) -> str:
    """The question with its unknown words as the texts spell them, where it is clear which.

    >>> respelled("How long wuold a misile need?", ["A missile would need 5 minutes."])
    'How long would a missile need?'
    """
    doubtful = set(unknown_words(question))
    if not doubtful:
        return question
    written = Counter(match[0] for text in texts for match in WORD.finditer(text))
    there = {_plain(word) for word in written}

    def spelled(match: re.Match[str]) -> str:
        word = match[0]
        own = _plain(word)
        if word not in doubtful or own in there or _inflected(own, there):
            return word
        # A name is changed with more care: Petrov and Petrova are two people.
        is_name = word[0].isupper() and match.start() > 0
        return _nearest(own, written, same_length=is_name) or word

    return WORD.sub(spelled, question)


def _inflected(own: str, there: set[str]) -> bool:
    """Whether it is a word of the texts with another ending: "preconditions", "formalising"."""
    known = there | _common_words()
    for ending in ("s", "es", "d", "ed", "ing", "ly", "er", "ers"):
        bare = own.removesuffix(ending)
        if bare != own and (bare in known or (ending[0] in "ie" and bare + "e" in known)):
            return True
    return any(own + ending in there for ending in ("s", "es", "d", "ed", "ing", "ly"))


def _nearest(own: str, written: Counter[str], *, same_length: bool) -> str | None:
    """The one word within the fewest slips; None where there is none, or more than one."""
    spelled = _spellings(written)
    near = process.extract(  # the nearest first; a swap of two neighbours is one slip
        own,
        [plain for plain in spelled if _may_be(own, plain, same_length)],
        scorer=OSA.distance,
        score_cutoff=2 if len(own) >= _TWO_SLIPS_FROM else 1,
        limit=None,
    )
    nearest = [spelled[plain] for plain, slips, _ in near if slips == near[0][1]]
    meant = {tuple(stems(word)) or (word,) for word in nearest}
    return nearest[0] if len(meant) == 1 else None


def _spellings(written: Counter[str]) -> dict[str, str]:
    """The plain form of each word that can be meant → its commonest spelling in the texts."""
    spelled = {_plain(word): word for word, _ in reversed(written.most_common()) if word.isalpha()}
    return spelled | {word: word for word in FUNCTION_WORDS if word.isalpha()}


def _may_be(own: str, plain: str, same_length: bool) -> bool:
    """Whether `plain` can be what was meant, before slips are counted."""
    if len(plain) < _SHORTEST or (same_length and len(plain) != len(own)):
        return False
    # The first letter is rarely wrong, save where it is swapped.
    return plain[0] == own[0] or plain[:2] == own[1::-1]


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    """The 30,000 commonest words of English books, of three letters and more."""
    return frozenset(_WORDS.read_text(encoding="utf-8").split()) | FUNCTION_WORDS


@lru_cache(maxsize=16_384)
def _plain(word: str) -> str:
    """In lower case, without accents and possessive."""
    bare = unicodedata.normalize("NFKD", word.lower()).replace("’", "'").removesuffix("'s")
    return "".join(c for c in bare if not unicodedata.combining(c))
