"""`footnote backup`: everything that cannot be made again, in one file, while the service runs."""

import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import Connection, select

from index.atomic_file import replacing
from index.errors import BadInput, NotFound
from index.settings import Settings
from index.storage import database
from index.storage.places import DATABASE
from qa.evaluation.own_set import own_set_path
from qa.records.backup_format import (
    FORMAT,
    MANIFEST,
    OWN_SET,
    TABLES,
    BackupManifest,
    BackupTable,
    Part,
    refuse_servers,
)
from qa.records.restore import read_manifest

_ROWS_READ = 50  # held in memory at once


def write_backup(settings: Settings, path: Path) -> BackupManifest:
    """Write a backup of the library in `settings.data_dir` to `path`, as it is at one moment.

    The file appears in one step, when it is whole; an older backup at `path` is replaced.

    Raises:
        NotFound: if there is no library.
        LibraryDamaged: if a text is not the one that was stored; no backup is made of that.
        BadInput: if `path` cannot be written, or holds something else than a backup; or if the
            library is on servers.
    """
    refuse_servers(settings)
    data = settings.data_dir / DATABASE
    if not data.exists():
        raise NotFound(f"There is no library in {settings.data_dir} yet.")
    if path.exists():
        _check_is_a_backup(path)
    engine = database.open_database(data)
    try:
        database.create_tables(engine, [table.table for table in TABLES])
        with database.snapshot(engine) as connection:
            return _write(path, connection, data, own_set_path(settings))
    except OSError as error:
        raise BadInput(f"The backup {path} cannot be written: {error.strerror}.") from error
    finally:
        engine.dispose()


def _check_is_a_backup(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            read_manifest(archive, path)
    except (OSError, zipfile.BadZipFile, BadInput) as error:
        raise BadInput(
            f"{path} is there already and is no backup that this Footnote can read; "
            "give another name."
        ) from error


def _write(path: Path, connection: Connection, data: Path, own_set: Path) -> BackupManifest:
    with replacing(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        manifest = _write_parts(archive, connection, data, own_set)
        archive.writestr(MANIFEST, manifest.model_dump_json(indent=2))
    return manifest


def _write_parts(
    archive: zipfile.ZipFile, connection: Connection, data: Path, own_set: Path
) -> BackupManifest:
    parts = {
        table.part: _write_part(archive, table.part, _lines(connection, table, data))
        for table in TABLES
    }
    if own_set.exists():
        part = _write_part(archive, OWN_SET, [own_set.read_bytes()])
        parts[OWN_SET] = part.model_copy(update={"rows": None})
    return BackupManifest(
        footnote_backup=FORMAT,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        made_by=f"footnote {version('footnote-qa')}",
        parts=parts,
    )


def _write_part(archive: zipfile.ZipFile, name: str, lines: Iterable[bytes]) -> Part:
    digest, size, rows = sha256(), 0, 0
    with archive.open(name, "w", force_zip64=True) as part:
        for line in lines:
            part.write(line)
            digest.update(line)
            size += len(line)
            rows += 1
    return Part(sha256=digest.hexdigest(), bytes=size, rows=rows)


def _lines(connection: Connection, table: BackupTable, data: Path) -> Iterator[bytes]:
    columns = [table.table.c[name] for name in table.row.model_fields]
    query = select(*columns).order_by(*table.order).execution_options(yield_per=_ROWS_READ)
    for row in connection.execute(query):
        try:
            checked = table.row.model_validate(dict(row._mapping))
        except ValidationError as error:
            raise database.damaged(data) from error
        yield checked.model_dump_json().encode() + b"\n"
