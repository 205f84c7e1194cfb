"""Articles beside those of the library: a title that is taken, another text of the same file."""

from collections.abc import Sequence

from index.articles import Article
from index.library import ArticleSummary
from index.storage.article_rows import NO_FILE
from ui.render.lists import day


def known_versions(
    articles: Sequence[Article], present: Sequence[ArticleSummary]
) -> tuple[list[str], list[str]]:
    """What to say of titles and sources that the library knows, and the ids of earlier versions."""
    remarks, older = [], []
    for article in articles:
        versions = [p for p in present if _is_version(p, article)]
        older += [version.id for version in versions]
        if versions:
            remarks.append(
                f"“{article.title}” is another text of {article.source}, which was added on "
                f"{day(versions[-1].added_at)}."
            )
        elif any(p.title == article.title for p in present):
            remarks.append(
                f"Another article in the library is called “{article.title}” too: give this one "
                "a title of its own, or you cannot tell them apart."
            )
    return remarks, older


def _is_version(present: ArticleSummary, article: Article) -> bool:
    named = article.source not in NO_FILE
    return named and present.source == article.source and present.id != article.id
