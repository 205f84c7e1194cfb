"""The page: three tabs over the parts of one service."""

import gradio as gr

from ui.articles_tab import build_articles_tab
from ui.ask.article_events import connect_article
from ui.ask.ask_events import connect_asking
from ui.ask.conversation_events import connect_conversations
from ui.ask.feedback_events import connect_feedback
from ui.ask_tab import build_ask_tab
from ui.parts import Parts
from ui.quality_tab import build_quality_tab

_HOUR = 3600
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
            '<header class="fn-title"><h1>Footnote<sup aria-hidden="true">1</sup></h1>'
            f'<a href="/docs">API</a>{_LOG_OUT if parts.settings.api_keys else ""}</header>',
            apply_default_css=False,
        )
        with gr.Tab("Ask"):
            asking = build_ask_tab(parts)
        with gr.Tab("Articles") as tab:
            changed = build_articles_tab(parts, tab)
        with gr.Tab("How good is it?") as tab:
            build_quality_tab(parts, tab)
        connect_asking(asking, parts)
        connect_conversations(asking, parts, page)
        connect_feedback(asking, parts)
        connect_article(asking, parts, changed)
    page.queue(default_concurrency_limit=8)
    return page
