"""Opening the page; opening, renaming and deleting conversations, and taking that back."""

from functools import partial
from typing import Any

import gradio as gr
from gradio.events import Dependency

from index.errors import FootnoteError, NotFound
from qa.records.conversations import MAX_TITLE_CHARACTERS
from qa.records.removal import remove_conversation
from ui.ask.answer_stream import restored
from ui.ask.ask_events import Updates
from ui.ask_tab import AskTab
from ui.exchange import Exchange, stored_exchanges
from ui.parts import Parts
from ui.render.conversation import render_conversation
from ui.render.notice import render_notice
from ui.render.sources import render_scope, render_sources
from ui.scope import scope_ids, scope_text

GONE = "This conversation is not here any more."


def connect_conversations(
    tab: AskTab, parts: Parts, page: gr.Blocks, answering: list[Dependency]
) -> None:
    """What the page shows first, and the list at its left; `answering` ends when one is opened."""

    def opened(request: gr.Request) -> Updates:
        asked = request.query_params
        return conversation(asked.get("c", ""), asked.get("a", ""), asked.get("s", ""))

    def conversation(
        conversation_id: str, answer_id: str = "", scope: str = "", shown: str = ""
    ) -> Updates:
        """A stored conversation, with the article and the scope of its last answer.

        A new one keeps `scope` and the article that is `shown`.
        """
        exchanges: list[Exchange] = []
        notice = ""
        if conversation_id:
            try:
                exchanges = [
                    *stored_exchanges(parts.conversations, parts.feedback, conversation_id)
                ]
            except NotFound:
                notice = f"{GONE} Begin a new one."
                conversation_id = ""
        if exchanges and answer_id and answer_id not in [e.answer_id for e in exchanges]:
            notice = "The answer of this link was asked again since, or deleted."
        summaries = parts.library.articles()
        present = [summary.id for summary in summaries]
        if exchanges:
            scope = scope_text(exchanges[-1].article_ids or present)
        cited = _cited(exchanges, answer_id)
        shown = next((id_ for id_ in (cited, shown) if id_ in present), "")
        shown = shown or (scope_ids(scope, present) or [""])[0]
        scope = scope_text(scope_ids(scope or shown, present))
        html = render_conversation(exchanges, conversation_id, parts.views, answer_id, notice)
        return {
            tab.conversation: html,
            tab.conversation_id: conversation_id,
            tab.listing: parts.listed(conversation_id),
            tab.scope: scope,
            tab.scope_line: render_scope(summaries, scope),
            tab.sources: render_sources(summaries, scope, shown),
            tab.shown: shown,
            tab.article: parts.views.page(shown),
            tab.notice: "",
        }

    def open_(event: gr.EventData) -> Updates:
        return conversation(event.conversation)

    def begun(scope: str, shown: str) -> Updates:
        return conversation("", scope=scope, shown=shown)

    def renamed(conversation_id: str, event: gr.EventData) -> Updates:
        title = " ".join(str(event.title).split())[:MAX_TITLE_CHARACTERS]
        said = ""
        if title:
            try:
                parts.conversations.rename(event.conversation, title)
            except NotFound:
                said = GONE
        return listed(conversation_id) | {tab.notice: render_notice(said)}

    def pinned(conversation_id: str, event: gr.EventData) -> Updates:
        try:
            parts.conversations.read(event.conversation)  # NotFound, where it may not be seen
            parts.pins.toggle(event.conversation)
        except NotFound:
            return listed(conversation_id) | {tab.notice: render_notice(GONE)}
        return listed(conversation_id)

    def deleted(conversation_id: str, scope: str, shown: str, event: gr.EventData) -> Updates:
        try:
            title = parts.conversations.read(event.conversation).title
            removed = remove_conversation(parts.library.database, event.conversation)
        except NotFound:
            return listed(conversation_id) | {tab.notice: render_notice(GONE)}
        undo = partial(restored, parts, removed)
        if event.conversation == conversation_id:
            updates = begun(scope, shown)
        else:
            updates = listed(conversation_id)
        notice = render_notice(f"Deleted “{title}”.", undo)
        return updates | {tab.notice: notice, tab.undo: undo}

    def undone(conversation_id: str, undo: Any) -> Updates:
        if undo is None:
            return {tab.notice: ""}
        try:
            back = undo()
        except FootnoteError as error:
            return {tab.notice: render_notice(str(error))}
        return conversation(back or conversation_id) | {tab.undo: None}

    def listed(conversation_id: str) -> Updates:
        return {tab.listing: parts.listed(conversation_id)}

    common: dict[str, Any] = {
        "outputs": [
            tab.conversation,
            tab.conversation_id,
            tab.listing,
            tab.scope,
            tab.scope_line,
            tab.sources,
            tab.shown,
            tab.article,
            tab.notice,
            tab.undo,
        ],
        "show_progress": "hidden",
        "api_visibility": "private",
    }
    here = [tab.scope, tab.shown]
    page.load(opened, **common)
    tab.listing.open(open_, cancels=answering, **common)
    tab.listing.new(begun, here, cancels=answering, **common)
    tab.listing.rename(renamed, tab.conversation_id, **common)
    tab.listing.pin(pinned, tab.conversation_id, **common)
    tab.listing.delete(deleted, [tab.conversation_id, *here], **common)
    tab.notice.undo(undone, [tab.conversation_id, tab.undo], **common)


def _cited(exchanges: list[Exchange], answer_id: str) -> str | None:
    """The article that the answer of the link cites, or else the last one that is cited."""
    cited = [
        (exchange.answer_id, citation.article_id)
        for exchange in exchanges
        if exchange.answer
        for citation in exchange.answer.citations[:1]
    ]
    of_link = [article_id for id_, article_id in cited if id_ == answer_id]
    found = of_link or [article_id for _, article_id in cited]
    return found[-1] if found else None
