"""The index caches of a library that several processes share: vectors on a Chroma server.

The database says which collections there are and which one is current. BM25 is in each process's
memory, made from the database when it starts and brought up to date whenever another process has
changed something, so that no process has a disk that must be kept.
"""

import uuid
from collections.abc import Sequence
from contextlib import suppress

from pydantic import SecretStr, ValidationError
from sqlalchemy import Boolean, Column, Engine, String, Table, Text, delete, insert, select, update

from index.passages import lexical_text
from index.storage import database
from index.storage.article_rows import read_article_ids, read_articles
from index.storage.chroma_server import ServerVectors, connect, reported
from index.storage.damage import CacheDamaged
from index.storage.generation import Generation
from index.storage.lexical import LexicalIndex
from index.storage.manifest import Manifest, Recipe
from index.storage.passage_rows import read_passages

_ARTICLES_READ = 500  # texts in memory at once

generations = Table(
    "generations",
    database.metadata,
    Column("name", String(32), primary_key=True),
    Column("made_with", Text, nullable=False),
    Column("current", Boolean, nullable=False),
)


class ServerCaches:
    """See `Caches`. A generation is a row of `generations` before it is a collection."""

    def __init__(self, engine: Engine, chroma_url: SecretStr, database_name: str) -> None:
        """Raises FootnoteError if the server does not answer."""
        database.create_tables(engine, [generations])
        self._engine = engine
        self._database_name = database_name
        self._server = connect(chroma_url)

    def __str__(self) -> str:
        return self._server.name

    def manifest(self) -> Manifest | None:
        query = select(generations.c.name, generations.c.made_with).where(generations.c.current)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        try:
            return Manifest(
                generation=row.name, made_with=Recipe.model_validate_json(row.made_with)
            )
        except ValidationError as error:
            raise CacheDamaged("the manifest of the indexes is not readable") from error

    def make_current(self, manifest: Manifest) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(generations).values(current=False))
            connection.execute(
                update(generations)
                .where(generations.c.name == manifest.generation)
                .values(current=True, made_with=manifest.made_with.model_dump_json())
            )

    def create(self) -> Generation:
        name = uuid.uuid4().hex
        with self._engine.begin() as connection:
            connection.execute(insert(generations).values(name=name, made_with="", current=False))
        vectors = ServerVectors(self._server, _collection(name), create=True)
        return Generation(name, vectors, LexicalIndex(None, create=True))

    def open(self, name: str, before: Generation | None = None) -> Generation:
        if before and before.name == name:
            generation = before
        else:
            vectors = ServerVectors(self._server, _collection(name))
            generation = Generation(name, vectors, LexicalIndex(None, create=True))
        self._bring_up_to_date(generation)
        return generation

    def others(self, current: str) -> list[str]:
        query = select(generations.c.name).where(generations.c.name != current)
        with self._engine.connect() as connection:
            return list(connection.scalars(query))

    def delete(self, name: str) -> None:
        with suppress(CacheDamaged), reported(self._server):  # it may never have been made
            self._server.client.delete_collection(_collection(name))
        with self._engine.begin() as connection:
            connection.execute(delete(generations).where(generations.c.name == name))

    def close(self) -> None:
        self._server.client.close()

    def _bring_up_to_date(self, generation: Generation) -> None:
        """Put into BM25 the articles that it lacks, and take out those that are gone."""
        with self._engine.connect() as connection:
            there = read_article_ids(connection)
        held = generation.lexical.counts()
        if gone := held.keys() - set(there):
            generation.lexical.remove(sorted(gone))
        new = [id_ for id_ in there if id_ not in held]
        for i in range(0, len(new), _ARTICLES_READ):
            self._learn(generation, new[i : i + _ARTICLES_READ])

    def _learn(self, generation: Generation, ids: Sequence[str]) -> None:
        with self._engine.connect() as connection:
            found = read_articles(connection, ids, self._database_name)
            passages = read_passages(connection, generation.name, ids)
        articles = {article.id: article for article in found}
        passages = [passage for passage in passages if passage.article_id in articles]
        generation.lexical.add(
            [passage.id for passage in passages],
            [passage.article_id for passage in passages],
            [lexical_text(articles[passage.article_id], passage) for passage in passages],
        )


def _collection(generation: str) -> str:
    return f"footnote-{generation}"
