"""What happens while a question is answered, in this order: every streaming surface shows these."""

from dataclasses import dataclass

from qa.answer import Answer, Citation, RetrievedPassage


@dataclass(frozen=True, slots=True)
class QuestionEvent:
    """The question, with the entities of the turns before it."""

    standalone_question: str


@dataclass(frozen=True, slots=True)
class PassagesEvent:
    """The passages found, best first."""

    passages: tuple[RetrievedPassage, ...]


@dataclass(frozen=True, slots=True)
class DraftEvent:
    """A whole answer to show until another takes its place: the reader's while a model writes.

    A surface that cannot take back what it has shown leaves it out.
    """

    answer: Answer


@dataclass(frozen=True, slots=True)
class StatementEvent:
    """One statement whose citations were checked; `text` ends with their numbers."""

    text: str
    citations: tuple[Citation, ...]
    """The footnotes that this statement is the first to use."""
    so_far: Answer


@dataclass(frozen=True, slots=True)
class AnswerEvent:
    """The whole answer. Always the last event."""

    answer: Answer


Event = QuestionEvent | PassagesEvent | DraftEvent | StatementEvent | AnswerEvent
