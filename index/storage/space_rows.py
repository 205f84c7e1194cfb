"""Which articles belong to which spaces. One in no space is everybody's."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, delete, insert, select

from index.storage.database import article_spaces

Spaces = Mapping[str, frozenset[str]]
"""The spaces of each article that is in one."""


def read_spaces(connection: Connection) -> Spaces:
    """The spaces of all articles that are in one."""
    found = defaultdict(set)
    for row in connection.execute(select(article_spaces)):
        found[row.article_id].add(row.space)
    return {id_: frozenset(names) for id_, names in found.items()}


def put_in_space(connection: Connection, article_ids: Iterable[str], space: str) -> None:
    """Let these articles, which are not in it, belong to a space."""
    if rows := [{"article_id": id_, "space": space} for id_ in article_ids]:
        connection.execute(insert(article_spaces), rows)


def take_from_spaces(
    connection: Connection, article_ids: Sequence[str], spaces: Iterable[str] | None = None
) -> None:
    """Let these articles belong to these spaces no more; None: to no space."""
    gone = delete(article_spaces).where(article_spaces.c.article_id.in_(article_ids))
    if spaces is not None:
        gone = gone.where(article_spaces.c.space.in_(spaces))
    connection.execute(gone)
