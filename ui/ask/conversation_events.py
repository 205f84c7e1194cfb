"""Opening the page; opening, renaming and deleting conversations."""

from typing import Any

import gradio as gr

from index.errors import NotFound
from qa.records.conversations import MAX_TITLE_CHARACTERS
from ui.ask.ask_events import Updates
from ui.ask_tab import AskTab
from ui.exchange import Exchange, stored_exchanges
from ui.parts import Parts
from ui.render.conversation import render_conversation
from ui.render.lists import render_conversations


def connect_conversations(tab: AskTab, parts: Parts, page: gr.Blocks) -> None:
    """What the page shows first, and the list at its left."""

    def opened(request: gr.Request) -> Updates:
        choices = parts.views.choices()
        updates = conversation(
            request.query_params.get("c", ""), request.query_params.get("a", ""), choices
        )
        updates.setdefault(tab.shown, gr.update(value=choices[0][1] if choices else None))
        updates[tab.shown] |= {"choices": choices, "visible": bool(choices)}
        updates[tab.scope] |= {"choices": choices, "visible": len(choices) > 1}
        updates.setdefault(tab.article, parts.views.page(updates[tab.shown]["value"]))
        return updates

    def conversation(
        conversation_id: str, answer_id: str = "", choices: list[tuple[str, str]] | None = None
    ) -> Updates:
        """A stored conversation, with the article and the scope of its last answer."""
        exchanges: list[Exchange] = []
        notice = ""
        if conversation_id:
            try:
                exchanges = [
                    *stored_exchanges(parts.conversations, parts.feedback, conversation_id)
                ]
            except NotFound:
                notice = "This conversation is not here any more. Begin a new one."
                conversation_id = ""
        if exchanges and answer_id and answer_id not in [e.answer_id for e in exchanges]:
            notice = "The answer of this link was asked again since, or deleted."
        present = {id_ for _, id_ in choices or parts.views.choices()}
        scope = [i for i in (exchanges[-1].article_ids or () if exchanges else ()) if i in present]
        html = render_conversation(exchanges, conversation_id, parts.views, answer_id, notice)
        updates: Updates = {
            tab.conversation: html,
            tab.conversation_id: conversation_id,
            tab.listing: render_conversations(parts.conversations.list(), conversation_id),
            tab.scope: gr.update(value=scope),
        }
        cited = _cited(exchanges, answer_id)
        if cited in present:
            updates |= {tab.shown: gr.update(value=cited), tab.article: parts.views.page(cited)}
        return updates

    def open_(event: gr.EventData) -> Updates:
        return conversation(event.conversation)

    def renamed(conversation_id: str, event: gr.EventData) -> Updates:
        title = " ".join(str(event.title).split())[:MAX_TITLE_CHARACTERS]
        if title:
            try:
                parts.conversations.rename(event.conversation, title)
            except NotFound:
                gr.Info("This conversation is not here any more.")
        return {tab.listing: render_conversations(parts.conversations.list(), conversation_id)}

    def deleted(conversation_id: str, event: gr.EventData) -> Updates:
        try:
            parts.conversations.delete(event.conversation)
        except NotFound:
            gr.Info("This conversation is not here any more.")
        if event.conversation == conversation_id:
            return conversation("")
        return {tab.listing: render_conversations(parts.conversations.list(), conversation_id)}

    common: dict[str, Any] = {
        "outputs": [
            tab.conversation,
            tab.conversation_id,
            tab.listing,
            tab.scope,
            tab.shown,
            tab.article,
        ],
        "show_progress": "hidden",
        "api_visibility": "private",
    }
    page.load(opened, **common)
    tab.listing.open(open_, **common)
    tab.listing.new(lambda: conversation(""), **common)
    tab.listing.rename(renamed, tab.conversation_id, **common)
    tab.listing.delete(deleted, tab.conversation_id, **common)


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
