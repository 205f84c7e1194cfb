"""The sources: showing one, choosing which are asked, and changes of the library."""

from typing import Any

import gradio as gr

from ui.articles_tab import LibraryChange
from ui.ask.ask_events import Updates
from ui.ask_tab import AskTab
from ui.parts import Parts
from ui.render.sources import render_scope, render_sources
from ui.scope import scope_ids, scope_text, scope_with


def connect_article(tab: AskTab, parts: Parts, changed: gr.State) -> None:
    """`changed` holds the latest `LibraryChange` of this page."""

    def listed(scope: str, shown: str) -> Updates:
        summaries = parts.library.articles()
        return {
            tab.scope: scope,
            tab.scope_line: render_scope(summaries, scope),
            tab.sources: render_sources(summaries, scope, shown),
        }

    def showing(shown: str, scope: str) -> Updates:
        page = {tab.shown: shown, tab.article: parts.views.page(shown)}
        return listed(scope, shown) | page

    def cited(scope: str, event: gr.EventData) -> Updates:
        """A footnote leads to its article, and changes nothing of what is asked."""
        return showing(event.article, scope)

    def chosen(scope: str, event: gr.EventData) -> Updates:
        return showing(event.article, scope_with(event.article, scope, parts.library.article_ids()))

    def checked(shown: str, event: gr.EventData) -> Updates:
        present = parts.library.article_ids()
        ids = [id_ for id_ in event.articles if id_ in present] or [shown]
        if shown in ids:
            return listed(scope_text(ids), shown)
        return showing(ids[0], scope_text(ids))

    def refreshed(scope: str, shown: str) -> Updates:
        return listed(scope, shown)

    def library_changed(change: LibraryChange, shown: str, scope: str) -> Updates:
        present = parts.library.article_ids()
        if added := [id_ for id_ in change.added if id_ in present]:
            return showing(added[-1], scope_text(added))
        if shown not in present:
            shown = (scope_ids(scope, present) or [""])[0]
        return showing(shown, scope_with(shown, scope, present) if shown else "")

    common: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    place = [tab.scope, tab.shown]
    lists = [tab.scope, tab.scope_line, tab.sources]
    outputs = [*lists, tab.shown, tab.article]
    tab.conversation.select(cited, tab.scope, outputs, **common)
    tab.sources.show(chosen, tab.scope, outputs, **common)
    tab.sources.choose(checked, tab.shown, outputs, **common)
    tab.sources.refresh(refreshed, place, lists, **common)
    changed.change(library_changed, [changed, tab.shown, tab.scope], outputs, **common)
