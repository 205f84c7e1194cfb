"""Yes or no, where a sentence settles it; else neither."""

from collections.abc import Sequence
from typing import Protocol

from qa.reading.reader import Support

YES, NO = "Yes", "No"
SETTLED = 0.95
"""Support from which a sentence settles a question."""
SURE = 0.5
"""Confidence of the reading below which none does."""


class Judge(Protocol):
    """Tells whether texts say a statement, or answer a yes/no question with yes."""

    def support(self, statement: str, evidence: Sequence[str]) -> list[Support]: ...


def yes_or_no(question: str, sentence: str, confidence: float, judge: Judge) -> str | None:
    """What the sentence that was found says to the question; None where it settles nothing."""
    if confidence < SURE:
        return None
    (found,) = judge.support(question, [sentence])
    if found.supported >= SETTLED:
        return YES
    return NO if found.contradicted >= SETTLED else None
