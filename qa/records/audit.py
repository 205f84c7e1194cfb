"""The audit log: who did what, and when. It holds names and ids, never a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import Column, DateTime, Engine, Integer, String, Table, delete, insert, select

from index.storage.database import create_tables, metadata

Deed = Literal[
    "logged in",
    "logged out",
    "sent a wrong key",
    "ended a session",
    "asked",
    "searched",
    "added an article",
    "removed an article",
    "renamed an article",
    "deleted a conversation",
    "shared a conversation",
    "ended sharing a conversation",
    "opened a shared conversation",
    "rated an answer",
]

audit = Table(
    "audit",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=True),
    Column("at", DateTime, nullable=False, index=True),  # UTC; SQLite keeps no time zone
    Column("who", String(60), nullable=False),
    Column("deed", String(40), nullable=False),
    Column("of", String(64), nullable=False),
)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that was done."""

    n: int
    """Counts on with every entry."""
    at: datetime
    who: str
    """The name of the key; of a wrong key, the address that it came from."""
    deed: Deed
    of: str
    """The id of the article, conversation, answer or session; empty where it has none."""


class AuditLog:
    """The log of one library's service; entries are dropped after so many days."""

    def __init__(self, engine: Engine, days: int) -> None:
        self._engine = engine
        self._kept = timedelta(days=days)
        create_tables(engine, [audit])

    def write(self, who: str, deed: Deed, of: str = "") -> None:
        """Add an entry, and drop those that are too old."""
        now = datetime.now(UTC).replace(tzinfo=None)
        with self._engine.begin() as connection:
            connection.execute(delete(audit).where(audit.c.at < now - self._kept))
            if self._kept:
                connection.execute(insert(audit).values(at=now, who=who, deed=deed, of=of))

    def read(self, most: int, before: int | None = None) -> Sequence[AuditEntry]:
        """The newest entries, or those before the entry number `before`; the newest first."""
        query = select(audit).order_by(audit.c.n.desc()).limit(most)
        if before is not None:
            query = query.where(audit.c.n < before)
        with self._engine.connect() as connection:
            return [
                AuditEntry(row.n, row.at.replace(tzinfo=UTC), row.who, row.deed, row.of)
                for row in connection.execute(query)
            ]
