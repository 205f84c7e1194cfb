"""Sharing: whoever has the link to a conversation may read it, if they may see what it quotes."""

import secrets
from datetime import UTC, datetime

from sqlalchemy import Column, DateTime, ForeignKey, String, Table, delete, insert, select

from index.errors import NotAllowed, NotFound
from index.library import Library
from index.storage.database import create_tables, metadata
from qa.records.conversations import Conversation, Conversations
from qa.records.people import Person

shares = Table(
    "shares",
    metadata,
    Column("token", String(43), primary_key=True),
    Column(
        "conversation_id",
        ForeignKey("conversations.id", ondelete="CASCADE"),
        nullable=False,
        unique=True,
    ),
    Column("made_at", DateTime, nullable=False),  # UTC; SQLite keeps no time zone
)


class Sharing:
    """The links of one library."""

    def __init__(self, library: Library, conversations: Conversations) -> None:
        """`conversations` are those of everybody."""
        self._library = library
        self._conversations = conversations
        create_tables(library.database, [shares])

    def begin(self, conversation_id: str, person: Person) -> str:
        """The token of the link to a person's own conversation: it has one, or gets one.

        Raises:
            NotFound: if they have no such conversation.
        """
        self._conversations.of(person).latest(conversation_id)
        known = select(shares.c.token).where(shares.c.conversation_id == conversation_id)
        with self._library.database.begin() as connection:
            if token := connection.execute(known).scalar_one_or_none():
                return str(token)
            token = secrets.token_urlsafe(32)
            now = datetime.now(UTC).replace(tzinfo=None)
            connection.execute(
                insert(shares).values(token=token, conversation_id=conversation_id, made_at=now)
            )
        return token

    def end(self, conversation_id: str, person: Person) -> None:
        """Let the link to a person's own conversation lead nowhere, if there is one.

        Raises:
            NotFound: if they have no such conversation.
        """
        self._conversations.of(person).latest(conversation_id)
        with self._library.database.begin() as connection:
            connection.execute(delete(shares).where(shares.c.conversation_id == conversation_id))

    def read(self, token: str, person: Person) -> Conversation:
        """The conversation that a link leads to.

        Raises:
            NotFound: if it leads nowhere (any more).
            NotAllowed: if an article in it belongs to a space that the person does not see.
        """
        query = select(shares.c.conversation_id).where(shares.c.token == token)
        with self._library.database.connect() as connection:
            found = connection.execute(query).scalar_one_or_none()
        if found is None:
            raise NotFound("This link leads nowhere: it was ended, or the conversation deleted.")
        conversation = self._conversations.read(found)
        answers = [stored.answer for stored in conversation.answers]
        shown = {passage.article_id for answer in answers for passage in answer.passages}
        shown |= {citation.article_id for answer in answers for citation in answer.citations}
        present = shown & set(self._library.article_ids())
        if present - set(self._library.within(person.rights).article_ids()):
            raise NotAllowed("This conversation quotes articles that your key may not see.")
        return conversation
