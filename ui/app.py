"""One process: the HTTP service of `qa.http.app` with the page mounted at `/`."""

import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from fastapi import FastAPI
from starlette.routing import BaseRoute, Match, Mount
from starlette.types import ASGIApp, Scope

from index.errors import BadInput
from index.library import open_library
from index.sample import add_sample
from index.settings import Settings
from qa.http.app import create_app
from qa.http.bodies import empty_uploads_folder
from qa.http.problems import answer_http_errors_with_problems
from qa.http.workers import ENDING_SECONDS
from qa.observability.logs import logging_to_stderr
from qa.observability.traces import sending_traces
from ui.share_card import ShareCard

_log = logging.getLogger(__name__)
STATIC = Path(__file__).parent / "static"
STYLES = ("page", "conversation", "article", "lists", "report")
SCRIPTS = (
    "places",
    "address",
    "reading",
    "picking",
    "tooltip",
    "dialogs",
    "lists",
    "drawer",
    "composer",
    "conversation",
    "adding",
    "looks",
    "keyboard",
)
"""In this order: each adds its part to `window.footnote`."""


def add_page(app: FastAPI, settings: Settings) -> FastAPI:
    """`app` with the page at `/`. It asks no outside host for anything."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported
    os.environ["GRADIO_TEMP_DIR"] = str(empty_uploads_folder(settings))
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
        head=_head(),
        show_error=False,
        ssr_mode=False,
        footer_links=[],
        favicon_path=str(STATIC / "favicon.png"),
        max_file_size=settings.max_file_bytes,
    )
    *service, page = mounted.router.routes
    assert isinstance(page, Mount)
    assert isinstance(page.app, FastAPI)
    answer_http_errors_with_problems(page.app)
    mounted.router.routes[-1] = _Page(ShareCard(page.app), service)
    return mounted


class _Page(Mount):
    """The page at `/`, which is not asked for what belongs to the service.

    A mount at `/` takes every path: without this, a wrong method on a path of the service, and an
    unknown path under `/v1`, would be the page's 404 in the page's form.
    """

    def __init__(self, app: ASGIApp, service: Sequence[BaseRoute]) -> None:
        super().__init__("/", app)
        self._service = service

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope.get("path", "").startswith("/v1/") or any(
            route.matches(scope)[0] is Match.PARTIAL for route in self._service
        ):
            return Match.NONE, {}
        match, child_scope = super().matches(scope)
        return match, {**child_scope, "page": True}  # which is how its requests are counted


def _head() -> str:
    scripts = "".join(f"<script>{_static(f'{name}.js')}</script>" for name in SCRIPTS)
    return f"<style>{_static('head.css')}</style>{scripts}"


def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def serve(settings: Settings, notify: Callable[[str], None]) -> None:
    """Serves until it is told to end. An empty library gets the bundled article first.

    Within ten seconds of SIGTERM it is gone: what waits in line is turned away at once, what is
    worked on is finished or fails with a sentence.

    Raises:
        BadInput: if the host and port of the settings cannot be served at.
    """
    import uvicorn

    class _Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            app.state.end()
            await super().shutdown(sockets)

    if settings.log_format == "json":
        notify = _log.info
    with (
        logging_to_stderr(settings),
        sending_traces(settings),
        _bound(settings.host, settings.port) as address,
        open_library(settings, notify=notify) as library,
    ):
        add_sample(library, settings)
        app = add_page(create_app(settings, library), settings)
        offline = ", offline" if settings.offline else ""
        server = _Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                log_level="warning",
                # uvloop opens sockets in C, where `index.offline`'s guard does not see them.
                loop="asyncio" if settings.offline else "auto",
                # After what is worked on had its time to end; the page's streams never end.
                timeout_graceful_shutdown=ENDING_SECONDS + 2,
            )
        )
        notify(f"Footnote is at http://{settings.host}:{settings.port}{offline}")
        # uvicorn raises the signal again when it is done, which would end us before we are.
        signal.signal(signal.SIGTERM, lambda *_: None)
        with suppress(KeyboardInterrupt):
            server.run(sockets=[address])
        if not server.started:
            sys.exit(1)
    if app.state.busy():
        # Its clients were told; a crash in the middle of it loses nothing (see index.library).
        os._exit(0)


def _bound(host: str, port: int) -> socket.socket:
    """A socket at that address, before anything is loaded; it is not listened to yet."""
    try:
        [(family, *_, address), *_] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        bound = socket.socket(family, socket.SOCK_STREAM)
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
        except OSError:
            bound.close()
            raise
    except OSError as error:
        raise BadInput(
            f"Footnote cannot be served at {host}:{port} ({error.strerror or error}); "
            "end what is served there, or set FOOTNOTE_PORT or FOOTNOTE_HOST to another."
        ) from error
    return bound
