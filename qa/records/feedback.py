"""Thumbs up and down; a thumb down with a correction becomes a case of the user's own test set.

So a mistake that somebody noticed is asked again by every later `footnote check`.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
)

from index.articles import Article
from index.errors import BadInput
from index.library import Library
from index.settings import Settings
from index.storage.database import create_tables, metadata
from qa.evaluation.cases import LIBRARY, Case, ExpectedQuote
from qa.evaluation.own_cases import keep_case
from qa.evaluation.own_set import append_case, own_set_path
from qa.evaluation.quotes import QuoteNotFound, locate
from qa.records.conversations import (
    Conversations,
    StoredAnswer,
    as_turns,
    conversations,
    turns,
)
from qa.records.people import Person

_REACHES = (0, 40, 80, 160, 320, 640)

feedback = Table(
    "feedback",
    metadata,
    Column("answer_id", ForeignKey("turns.answer_id", ondelete="CASCADE"), primary_key=True),
    Column("rating", String(4), nullable=False),
    Column("article_id", String(16)),
    Column("start", Integer),
    Column("end", Integer),
    Column("not_in_article", Boolean, nullable=False),
    Column("comment", Text, nullable=False),
    Column("given_at", DateTime, nullable=False),
)


class Place(BaseModel):
    """A stretch of an article, in code points of its stored text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    article_id: str = Field(max_length=64)
    start: int = Field(ge=0, le=2**53, strict=True)
    end: int = Field(ge=1, le=2**53, strict=True)


class Feedback(BaseModel):
    """What a person says about one answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    conversation_id: str = Field(max_length=64)
    answer_id: str = Field(max_length=64)
    rating: Literal["up", "down"]
    correct: Place | Literal["not_in_article"] | None = Field(
        None, description="With a thumb down: where the right answer stands, or that none does."
    )
    comment: str = Field("", max_length=5_000)

    @model_validator(mode="after")
    def _only_a_wrong_answer_is_corrected(self) -> "Feedback":
        if self.rating == "up" and self.correct is not None:
            raise ValueError("a thumb up needs no correction")
        return self


@dataclass(frozen=True, slots=True)
class Rating:
    """What was said about an answer before."""

    rating: str
    """`up` or `down`."""
    corrected: bool
    """Whether it became a case of the user's own test set."""


class AlreadyCorrected(BadInput):
    """The test set holds a correction of this answer already."""


class FeedbackBook:
    """Keeps feedback beside the conversations of a library, and writes the user's test set."""

    def __init__(self, library: Library, conversations: Conversations, settings: Settings) -> None:
        self._library = library
        self._conversations = conversations
        self._own_set = own_set_path(settings)
        self._shared = settings.database_url is not None
        create_tables(library.database, [feedback])

    def of(self, person: Person) -> "FeedbackBook":
        """What a person says about the answers of conversations of their own."""
        own = copy(self)
        own._library = self._library.within(person.rights)
        own._conversations = self._conversations.of(person)
        return own

    def give(self, said: Feedback) -> Case | None:
        """Store feedback; what was said before about the same answer is replaced.

        Returns:
            The case that was added to the user's own test set, if the answer was corrected.

        Raises:
            NotFound: if there is no such answer or article.
            BadInput: if the place is not one of the article, or cannot be told from another.
            AlreadyCorrected: if the answer was corrected before; edit the file to change that.
        """
        stored = self._conversations.answer(said.conversation_id, said.answer_id)
        case = self._case(said, stored) if said.correct else None
        if case and self._corrected(said.answer_id):
            raise AlreadyCorrected(
                "This answer was corrected before; "
                f"edit the case {case.id} in {self._own_set.name}."
            )
        if case:
            self._keep(case)
        if said.correct or not self._corrected(said.answer_id):
            self._store(said)
        return case

    def given(self, conversation_id: str) -> Mapping[str, Rating]:
        """What was said about the answers of a conversation, by the id of the answer."""
        query = (
            select(feedback)
            .join(turns, turns.c.answer_id == feedback.c.answer_id)
            .join(conversations)
            .where(turns.c.conversation_id == conversation_id, self._conversations.own())
        )
        with self._library.database.connect() as connection:
            return {
                row.answer_id: Rating(row.rating, row.not_in_article or row.article_id is not None)
                for row in connection.execute(query)
            }

    def _keep(self, case: Case) -> None:
        if self._shared:
            keep_case(self._library.database, case)
        else:
            append_case(self._own_set, case)

    def _corrected(self, answer_id: str) -> bool:
        query = select(feedback).where(feedback.c.answer_id == answer_id)
        with self._library.database.connect() as connection:
            row = connection.execute(query).one_or_none()
        return row is not None and (row.not_in_article or row.article_id is not None)

    def _store(self, said: Feedback) -> None:
        place = said.correct if isinstance(said.correct, Place) else None
        with self._library.database.begin() as connection:
            connection.execute(delete(feedback).where(feedback.c.answer_id == said.answer_id))
            connection.execute(
                insert(feedback).values(
                    answer_id=said.answer_id,
                    rating=said.rating,
                    article_id=place and place.article_id,
                    start=place and place.start,
                    end=place and place.end,
                    not_in_article=said.correct == "not_in_article",
                    comment=said.comment,
                    given_at=datetime.now(UTC).replace(tzinfo=None),
                )
            )

    def _case(self, said: Feedback, stored: StoredAnswer) -> Case:
        asked = stored.article_ids or tuple(
            dict.fromkeys(passage.article_id for passage in stored.answer.passages)
        )
        quotes: tuple[ExpectedQuote, ...] = ()
        if isinstance(said.correct, Place):
            asked = tuple(dict.fromkeys([*asked, said.correct.article_id]))
            quotes = (_quote(said.correct, [self._library.article(id_) for id_ in asked]),)
        if not asked:
            raise BadInput("The answer was asked of no article, so there is nothing to correct.")
        earlier = self._conversations.latest(said.conversation_id, before=said.answer_id)
        return Case(
            id=f"feedback-{said.answer_id}",
            kind="feedback",
            question=stored.answer.question,
            history=as_turns(earlier),
            articles=tuple(LIBRARY + id_ for id_ in asked),
            quotes=quotes,
            not_in_article=said.correct == "not_in_article",
        )


def _quote(place: Place, articles: Sequence[Article]) -> ExpectedQuote:
    """The words at `place`, with as much around them as tells them from the same words elsewhere.

    Raises:
        BadInput: if the place is not in the article, is blank, or cannot be told apart.
    """
    text = next(article.text for article in articles if article.id == place.article_id)
    words = text[place.start : place.end]
    if place.end > len(text) or not words.strip():
        raise BadInput(
            f"Characters {place.start}–{place.end} are no text of article {place.article_id}, "
            f"which has {len(text):,} characters."
        )
    for reach in _REACHES:
        around = text[max(0, place.start - reach) : place.end + reach]
        try:
            span = locate(words, articles, within=around if reach else None)
        except QuoteNotFound:
            continue
        if (span.article_id, span.start) == (place.article_id, _first_word(text, place.start)):
            return ExpectedQuote(text=words.strip(), within=around if reach else None)
    raise BadInput("These words occur more than once nearby: mark the whole sentence.")


def _first_word(text: str, start: int) -> int:
    return start + len(text[start:]) - len(text[start:].lstrip())
