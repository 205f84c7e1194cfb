"""The tab where questions are asked: conversations, the conversation, the article."""

from dataclasses import dataclass

import gradio as gr

from ui.parts import Parts

CONVERSATION_SCRIPT = (
    "window.footnote.conversation(element, trigger, watch, ['ask', 'rate', 'correct', 'select']);"
)
ARTICLE_SCRIPT = "watch('value', () => window.footnote.arrived());"
LISTING_SCRIPT = (
    "window.footnote.conversations(element, trigger, watch, ['open', 'new', 'rename', 'delete']);"
)
STARTERS_SCRIPT = "window.footnote.starters(element, trigger, watch, ['ask']);"


@dataclass(frozen=True, slots=True)
class AskTab:
    """The components of the tab, which the events in `ui/*_events.py` connect."""

    listing: gr.HTML
    conversation: gr.HTML
    starters: gr.HTML
    question: gr.Textbox
    scope: gr.Dropdown
    """Ids of the articles to ask; none chosen: all of them."""
    shown: gr.Dropdown
    """Id of the article on the right."""
    article: gr.HTML
    conversation_id: gr.Textbox
    """Kept by the browser, so that an open page survives a restart; empty for a new one."""
    pending: gr.Textbox
    """The question that is being answered, for when it is stopped."""


def build_ask_tab(parts: Parts) -> AskTab:
    """Lays out the tab."""
    limit = parts.settings.max_question_characters
    with gr.Row(elem_classes="fn-columns"):
        with gr.Column(elem_classes="fn-side", min_width=0):
            listing = gr.HTML(
                js_on_load=LISTING_SCRIPT, elem_id="conversations", apply_default_css=False
            )
        with gr.Column(elem_classes="fn-chat", min_width=0):
            conversation = gr.HTML(
                js_on_load=CONVERSATION_SCRIPT, elem_id="conversation", apply_default_css=False
            )
            starters = gr.HTML(
                js_on_load=STARTERS_SCRIPT, elem_id="starters", apply_default_css=False
            )
            question = gr.Textbox(
                label="Your question",
                show_label=False,
                placeholder="Ask the article",
                elem_id="question",
                max_lines=4,
                max_length=limit,
                submit_btn="Ask",
                stop_btn=False,
                autofocus=True,
                html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
            )
            scope = gr.Dropdown(
                label="Ask only these articles (none chosen: all)",
                choices=[],
                value=[],
                multiselect=True,
                visible=False,  # until there is something to choose from
                elem_id="scope",
            )
        with gr.Column(elem_classes="fn-reading", min_width=0):
            shown = gr.Dropdown(
                label="Article shown",
                choices=[],
                show_label=False,
                container=False,
                elem_id="shown",
            )
            article = gr.HTML(js_on_load=ARTICLE_SCRIPT, elem_id="article", apply_default_css=False)
    return AskTab(
        listing=listing,
        conversation=conversation,
        starters=starters,
        question=question,
        scope=scope,
        shown=shown,
        article=article,
        conversation_id=gr.Textbox(visible=False),
        pending=gr.Textbox(visible=False),
    )
