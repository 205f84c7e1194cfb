"""The library: the articles, and the two index caches kept true to them.

The articles in the database are the truth. Vectors and BM25 are caches of it, in a generation
folder that the manifest names; whatever is wrong with them, they are made again from the articles.

What a crash leaves behind, and why the next start can tell:

- Adding writes the indexes first and the database last, in one transaction of the article and its
  passages; so an article that is listed can be answered, and a crash leaves only passages that no
  article owns. Searching passes over these, and the next start removes them.
- Removing writes the database first: a crash leaves the same, passages that no article owns.
- A new generation is complete before the manifest names it; a crash leaves a folder to delete.
"""

import dataclasses
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

import numpy as np
from sqlalchemy import Connection, Engine

from index.articles import Article, Passage
from index.errors import BadInput, LibraryBusy, NotFound
from index.passages import split
from index.rights import ALL, Rights
from index.search import Candidate, find_candidates
from index.settings import Settings
from index.storage.article_rows import (
    ArticleSummary,
    Place,
    delete_all_articles,
    delete_article,
    insert_articles,
    read_articles,
    read_ids_of_source,
    read_places,
    retitle_article,
    summarise_articles,
)
from index.storage.damage import CacheDamaged
from index.storage.ingest import Cut, batches, index_articles
from index.storage.inspection import LibraryState, inspect_library
from index.storage.passage_rows import insert_passages, read_passages
from index.storage.rebuild import Progress, counter
from index.storage.space_rows import put_in_space, take_from_spaces
from index.storage.store import Store, View
from index.tracing import span

__all__ = ["AddResult", "ArticleSummary", "Candidate", "Library", "LibraryState", "open_library"]

_log = logging.getLogger(__name__)
_TRIES = 5  # of a search, each after the library changed under it or a cache was made again


@dataclass(frozen=True, slots=True)
class AddResult:
    """What `Library.add` did."""

    article: Article
    """As it is in the library: where the text was there already, with the title it had."""
    passages: int
    new: bool
    earlier: tuple[str, ...] = ()
    """Ids of articles from the same file or address that hold another text."""


def open_library(
    settings: Settings,
    *,
    progress: Progress | None = None,
    notify: Callable[[str], None] | None = None,
    lock_wait_s: float = 10,
) -> "Library":
    """Open the library in `settings.data_dir`, or begin one there, and put its indexes right.

    Args:
        progress: told (passages done, all) while indexes are made again.
        notify: told in one sentence what was put right, and why.
        lock_wait_s: seconds to wait for another process that is writing.

    Raises:
        LibraryDamaged: if the article database cannot be read; it is left as it is.
        LibraryBusy: if the indexes must be made again and another process is writing.
        FootnoteError: if the folder cannot be used.
    """
    return Library(settings, Store(settings, progress, notify or (lambda _: None), lock_wait_s))


class Library:
    """An open library. Any number of threads may read; writes wait for each other.

    Other processes may read and write the same folder: a lock file serialises the writing, and a
    change by another process is seen at the next call.
    """

    def __init__(self, settings: Settings, store: Store, rights: Rights = ALL) -> None:
        self._settings = settings
        self._store = store
        self._rights = rights

    def within(self, rights: Rights) -> "Library":
        """The same open library, for somebody who has these rights and no more.

        What is not seen is not listed, read, found, cited or removed, and named as not there.
        """
        return Library(self._settings, self._store, rights)

    def add(
        self, article: Article, *, replace: bool = False, space: str | None = None
    ) -> AddResult:
        """Add an article and index it; the same text twice adds nothing.

        Earlier texts of the same file or address are named in the result; with `replace` they are
        removed when the new one is in its place. As to `space` see `add_many`.

        Raises:
            LibraryBusy: if another process is writing.
            FootnoteError: if it cannot be written.
        """
        [added] = self.add_many([article], space=space)
        with self.database.connect() as connection:
            same = read_ids_of_source(connection, article.source, except_=article.id)
        seen = set(self.article_ids())
        earlier = tuple(id_ for id_ in same if id_ in seen)
        for id_ in earlier if replace else ():
            self.remove(id_)
        return dataclasses.replace(added, earlier=earlier)

    def add_many(
        self,
        articles: Sequence[Article],
        progress: Progress | None = None,
        space: str | None = None,
    ) -> list[AddResult]:
        """Add articles, embedding their passages in large batches; as `add`, for each of them.

        Each batch is complete when the next one begins, so an interruption loses one batch at
        most. `progress` is told (passages done, all). They belong to `space`, where one is named;
        None is the first of those that one is let into. A text that is in other spaces already is
        in this one too from then on; one that was everybody's stays so.

        Raises:
            NotAllowed: if one may not add, or not to that space.
        """
        self._rights.check_change()
        space = self._rights.space_of_addition(space)
        seen = set(self.article_ids())
        known = set(self._store.view().article_ids)
        fresh = {article.id: article for article in articles if article.id not in known}
        with span("split", articles=len(fresh)):
            cut = [(article, split(article)) for article in fresh.values()]
        count = counter(progress, sum(len(passages) for _, passages in cut))
        new: set[str] = set()
        for batch in batches(cut):
            new |= self._write(batch, count, space)
        self._let_into([article.id for article in articles if article.id not in new], space)
        new |= known - seen
        stored = self.read([article.id for article in articles])
        added = []
        for article in articles:
            added.append(
                AddResult(stored[article.id], len(self.passages(article.id)), article.id in new)
            )
            new.discard(article.id)  # the same text twice in one call
        return added

    def remove(self, article_id: str) -> None:
        """Remove an article from the database and from both indexes.

        It stays for the readers of spaces of its that are not seen from here.

        Raises:
            NotFound: if there is no such article.
            NotAllowed: if one may not remove any.
            LibraryBusy: if another process is writing.
        """
        self._rights.check_change()
        with self._store.writing() as view:
            _known(self._view(), [article_id])
            spaces = view.spaces.get(article_id, frozenset())
            if (own := frozenset(self._rights.shown(spaces))) != spaces:
                with self._store.change() as connection:
                    take_from_spaces(connection, [article_id], own)
                return
            passage_ids = [passage.id for passage in self.passages(article_id)]
            with self._store.change() as connection:
                delete_article(connection, article_id)
            try:
                view.generation.remove([article_id], passage_ids)
            except CacheDamaged as damage:
                self._store.rebuild(str(damage))
            else:
                self._store.touch()  # readers in other processes have seen the indexes before this
        _log.info("removed", extra={"article": article_id})

    def rename(self, article_id: str, title: str) -> Article:
        """Give an article another title, which is indexed with its passages.

        After a crash in the middle the title is new, and the next start mends the indexes.

        Raises:
            NotFound: if there is no such article.
            BadInput: if the title is empty.
            LibraryBusy: if another process is writing.
        """
        title = " ".join(title.split())
        if not title:
            raise BadInput("The title is empty: give the article a name.")
        article = dataclasses.replace(self.article(article_id), title=title)
        with self._store.writing() as view:
            passages = self.passages(article_id)
            with self._store.change() as connection:
                retitle_article(connection, article_id, title)
            try:
                view.generation.remove([article_id], [passage.id for passage in passages])
                cut = [(article, list(passages))]
                index_articles(view.generation, self._store.embedder, cut, lambda _: None)
            except CacheDamaged as damage:
                self._store.rebuild(str(damage))
            else:
                self._store.touch()
        _log.info("renamed", extra={"article": article_id})
        return article

    def replace_all(
        self, articles: Iterable[Article], also: Callable[[Connection], None], reason: str
    ) -> None:
        """Put these articles in the place of all others, in one transaction with what `also` does.

        At any fault before the end of it nothing has changed. The indexes follow, which is said
        with the `reason`; what a crash leaves undone of them, the next start does.

        Raises:
            LibraryBusy: if another process is writing.
        """
        with self._store.writing() as view:
            with self._store.change() as connection:
                delete_all_articles(connection)
                for article in articles:
                    insert_articles(connection, [article])
                    insert_passages(connection, view.generation.name, split(article))
                also(connection)
            self._store.rebuild(reason)

    def articles(self) -> list[ArticleSummary]:
        """All articles without their texts, in the order in which they were added."""
        view = self._view()
        shown = {id_: self._rights.shown(spaces) for id_, spaces in view.spaces.items()}
        with self.database.connect() as connection:
            summaries = summarise_articles(connection, view.generation.name, shown)
        seen = set(view.article_ids)
        return [summary for summary in summaries if summary.id in seen]

    def article_ids(self) -> tuple[str, ...]:
        """The ids of all articles, in the order in which they were added."""
        return self._view().article_ids

    def spaces(self, article_id: str) -> tuple[str, ...]:
        """The spaces that an article belongs to, as far as one may know of them."""
        return self._rights.shown(self._view().spaces.get(article_id, ()))

    def article(self, article_id: str) -> Article:
        """The article with this id.

        Raises:
            NotFound: if there is none.
            LibraryDamaged: if its text is not the one that was stored.
        """
        return self.read([article_id])[article_id]

    def read(self, article_ids: Sequence[str]) -> dict[str, Article]:
        """The articles with these ids, by id.

        Raises:
            NotFound: if there is none with one of them.
            LibraryDamaged: if a text is not the one that was stored.
        """
        articles = self.read_present(article_ids)
        for article_id in article_ids:
            if article_id not in articles:
                raise NotFound(_no_such(article_id))
        return articles

    def read_present(self, article_ids: Sequence[str]) -> dict[str, Article]:
        """As `read`, without those that are not there: one may be removed after it was found."""
        ids = article_ids if self._rights.see_all else self._seen(article_ids)
        with self.database.connect() as connection:
            found = read_articles(connection, ids, self._store.path)
        return {article.id: article for article in found}

    def read_places(self, places: Sequence[Place]) -> dict[Place, str]:
        """The words at these places, cut out in the database; not those of articles that are gone.

        A place is an article's id with a start and an end in code points.
        """
        if not self._rights.see_all:
            seen = set(self.article_ids())
            places = [place for place in places if place[0] in seen]
        with self.database.connect() as connection:
            return read_places(connection, places)

    def passages(self, article_id: str) -> list[Passage]:
        """The passages of an article, in order.

        Raises:
            NotFound: if there is no such article.
        """
        view = self._view()
        scope = _known(view, [article_id])
        with self.database.connect() as connection:
            return read_passages(connection, view.generation.name, scope)

    def search(self, question: str, article_ids: Sequence[str] | None, n: int) -> list[Candidate]:
        """The passages of these articles (None: of all) that may answer, in no set order.

        All of them if they are few; else the `n` best by meaning together with the `n` best by
        BM25. Every one has both scores.

        Raises:
            NotFound: if one of the articles does not exist.
        """
        with span("embed"):
            vector = np.asarray(self._store.embedder.embed_query(question), np.float32)
        for attempt in range(_TRIES):
            view = self._view()
            if article_ids is not None:
                scope: Sequence[str] | None = _known(view, article_ids)
            else:
                scope = None if self._rights.see_all else view.article_ids
            try:
                with self.database.connect() as connection:
                    found = find_candidates(connection, view.generation, question, vector, scope, n)
            except CacheDamaged as damage:
                self._store.recover(view, str(damage), first=attempt == 0)
                continue
            # A generation that was replaced meanwhile may have lost its rows half way through.
            if self._store.view().generation.name == view.generation.name:
                return found
        raise LibraryBusy("The library is changing too fast to be read; try again in a moment.")

    @property
    def fingerprint(self) -> str:
        """16 hex digits that stand for what is indexed and how: the recipe and the article ids."""
        ids = sorted(self.article_ids())
        return sha256("\n".join([self._store.recipe.model_dump_json(), *ids]).encode()).hexdigest()[
            :16
        ]

    def state(self) -> LibraryState:
        """What the stores hold, and what would be made again at the next opening."""
        return inspect_library(self._settings)

    @property
    def database(self) -> Engine:
        """Where other modules keep tables of their own beside the articles."""
        return self._store.engine

    def close(self) -> None:
        """Release all files."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _view(self) -> View:
        """The library at this moment, with the articles that are seen from here alone."""
        view = self._store.view()
        if self._rights.see_all:
            return view
        ids = (i for i in view.article_ids if self._rights.admit(view.spaces.get(i, frozenset())))
        return dataclasses.replace(view, article_ids=tuple(ids))

    def _seen(self, article_ids: Sequence[str]) -> list[str]:
        seen = set(self.article_ids())
        return [id_ for id_ in article_ids if id_ in seen]

    def _let_into(self, article_ids: Sequence[str], space: str) -> None:
        """Let articles that were there already belong to a space as well; without one, to all."""
        spaces = self._store.view().spaces
        if not any(id_ in spaces and space not in spaces[id_] for id_ in article_ids):
            return
        with self._store.writing() as view, self._store.change() as connection:
            present = [id_ for id_ in dict.fromkeys(article_ids) if id_ in view.spaces]
            if space:
                outside = [id_ for id_ in present if space not in view.spaces[id_]]
                put_in_space(connection, outside, space)
            else:
                take_from_spaces(connection, present)

    def _write(self, batch: Sequence[Cut], count: Callable[[int], None], space: str) -> set[str]:
        """Index and store a batch; the ids of those that were not there already."""
        with self._store.writing() as view:
            # Another process may have been faster.
            batch = [(a, passages) for a, passages in batch if a.id not in view.article_ids]
            if not batch:
                return set()
            with span("index", articles=len(batch)):
                try:
                    index_articles(view.generation, self._store.embedder, batch, count)
                except CacheDamaged as damage:
                    view = self._store.rebuild(str(damage))
                    index_articles(view.generation, self._store.embedder, batch, lambda _: None)
            with span("store"), self._store.change() as connection:
                insert_articles(connection, [article for article, _ in batch])
                if space:
                    put_in_space(connection, [article.id for article, _ in batch], space)
                for _, passages in batch:
                    insert_passages(connection, view.generation.name, passages)
            for article, passages in batch:
                _log.info("added", extra={"article": article.id, "passages": len(passages)})
            return {article.id for article, _ in batch}


def _known(view: View, article_ids: Sequence[str]) -> list[str]:
    known = set(view.article_ids)
    for article_id in article_ids:
        if article_id not in known:
            raise NotFound(_no_such(article_id))
    return list(dict.fromkeys(article_ids))


def _no_such(article_id: str) -> str:
    return f"There is no article {article_id} in the library."
