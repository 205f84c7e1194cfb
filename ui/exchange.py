"""`Exchange`: one question on the page and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answer import Answer
from qa.records.conversations import Conversations
from qa.records.feedback import FeedbackBook, Rating


@dataclass(frozen=True, slots=True)
class Exchange:
    """Stored ones have an `answer_id`; the newest may still be without."""

    question: str
    answer: Answer | None = None
    """None while it is being worked on, or when it was stopped or failed."""
    answer_id: str | None = None
    article_ids: tuple[str, ...] | None = None
    """The articles that were asked; None: all of them."""
    doing: str = ""
    """What is being done now, for as long as the answer is not whole."""
    problem: str = ""
    given: Rating | None = None
    """What the person said about the answer."""


def stored_exchanges(
    conversations: Conversations, feedback: FeedbackBook, conversation_id: str
) -> Sequence[Exchange]:
    """The conversation as it is kept, which is all that a reload or a restart shows again.

    Raises:
        NotFound: if there is no such conversation.
    """
    given = feedback.given(conversation_id)
    return [
        Exchange(
            stored.answer.question,
            stored.answer,
            stored.id,
            stored.article_ids,
            given=given.get(stored.id),
        )
        for stored in conversations.read(conversation_id).answers
    ]
