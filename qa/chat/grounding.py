"""A chat model's streamed text → statements that were checked against the sentences they cite."""

from collections.abc import Generator, Iterable
from dataclasses import dataclass

from qa.answer import NOT_IN_ARTICLE
from qa.candidates import Statement
from qa.chat.citations import CitedSentence, cited_sentences
from qa.chat.prompt_sentences import PromptSentences
from qa.chat.support import unsupported
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
    """What its cited sentences do not hold; `None` when it is supported."""
    cites: bool
    """Whether it cites at least one sentence that there is."""
    refuses: bool = False
    """Whether it is the sentence that says that the article does not say; no claim then."""


def ground(
    pieces: Iterable[str], numbered: PromptSentences
) -> Generator[CheckedSentence, None, None]:
    """Each sentence as soon as it is complete and checked.

    A citation of a number that does not exist is dropped, and a sentence without any other is
    unsupported. An error of `pieces` goes on to the caller.
    """
    for sentence in cited_sentences(pieces):
        yield _grounded(sentence, numbered)


def _grounded(sentence: CitedSentence, numbered: PromptSentences) -> CheckedSentence:
    if words(sentence.text) in (_REFUSAL, _REFUSAL_SHORT):
        return CheckedSentence(Statement(sentence.text, ()), "it refuses", False, refuses=True)
    numbers = [n for n in sentence.numbers if 1 <= n <= len(numbered.sentences)]
    if not numbers:
        return CheckedSentence(Statement(sentence.text, ()), "it cites nothing", False)
    cited = [numbered.sentences[n - 1] for n in numbers]
    problem = unsupported(
        sentence.text, [s.text for s in cited], list(dict.fromkeys(s.heading for s in cited))
    )
    if problem:
        return CheckedSentence(Statement(sentence.text, ()), problem, True)
    return CheckedSentence(Statement(sentence.text, numbered.quotes(numbers)), None, True)
