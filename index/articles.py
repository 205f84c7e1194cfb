"""`Article` and `Passage`: what is asked about, and the pieces that are retrieved.

The text of an article is normalised once, when it is loaded, to a plain form that is also
readable as Markdown, and never changes afterwards, so an offset stays true for good:

- Unicode NFC, `\\n` line ends, no control characters, no trailing spaces;
- blocks (paragraphs, headings, list items, captions) are separated by one blank line;
- a heading is a line that begins with one to six `#` and a space;
- a list item begins with `- `.

Offsets count Unicode code points of that text.
"""

import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Article:
    """One article. `id` is derived from the text, so the same text has the same id."""

    id: str
    title: str
    source: str
    text: str
    added_at: datetime
    pages: tuple[int, ...] = ()
    """Where in the text each page begins, the first one first; empty where there are no pages."""
    notes: tuple[str, ...] = ()
    """What a person who adds it should know of how it was read; not stored."""

    @staticmethod
    def of(
        text: str,
        title: str,
        source: str,
        added_at: datetime | None = None,
        pages: tuple[int, ...] = (),
        notes: tuple[str, ...] = (),
    ) -> "Article":
        """An article of `text`, which must already be in normal form (`loading.normalise`)."""
        added_at = added_at or datetime.now(UTC)
        return Article(article_id(text), title, source, text, added_at, pages, notes)

    def page(self, place: int) -> int | None:
        """The number of the page, from 1, that `text[place]` is on; None without pages.

        >>> Article.of("Tin. Zinc.", "Metals", "m.pdf", pages=(0, 5)).page(6)
        2
        """
        return max(bisect_right(self.pages, place), 1) if self.pages else None


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of an article: `article.text[start:end]` is its text."""

    id: str
    article_id: str
    start: int
    end: int
    heading: str
    """The headings above it, outermost first, joined by ` › `; empty where there are none."""

    @staticmethod
    def of(article_id: str, start: int, end: int, heading: str) -> "Passage":
        return Passage(f"{article_id}:{start}-{end}", article_id, start, end, heading)


def article_id(text: str) -> str:
    """The first 16 hex digits of the SHA-256 of the text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
