"""Taking a conversation away so that it can be put back, and going another way from one.

Both work on the rows as they are, so that whatever is kept of a conversation comes along: its
answers with their times and numbers, and what was said about them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, insert, select

from index.errors import NotFound
from qa.records.conversations import conversations, new_id, turns
from qa.records.feedback import feedback
from qa.records.pins import pins

_Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class RemovedRows:
    """What was taken away of one conversation, table by table."""

    conversation: _Rows
    turns: _Rows
    feedback: _Rows
    pins: _Rows


def remove_conversation(engine: Engine, conversation_id: str) -> RemovedRows:
    """Deletes a conversation with its answers, and gives what puts it back.

    Raises:
        NotFound: if there is no such conversation.
    """
    with engine.begin() as connection:
        removed = _rows(connection, conversation_id)
        connection.execute(delete(conversations).where(conversations.c.id == conversation_id))
    return removed


def put_back(engine: Engine, removed: RemovedRows) -> None:
    """Makes the conversation what it was; what it holds by now, if it is still there, goes."""
    [row] = removed.conversation
    with engine.begin() as connection:
        connection.execute(delete(conversations).where(conversations.c.id == row["id"]))
        _insert(connection, conversations, removed.conversation)
        _insert(connection, turns, removed.turns)
        _insert(connection, feedback, removed.feedback)
        _insert(connection, pins, removed.pins)


def conversation_rows(engine: Engine, conversation_id: str) -> RemovedRows:
    """The conversation as it is now, for `put_back` after it was changed.

    Raises:
        NotFound: if there is no such conversation.
    """
    with engine.connect() as connection:
        return _rows(connection, conversation_id)


def branch(engine: Engine, conversation_id: str, before: str) -> str:
    """A new conversation of what was said before the answer `before`; gives its id.

    Raises:
        NotFound: if there is no such conversation.
    """
    with engine.begin() as connection:
        rows = _rows(connection, conversation_id)
        ids = [row["answer_id"] for row in rows.turns]
        kept = rows.turns[: ids.index(before)] if before in ids else rows.turns
        branched = {row["answer_id"]: new_id() for row in kept}
        id_ = new_id()
        # Without a title it gets that of its first question, as every conversation.
        title = rows.conversation[0]["title"] if kept else ""
        _insert(connection, conversations, [{**rows.conversation[0], "id": id_, "title": title}])
        copies = [
            {**row, "answer_id": branched[row["answer_id"]], "conversation_id": id_} for row in kept
        ]
        for copy in copies:
            del copy["n"]  # it is new, and of the order of asking
        _insert(connection, turns, copies)
        _insert(
            connection,
            feedback,
            [
                {**row, "answer_id": branched[row["answer_id"]]}
                for row in rows.feedback
                if row["answer_id"] in branched
            ],
        )
    return id_


def _rows(connection: Connection, conversation_id: str) -> RemovedRows:
    of_conversation = select(turns.c.answer_id).where(turns.c.conversation_id == conversation_id)
    rows = RemovedRows(
        _read(connection, conversations, conversations.c.id == conversation_id),
        _read(connection, turns, turns.c.conversation_id == conversation_id),
        _read(connection, feedback, feedback.c.answer_id.in_(of_conversation)),
        _read(connection, pins, pins.c.conversation_id == conversation_id),
    )
    if not rows.conversation:
        raise NotFound(f"There is no conversation {conversation_id}.")
    return rows


def _read(connection: Connection, table: Table, which: Any) -> _Rows:
    query = select(table).where(which)
    if "n" in table.c:
        query = query.order_by(table.c.n)
    return [dict(row) for row in connection.execute(query).mappings()]


def _insert(connection: Connection, table: Table, rows: _Rows) -> None:
    if rows:
        connection.execute(insert(table), [dict(row) for row in rows])
