"""The words of a text, and their stems."""

import re
import threading
from functools import lru_cache

import snowballstemmer

WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")

_FUNCTION_WORDS = """
    a about above after again against all also although am an and any are aren't as at be
    because been before being between both but by can can't cannot could couldn't did didn't do
    does doesn't doing don't down during each else ever every few for from further get gets
    given had has hasn't have haven't having he he's her here hers herself him himself his how
    however i if in into is isn't it it's its itself just let like may me might more most much
    must my no nor not now of off on once one ones only or other others our ours out over own
    per please said same say says shall she should so some such tell tells than that that's the
    their theirs them themselves then there there's these they they're this those through thus
    to told too under until up upon us very was wasn't we were weren't what what's when when's
    where where's whether which while who who's whom whose why will with within without won't
    would wouldn't yes yet you your yours"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Words that say nothing about the subject, in lower case."""

_AUXILIARIES = """
    is are was were am do does did has have had can could will would shall should may might must
    isn't aren't wasn't weren't don't doesn't didn't hasn't haven't hadn't can't couldn't won't
    wouldn't shouldn't"""
AUXILIARIES = frozenset(_AUXILIARIES.split())

_stemmer = snowballstemmer.stemmer("english")
_stemmer_lock = threading.Lock()  # the stemmer keeps the word it works on in itself


def words(text: str) -> list[str]:
    """The words of a text in lower case, in order."""
    return [match[0].lower().replace("’", "'") for match in WORD.finditer(text)]


def stems(text: str) -> list[str]:
    """The stems of the content words of a text, in order (Snowball's English stemmer)."""
    return [stem(word) for word in words(text) if word not in FUNCTION_WORDS]


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of one lower-case word; a possessive ending is dropped first."""
    word = word.removesuffix("'s").replace("'", "")[:50]
    with _stemmer_lock:
        return str(_stemmer.stemWord(word))
