"""The lists of conversations and of articles as HTML, with what can be done to each."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from index.library import ArticleSummary
from qa.records.conversations import ConversationSummary
from ui.render.escape import attribute, text

LISTED = 200
"""Conversations shown; the API lists all."""


def render_conversations(
    listed: Sequence[ConversationSummary], current: str, pinned: Collection[str] = ()
) -> str:
    """The conversations in which something was asked: the pinned ones, and the others by day."""
    spoken = [summary for summary in listed if summary.answers]
    shown = [s for s in spoken if s.id in pinned] + [s for s in spoken if s.id not in pinned]
    today = datetime.now().astimezone().date()
    groups: dict[str, list[str]] = {}
    for summary in shown[:LISTED]:
        name = "Pinned" if summary.id in pinned else _group(summary.changed_at, today)
        row = _conversation(summary, current, summary.id in pinned)
        groups.setdefault(name, []).append(row)
    lists = "".join(
        f'<section><h2>{name}</h2><ul aria-label="{name}">{"".join(rows)}</ul></section>'
        for name, rows in groups.items()
    )
    more = len(spoken) - LISTED
    search = (
        '<input type="search" class="fn-search" placeholder="Search conversations" '
        'aria-label="Search conversations">'
    )
    return (
        '<nav class="fn-list" aria-label="Conversations">'
        '<button type="button" class="fn-new" data-do="new">New conversation</button>'
        + (search if len(spoken) > 1 else "")
        + (lists or '<p class="fn-soft">What you ask is kept here.</p>')
        + (f'<p class="fn-soft">And {more} older ones.</p>' if more > 0 else "")
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


def _group(moment: datetime, today: date) -> str:
    days = (today - moment.astimezone().date()).days
    return "Today" if days <= 0 else "Yesterday" if days == 1 else "Earlier"


def _conversation(summary: ConversationSummary, current: str, pinned: bool) -> str:
    title = summary.title or "Untitled"
    about = f'data-conversation="{attribute(summary.id)}" data-title="{attribute(title)}"'
    export = f"/v1/conversations/{summary.id}/export"
    here = ' aria-current="true"' if summary.id == current else ""
    answers = counted(summary.answers, "answer")
    return (
        f'<li class="fn-row"><button type="button" class="fn-open" data-do="open" {about}{here}>'
        f"<span>{text(title)}</span><small>{answers}, {day(summary.changed_at)}</small></button>"
        f'<details class="fn-menu"><summary aria-label="More: {attribute(title)}">⋯</summary><div>'
        f'<button type="button" data-do="rename" {about}>Rename</button>'
        f'<button type="button" data-do="pin" {about}>{"Take the pin off" if pinned else "Pin"}'
        f'</button><a href="{export}" download>Export as Markdown</a>'
        f'<a href="{export}?format=json" download>Export as JSON</a>'
        f'<button type="button" class="fn-destroys" data-do="delete" {about}>Delete</button>'
        "</div></details></li>"
    )


def _article(summary: ArticleSummary) -> str:
    source = "" if summary.source == summary.title else f"{text(summary.source)}, "
    return (
        f'<li class="fn-row"><div><strong>{text(summary.title)}</strong><small>{source}'
        f"{summary.characters:,} characters, {counted(summary.passages, 'passage')}, added "
        f"{day(summary.added_at)}</small></div>"
        f'<button type="button" data-do="rename" data-article="{attribute(summary.id)}" '
        f'data-title="{attribute(summary.title)}" '
        f'aria-label="Rename {attribute(summary.title)}">Rename</button>'
        '<button type="button" class="fn-destroys" data-do="remove" '
        f'data-article="{attribute(summary.id)}" '
        f'aria-label="Remove {attribute(summary.title)}">Remove</button></li>'
    )


def day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"
