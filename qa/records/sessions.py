"""Who is logged in: a key that was given once, and the token that stands for it from then on.

The database keeps a hash of the token. So a restart logs nobody out, a session can be ended from
anywhere, and a key that is taken out of FOOTNOTE_API_KEYS ends its own.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Column, DateTime, Engine, String, Table, Text, delete, insert, select

from index.errors import NotFound
from index.storage.database import create_tables, metadata
from qa.records.people import Key, Person

SESSION_SECONDS = 30 * 24 * 3600
_CLIENT_CHARACTERS = 200

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(22), primary_key=True),
    Column("token", String(64), nullable=False, unique=True),  # SHA-256, as is the next
    Column("key", String(64), nullable=False),
    Column("name", String(60), nullable=False),
    Column("began_at", DateTime, nullable=False),  # UTC; SQLite keeps no time zone
    Column("until", DateTime, nullable=False),
    Column("client", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Session:
    """One log-in that has not ended."""

    id: str
    name: str
    """Of the key."""
    began_at: datetime
    until: datetime
    client: str
    """What the browser says that it is."""


class Sessions:
    """The sessions of one library's service."""

    def __init__(self, engine: Engine, keys: Sequence[Key]) -> None:
        self._engine = engine
        self._keys = {_of(key): key for key in keys}
        create_tables(engine, [sessions])

    def begin(self, key: Key, client: str) -> str:
        """The token of a new session for the bearer of a key. Those that are over are forgotten."""
        token, now = secrets.token_urlsafe(32), _now()
        with self._engine.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.until <= now))
            connection.execute(
                insert(sessions).values(
                    id=secrets.token_urlsafe(16),
                    token=_hash(token),
                    key=_of(key),
                    name=key.person.name,
                    began_at=now,
                    until=now + timedelta(seconds=SESSION_SECONDS),
                    client=client[:_CLIENT_CHARACTERS],
                )
            )
        return token

    def person(self, token: str) -> Person | None:
        """Whose session this is; None if it is over, or its key is not known any more."""
        query = select(sessions.c.key).where(
            sessions.c.token == _hash(token), sessions.c.until > _now()
        )
        with self._engine.connect() as connection:
            found = connection.execute(query).scalar_one_or_none()
        key = self._keys.get(found or "")
        return key.person if key else None

    def list(self, person: Person) -> Sequence[Session]:
        """The sessions of a person, or all of them for an admin; the newest first."""
        query = select(sessions).where(sessions.c.until > _now())
        if not person.may("admin"):
            query = query.where(sessions.c.name == person.name)
        with self._engine.connect() as connection:
            return [
                Session(row.id, row.name, _utc(row.began_at), _utc(row.until), row.client)
                for row in connection.execute(query.order_by(sessions.c.began_at.desc()))
            ]

    def end(self, id_: str, person: Person) -> None:
        """End a session of a person's own, or of anybody's for an admin.

        Raises:
            NotFound: if there is no such session.
        """
        gone = delete(sessions).where(sessions.c.id == id_)
        if not person.may("admin"):
            gone = gone.where(sessions.c.name == person.name)
        with self._engine.begin() as connection:
            if not connection.execute(gone).rowcount:
                raise NotFound(f"There is no session {id_}.")

    def end_of(self, token: str) -> None:
        """End the session of a token, if it is one."""
        with self._engine.begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.token == _hash(token)))


def _of(key: Key) -> str:
    return key.digest.hex()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _utc(stored: datetime) -> datetime:
    return stored.replace(tzinfo=UTC)
