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

    @staticmethod
    def of(text: str, title: str, source: str, added_at: datetime | None = None) -> "Article":
        """An article of `text`, which must already be in normal form (`loading.normalise`)."""
        return Article(article_id(text), title, source, text, added_at or datetime.now(UTC))


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
