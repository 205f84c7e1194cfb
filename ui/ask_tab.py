"""The tab where questions are asked: sources and conversations, the conversation, the article."""

from dataclasses import dataclass

import gradio as gr

from ui.parts import Parts

CONVERSATION_SCRIPT = (
    "window.footnote.conversation(element, trigger, watch, ['ask', 'rate', 'correct', 'select']);"
)
ARTICLE_SCRIPT = "watch('value', () => window.footnote.arrived());"
LISTING_SCRIPT = (
    "window.footnote.conversations(element, trigger, watch, "
    "['open', 'new', 'rename', 'pin', 'delete']);"
)
SOURCES_SCRIPT = "window.footnote.sources(element, trigger, ['show', 'choose', 'refresh']);"
SCOPE_SCRIPT = "window.footnote.scope(element, watch);"
NOTICE_SCRIPT = "window.footnote.buttons(element, trigger, ['undo']);"
STARTERS_SCRIPT = "window.footnote.starters(element, trigger, watch, ['ask']);"


@dataclass(frozen=True, slots=True)
class AskTab:
    """The components of the tab, which the events in `ui/ask` connect."""

    sources: gr.HTML
    listing: gr.HTML
    conversation: gr.HTML
    starters: gr.HTML
    notice: gr.HTML
    """What was just done, in a sentence, with a button that takes it back."""
    question: gr.Textbox
    scope_line: gr.HTML
    stop: gr.Button
    article: gr.HTML
    scope: gr.Textbox
    """Ids of the articles to ask, with commas between; empty: all of them."""
    shown: gr.Textbox
    """Id of the article on the right."""
    conversation_id: gr.Textbox
    """Kept by the browser, so that an open page survives a restart; empty for a new one."""
    pending: gr.Textbox
    """The question that is being answered, for when it is stopped."""
    undo: gr.State
    """What takes back the last removal: a function that gives a sentence."""


def build_ask_tab(parts: Parts) -> AskTab:
    """Lays out the tab."""
    limit = parts.settings.max_question_characters
    with gr.Row(elem_classes="fn-columns"):
        with gr.Column(elem_classes="fn-side", elem_id="drawer", min_width=0):
            sources = _html("sources", SOURCES_SCRIPT)
            listing = _html("conversations", LISTING_SCRIPT)
        with gr.Column(elem_classes="fn-chat", min_width=0):
            with gr.Column(elem_classes="fn-talk", min_width=0):
                conversation = _html("conversation", CONVERSATION_SCRIPT)
                starters = _html("starters", STARTERS_SCRIPT)
            with gr.Column(elem_classes="fn-composer", min_width=0):
                notice = _html("notice", NOTICE_SCRIPT)
                with gr.Row(elem_classes="fn-box"):
                    question = gr.Textbox(
                        label="Your question",
                        show_label=False,
                        container=False,
                        placeholder="Ask the article",
                        elem_id="question",
                        max_lines=4,
                        max_length=limit,
                        submit_btn="Ask",
                        autofocus=True,
                        html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
                    )
                    stop = gr.Button("Stop", elem_id="stop", size="md", scale=0, min_width=0)
                scope_line = _html("scope", SCOPE_SCRIPT)
        with gr.Column(elem_classes="fn-reading", min_width=0):
            article = _html("article", ARTICLE_SCRIPT)
    return AskTab(
        sources=sources,
        listing=listing,
        conversation=conversation,
        starters=starters,
        notice=notice,
        question=question,
        scope_line=scope_line,
        stop=stop,
        article=article,
        scope=gr.Textbox(visible=False),
        shown=gr.Textbox(visible=False),
        conversation_id=gr.Textbox(visible=False),
        pending=gr.Textbox(visible=False),
        undo=gr.State(None),
    )


def _html(name: str, script: str) -> gr.HTML:
    return gr.HTML(js_on_load=script, elem_id=name, apply_default_css=False)
