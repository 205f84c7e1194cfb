"""Which quotes of a receipt still stand in the articles as they are now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from index.articles import Article
from index.library import Library
from qa.records.receipts import Receipt, ReceiptArticle, ReceiptQuote

Outcome = Literal["stands", "moved", "gone", "no_article"]

Find = Callable[[ReceiptArticle], Article | None]
"""The article of a receipt as it is now; None where there is none."""


@dataclass(frozen=True, slots=True)
class QuoteStatus:
    """What became of one quote."""

    answer: int
    """From 1, the place of its answer in the receipt."""
    quote: ReceiptQuote
    title: str
    outcome: Outcome
    """`stands`: at its place; `moved`: word for word, but elsewhere; `gone`: nowhere in it."""
    article_id: str | None
    """Of the article that was looked into: another one where the text was changed."""
    start: int | None
    end: int | None

    @property
    def holds(self) -> bool:
        """Whether the article still says it, word for word."""
        return self.outcome in ("stands", "moved")


def standings(receipt: Receipt, find: Find) -> list[QuoteStatus]:
    """Every quote of the receipt, compared character by character with its article as it is now."""
    named = {article.id: article for article in receipt.articles}
    now = {id_: find(article) for id_, article in named.items()}
    return [
        _standing(i, quote, named[quote.article_id], now[quote.article_id])
        for i, answer in enumerate(receipt.answers, start=1)
        for quote in answer.quotes
    ]


def in_library(library: Library) -> Find:
    """Finds articles in a library: the very text, or else what was last added in its place.

    An article that was changed has another id; it is known by its source or, where the source
    says nothing (pasted text), by its title.
    """

    def find(wanted: ReceiptArticle) -> Article | None:
        summaries = library.articles()
        same = [s.id for s in summaries if s.id == wanted.id]
        if not same and wanted.source != "pasted text":
            same = [s.id for s in summaries if s.source == wanted.source]
        if not same:
            same = [s.id for s in summaries if s.title == wanted.title]
        return library.article(same[-1]) if same else None

    return find


def among(articles: Sequence[Article]) -> Find:
    """Finds articles among these; where there is only one, that one is meant."""

    def find(wanted: ReceiptArticle) -> Article | None:
        if len(articles) == 1:
            return articles[0]
        for key in ("id", "source", "title"):
            for article in articles:
                if getattr(article, key) == getattr(wanted, key):
                    return article
        return None

    return find


def _standing(
    answer: int, quote: ReceiptQuote, named: ReceiptArticle, now: Article | None
) -> QuoteStatus:
    if now is None:
        return QuoteStatus(answer, quote, named.title, "no_article", None, None, None)
    if now.text[quote.start : quote.end] == quote.quote:
        return QuoteStatus(answer, quote, named.title, "stands", now.id, quote.start, quote.end)
    start = _nearest(now.text, quote.quote, quote.start)
    if start is None:
        return QuoteStatus(answer, quote, named.title, "gone", now.id, None, None)
    end = start + len(quote.quote)
    return QuoteStatus(answer, quote, named.title, "moved", now.id, start, end)


def _nearest(text: str, quote: str, start: int) -> int | None:
    """Where the quote is, at the place closest to the one it had."""
    before = text.rfind(quote, 0, start + len(quote))
    after = text.find(quote, start)
    found = [place for place in (before, after) if place >= 0]
    return min(found, key=lambda place: abs(place - start), default=None)
