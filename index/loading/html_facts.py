"""What a page says of itself in its head: who wrote it, when, on which site, in which language."""

from datetime import date
from typing import TYPE_CHECKING

from index.loading.blocks import one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DATES = {"extensive_search": False, "original_date": True}
"""Of htmldate: only what the page marks as its date, and the first of those."""


def page_facts(tree: "HtmlElement", url: str | None) -> tuple[tuple[str, str], ...]:
    """Author, date, site and language by name, as trafilatura finds them in the markup."""
    from trafilatura.metadata import extract_metadata

    found = extract_metadata(tree, default_url=url, date_config=dict(_DATES), extensive=False)
    facts = (
        ("Author", one_line((found.author or "").replace("; ", ", "))),
        ("Published", _in_words(found.date or "")),
        ("Site", _site(one_line(found.sitename or ""))),
        ("Language", _language(tree.get("lang") or "")),
    )
    return tuple((name, text) for name, text in facts if text)


def _site(name: str) -> str:
    """A name; without one trafilatura gives the host of the address, which is the source anyway."""
    return "" if "." in name and " " not in name else name


def _in_words(day: str) -> str:
    try:
        found = date.fromisoformat(day[:10])
    except ValueError:
        return ""
    return f"{found.day} {found:%B %Y}"


def _language(code: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale(code.strip().lower()[:2]).get_display_name("en") or ""
    except (UnknownLocaleError, ValueError):
        return ""
