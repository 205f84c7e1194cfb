"""Makes the index caches from the articles: all of them again, or only what differs."""

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from sqlalchemy import Engine

from index.embedding.embedder import Embedder
from index.errors import FootnoteError
from index.passages import split
from index.storage.article_rows import read_article_ids, read_articles
from index.storage.caches import Caches
from index.storage.damage import CacheDamaged
from index.storage.generation import Generation, article_of
from index.storage.ingest import Cut, batches, index_articles
from index.storage.passage_rows import (
    count_passages,
    delete_other_passages,
    has_other_passages,
    insert_passages,
    read_passages,
)

Progress = Callable[[int, int], None]
"""Called with the number of passages done and the number of all."""

_ARTICLES_READ = 50  # texts in memory at once


def build_generation(
    engine: Engine, path: Path | str, caches: Caches, embedder: Embedder, progress: Progress | None
) -> Generation:
    """A new generation that holds every article of the database at `path`; not yet current.

    Raises:
        FootnoteError: if the caches cannot be written.
    """
    generation: Generation | None = None
    try:
        generation = caches.create()
        with engine.connect() as connection:
            ids = read_article_ids(connection)
        for i in range(0, len(ids), _ARTICLES_READ):
            with engine.begin() as connection:
                for article in read_articles(connection, ids[i : i + _ARTICLES_READ], path):
                    insert_passages(connection, generation.name, split(article))
        with engine.connect() as connection:
            total = count_passages(connection, generation.name)
        count = counter(progress, total)
        for batch in batches(_stored(engine, path, generation.name, ids)):
            index_articles(generation, embedder, batch, count)
    except BaseException as error:
        if generation:
            generation.close()
            caches.delete(generation.name)
        if isinstance(error, CacheDamaged | OSError):
            raise FootnoteError(
                f"The indexes in {caches} cannot be written ({error}); "
                "check the free space and the permissions there."
            ) from error
        raise
    return generation


def repair_generation(
    engine: Engine,
    path: Path | str,
    generation: Generation,
    article_ids: Collection[str],
    embedder: Embedder,
    progress: Progress | None,
) -> int:
    """Index these articles again, or, where they are not in the database, forget them.

    Returns:
        How many of them are in the database.
    """
    ids = sorted(article_ids)
    generation.remove(ids, [id_ for id_ in generation.vectors.ids() if article_of(id_) in ids])
    with engine.connect() as connection:
        total = count_passages(connection, generation.name, ids)
    count = counter(progress, total)
    repaired = 0
    for batch in batches(_stored(engine, path, generation.name, ids)):
        index_articles(generation, embedder, batch, count)
        repaired += len(batch)
    return repaired


def has_leftovers(engine: Engine, caches: Caches, generation: str) -> bool:
    """Whether anything is there of a generation that is not the current one."""
    with engine.connect() as connection:
        return bool(caches.others(generation)) or has_other_passages(connection, generation)


def delete_leftovers(engine: Engine, caches: Caches, generation: str) -> None:
    """Delete all of the generations that are not the current one."""
    with engine.begin() as connection:
        delete_other_passages(connection, generation)
    for name in caches.others(generation):
        caches.delete(name)


def _stored(
    engine: Engine, path: Path | str, generation: str, ids: Collection[str]
) -> Iterator[Cut]:
    """The articles with their recorded passages, a few read at a time."""
    wanted = list(ids)
    for i in range(0, len(wanted), _ARTICLES_READ):
        with engine.connect() as connection:
            articles = read_articles(connection, wanted[i : i + _ARTICLES_READ], path)
            cut = [(a, read_passages(connection, generation, [a.id])) for a in articles]
        yield from cut


def counter(progress: Progress | None, total: int) -> Callable[[int], None]:
    """Adds up slices of passages and reports the sum."""
    done = 0

    def count(passages: int) -> None:
        nonlocal done
        done += passages
        if progress:
            progress(done, total)

    return count
