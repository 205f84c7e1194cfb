"""The page: conversation on the left, the article on the right."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr
from fastapi import FastAPI

from index.errors import FootnoteError, NotFound
from index.settings import Settings
from qa.answer import Citation
from qa.feedback import Feedback
from ui.articles_tab import build_articles_tab
from ui.asking import ask
from ui.render_answer import Exchange, render_conversation
from ui.render_article import render_article, section_of
from ui.starters import Starters

_Shown = tuple[str, list[Exchange], str | None, str]
"""Conversation as HTML, its exchanges, its id, what is left in the question's box."""

CONVERSATION_SCRIPT = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-do]');
  if (!button) return;
  const data = button.dataset;
  if (data.do === 'show') {
    const place = {article: data.article, start: Number(data.start), end: Number(data.end)};
    if (!window.footnote.show(place)) trigger('select', {article: place.article});
  } else {
    trigger('click', {action: data.do, position: Number(data.position), question: data.question});
  }
});
watch('value', () => {
  const last = element.querySelector('.fn-exchange:last-child');
  if (last) last.scrollIntoView({block: 'nearest'});
});
"""

ARTICLE_SCRIPT = "watch('value', () => window.footnote.arrived());"


def build_page(app: FastAPI, settings: Settings) -> gr.Blocks:
    """The Gradio page over the parts in `app.state` (see `qa.service.create_app`)."""
    library, chain = app.state.library, app.state.chain
    conversations, feedback = app.state.conversations, app.state.feedback
    starters = Starters(chain)

    def choices() -> list[tuple[str, str]]:
        return [(summary.title, summary.id) for summary in library.articles()]

    def kept() -> list[tuple[str, str]]:
        return [(summary.title, summary.id) for summary in conversations.list() if summary.answers]

    def section(citation: Citation) -> str:
        try:
            return section_of(library.article(citation.article_id).text, citation.start)
        except NotFound:
            return "removed from the library"

    def conversation_of(exchanges: list[Exchange], shown: str | None) -> str:
        questions = [] if exchanges or not shown else starters.of(library.article(shown))
        return render_conversation(exchanges, questions, section)

    def article_of(article_id: str | None) -> str:
        if not article_id:
            return '<p class="fn-welcome">No article yet: add one under “Articles”.</p>'
        try:
            return render_article(library.article(article_id))
        except NotFound:
            return '<p class="fn-welcome">This article was removed from the library.</p>'

    def reopened(conversation_id: str) -> list[Exchange]:
        return [
            Exchange(stored.answer.question, stored.answer, stored.id)
            for stored in conversations.read(conversation_id).answers
        ]

    def opened(request: gr.Request) -> tuple[Any, ...]:
        listed = choices()
        shown = listed[0][1] if listed else None
        conversation_id = request.query_params.get("c")
        exchanges: list[Exchange] = []
        if conversation_id:
            try:
                exchanges = reopened(conversation_id)
            except NotFound as error:
                gr.Warning(str(error))
                conversation_id = None
        cited = [c.article_id for e in exchanges if e.answer for c in e.answer.citations]
        if cited and cited[-1] in {article_id for _, article_id in listed}:
            shown = cited[-1]
        return (
            gr.update(choices=listed, value=shown),
            gr.update(choices=listed, value=[article_id for _, article_id in listed]),
            article_of(shown),
            conversation_of(exchanges, shown),
            exchanges,
            conversation_id,
            gr.update(choices=kept(), value=None),
        )

    def changed_library() -> tuple[Any, ...]:
        listed = choices()
        shown = listed[0][1] if listed else None
        return (
            gr.update(choices=listed, value=shown),
            gr.update(choices=listed, value=[article_id for _, article_id in listed]),
            article_of(shown),
        )

    def asked(
        question: str, exchanges: list[Exchange], conversation_id: str | None, scope: list[str]
    ) -> Iterator[_Shown]:
        question = question.strip()
        if not question:
            gr.Info("Type a question first.")
            yield render_conversation(exchanges, [], section), exchanges, conversation_id, ""
            return
        everything = {article_id for _, article_id in choices()}
        article_ids = None if set(scope) >= everything else [i for i in scope if i in everything]
        growing = exchanges
        for growing in ask(chain, exchanges, question, article_ids):
            yield render_conversation(growing, [], section), growing, conversation_id, ""
        last = growing[-1]
        if last.answer:
            conversation_id = conversation_id or conversations.create().id
            stored = conversations.append(conversation_id, last.answer, article_ids)
            growing = [*exchanges, Exchange(question, last.answer, stored.id)]
            yield render_conversation(growing, [], section), growing, conversation_id, ""

    def acted(
        exchanges: list[Exchange],
        conversation_id: str | None,
        scope: list[str],
        event: gr.EventData,
    ) -> Iterator[_Shown]:
        action, position = event.action, event.position
        if action == "ask":
            yield from asked(event.question, exchanges, conversation_id, scope)
        elif not isinstance(position, int) or not 0 <= position < len(exchanges):
            return
        elif action == "retry":
            question = exchanges[position].question
            yield from asked(question, exchanges[:position], conversation_id, scope)
        elif action == "edit":
            question = exchanges[position].question
            earlier = exchanges[:position]
            yield render_conversation(earlier, [], section), earlier, conversation_id, question
        elif action in ("up", "down") and conversation_id and exchanges[position].answer_id:
            try:
                feedback.give(
                    Feedback(
                        conversation_id=conversation_id,
                        answer_id=exchanges[position].answer_id,
                        rating=action,
                    )
                )
            except FootnoteError as error:
                gr.Warning(str(error))
                return
            rated = [*exchanges]
            rated[position] = replace(exchanges[position], rating=action)
            yield render_conversation(rated, [], section), rated, conversation_id, ""

    def reopen(conversation_id: str | None, shown: str | None) -> tuple[Any, ...]:
        exchanges = reopened(conversation_id) if conversation_id else []
        return conversation_of(exchanges, shown), exchanges, conversation_id

    def show_cited(event: gr.EventData) -> tuple[Any, str]:
        return gr.update(value=event.article), article_of(event.article)

    page: gr.Blocks
    with gr.Blocks(title="Footnote", analytics_enabled=False, fill_width=True) as page:
        exchanges = gr.State([])
        conversation_id = gr.State(None)
        gr.HTML("<h1>Footnote</h1>", elem_classes="fn-title")
        with gr.Tab("Ask"), gr.Row():
            with gr.Column(scale=6, min_width=320):
                conversation = gr.HTML(
                    js_on_load=CONVERSATION_SCRIPT, elem_id="conversation", elem_classes="fn-scroll"
                )
                question = gr.Textbox(
                    label="Your question",
                    placeholder="Ask the article",
                    elem_id="question",
                    max_lines=4,
                    submit_btn="Ask",
                    stop_btn="Stop",
                    autofocus=True,
                )
                scope = gr.CheckboxGroup(label="Ask these articles", choices=[])
                with gr.Row():
                    new = gr.Button("New conversation", size="sm", elem_id="new")
                    earlier = gr.Dropdown(label="Earlier conversations", choices=[])
            with gr.Column(scale=6, min_width=320):
                shown = gr.Dropdown(label="Article shown", choices=[], elem_id="shown")
                article = gr.HTML(
                    js_on_load=ARTICLE_SCRIPT, elem_id="article", elem_classes="fn-pane"
                )
        with gr.Tab("Articles"):
            changed = build_articles_tab(library, app.state.fetcher, settings)

        state = [conversation, exchanges, conversation_id, question]
        page.load(
            opened,
            outputs=[shown, scope, article, conversation, exchanges, conversation_id, earlier],
        )
        changed.change(changed_library, outputs=[shown, scope, article])
        shown.input(article_of, inputs=shown, outputs=article)
        asking = question.submit(asked, [question, exchanges, conversation_id, scope], state)
        acting = conversation.click(acted, [exchanges, conversation_id, scope], state)
        question.stop(None, cancels=[asking, acting])
        conversation.select(show_cited, outputs=[shown, article])
        reopening = [conversation, exchanges, conversation_id]
        earlier.input(reopen, [earlier, shown], reopening)
        earlier.focus(lambda: gr.update(choices=kept()), outputs=earlier)
        new.click(lambda shown: reopen(None, shown), shown, reopening)
    return page
