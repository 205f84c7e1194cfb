"""The articles as rows: the truth that everything else is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from index.articles import Article, article_id
from index.storage import database
from index.storage.passage_rows import passage_counts

Place = tuple[str, int, int]
"""The id of an article, and the start and end of a stretch of its text in code points."""


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """An article without its text."""

    id: str
    title: str
    source: str
    added_at: datetime
    characters: int
    passages: int
    spaces: tuple[str, ...]
    """Those that it belongs to, as far as whoever reads this may know of them."""


def insert_articles(connection: Connection, articles: Sequence[Article]) -> None:
    """Store these articles."""
    rows = [
        {
            "id": article.id,
            "title": article.title,
            "source": article.source,
            "added_at": article.added_at.astimezone(UTC).replace(tzinfo=None),
            "characters": len(article.text),
            "pages": " ".join(map(str, article.pages)),
            "text": article.text,
        }
        for article in articles
    ]
    connection.execute(insert(database.articles), rows)


def retitle_article(connection: Connection, id_: str, title: str) -> None:
    """Give an article another title."""
    table = database.articles
    connection.execute(update(table).where(table.c.id == id_).values(title=title))


def delete_article(connection: Connection, id_: str) -> None:
    """Delete the article with this id, and its passages."""
    connection.execute(delete(database.articles).where(database.articles.c.id == id_))


def delete_all_articles(connection: Connection) -> None:
    """Delete every article, and its passages."""
    connection.execute(delete(database.articles))


def read_article_ids(connection: Connection) -> tuple[str, ...]:
    """The ids of all articles, in the order in which they were added."""
    table = database.articles
    return tuple(connection.scalars(select(table.c.id).order_by(table.c.added_at, table.c.id)))


NO_FILE = ("pasted text", "standard input", "web page")
"""Sources that name no file or address: two texts of theirs are no versions of each other."""


def read_ids_of_source(connection: Connection, source: str, except_: str) -> Sequence[str]:
    """The ids of the other articles that came from this file or address, oldest first."""
    if source in NO_FILE:
        return ()
    table = database.articles
    query = select(table.c.id).where(table.c.source == source, table.c.id != except_)
    return connection.scalars(query.order_by(table.c.added_at, table.c.id)).all()


def read_articles(connection: Connection, ids: Sequence[str], path: Path | str) -> list[Article]:
    """Those of these articles that exist, in the order of `ids`.

    Raises:
        LibraryDamaged: naming `path`, if a text is not the one that its id was made from.
    """
    table = database.articles
    query = select(
        table.c.id, table.c.title, table.c.source, table.c.text, table.c.added_at, table.c.pages
    )
    rows = connection.execute(query.where(table.c.id.in_(ids)))
    found = {row.id: _article(row, path) for row in rows}
    return [found[id_] for id_ in ids if id_ in found]


def read_places(connection: Connection, places: Sequence[Place]) -> dict[Place, str]:
    """The words at these places of the stored texts; without those of articles that are gone."""
    table = database.articles
    found = {}
    for id_, start, end in dict.fromkeys(places):
        words = func.substr(table.c.text, start + 1, end - start)  # SQL counts from 1
        if (text := connection.scalar(select(words).where(table.c.id == id_))) is not None:
            found[id_, start, end] = str(text)
    return found


def summarise_articles(
    connection: Connection, generation: str, spaces: Mapping[str, tuple[str, ...]]
) -> list[ArticleSummary]:
    """All articles without their texts, in the order in which they were added."""
    table = database.articles
    counts = passage_counts(connection, generation)
    rows = connection.execute(
        select(
            table.c.id, table.c.title, table.c.source, table.c.added_at, table.c.characters
        ).order_by(table.c.added_at, table.c.id)
    )
    return [
        ArticleSummary(
            row.id,
            row.title,
            row.source,
            row.added_at.replace(tzinfo=UTC),
            row.characters,
            counts[row.id],
            spaces.get(row.id, ()),
        )
        for row in rows
    ]


def count_articles(connection: Connection) -> int:
    """How many articles there are."""
    count: int = connection.execute(
        select(func.count()).select_from(database.articles)
    ).scalar_one()
    return count


def read_pages(pages: str) -> tuple[int, ...]:
    """Where each page begins, as the database keeps it: numbers with spaces between them."""
    return tuple(map(int, pages.split()))


def _article(row: Row[str, str, str, str, datetime, str], path: Path | str) -> Article:
    # SQLite has no checksums of its own; the id is one of the text.
    if article_id(row.text) != row.id:
        raise database.damaged(path)
    added_at = row.added_at.replace(tzinfo=UTC)
    return Article(row.id, row.title, row.source, row.text, added_at, read_pages(row.pages))
