"""A chat model's streamed text → statements, each with the sentences that carry it."""

from collections.abc import Generator, Iterable
from dataclasses import dataclass

from qa.answer import NOT_IN_ARTICLE
from qa.candidates import Statement
from qa.chat.attribution import attribute
from qa.chat.citations import CitedSentence, cited_sentences
from qa.chat.prompt_sentences import PromptSentences
from qa.chat.support import Score
from qa.text import words

UNSUPPORTED = " (unsupported)"
"""Follows a statement that is kept although the article does not support it."""

_REFUSAL = words(NOT_IN_ARTICLE)
_REFUSAL_SHORT = ["the", "article", "doesn't", "say"]


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """One sentence of the model's."""

    statement: Statement
    """With its quotes; without any when the sentence is not supported."""
    problem: str | None
    """What no sentence of the article holds; `None` when it is supported."""
    refuses: bool = False
    """Whether it is the sentence that says that the article does not say; no claim then."""


def ground(
    pieces: Iterable[str], numbered: PromptSentences, score: Score
) -> Generator[CheckedSentence, None, None]:
    """Each sentence as soon as it is complete and checked, once however often a model repeats it.

    An error of `pieces` goes on to the caller.
    """
    seen: set[str] = set()
    for sentence in cited_sentences(pieces):
        if sentence.text not in seen:
            seen.add(sentence.text)
            yield _grounded(sentence, numbered, score)


def _grounded(sentence: CitedSentence, numbered: PromptSentences, score: Score) -> CheckedSentence:
    if words(sentence.text) in (_REFUSAL, _REFUSAL_SHORT):
        return CheckedSentence(Statement(sentence.text, ()), "it refuses", refuses=True)
    hints = [n for n in sentence.numbers if 1 <= n <= len(numbered.sentences)]
    found = attribute(sentence.text, hints, numbered, score)
    if isinstance(found, str):
        return CheckedSentence(Statement(sentence.text, ()), found)
    return CheckedSentence(Statement(sentence.text, numbered.quotes(found)), None)
