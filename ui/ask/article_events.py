"""The article on the right: choosing it, following a footnote into it, changes of the library."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from index.errors import FootnoteError
from ui.articles_tab import LibraryChange
from ui.ask.ask_events import Updates
from ui.ask_tab import AskTab
from ui.parts import Parts
from ui.render.conversation import render_starters


def connect_article(tab: AskTab, parts: Parts, changed: gr.State) -> None:
    """`changed` holds the latest `LibraryChange` of this page."""

    def cited(event: gr.EventData) -> Updates:
        present = {id_ for _, id_ in parts.views.choices()}
        value = event.article if event.article in present else None
        return {tab.shown: gr.update(value=value), tab.article: parts.views.page(event.article)}

    def starters(shown: str | None) -> Iterator[str]:
        yield ""  # those of the article shown before are no questions of this one
        if not shown:
            return
        try:
            questions = parts.starters.of(parts.library.article(shown))
        except FootnoteError:  # removed meanwhile
            return
        yield render_starters(questions, shown)

    def refreshed(change: LibraryChange, shown: str | None, scope: list[str]) -> Updates:
        choices = parts.views.choices()
        present = [id_ for _, id_ in choices]
        wanted = change.added if change.added in present else shown
        shown = wanted if wanted in present else (present[0] if present else None)
        return {
            tab.shown: gr.update(choices=choices, value=shown, visible=bool(choices)),
            tab.scope: gr.update(
                choices=choices,
                value=[i for i in scope or () if i in present],
                visible=len(choices) > 1,
            ),
            tab.article: parts.views.page(shown),
        }

    common: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    article = [tab.shown, tab.article]
    tab.shown.input(parts.views.page, tab.shown, tab.article, **common)
    tab.conversation.select(cited, None, article, **common)
    tab.shown.change(starters, tab.shown, tab.starters, **common)
    changed.change(refreshed, [changed, tab.shown, tab.scope], [*article, tab.scope], **common)
