"""`SharedRateLimit`: as `RateLimit`, over all processes that serve one library.

The buckets are rows of the shared database, filled by its clock. A row is locked while it is looked
at, so that two processes never give away the same token.
"""

import math
from datetime import timedelta

from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    Float,
    String,
    Table,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from index.storage.database import create_tables, metadata

buckets = Table(
    "rate_buckets",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("caller", String(60), primary_key=True),
    Column("tokens", Float, nullable=False),
    Column("filled_at", DateTime(timezone=True), nullable=False),
)

_FULL_AFTER = timedelta(minutes=1)  # any bucket, whatever its size


class SharedRateLimit:
    """A token bucket for each caller, in PostgreSQL; full ones are forgotten now and then."""

    def __init__(self, engine: Engine, kind: str, per_minute: int) -> None:
        """`kind` tells the buckets of one limit from those of another."""
        self._engine = engine
        self._kind = kind
        self._capacity = float(per_minute)
        create_tables(engine, [buckets])

    def wait_seconds(self, caller: str, *, take: bool = True) -> int:
        """As `RateLimit.wait_seconds`."""
        if not self._capacity:
            return 0
        per_second = self._capacity / 60
        caller = caller[:60]
        with self._engine.begin() as connection:
            now = connection.execute(select(func.clock_timestamp())).scalar_one()
            new = insert(buckets).values(
                kind=self._kind, caller=caller, tokens=self._capacity, filled_at=now
            )
            # Changes nothing of a row that is there, but locks and returns it.
            same = new.on_conflict_do_update(
                index_elements=[buckets.c.kind, buckets.c.caller], set_={"caller": caller}
            )
            row = connection.execute(same.returning(buckets)).one()
            this = (buckets.c.kind == self._kind) & (buckets.c.caller == caller)
            gained = max(0.0, (now - row.filled_at).total_seconds()) * per_second
            tokens = min(self._capacity, row.tokens + gained)
            free = tokens >= 1
            left = tokens - 1 if free and take else tokens
            at = max(now, row.filled_at)
            connection.execute(update(buckets).where(this).values(tokens=left, filled_at=at))
        if free and left < 1:
            self._forget_full()
        return 0 if free else math.ceil((1 - tokens) / per_second)

    def _forget_full(self) -> None:
        """Those that nobody took from for a minute. Holds no other row while it waits for one."""
        old = func.clock_timestamp() - _FULL_AFTER
        with self._engine.begin() as connection:
            connection.execute(
                delete(buckets).where(buckets.c.kind == self._kind, buckets.c.filled_at < old)
            )
