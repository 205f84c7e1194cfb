"""Asking and stopping."""

from collections.abc import AsyncGenerator
from typing import Any

import gradio as gr
from gradio.components import Component

from index.errors import NotFound
from ui.ask.answer_stream import Step, ask
from ui.ask_tab import AskTab
from ui.exchange import Exchange, stored_exchanges
from ui.parts import Parts
from ui.render.conversation import render_conversation
from ui.render.lists import render_conversations

Updates = dict[Component, Any]
STOPPED = "Stopped. The question was not answered."
_ASKING: dict[str, Any] = {"submit_btn": False, "stop_btn": "Stop"}
_READY: dict[str, Any] = {"submit_btn": "Ask", "stop_btn": False}


def connect_asking(tab: AskTab, parts: Parts) -> None:
    """The question's box, the starters, and “Ask again” and “Edit” of an earlier question."""

    async def asked(
        question: str, conversation_id: str | None, scope: list[str], replacing: str | None = None
    ) -> AsyncGenerator[Updates]:
        question, conversation_id = question.strip(), conversation_id or ""  # None while it loads
        if not question:
            gr.Info("Type a question first.")
            return
        article_ids = _known(parts, scope)
        async for step in ask(parts, question, conversation_id, article_ids, replacing):
            yield _shown(step, question)

    async def typed(
        question: str, conversation_id: str | None, scope: list[str]
    ) -> AsyncGenerator[Updates]:
        steps = 0
        async for updates in asked(question, conversation_id, scope):
            # Twice: on a busy machine the page can lose the first of two updates that come at once.
            # Not later, for by then the next question may be in the box.
            if steps < 2:
                updates[tab.question]["value"] = ""
            steps += 1
            yield updates

    async def again(
        conversation_id: str | None, scope: list[str], event: gr.EventData
    ) -> AsyncGenerator[Updates]:
        replacing = event.answer or None
        async for updates in asked(event.question, conversation_id, scope, replacing):
            yield updates

    def _shown(step: Step, question: str) -> Updates:
        html = render_conversation(step.exchanges, step.conversation_id, parts.views)
        updates: Updates = {
            tab.conversation: html,
            tab.question: gr.update(**_ASKING),
            tab.pending: question,
        }
        if step.whole:
            listed = render_conversations(parts.conversations.list(), step.conversation_id)
            updates |= {
                tab.question: gr.update(**_READY),
                tab.conversation_id: step.conversation_id,
                tab.listing: listed,
            }
        return updates

    def stopped(conversation_id: str | None, pending: str) -> Updates:
        conversation_id = conversation_id or ""
        try:
            before = stored_exchanges(parts.conversations, parts.feedback, conversation_id)
        except NotFound:
            before = []
        exchanges = [*before, Exchange(pending, problem=STOPPED)]
        return {
            tab.conversation: render_conversation(exchanges, conversation_id, parts.views),
            tab.question: gr.update(**_READY),
        }

    common: dict[str, Any] = {
        "outputs": [tab.conversation, tab.question, tab.conversation_id, tab.pending, tab.listing],
        "show_progress": "hidden",
        "concurrency_limit": None,  # `AnswerQueue` has the line in which all surfaces wait
        "api_visibility": "private",
    }
    place = [tab.conversation_id, tab.scope]
    running = [
        tab.question.submit(typed, [tab.question, *place], **common),
        tab.conversation.ask(again, place, **common),
        tab.starters.ask(again, place, **common),
    ]
    tab.question.stop(stopped, [tab.conversation_id, tab.pending], cancels=running, **common)


def _known(parts: Parts, scope: list[str]) -> list[str] | None:
    """The chosen articles that are still there; None for all."""
    ids = parts.library.article_ids()
    chosen = [article_id for article_id in scope or () if article_id in ids]
    return None if not chosen or set(chosen) >= set(ids) else chosen
