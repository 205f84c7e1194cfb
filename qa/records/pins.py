"""Conversations that a person keeps at the head of the list."""

from sqlalchemy import Column, Engine, ForeignKey, Table, delete, insert, select

from index.errors import NotFound
from index.storage.database import create_tables, metadata
from qa.records.conversations import conversations

pins = Table(
    "pins",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
)


class Pins:
    """Which conversations of a library are pinned."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        create_tables(engine, [pins])

    def ids(self) -> frozenset[str]:
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(select(pins.c.conversation_id)))

    def toggle(self, conversation_id: str) -> None:
        """Pins a conversation, or takes the pin off.

        Raises:
            NotFound: if there is no such conversation.
        """
        here = pins.c.conversation_id == conversation_id
        with self._engine.begin() as connection:
            known = select(conversations.c.id).where(conversations.c.id == conversation_id)
            if connection.execute(known).one_or_none() is None:
                raise NotFound(f"There is no conversation {conversation_id}.")
            if not connection.execute(delete(pins).where(here)).rowcount:
                connection.execute(insert(pins).values(conversation_id=conversation_id))
