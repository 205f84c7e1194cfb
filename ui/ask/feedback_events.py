"""Thumbs up and down, and the correction that becomes a test case."""

from typing import Any

import gradio as gr

from index.errors import FootnoteError
from qa.records.feedback import Feedback, Place
from ui.ask.ask_events import Updates
from ui.ask_tab import AskTab
from ui.exchange import stored_exchanges
from ui.parts import Parts
from ui.render.conversation import render_conversation
from ui.render.notice import render_notice


def connect_feedback(tab: AskTab, parts: Parts) -> None:
    """What is said about the answers of the open conversation."""

    def said(said: Feedback) -> Updates:
        try:
            parts.feedback.give(said)
            parts.audit.write(parts.person.name, "rated an answer", said.answer_id)
            exchanges = stored_exchanges(parts.conversations, parts.feedback, said.conversation_id)
        except FootnoteError as error:
            return {tab.notice: render_notice(str(error))}
        return {tab.conversation: render_conversation(exchanges, said.conversation_id, parts.views)}

    def rated(conversation_id: str, event: gr.EventData) -> Updates:
        return said(
            Feedback(conversation_id=conversation_id, answer_id=event.answer, rating=event.rating)
        )

    def corrected(conversation_id: str, event: gr.EventData) -> Updates:
        place = event.place
        return said(
            Feedback(
                conversation_id=conversation_id,
                answer_id=event.answer,
                rating="down",
                correct=Place.model_validate(place) if place else "not_in_article",
            )
        )

    common: dict[str, Any] = {
        "inputs": tab.conversation_id,
        "outputs": [tab.conversation, tab.notice],
        "show_progress": "hidden",
        "api_visibility": "private",
    }
    tab.conversation.rate(rated, **common)
    tab.conversation.correct(corrected, **common)
