"""Adding articles to the library, over HTTP and MCP."""

from dataclasses import asdict, dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from index.articles import Article
from index.library import ArticleSummary, Library
from index.loading.fetch import PageFetcher
from index.loading.loader import load_bytes, load_text
from index.settings import Settings
from qa.http.workers import Workers
from qa.records.audit import AuditLog
from qa.records.people import Person


@dataclass(frozen=True, slots=True)
class Place:
    """Who adds an article, whether in the place of an earlier one, and to which space."""

    person: Person
    replace: bool = False
    space: str | None = None

    def check(self) -> None:
        """Raises NotAllowed where the person may not add, or not to that space."""
        self.person.rights.check_change()
        self.person.rights.space_of_addition(self.space)


class AddedArticle(BaseModel):
    """An article that was added, or was there already."""

    model_config = ConfigDict(frozen=True)

    id: str
    title: str
    source: str
    added_at: datetime
    characters: int
    passages: int
    spaces: tuple[str, ...]
    earlier: tuple[str, ...] = Field(
        description="Ids of articles from the same file or address with another text: "
        "`?replace=true` removes them."
    )
    notes: tuple[str, ...] = Field(description="What to know of how it was read.")


Added = tuple[AddedArticle, bool]
"""What is in the library now, and whether it is new."""


@dataclass(frozen=True, slots=True)
class Additions:
    """`workers` read, fetch and index what is added."""

    library: Library
    fetcher: PageFetcher
    workers: Workers
    audit: AuditLog
    settings: Settings

    async def of_file(self, name: str, data: bytes, place: Place) -> Added:
        """An article from the bytes of a file; the name is never used as a path."""
        place.check()
        return await self.workers.run(
            lambda: self._add(load_bytes(data, name, self.settings), place)
        )

    async def of_text(self, text: str, title: str | None, place: Place) -> Added:
        """An article from a text."""
        place.check()
        return await self.workers.run(
            lambda: self._add(load_text(text, self.settings, title=title), place)
        )

    async def of_address(self, url: str, place: Place) -> Added:
        """An article from a page of the web."""
        place.check()
        return await self.workers.run(lambda: self._add(self.fetcher.article(url), place))

    def _add(self, article: Article, place: Place) -> Added:
        own = self.library.within(place.person.rights)
        added = own.add(article, replace=place.replace, space=place.space)
        self.audit.write(place.person.name, "added an article", added.article.id)
        for id_ in added.earlier if place.replace else ():
            self.audit.write(place.person.name, "removed an article", id_)
        summary = asdict(summary_of(added.article, own))
        return AddedArticle(**summary, earlier=added.earlier, notes=article.notes), added.new


def summary_of(article: Article, library: Library) -> ArticleSummary:
    """An article without its text."""
    return ArticleSummary(
        article.id,
        article.title,
        article.source,
        article.added_at,
        len(article.text),
        len(library.passages(article.id)),
        library.spaces(article.id),
    )
