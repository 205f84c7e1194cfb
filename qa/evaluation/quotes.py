"""A quote as a person typed it → its place in an article."""

import re
import unicodedata
from collections.abc import Sequence

from index.articles import Article
from qa.evaluation.citation_metrics import Span


class QuoteNotFound(ValueError):
    """The quote is nowhere, or in several places; the message says which."""


def locate(quote: str, articles: Sequence[Article], within: str | None = None) -> Span:
    """The one place of `quote` in `articles`; white space may differ, nothing else may.

    `within` is a longer stretch that holds the quote, for a quote that occurs more than once.

    Raises:
        QuoteNotFound: when there is no such place, or more than one.
    """
    if within is not None:
        outer = locate(within, articles)
        text = next(a.text for a in articles if a.id == outer.article_id)
        inner = list(_pattern(quote).finditer(text, outer.start, outer.end))
        if len(inner) != 1:
            raise QuoteNotFound(
                f"the quote {_shown(quote)} is {_times(len(inner))} within {_shown(within)}"
            )
        return Span(outer.article_id, inner[0].start(), inner[0].end())
    places = [
        Span(article.id, match.start(), match.end())
        for article in articles
        for match in _pattern(quote).finditer(article.text)
    ]
    if not places:
        raise QuoteNotFound(f"the quote {_shown(quote)} is not in the article")
    if len(places) > 1:
        raise QuoteNotFound(
            f"the quote {_shown(quote)} is there {len(places)} times: make it longer, "
            "or say `text:` and `within:` (a longer stretch around the one that is meant)"
        )
    return places[0]


def _pattern(quote: str) -> re.Pattern[str]:
    words = unicodedata.normalize("NFC", quote).split()
    if not words:
        raise QuoteNotFound("a quote is empty")
    return re.compile(r"\s+".join(re.escape(word) for word in words))


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return repr(text if len(text) <= 80 else text[:77] + "…")


def _times(n: int) -> str:
    return "not" if n == 0 else f"there {n} times"
