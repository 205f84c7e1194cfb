"""The database and the current generation of the indexes, shared by threads and processes.

Locks: a writer holds a lock among threads and then one among processes; the view is
exchanged under a third, which is never held while waiting for the others. Chroma in one process
does not see what another one writes, so each change is counted in the database, and whoever finds
the count changed opens the indexes anew (about 20 ms). On servers it only has to learn what is new
for BM25.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from sqlalchemy import Connection

from index.embedding.embedder import load_embedder
from index.errors import FootnoteError, LibraryBusy
from index.settings import Settings
from index.storage import database
from index.storage.article_rows import read_article_ids
from index.storage.damage import CacheDamaged
from index.storage.generation import Generation
from index.storage.inspection import wanted_recipe
from index.storage.manifest import Manifest
from index.storage.passage_rows import passage_counts, read_passages
from index.storage.places import open_places
from index.storage.rebuild import (
    Progress,
    build_generation,
    delete_leftovers,
    has_leftovers,
    repair_generation,
)
from index.storage.space_rows import Spaces, read_spaces


@dataclass(frozen=True, slots=True)
class View:
    """The library at one moment."""

    revision: int
    generation: Generation
    article_ids: tuple[str, ...]
    spaces: Spaces
    """Of the articles that are in one."""


class _MadeDifferently(CacheDamaged):
    """The indexes are sound, but of another recipe."""


class Store:
    """Keeps the indexes true to the database: at the start, and when a cache turns out damaged."""

    def __init__(
        self,
        settings: Settings,
        progress: Progress | None,
        notify: Callable[[str], None],
        lock_wait_s: float,
    ) -> None:
        self._progress = progress
        self._notify = notify
        self._lock_wait_s = lock_wait_s
        self._thread_lock = threading.RLock()
        self._view_lock = threading.RLock()
        self._view: View | None = None
        self._places = open_places(settings, lock_wait_s)
        self.engine, self._caches = self._places.engine, self._places.caches
        self.path = self._places.name
        """Of the database, as it is shown to people."""
        try:
            self.embedder = load_embedder(settings.embedding_model)
            self.recipe = wanted_recipe(settings)
            self._start()
        except BaseException:
            self.close()
            raise

    def view(self) -> View:
        """The library as it is now, with what other processes changed.

        Raises:
            FootnoteError: if another process has made the indexes with another model.
        """
        try:
            return self._follow()
        except _MadeDifferently as difference:
            raise FootnoteError(
                f"Another process has made the indexes of this library anew ({difference}); "
                "give both the same settings and version, and start this one again."
            ) from difference
        except CacheDamaged as damage:
            return self._rebuild_unless_done(None, str(damage))

    @contextmanager
    def writing(self) -> Iterator[View]:
        """Keep other writers out, in this process and in others.

        Raises:
            LibraryBusy: if another process goes on writing for longer than the time to wait.
        """
        with self._locked():
            yield self.view()

    @contextmanager
    def change(self) -> Iterator[Connection]:
        """A transaction that changes what the library holds. Only inside `writing`."""
        with self._view_lock:
            assert self._view is not None
            with self.engine.begin() as connection:
                yield connection
                revision = database.next_revision(connection)
                ids, spaces = read_article_ids(connection), read_spaces(connection)
            self._view = View(revision, self._view.generation, ids, spaces)

    def touch(self) -> None:
        """Tell other processes that the indexes changed. Only inside `writing`."""
        with self.change():
            pass

    def recover(self, seen: View, reason: str, *, first: bool) -> None:
        """After a cache failed in the view `seen`: look again, or open it again, or make it again.

        A cache may also fail because another thread or process changed it just then, and Chroma
        because it holds on to an old state; so at the `first` failure it is only opened again.
        """
        if self._follow_or_none() is not seen:
            return
        with self._thread_lock:  # not under the hands of a writer of this process
            if self._follow_or_none() is not seen:
                return
            if first:
                with suppress(CacheDamaged):
                    self._open()
                return
        self._rebuild_unless_done(seen.generation.name, reason)

    def rebuild(self, reason: str) -> View:
        """Make the indexes again from all articles. Only inside `writing`.

        Raises:
            FootnoteError: if they cannot be written.
        """
        with self.engine.connect() as connection:
            ids, spaces = read_article_ids(connection), read_spaces(connection)
        if ids:
            articles = "1 article" if len(ids) == 1 else f"{len(ids)} articles"
            self._notify(f"Making the indexes of {articles} again: {reason}.")
        generation = build_generation(
            self.engine, self.path, self._caches, self.embedder, self._progress
        )
        with self._view_lock:
            self._caches.make_current(Manifest(generation=generation.name, made_with=self.recipe))
            before, self._view = self._view, View(-1, generation, ids, spaces)
            self.touch()
        if before:
            before.generation.close()
        delete_leftovers(self.engine, self._caches, generation.name)
        return self._view

    def close(self) -> None:
        """Release all files."""
        with self._view_lock:
            if self._view:
                self._view.generation.close()
                self._view = None
            self._places.close()

    def _start(self) -> None:
        """Make or mend the indexes where a crash or a hand left them other than they should be."""
        try:
            if self._is_sound(self._open()):
                return
        except CacheDamaged as damage:
            opened = self._view.generation.name if self._view else None
            self._rebuild_unless_done(opened, str(damage))
        try:
            # Without waiting: a difference made by a process that is writing is its to finish.
            with self._locked(0):
                view = self.view()
                try:
                    self._mend(view)
                except CacheDamaged as damage:
                    self.rebuild(str(damage))
        except LibraryBusy:
            return

    def _is_sound(self, view: View) -> bool:
        """Whether both indexes hold what the database says and nothing is left over.

        Raises:
            CacheDamaged: if they cannot be read.
        """
        with self.engine.connect() as connection:
            expected = passage_counts(connection, view.generation.name)
            some = read_passages(connection, view.generation.name, list(expected)[:1])
        if view.generation.strangers(expected):
            return False
        view.generation.vectors.get([passage.id for passage in some])  # reads the HNSW files
        return not has_leftovers(self.engine, self._caches, view.generation.name)

    def _mend(self, view: View) -> None:
        generation = view.generation
        with self.engine.connect() as connection:
            strangers = generation.strangers(passage_counts(connection, generation.name))
        if strangers:
            count = repair_generation(
                self.engine, self.path, generation, strangers, self.embedder, self._progress
            )
            self.touch()
            self._notify(_mended(count, len(strangers) - count))
        delete_leftovers(self.engine, self._caches, generation.name)

    def _rebuild_unless_done(self, generation: str | None, reason: str) -> View:
        """Rebuild, unless another process or thread has replaced that generation already."""
        with self._locked():
            try:
                view = self._open()
                if view.generation.name != generation:
                    return view
            except CacheDamaged as damage:
                reason = str(damage)
            return self.rebuild(reason)

    def _follow(self) -> View:
        """The view, opened again if another process changed something since."""
        with self._view_lock:
            if self._view:
                with self.engine.connect() as connection:
                    if database.revision(connection) == self._view.revision:
                        return self._view
            return self._open()

    def _follow_or_none(self) -> View | None:
        try:
            return self._follow()
        except CacheDamaged:
            return None

    def _open(self) -> View:
        with self._view_lock:
            before = self._view.generation if self._view else None
            self._view = None
            try:
                with self.engine.connect() as connection:
                    revision = database.revision(connection)
                    ids, spaces = read_article_ids(connection), read_spaces(connection)
                manifest = self._caches.manifest()
                if manifest is None:
                    raise CacheDamaged("there were none")
                if differences := manifest.made_with.differences(self.recipe):
                    raise _MadeDifferently("; ".join(differences))
            except BaseException:
                if before:
                    before.close()
                raise
            generation = self._caches.open(manifest.generation, before)
            self._view = View(revision, generation, ids, spaces)
            return self._view

    @contextmanager
    def _locked(self, wait_s: float | None = None) -> Iterator[None]:
        wait_s = self._lock_wait_s if wait_s is None else wait_s
        if not self._thread_lock.acquire(timeout=wait_s):
            raise LibraryBusy("The library is being written to; try again in a moment.")
        try:
            self._places.lock.acquire(wait_s)
            try:
                yield
            finally:
                self._places.lock.release()
        finally:
            self._thread_lock.release()


def _mended(again: int, forgotten: int) -> str:
    done = []
    if again:
        done.append(f"indexed {again} article(s) again")
    if forgotten:
        done.append(f"cleared away {forgotten} that had not been added or removed to the end")
    return f"Put the indexes right after an interruption: {' and '.join(done)}."
