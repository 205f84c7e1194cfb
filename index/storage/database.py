"""The database of the truth: the articles, and which passages the current indexes hold.

SQLite by default, in write-ahead mode so that readers go on while one process writes; PostgreSQL
(`index/storage/postgresql.py`) where several machines share a library. Other modules add
their own tables to `metadata` and create them with `create_tables`.

The passages are rows, although they could be cut again from the text: a question over many
articles gets passage ids from the indexes and needs the offsets and headings of a few dozen of
them, and cutting dozens of articles for that would cost far more than one indexed query. They
are rows of one generation of the indexes, written in the same transaction as their article, so
they are also the record of what that generation must hold.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Engine,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.schema import CreateColumn

from index.errors import FootnoteError, LibraryBusy, LibraryDamaged

SCHEMA_VERSION = 1
BUSY_TIMEOUT_S = 30
_MAKING_TABLES = 0x466F6F74  # "Foot" in ASCII

metadata = MetaData()

library = Table(
    "library",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("schema_version", Integer, nullable=False),
    # Grows with every change, so that another process sees that its view of the caches is old.
    Column("revision", Integer, nullable=False),
)

articles = Table(
    "articles",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("title", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("added_at", DateTime, nullable=False),  # UTC; SQLite keeps no time zone
    Column("characters", Integer, nullable=False),
    # Where in the text each page begins, with spaces between; empty where there are no pages.
    Column("pages", Text, nullable=False, server_default=""),
    Column("text", Text, nullable=False),  # last, so that the others are read without it
    Index("articles_by_time", "added_at", "id"),
)

passages = Table(
    "passages",
    metadata,
    Column("generation", String(32), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("heading", Text, nullable=False),
    Index("passages_by_article", "article_id", "generation"),
)

article_spaces = Table(
    "article_spaces",
    metadata,
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("space", String(40), primary_key=True),
)


def open_database(path: Path) -> Engine:
    """The engine of the SQLite file at `path`; its tables are made where they are missing.

    Every error of the database leaves the engine as a `FootnoteError` with one sentence.

    Raises:
        LibraryDamaged: if the file is not a readable article database. It is left as it is.
        FootnoteError: if it cannot be written, is another program's, or was made by a version of
            Footnote with other tables.
    """
    _check_is_ours(path)
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_TIMEOUT_S})

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA foreign_keys=ON")
        except sqlite3.Error as error:
            raise _in_words(path, error) from error
        finally:
            cursor.close()

    @event.listens_for(engine, "handle_error")
    def _translate(context: ExceptionContext) -> None:
        if isinstance(context.original_exception, sqlite3.Error):
            raise _in_words(path, context.original_exception) from context.original_exception

    try:
        create_or_check(engine, path)
    except BaseException:
        engine.dispose()
        raise
    return engine


def revision(connection: Connection) -> int:
    """The number of the last change."""
    found: int = connection.execute(select(library.c.revision)).scalar_one()
    return found


def next_revision(connection: Connection) -> int:
    """Count a change, in the transaction that makes it."""
    connection.execute(update(library).values(revision=library.c.revision + 1))
    return revision(connection)


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the SQLite database as it is now, whatever is written meanwhile."""
    with engine.connect() as connection:
        # Of itself, Python's sqlite3 begins a transaction only to write.
        connection.exec_driver_sql("BEGIN")
        yield connection


def check(connection: Connection, path: Path | str) -> None:
    """Go through the whole file.

    Raises:
        LibraryDamaged: if any page of it is not what SQLite wrote.
    """
    if connection.dialect.name != "sqlite":
        return  # PostgreSQL finds a damaged page by itself, when it is read
    if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one() != "ok":
        raise damaged(path)


def _check_is_ours(path: Path) -> None:
    """Looks at the file without changing a byte of it; even a journal mode is written down."""
    if not path.exists() or not path.stat().st_size:
        return
    address = f"{path.resolve().as_uri()}?mode=ro"
    versions: list[tuple[int]] = []
    try:
        # `with` would end a transaction, not the connection.
        with closing(sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT_S)) as connection:
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            if library.name in names:
                versions = connection.execute("SELECT schema_version FROM library").fetchall()
    except sqlite3.Error as error:
        raise _in_words(path, error) from error
    if names and not names & {table.name for table in (library, articles, passages)}:
        raise FootnoteError(
            f"{path} is the database of another program and was left as it is; "
            "choose another folder with FOOTNOTE_DATA_DIR."
        )
    for (found,) in versions:  # none where the very first start was interrupted
        _check_version(found, path)


def _check_version(found: int, path: Path | str) -> None:
    if found != SCHEMA_VERSION:
        age = "a newer" if found > SCHEMA_VERSION else "an older"
        raise FootnoteError(
            f"{path} was made by {age} version of Footnote, which this one cannot read; "
            "install that version, or choose another folder with FOOTNOTE_DATA_DIR."
        )


def create_tables(engine: Engine, tables: Sequence[Table]) -> None:
    """Make these tables, and columns of theirs, where they are missing."""
    with engine.begin() as connection:
        _alone(connection)
        _create(connection, tables)


def create_or_check(engine: Engine, path: Path | str) -> None:
    """Make the tables of an empty database; of another, see that this version can read it."""
    with engine.begin() as connection:
        _alone(connection)
        _create(connection, metadata.sorted_tables)
        found = connection.execute(select(library.c.schema_version)).scalar_one_or_none()
        if found is None:
            connection.execute(
                insert(library).values(id=1, schema_version=SCHEMA_VERSION, revision=0)
            )
        else:
            _check_version(found, path)


def _create(connection: Connection, tables: Sequence[Table]) -> None:
    """A library that was begun before a column was kept gets it with the column's default."""
    metadata.create_all(connection, tables)
    for table in tables:
        there = {column["name"] for column in inspect(connection).get_columns(table.name)}
        for column in table.columns:
            if column.name not in there:
                made = CreateColumn(column).compile(connection)
                connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {made}")


def _alone(connection: Connection) -> None:
    """Of processes that start at the same time, one makes the tables and the others wait."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_MAKING_TABLES)))


def _in_words(path: Path, error: sqlite3.Error) -> FootnoteError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or "decode" in str(error):
        return damaged(path)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LibraryBusy(f"{path} is in use by another program; try again in a moment.")
    if code == sqlite3.SQLITE_FULL:
        return FootnoteError(f"The disk that holds {path} is full; free some space and try again.")
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return FootnoteError(
            f"{path} cannot be opened for writing; change its permissions, "
            "or choose another folder with FOOTNOTE_DATA_DIR."
        )
    return FootnoteError(f"The article database {path} failed: {error}.")


def damaged(path: Path | str) -> LibraryDamaged:
    """The one sentence about a database that cannot be read."""
    return LibraryDamaged(
        f"The article database {path} is damaged and was left as it is; "
        "move it away, then restore a backup (footnote restore FILE) or start an empty library."
    )
