"""Articles as the page shows them: whole, by title, and by the section of a place."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from index.errors import NotFound
from index.library import Library
from ui.render.article import render_article, section_of
from ui.render.escape import text

REMOVED = "removed from the library"


class ArticleViews:
    """Views of one library's articles. A text never changes under its id, so views are kept; a
    title may."""

    def __init__(self, library: Callable[[], Library]) -> None:
        """`library` gives it as the person may see it who looks at it now."""
        self._library = library
        self._rendered = lru_cache(maxsize=16)(render_article)
        self._section = lru_cache(maxsize=4096)(self._section_of)

    def choices(self) -> list[tuple[str, str]]:
        """(title, id) of all articles, in the order in which they were added."""
        return [(summary.title, summary.id) for summary in self._library().articles()]

    def page(self, article_id: str | None) -> str:
        """The article, or what to do when there is none."""
        if not article_id:
            return (
                '<div class="fn-empty"><h2>No article yet</h2>'
                "<p>Add a file, the address of a page or a text, and ask it.</p>"
                '<button type="button" data-tab="Articles">Add an article</button></div>'
            )
        try:
            return self._rendered(self._library().article(article_id))
        except NotFound:
            return (
                '<div class="fn-empty"><h2>This article was removed</h2>'
                "<p>What was answered from it is kept; its text is not.</p></div>"
            )

    def retitled(self) -> None:
        """The title of an article has changed."""
        self._rendered.cache_clear()

    def section(self, article_id: str, offset: int) -> str:
        """The heading above a place; empty where there is none."""
        if article_id not in self._library().article_ids():
            return REMOVED
        return self._section(article_id, offset)

    def named(self, article_ids: Sequence[str] | None) -> str:
        """What was asked, as HTML: “Title”, or how many articles."""
        known = {id_: title for title, id_ in self.choices()}
        asked = list(known) if article_ids is None else list(article_ids)
        if len(asked) == 1:
            return f"“{text(known.get(asked[0], 'an article that was removed'))}”"
        return f"the {len(asked)} articles that were asked" if asked else "the library"

    def _section_of(self, article_id: str, offset: int) -> str:
        try:
            return section_of(self._library().article(article_id).text, offset)
        except NotFound:
            return REMOVED
