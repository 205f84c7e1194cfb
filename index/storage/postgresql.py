"""The database of a library that several processes share: PostgreSQL, through psycopg."""

import importlib.util

from pydantic import SecretStr
from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError

from index.errors import BadInput, FootnoteError, LibraryBusy
from index.storage import database

_WRITING = 0x466F6F746E6F7465
"""Key of the advisory lock of whoever writes to the library ("Footnote" in ASCII)."""
_CONNECT_S = 10


def open_postgresql(url: SecretStr) -> Engine:
    """The engine of a `postgresql://` address; tables are made where they are missing.

    Every error of the database leaves the engine as a `FootnoteError` with one sentence.

    Raises:
        BadInput: if that is no such address, or the driver is not installed.
        FootnoteError: if it does not answer, or was filled by a newer Footnote.
    """
    address = _address(url)
    if importlib.util.find_spec("psycopg") is None:
        raise BadInput("FOOTNOTE_DATABASE_URL needs a driver: pip install 'footnote-qa[postgres]'.")
    name = shown(url)
    engine = create_engine(
        address,
        pool_pre_ping=True,  # a server that was started again is no fault of the next question
        pool_size=10,
        max_overflow=20,
        connect_args={"connect_timeout": _CONNECT_S},
    )

    @event.listens_for(engine, "handle_error")
    def _translate(context: ExceptionContext) -> None:
        if not context.is_pre_ping:
            raise _in_words(name, context.original_exception) from context.original_exception

    try:
        database.create_or_check(engine, name)
    except BaseException:
        engine.dispose()
        raise
    return engine


def shown(url: SecretStr) -> str:
    """The address without its password."""
    return _address(url).set(drivername="postgresql").render_as_string(hide_password=True)


class AdvisoryLock:
    """The write lock: held by a connection, so that it ends with the process, however that ends.

    May be taken again by its holder. Only one thread of a process at a time may use it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._depth = 0

    def acquire(self, wait_s: float) -> None:
        """Raises LibraryBusy after `wait_s` seconds."""
        if not self._depth:
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            try:
                _take(connection, wait_s)
            except BaseException:
                connection.invalidate()
                connection.close()
                raise
            self._connection = connection
        self._depth += 1

    def release(self) -> None:
        self._depth -= 1
        if not self._depth and self._connection:
            # The session ends with its lock and its lock_timeout, whatever state it is in.
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def _take(connection: Connection, wait_s: float) -> None:
    if wait_s > 0:
        milliseconds = str(max(1, round(wait_s * 1000)))
        connection.execute(select(func.set_config("lock_timeout", milliseconds, False)))
        connection.execute(select(func.pg_advisory_lock(_WRITING)))
    elif not connection.execute(select(func.pg_try_advisory_lock(_WRITING))).scalar_one():
        raise LibraryBusy("The library is being written to; try again in a moment.")


def _address(url: SecretStr) -> URL:
    try:
        address = make_url(url.get_secret_value())
    except ArgumentError:
        address = None
    if address is None or address.drivername not in ("postgresql", "postgresql+psycopg"):
        raise BadInput(
            "FOOTNOTE_DATABASE_URL must be the address of a PostgreSQL database, "
            "such as postgresql://footnote@127.0.0.1/footnote."
        )
    return address.set(drivername="postgresql+psycopg")


def _in_words(name: str, error: BaseException) -> FootnoteError:
    from psycopg import DataError, errors

    if isinstance(error, errors.LockNotAvailable):
        return LibraryBusy("The library is being written to; try again in a moment.")
    if isinstance(error, errors.DiskFull):
        return FootnoteError(f"The disk of the database {name} is full; free some space.")
    if isinstance(error, DataError):
        return BadInput(f"The database cannot keep this text: {_first_line(error)}.")
    return FootnoteError(f"The database {name} cannot be used now: {_first_line(error)}.")


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
