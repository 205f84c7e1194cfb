"""What to ask: before the first question a guide to the article, after each answer what is near."""

from collections.abc import Iterator, Sequence
from typing import Any

from gradio.events import Dependency

from index.errors import FootnoteError
from ui.ask_tab import AskTab
from ui.exchange import Exchange, stored_exchanges
from ui.parts import Parts
from ui.render.guide import render_guide, render_questions
from ui.starters import suggested


def connect_starters(tab: AskTab, parts: Parts, answering: list[Dependency]) -> None:
    """`answering`: the events after which there is something else to ask."""

    def offered(shown: str, conversation_id: str) -> Iterator[str]:
        if not shown:
            yield ""
            return
        try:
            article = parts.library.article(shown)
            exchanges: Sequence[Exchange] = ()
            if conversation_id:
                exchanges = stored_exchanges(parts.conversations, parts.feedback, conversation_id)
            if exchanges:
                asked = {exchange.question for exchange in exchanges}
                known = parts.starters.of(article)
                questions = suggested(known, asked, _place(exchanges, shown))
                yield render_questions(questions, shown, "Ask next")
                return
            yield render_guide(article)
            summary = parts.starters.summary(article)
            yield render_guide(article, summary)
            yield render_guide(article, summary, suggested(parts.starters.of(article), ()))
        except FootnoteError:  # removed meanwhile
            yield ""

    def anew(shown: str, conversation_id: str) -> Iterator[str]:
        yield ""  # those of the article shown before are no questions of this one
        yield from offered(shown, conversation_id)

    place = [tab.shown, tab.conversation_id]
    common: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    tab.shown.change(anew, place, tab.starters, **common)
    tab.conversation_id.change(offered, place, tab.starters, **common)
    for event in answering:
        event.then(offered, place, tab.starters, **common)


def _place(exchanges: Sequence[Exchange], shown: str) -> int | None:
    """Where the latest answer stands in the article shown."""
    for exchange in reversed(exchanges):
        for citation in exchange.answer.citations if exchange.answer else ():
            if citation.article_id == shown:
                return citation.start
    return None
