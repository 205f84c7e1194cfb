"""Conversations, kept in the library's database: what was asked, and each `Answer` as it was.

A turn keeps the answer whole, as the JSON that every surface speaks, so that it can be shown,
exported and judged later exactly as it was given, even after its article was removed.
"""

import secrets
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    DateTime,
    Delete,
    Engine,
    ForeignKey,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    Update,
    delete,
    func,
    insert,
    select,
    true,
    update,
)

from index.errors import NotFound
from index.storage.database import create_tables, metadata
from qa.answer import MAX_TURN_CHARACTERS, Answer, Turn
from qa.records.people import Person

MAX_TITLE_CHARACTERS = 200
REMEMBERED_TURNS = 10
"""Question-and-answer pairs that a follow-up is understood from; older ones say little of it."""

_TITLE_CHARACTERS = 80

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(22), primary_key=True),
    Column("title", Text, nullable=False),
    Column("created_at", DateTime, nullable=False),  # UTC; SQLite keeps no time zone
    Column("changed_at", DateTime, nullable=False),
    # The name of a person (see `qa.records.people`); empty from before there were names.
    Column("owner", String(60), nullable=False, server_default=""),
)

turns = Table(
    "turns",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=True),  # the order of asking
    Column("answer_id", String(22), nullable=False, unique=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("asked_at", DateTime, nullable=False),
    Column("article_ids", JSON),
    Column("answer", Text, nullable=False),
    Index("turns_by_conversation", "conversation_id", "n"),
)


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """A conversation without what was said."""

    id: str
    title: str
    created_at: datetime
    changed_at: datetime
    answers: int


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """One question with its answer, as it was given."""

    id: str
    asked_at: datetime
    article_ids: tuple[str, ...] | None
    """The articles it was asked of; None: all of them."""
    answer: Answer


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation, oldest answer first."""

    id: str
    title: str
    created_at: datetime
    changed_at: datetime
    answers: tuple[StoredAnswer, ...]


class Conversations:
    """The conversations of one library. Any number of threads and processes may use it."""

    def __init__(self, engine: Engine) -> None:
        """`engine` is `Library.database`; the tables are made where they are missing."""
        self._engine = engine
        self._owners: tuple[str, ...] | None = None
        self._by_link: Callable[[str], Conversation] | None = None
        create_tables(engine, [conversations, turns])

    def of(
        self, person: Person, by_link: Callable[[str], Conversation] | None = None
    ) -> "Conversations":
        """Those that a person began, and no others.

        `by_link` gives what `read` is asked for under the token of a link (see
        `qa.records.sharing`), or raises NotFound.
        """
        own = copy(self)
        own._owners, own._by_link = person.owners, by_link
        return own

    def create(self, title: str = "") -> ConversationSummary:
        """A new conversation. Without a title it gets that of its first question."""
        now, id_, title = _now(), new_id(), title.strip()
        owner = self._owners[0] if self._owners else ""
        with self._engine.begin() as connection:
            connection.execute(
                insert(conversations).values(
                    id=id_, title=title, created_at=now, changed_at=now, owner=owner
                )
            )
        return ConversationSummary(id_, title, _utc(now), _utc(now), 0)

    def list(self) -> Sequence[ConversationSummary]:
        """All conversations, the one that was last spoken in first."""
        query = (
            select(conversations, func.count(turns.c.n).label("answers"))
            .outerjoin(turns)
            .where(self.own())
            .group_by(conversations.c.id)
            .order_by(conversations.c.changed_at.desc(), conversations.c.id)
        )
        with self._engine.connect() as connection:
            return [
                ConversationSummary(
                    row.id, row.title, _utc(row.created_at), _utc(row.changed_at), row.answers
                )
                for row in connection.execute(query)
            ]

    def read(self, conversation_id: str) -> Conversation:
        """The conversation with all its answers.

        Raises:
            NotFound: if there is none under this id.
        """
        with self._engine.connect() as connection:
            found = connection.execute(
                select(conversations).where(conversations.c.id == conversation_id, self.own())
            ).one_or_none()
            if found is None:
                if self._by_link:
                    return self._by_link(conversation_id)
                raise _not_found(conversation_id)
            rows = connection.execute(
                select(turns).where(turns.c.conversation_id == conversation_id).order_by(turns.c.n)
            )
            return Conversation(
                found.id,
                found.title,
                _utc(found.created_at),
                _utc(found.changed_at),
                tuple(_stored(row) for row in rows),
            )

    def answer(self, conversation_id: str, answer_id: str) -> StoredAnswer:
        """One answer of a conversation.

        Raises:
            NotFound: if the conversation holds no such answer.
        """
        query = (
            select(turns)
            .join(conversations)
            .where(
                turns.c.conversation_id == conversation_id,
                turns.c.answer_id == answer_id,
                self.own(),
            )
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFound(f"There is no answer {answer_id} in a conversation {conversation_id}.")
        return _stored(row)

    def latest(self, conversation_id: str, before: str | None = None) -> Sequence[StoredAnswer]:
        """The last `REMEMBERED_TURNS` answers, or those before the answer `before`, oldest first.

        Raises:
            NotFound: if there is no such conversation.
        """
        query = (
            select(turns)
            .where(turns.c.conversation_id == conversation_id)
            .order_by(turns.c.n.desc())
            .limit(REMEMBERED_TURNS)
        )
        if before is not None:
            asked = select(turns.c.n).where(turns.c.answer_id == before).scalar_subquery()
            query = query.where(turns.c.n < asked)
        with self._engine.connect() as connection:
            known = connection.execute(
                select(conversations.c.id).where(conversations.c.id == conversation_id, self.own())
            ).one_or_none()
            if known is None:
                raise _not_found(conversation_id)
            return [_stored(row) for row in reversed(connection.execute(query).all())]

    def append(
        self,
        conversation_id: str,
        answer: Answer,
        article_ids: Sequence[str] | None,
        replacing: str | None = None,
    ) -> StoredAnswer:
        """Store an answer as the newest of its conversation.

        With `replacing`, the id of an earlier answer, that answer and all that follow it are
        deleted in the same step: the conversation went another way from there.

        Raises:
            NotFound: if the conversation is not there (any more).
        """
        now, id_ = _now(), new_id()
        with self._engine.begin() as connection:
            changed = connection.execute(
                update(conversations)
                .where(conversations.c.id == conversation_id, self.own())
                .values(changed_at=now)
            )
            if not changed.rowcount:
                raise _not_found(conversation_id)
            connection.execute(
                update(conversations)
                .where(conversations.c.id == conversation_id, conversations.c.title == "")
                .values(title=_title(answer.question))
            )
            if replacing is not None:
                first = select(turns.c.n).where(turns.c.answer_id == replacing).scalar_subquery()
                connection.execute(
                    delete(turns).where(
                        turns.c.conversation_id == conversation_id, turns.c.n >= first
                    )
                )
            connection.execute(
                insert(turns).values(
                    answer_id=id_,
                    conversation_id=conversation_id,
                    asked_at=now,
                    article_ids=None if article_ids is None else list(article_ids),
                    answer=answer.model_dump_json(),
                )
            )
        ids = None if article_ids is None else tuple(article_ids)
        return StoredAnswer(id_, now.replace(tzinfo=UTC), ids, answer)

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title.

        Raises:
            NotFound: if there is no such conversation.
        """
        self._change(update(conversations).values(title=title.strip()), conversation_id)

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation with its answers and what was said about them.

        Raises:
            NotFound: if there is no such conversation.
        """
        self._change(delete(conversations), conversation_id)

    def _change(self, statement: Update | Delete, conversation_id: str) -> None:
        with self._engine.begin() as connection:
            result = connection.execute(
                statement.where(conversations.c.id == conversation_id, self.own())
            )
            if not result.rowcount:
                raise _not_found(conversation_id)

    def own(self) -> ColumnElement[bool]:
        """That a row of the table `conversations` is one of theirs."""
        return true() if self._owners is None else conversations.c.owner.in_(self._owners)


def as_turns(answers: Sequence[StoredAnswer]) -> tuple[Turn, ...]:
    """What was said, as the history of the next question.

    A refusal is left out of what Footnote said: it names nothing that could be meant later.
    """
    said = []
    for stored in answers:
        said.append(Turn(role="user", content=stored.answer.question))
        if stored.answer.status != "not_in_article":
            said.append(Turn(role="assistant", content=stored.answer.text[:MAX_TURN_CHARACTERS]))
    return tuple(said)


def new_id() -> str:
    """22 characters that cannot be guessed."""
    return secrets.token_urlsafe(16)


def _title(question: str) -> str:
    words = " ".join(question.split())
    return words if len(words) <= _TITLE_CHARACTERS else words[: _TITLE_CHARACTERS - 1] + "…"


def _stored(row: Row[*tuple[object, ...]]) -> StoredAnswer:
    ids = None if row.article_ids is None else tuple(row.article_ids)
    return StoredAnswer(
        row.answer_id, _utc(row.asked_at), ids, Answer.model_validate_json(row.answer)
    )


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _utc(stored: datetime) -> datetime:
    return stored.replace(tzinfo=UTC)


def _not_found(conversation_id: str) -> NotFound:
    return NotFound(f"There is no conversation {conversation_id}.")
