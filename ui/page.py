"""The page: three tabs over the parts of one service."""

import gradio as gr

from ui.articles_tab import build_articles_tab
from ui.ask.article_events import connect_article
from ui.ask.ask_events import connect_asking
from ui.ask.conversation_events import connect_conversations
from ui.ask.feedback_events import connect_feedback
from ui.ask.starter_events import connect_starters
from ui.ask_tab import build_ask_tab
from ui.endpoint import add_endpoint
from ui.parts import Parts
from ui.quality_tab import build_quality_tab
from ui.render.settings_sheet import render_settings_sheet

_HOUR = 3600
_TITLE = (
    '<header class="fn-title"><button type="button" data-drawer title="Sources and conversations" '
    'aria-label="Sources and conversations">☰</button>'
    '<h1>Footnote<sup aria-hidden="true">1</sup></h1>'
    '<button type="button" data-fold="reading" aria-pressed="false">Hide article</button>'
    '<button type="button" data-sheet>Settings</button><a href="/docs">API</a>{log_out}</header>'
)
_LOG_OUT = '<form method="post" action="/logout"><button>Log out</button></form>'


def build_page(parts: Parts) -> gr.Blocks:
    """The Gradio page; it keeps nothing itself, so any number of browsers may open it."""
    page: gr.Blocks
    with gr.Blocks(
        title="Footnote",
        analytics_enabled=False,
        fill_width=True,
        delete_cache=(_HOUR, _HOUR),  # uploaded files, once they are read
    ) as page:
        gr.HTML(
            _TITLE.format(log_out=_LOG_OUT if parts.settings.api_keys else "")
            + render_settings_sheet(parts.settings),
            apply_default_css=False,
        )
        with gr.Tab("Ask"):
            asking = build_ask_tab(parts)
        with gr.Tab("Articles") as tab:
            changed = build_articles_tab(parts, tab)
        with gr.Tab("How good is it?") as tab:
            build_quality_tab(parts, tab)
        answering = connect_asking(asking, parts)
        connect_conversations(asking, parts, page, answering)
        connect_starters(asking, parts, answering)
        connect_feedback(asking, parts)
        connect_article(asking, parts, changed)
        add_endpoint(parts)
    page.queue(default_concurrency_limit=8)
    return page
