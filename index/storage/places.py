"""Where a library is: its database, its index caches and its write lock, as the settings say."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout
from sqlalchemy import Engine

from index.errors import BadInput, FootnoteError, LibraryBusy, LibraryDamaged
from index.settings import Settings
from index.storage import database
from index.storage.caches import Caches
from index.storage.damage import CacheDamaged
from index.storage.folder_caches import FolderCaches

DATABASE = "articles.db"
CACHES = "caches"
LOCK = "write.lock"


class ProcessLock(Protocol):
    """Keeps the writers of other processes out: `FolderLock` or `AdvisoryLock`."""

    def acquire(self, wait_s: float) -> None:
        """Raises LibraryBusy after `wait_s` seconds; its holder may take it again."""
        ...

    def release(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Places:
    """The parts of an open library."""

    name: Path | str
    """Of the database, as it is shown to people."""
    engine: Engine
    caches: Caches
    lock: ProcessLock

    def close(self) -> None:
        """Release all files and connections."""
        self.caches.close()
        self.engine.dispose()


class FolderLock:
    """A lock file in the data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._lock = FileLock(data_dir / LOCK, thread_local=False)

    def acquire(self, wait_s: float) -> None:
        try:
            self._lock.acquire(timeout=wait_s)
        except Timeout:
            raise LibraryBusy(
                f"The library in {self._data_dir} is being written to; try again in a moment."
            ) from None
        except OSError as error:
            raise FootnoteError(
                f"The data folder {self._data_dir} cannot be written ({error.strerror}); "
                "change its permissions, or choose another one with FOOTNOTE_DATA_DIR."
            ) from error

    def release(self) -> None:
        self._lock.release()


def open_places(settings: Settings, lock_wait_s: float) -> Places:
    """Open the library of the settings, or begin one there.

    Raises:
        BadInput: if the addresses in the settings cannot be used.
        LibraryDamaged: if the article database cannot be read; it is left as it is.
        FootnoteError: if the folder, the database or the Chroma server cannot be used.
    """
    if settings.database_url:
        return _on_servers(settings)
    path, caches = settings.data_dir / DATABASE, settings.data_dir / CACHES
    try:
        caches.mkdir(parents=True, exist_ok=True)
        with suppress(PermissionError):  # of a folder that is another user's
            settings.data_dir.chmod(0o700)  # what is in it is its owner's alone
    except OSError as error:
        raise FootnoteError(
            f"The data folder {settings.data_dir} cannot be made or written "
            f"({error.strerror}); choose another one with FOOTNOTE_DATA_DIR."
        ) from error
    lock = FolderLock(settings.data_dir)
    if not path.exists():
        lock.acquire(lock_wait_s)
        try:
            _check_nothing_was_lost(path, FolderCaches(caches))
            engine = database.open_database(path)
        finally:
            lock.release()
    # SQLite takes an empty file for a new database; with indexes beside it, it was cut off.
    elif not path.stat().st_size and any(caches.iterdir()):
        raise database.damaged(path)
    else:
        engine = database.open_database(path)
    return Places(path, engine, _caches(settings, engine, path), lock)


def _check_nothing_was_lost(path: Path, caches: FolderCaches) -> None:
    """Raises LibraryDamaged where the indexes hold articles that no database tells of."""
    if path.exists():  # made by another process meanwhile
        return
    for name in caches.others(""):
        with suppress(CacheDamaged):
            if caches.count_passages(name):
                raise LibraryDamaged(
                    f"The article database {path} is missing, but the indexes beside it hold "
                    "articles; nothing was changed. Put it back, or move "
                    f"{caches} away to begin anew or to restore a backup."
                )


def look_at_places(settings: Settings) -> Places | None:
    """As `open_places`, but None where no library was begun in the data folder."""
    if settings.database_url:
        return _on_servers(settings)
    path = settings.data_dir / DATABASE
    if not path.exists():
        return None
    engine = database.open_database(path)
    return Places(path, engine, _caches(settings, engine, path), FolderLock(settings.data_dir))


def _on_servers(settings: Settings) -> Places:
    from index.storage.postgresql import AdvisoryLock, open_postgresql, shown

    assert settings.database_url
    if not settings.chroma_url:
        raise BadInput(
            "FOOTNOTE_DATABASE_URL needs FOOTNOTE_CHROMA_URL beside it: "
            "processes that share a database must share the vectors too."
        )
    engine = open_postgresql(settings.database_url)
    name = shown(settings.database_url)
    return Places(name, engine, _caches(settings, engine, name), AdvisoryLock(engine))


def _caches(settings: Settings, engine: Engine, name: Path | str) -> Caches:
    if not settings.chroma_url:
        return FolderCaches(settings.data_dir / CACHES)
    from index.storage.server_caches import ServerCaches

    try:
        return ServerCaches(engine, settings.chroma_url, str(name))
    except BaseException:
        engine.dispose()
        raise
