"""The passages as rows: which passages of which article a generation of the indexes holds."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection, Select, delete, func, insert, select

from index.articles import Passage
from index.storage import database


def insert_passages(connection: Connection, generation: str, passages: Sequence[Passage]) -> None:
    """Record these passages."""
    rows = [
        {
            "generation": generation,
            "id": passage.id,
            "article_id": passage.article_id,
            "start": passage.start,
            "end": passage.end,
            "heading": passage.heading,
        }
        for passage in passages
    ]
    if rows:
        connection.execute(insert(database.passages), rows)


def count_passages(
    connection: Connection, generation: str, article_ids: Sequence[str] | None = None
) -> int:
    """How many passages of these articles the generation holds."""
    table = database.passages
    query = select(func.count()).where(table.c.generation == generation)
    if article_ids is not None:
        query = query.where(table.c.article_id.in_(article_ids))
    count: int = connection.execute(query).scalar_one()
    return count


def passage_counts(connection: Connection, generation: str) -> Counter[str]:
    """Article id → how many passages of it the generation holds."""
    table = database.passages
    rows = connection.execute(
        select(table.c.article_id, func.count().label("passages"))
        .where(table.c.generation == generation)
        .group_by(table.c.article_id)
    )
    return Counter({row.article_id: row.passages for row in rows})


def read_passages(
    connection: Connection, generation: str, article_ids: Sequence[str] | None = None
) -> list[Passage]:
    """The passages of these articles, in their order in each article."""
    table = database.passages
    query = _columns().where(table.c.generation == generation)
    if article_ids is not None:
        query = query.where(table.c.article_id.in_(article_ids))
    rows = connection.execute(query.order_by(table.c.article_id, table.c.start, table.c.end))
    return [Passage(*row) for row in rows]


def passages_by_id(connection: Connection, generation: str, ids: Sequence[str]) -> list[Passage]:
    """Those of these passages that the database knows, by id."""
    table = database.passages
    query = _columns().where(table.c.generation == generation, table.c.id.in_(ids))
    return [Passage(*row) for row in connection.execute(query.order_by(table.c.id))]


def _columns() -> Select[str, str, int, int, str]:
    table = database.passages
    return select(table.c.id, table.c.article_id, table.c.start, table.c.end, table.c.heading)


def delete_other_passages(connection: Connection, generation: str) -> None:
    """Delete the passages of every generation but this one."""
    table = database.passages
    connection.execute(delete(table).where(table.c.generation != generation))


def has_other_passages(connection: Connection, generation: str) -> bool:
    """Whether there are passages of any generation but this one."""
    table = database.passages
    ends = connection.execute(select(func.min(table.c.generation), func.max(table.c.generation)))
    return not set(ends.one()) <= {generation, None}
