"""The lists of conversations and of articles as HTML, with what can be done to each."""

from collections.abc import Sequence
from datetime import datetime

from index.library import ArticleSummary
from qa.records.conversations import ConversationSummary
from ui.render.escape import attribute, text

LISTED = 200
"""Conversations shown; the API lists all."""


def render_conversations(listed: Sequence[ConversationSummary], current: str) -> str:
    """The conversations in which something was asked, the latest first."""
    spoken = [summary for summary in listed if summary.answers]
    items = "".join(_conversation(summary, current) for summary in spoken[:LISTED])
    more = len(spoken) - LISTED
    return (
        '<nav class="fn-list" aria-label="Conversations">'
        '<button type="button" class="fn-new" data-do="new">New conversation</button>'
        + (
            f'<details class="fn-earlier"><summary>Conversations</summary><ul>{items}</ul>'
            + (f'<p class="fn-soft">And {more} older ones.</p>' if more > 0 else "")
            + "</details>"
            if items
            else '<p class="fn-soft">What you ask is kept here.</p>'
        )
        + "</nav>"
    )


def render_articles(listed: Sequence[ArticleSummary]) -> str:
    """The library's articles with where they came from."""
    if not listed:
        return (
            '<div class="fn-empty"><h2>No article yet</h2><p>Choose files, give an address or '
            "paste a text; then look at the preview and add it.</p></div>"
        )
    items = "".join(_article(summary) for summary in listed)
    return (
        "<h2>In the library</h2>"
        f'<ul class="fn-library" aria-label="Articles in the library">{items}</ul>'
    )


def counted(count: int, noun: str) -> str:
    """`1 passage`, `2 passages`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _conversation(summary: ConversationSummary, current: str) -> str:
    title = summary.title or "Untitled"
    about = f'data-conversation="{attribute(summary.id)}" data-title="{attribute(title)}"'
    export = f"/v1/conversations/{summary.id}/export"
    here = ' aria-current="true"' if summary.id == current else ""
    answers = counted(summary.answers, "answer")
    return (
        f'<li class="fn-row"><button type="button" class="fn-open" data-do="open" {about}{here}>'
        f"<span>{text(title)}</span><small>{answers}, {_day(summary.changed_at)}</small></button>"
        f'<details class="fn-menu"><summary aria-label="More: {attribute(title)}">⋯</summary><div>'
        f'<button type="button" data-do="rename" {about}>Rename</button>'
        f'<a href="{export}" download>Export as Markdown</a>'
        f'<a href="{export}?format=json" download>Export as JSON</a>'
        f'<button type="button" data-do="delete" {about}>Delete</button></div></details></li>'
    )


def _article(summary: ArticleSummary) -> str:
    source = "" if summary.source == summary.title else f"{text(summary.source)}, "
    return (
        f'<li class="fn-row"><div><strong>{text(summary.title)}</strong><small>{source}'
        f"{summary.characters:,} characters, {counted(summary.passages, 'passage')}, added "
        f"{_day(summary.added_at)}</small></div>"
        f'<button type="button" data-do="remove" data-article="{attribute(summary.id)}" '
        f'data-title="{attribute(summary.title)}" '
        f'aria-label="Remove {attribute(summary.title)}">Remove</button></li>'
    )


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"
