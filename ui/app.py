"""One process: the HTTP service of `qa.service` with the page mounted at `/`."""

import os
from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI

from index.bundled import BUNDLED_ARTICLE
from index.library import open_library
from index.loading import load_file
from index.settings import Settings
from qa.service import create_app

STATIC = Path(__file__).parent / "static"
STYLES = ("page", "conversation", "article", "lists", "report")
SCRIPTS = ("places", "picking", "tooltip", "dialogs", "lists", "conversation")
"""In this order: each adds its part to `window.footnote`."""


def add_page(app: FastAPI, settings: Settings) -> FastAPI:
    """`app` with the page at `/`. It asks no outside host for anything."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported
    import gradio as gr

    from ui.page import build_page
    from ui.parts import parts_of
    from ui.theme import THEME

    mounted: FastAPI = gr.mount_gradio_app(
        app,
        build_page(parts_of(app, settings)),
        path="/",
        theme=THEME,
        css_paths=[STATIC / f"{name}.css" for name in STYLES],
        head="".join(f"<script>{_script(name)}</script>" for name in SCRIPTS),
        show_error=False,
        ssr_mode=False,
        footer_links=[],
        max_file_size=settings.max_file_bytes,
    )
    return mounted


def _script(name: str) -> str:
    return (STATIC / f"{name}.js").read_text(encoding="utf-8")


def serve(settings: Settings, notify: Callable[[str], None]) -> None:
    """Serves until it is interrupted. An empty library gets the bundled article first."""
    import uvicorn

    with open_library(settings, notify=notify) as library:
        if not library.articles():
            library.add(load_file(BUNDLED_ARTICLE, settings))
        app = add_page(create_app(settings, library), settings)
        notify(f"Footnote is at http://{settings.host}:{settings.port}")
        uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning")
