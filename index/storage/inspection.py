"""What a library looks like from outside, for `footnote doctor`. Nothing is changed by looking."""

from dataclasses import dataclass
from pathlib import Path

from index.embedding.embedder import load_embedder
from index.errors import NotFound
from index.passages import CHUNKER_VERSION
from index.settings import Settings
from index.storage import database
from index.storage.article_rows import count_articles
from index.storage.damage import CacheDamaged
from index.storage.manifest import Recipe
from index.storage.passage_rows import count_passages, passage_counts
from index.storage.places import CACHES, look_at_places


@dataclass(frozen=True, slots=True)
class LibraryState:
    """Where a library is and what its stores hold."""

    data_dir: Path
    database: Path | str
    generation: str | None
    folder: Path | None
    """Of the current generation of the indexes, unless it is on a server."""
    articles: int
    passages: int
    vectors: int
    lexical: int
    wanted: Recipe
    """What the indexes would be made with now."""
    to_rebuild: tuple[str, ...]
    """Why all indexes would be made again at the next opening; empty when they would not."""
    to_repair: tuple[str, ...]
    """Ids of the articles that would be indexed again, or removed from the indexes."""


def wanted_recipe(settings: Settings) -> Recipe:
    """What these settings and this version of Footnote make indexes with."""
    embedder = load_embedder(settings.embedding_model)
    return Recipe(
        embedding_model=embedder.name,
        embedding_fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
        chunker=CHUNKER_VERSION,
    )


def inspect_library(settings: Settings) -> LibraryState:
    """The state of the library in `settings.data_dir`, as it lies there.

    Raises:
        NotFound: if there is no library.
        LibraryDamaged: if the article database cannot be read.
    """
    places = look_at_places(settings)
    if places is None:
        raise NotFound(f"There is no library in {settings.data_dir} yet.")
    wanted = wanted_recipe(settings)
    generation, reasons, repairs = None, [], set[str]()
    passages = vectors = lexical = 0
    try:
        with places.engine.connect() as connection:
            database.check(connection, places.name)
            try:
                if manifest := places.caches.manifest():
                    generation = manifest.generation
                    reasons += manifest.made_with.differences(wanted)
                    passages = count_passages(connection, generation)
                    opened = places.caches.open(generation)
                    try:
                        vectors, lexical = opened.vectors.count(), opened.lexical.count()
                        repairs = opened.strangers(passage_counts(connection, generation))
                    finally:
                        opened.close()
                else:
                    reasons.append("there are no indexes yet")
            except CacheDamaged as damage:
                reasons.append(str(damage))
            folder = settings.data_dir / CACHES / (generation or "")
            return LibraryState(
                data_dir=settings.data_dir,
                database=places.name,
                generation=generation,
                folder=folder if generation and not settings.chroma_url else None,
                articles=count_articles(connection),
                passages=passages,
                vectors=vectors,
                lexical=lexical,
                wanted=wanted,
                to_rebuild=tuple(reasons),
                to_repair=tuple(sorted(repairs)),
            )
    finally:
        places.close()
