"""The page's `<head>` for those who share its address: our card in the place of Gradio's."""

import re
from html import escape

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TITLE = "Footnote"
DESCRIPTION = "Ask an article. Every statement of the answer carries a quote, word for word."
_GRADIOS = re.compile(r"""<meta\s+(?:property|name)=["'](?:og|twitter):[^>]*>\s*""")


def share_card(url: str) -> str:
    """Open Graph, which all that show a card read."""
    values = {"type": "website", "title": TITLE, "description": DESCRIPTION, "url": url}
    tags = "".join(
        f'<meta property="og:{name}" content="{escape(value)}">' for name, value in values.items()
    )
    return f'{tags}<meta name="description" content="{escape(DESCRIPTION)}">'


class ShareCard:
    """Exchanges the card in the HTML that the page answers with; all else goes through."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] != "/":
            await self._app(scope, receive, send)
            return
        start: Message = {}
        body = b""

        async def exchanged(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            headers = MutableHeaders(raw=list(start["headers"]))
            if _is_html(headers):
                url = str(Request(scope).url.replace(query=""))
                html = _GRADIOS.sub("", body.decode("utf-8"))
                body = html.replace("</head>", f"{share_card(url)}</head>", 1).encode("utf-8")
                headers["content-length"] = str(len(body))
            await send({**start, "headers": headers.raw})
            await send({"type": "http.response.body", "body": body})

        # Not compressed: it is to be read here.
        headers = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        await self._app({**scope, "headers": headers}, receive, exchanged)


def _is_html(headers: Headers) -> bool:
    return headers.get("content-type", "").startswith("text/html")
