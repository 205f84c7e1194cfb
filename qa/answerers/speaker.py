"""Who speaks in a passage that only has "he" or "the same analyst", told to the reader in front.

A reader sees a passage alone: that "The same analyst considers …" is what Sergei Bersanov said,
under the heading "The China factor", stands before it in the article.
"""

import re

from qa.answerers.sentence_scoring import looks_back, naming_sentence
from qa.candidates import ScoredPassage
from qa.text import words

_SAYS = (
    r"say|said|think|thought|believe|add|claim|argue|write|written|tell|told|suggest|warn|consider"
    r"|stress|expect"
)
_SAID = re.compile(
    rf"\bwhat (?:did|does|do|has|have|had) .+? (?:{_SAYS})(?:s|d|ed)?\b", re.IGNORECASE
)


def asks_what_was_said(question: str) -> bool:
    """Whether it asks for somebody's statements, of which there may be several."""
    return _SAID.search(question) is not None


def introduction(question: str, passage: ScoredPassage) -> str:
    """`"Sergei Bersanov, The China factor: "`, to be read before the passage; or nothing.

    Only where the question is about that person, and the passage begins by looking back to them.
    """
    if not looks_back(passage.text):
        return ""
    named = naming_sentence(passage.article, passage.passage.start)
    if named is None or words(named[0])[-1] not in words(question):
        return ""
    heading = passage.passage.heading.rpartition(" › ")[2]
    return f"{named[0]}, {heading}: " if heading else f"{named[0]}: "
