"""Asking and stopping."""

from collections.abc import AsyncGenerator
from typing import Any

import gradio as gr
from gradio.components import Component
from gradio.events import Dependency

from index.errors import NotFound
from ui.ask.answer_stream import Step, ask
from ui.ask_tab import AskTab
from ui.exchange import Exchange, stored_exchanges
from ui.parts import Parts
from ui.render.conversation import render_conversation
from ui.render.notice import render_notice
from ui.scope import asked_articles

Updates = dict[Component, Any]
STOPPED = "Stopped. The question was not answered."
# In the browser, so that what is typed after Enter is never taken away.
_TAKE_QUESTION = "(question) => window.footnote.takeQuestion(question)"


def connect_asking(tab: AskTab, parts: Parts) -> list[Dependency]:
    """The question's box, the starters, and “Ask again” and “Edit” of an earlier question.

    Gives the events that answer, for others to end them.
    """

    async def asked(
        question: str, conversation_id: str | None, scope: str, replacing: str | None = None
    ) -> AsyncGenerator[Updates]:
        question, conversation_id = question.strip(), conversation_id or ""  # None while it loads
        if not question:
            yield {tab.pending: ""}  # the least that leaves all else as it is
            return
        article_ids = asked_articles(parts.library.article_ids(), scope)
        async for step in ask(parts, question, conversation_id, article_ids, replacing):
            yield _shown(step, question)

    async def again(
        conversation_id: str | None, scope: str, event: gr.EventData
    ) -> AsyncGenerator[Updates]:
        replacing = event.answer or None
        async for updates in asked(event.question, conversation_id, scope, replacing):
            yield updates

    def _shown(step: Step, question: str) -> Updates:
        html = render_conversation(step.exchanges, step.conversation_id, parts.views)
        updates: Updates = {tab.conversation: html, tab.pending: question}
        if step.whole:
            updates |= {
                tab.conversation_id: step.conversation_id,
                tab.listing: parts.listed(step.conversation_id),
                tab.undo: step.undo,
                tab.notice: render_notice(step.said, step.undo),
            }
        return updates

    def stopped(conversation_id: str | None, pending: str) -> Updates:
        conversation_id = conversation_id or ""
        try:
            before = stored_exchanges(parts.conversations, parts.feedback, conversation_id)
        except NotFound:
            before = []
        exchanges = [*before, Exchange(pending, problem=STOPPED)]
        return {tab.conversation: render_conversation(exchanges, conversation_id, parts.views)}

    common: dict[str, Any] = {
        "outputs": [
            tab.conversation,
            tab.conversation_id,
            tab.pending,
            tab.listing,
            tab.notice,
            tab.undo,
        ],
        "show_progress": "hidden",
        "concurrency_limit": None,  # `AnswerQueue` has the line in which all surfaces wait
        "api_visibility": "private",
    }
    place = [tab.conversation_id, tab.scope]
    taken = tab.question.submit(
        None,
        tab.question,
        [tab.pending, tab.question],
        js=_TAKE_QUESTION,
        show_progress="hidden",
        api_visibility="private",
    )
    running = [
        taken.then(asked, [tab.pending, *place], **common),
        tab.conversation.ask(again, place, **common),
        tab.starters.ask(again, place, **common),
    ]
    stop_inputs = [tab.conversation_id, tab.pending]
    tab.stop.click(stopped, stop_inputs, cancels=running, **common)
    return running
