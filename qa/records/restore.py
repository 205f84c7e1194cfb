"""`footnote restore`: a backup is checked as a whole, then replaces the library in one step."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection, delete, insert, select

from index.articles import Article
from index.atomic_file import replace_text
from index.errors import BadInput
from index.library import Library, open_library
from index.settings import Settings
from index.storage.article_rows import read_pages
from index.storage.database import create_tables
from qa.evaluation.own_set import own_set_path
from qa.records.backup_format import (
    ARTICLES,
    BESIDES,
    FORMAT,
    MANIFEST,
    OWN_SET,
    SINCE_2,
    TABLES,
    ArticleRow,
    BackupManifest,
    BackupTable,
    Part,
    refuse_servers,
)
from qa.records.conversations import conversations

_LARGEST_MANIFEST = 100_000
_LONGEST_LINE = 256_000_000
"""Bytes of one row; an article of the longest length allowed by default has 10 to 60 million."""
_LARGEST_OWN_SET = 50_000_000
_PIECE = 1_000_000
_ROWS_WRITTEN = 50

Model = TypeVar("Model", bound=BaseModel)


def restore_backup(
    path: Path, settings: Settings, notify: Callable[[str], None], *, replace: bool = False
) -> BackupManifest:
    """Put what the backup at `path` holds in the place of the library in `settings.data_dir`.

    Articles, conversations and feedback change in one transaction: at any fault nothing has
    changed. A test set of the user's own is replaced if the backup holds one, and left if not.

    Raises:
        BadInput: if it is no backup, or damaged; or if the library is not empty and `replace` is
            not set, or is on servers.
        LibraryBusy: if another process is writing.
    """
    refuse_servers(settings)
    manifest = verified(path)
    with open_library(settings, notify=notify) as library, zipfile.ZipFile(path) as archive:
        create_tables(library.database, [table.table for table in BESIDES])
        if not replace and (what := _held(library, settings)):
            raise BadInput(
                f"The library in {settings.data_dir} holds {what} already; "
                "say --replace to put the backup in its place."
            )
        # Read before the articles are replaced, so that nothing can be wrong with it afterwards.
        own_set = _own_set(archive, path) if OWN_SET in manifest.parts else None
        library.replace_all(
            _articles(archive, path),
            lambda connection: _replace_rest(connection, archive, manifest, path),
            "a backup was restored",
        )
    if own_set is not None:
        replace_text(own_set_path(settings), own_set)
    return manifest


def verified(path: Path) -> BackupManifest:
    """The manifest of the backup at `path`, after every part was compared with its hash.

    Raises:
        BadInput: if it is no backup or was changed since it was made.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = read_manifest(archive, path)
            for name, part in manifest.parts.items():
                _check_part(archive, name, part, path)
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror or error}.") from error
    except _UNREADABLE as error:
        raise _foreign(path) from error
    return manifest


def read_manifest(archive: zipfile.ZipFile, path: Path) -> BackupManifest:
    """The manifest of an open backup.

    Raises:
        BadInput: if it has none that this version can read.
    """
    try:
        with archive.open(MANIFEST) as file:
            manifest = BackupManifest.model_validate_json(file.read(_LARGEST_MANIFEST))
    except (KeyError, ValidationError, *_UNREADABLE) as error:
        raise _foreign(path) from error
    if manifest.footnote_backup > FORMAT:
        raise BadInput(f"{path} was made by a newer version, {manifest.made_by}; install that one.")
    known = {table.part for table in TABLES}
    needed = known - SINCE_2 if manifest.footnote_backup == 1 else known
    if not needed <= manifest.parts.keys() <= known | {OWN_SET}:
        raise _foreign(path)
    return manifest


_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What zipfile raises for garbage, a password, or a compression that it does not know."""


def _check_part(archive: zipfile.ZipFile, name: str, part: Part, path: Path) -> None:
    digest, left = sha256(), part.bytes
    try:
        with archive.open(name) as file:
            while left >= 0 and (piece := file.read(_PIECE)):
                digest.update(piece)
                left -= len(piece)
    except (KeyError, *_UNREADABLE) as error:
        raise _damaged(path, name) from error
    if left != 0 or digest.hexdigest() != part.sha256:
        raise _damaged(path, name)


def _held(library: Library, settings: Settings) -> str | None:
    with library.database.connect() as connection:
        spoken = connection.execute(select(conversations.c.id).limit(1)).first()
    if count := len(library.article_ids()):
        return "1 article" if count == 1 else f"{count} articles"
    if spoken:
        return "conversations"
    return "a test set" if own_set_path(settings).exists() else None


def _articles(archive: zipfile.ZipFile, path: Path) -> Iterator[Article]:
    for row in _rows(archive, ARTICLES, ArticleRow, path):
        pages = read_pages(row.pages)
        added_at = row.added_at.replace(tzinfo=UTC)
        yield Article(row.id, row.title, row.source, row.text, added_at, pages)


def _replace_rest(
    connection: Connection, archive: zipfile.ZipFile, manifest: BackupManifest, path: Path
) -> None:
    for table in reversed(BESIDES):
        connection.execute(delete(table.table))
    for table in BESIDES:
        if table.part not in manifest.parts:
            continue
        rows = _rows(archive, table, table.row, path)
        while some := [row.model_dump() for row in islice(rows, _ROWS_WRITTEN)]:
            connection.execute(insert(table.table), some)


def _rows(
    archive: zipfile.ZipFile, table: BackupTable, model: type[Model], path: Path
) -> Iterator[Model]:
    with archive.open(table.part) as file:
        while line := file.readline(_LONGEST_LINE):
            try:
                yield model.model_validate_json(line)
            except ValidationError as error:
                raise _damaged(path, table.part) from error


def _own_set(archive: zipfile.ZipFile, path: Path) -> str:
    try:
        with archive.open(OWN_SET) as file:
            return file.read(_LARGEST_OWN_SET).decode()
    except UnicodeDecodeError as error:
        raise _damaged(path, OWN_SET) from error


def _foreign(path: Path) -> BadInput:
    return BadInput(f"{path} is not a backup of Footnote, or its beginning or end is missing.")


def _damaged(path: Path, part: str) -> BadInput:
    return BadInput(
        f"The backup {path} is damaged ({part} is not what was written); nothing was restored."
    )
