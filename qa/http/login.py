"""Logging in: a person gives a key once, and a signed cookie stands for it from then on.

The cookie says until when it holds, signed with the key it stands for. So nothing is stored, a
restart logs nobody out, and a key that is taken out of FOOTNOTE_API_KEYS ends its own sessions.
"""

import hashlib
import hmac
import re
import time
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import Scope

from index.settings import Settings

LOGIN = "/login"
COOKIE = "footnote_session"
SESSION_SECONDS = 30 * 24 * 3600

# A path of this site in printable ASCII: a browser drops tabs and reads `/\` and `//` as a host.
_OWN_PATH = re.compile(r"/(?![/\\])[!-~]*")
_pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
)


class Sessions:
    """Makes and reads the cookies of one service."""

    def __init__(self, settings: Settings) -> None:
        self._keys = [key.get_secret_value().encode() for key in settings.api_keys]

    def cookie_for(self, key: str) -> str | None:
        """What a cookie for the bearer of `key` holds; None when the key is not known."""
        known = [hmac.compare_digest(own, key.encode("utf-8", "replace")) for own in self._keys]
        if not any(known):
            return None
        until = str(int(time.time()) + SESSION_SECONDS)
        return f"{until}.{_signature(self._keys[known.index(True)], until)}"

    def key_of(self, headers: Headers) -> int | None:
        """The number of the key that the request's cookie stands for; None without a valid one."""
        cookie = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        until, _, signature = cookie.partition(".")
        if not (until.isascii() and until.isdigit() and len(until) < 12 and signature.isascii()):
            return None
        signed = [hmac.compare_digest(_signature(key, until), signature) for key in self._keys]
        return signed.index(True) if any(signed) and time.time() < int(until) else None


def asks_for_a_page(scope: Scope, headers: Headers) -> bool:
    """Whether a person's browser opens an address, which a form helps more than a 401."""
    return scope["method"] == "GET" and "text/html" in headers.get("accept", "")


def to_login(scope: Scope) -> Response:
    """Sends a browser to the form, and from there back to where it wanted to go."""
    query = scope["query_string"].decode("latin-1")
    wanted = scope["path"] + (f"?{query}" if query else "")
    return RedirectResponse(f"{LOGIN}?{urlencode({'next': wanted})}", 303)


def login_routes(settings: Settings) -> APIRouter:
    """The form at `/login`, and `/logout`."""
    routes = APIRouter(include_in_schema=False)
    sessions = Sessions(settings)

    @routes.get(LOGIN)
    def form(request: Request, next: str = "/") -> Response:  # noqa: A002
        if not settings.api_keys or sessions.key_of(request.headers) is not None:
            return RedirectResponse(_own(next), 303)
        return _form(next)

    @routes.post(LOGIN)
    def log_in(
        request: Request,
        key: Annotated[str, Form(max_length=1_000)] = "",
        next: Annotated[str, Form(max_length=2_000)] = "/",  # noqa: A002
    ) -> Response:
        cookie = sessions.cookie_for(key.strip())
        if cookie is None:
            return _form(next, "This key is not known. Check it for missing characters.", 401)
        response = RedirectResponse(_own(next), 303)
        response.set_cookie(
            COOKIE,
            cookie,
            max_age=SESSION_SECONDS,
            httponly=True,
            samesite="lax",  # a link to one answer works from a mail; a form of another site not
            secure=request.url.scheme == "https",
        )
        return response

    @routes.post("/logout")
    def log_out() -> Response:
        response = RedirectResponse(LOGIN if settings.api_keys else "/", 303)
        response.delete_cookie(COOKIE, httponly=True, samesite="lax")
        return response

    return routes


def _form(wanted: str, problem: str = "", status: int = 200) -> Response:
    page = _pages.get_template("login.html").render(next=_own(wanted), problem=problem)
    return HTMLResponse(page, status, headers={"Cache-Control": "no-store"})


def _own(path: str) -> str:
    return path if _OWN_PATH.fullmatch(path) else "/"


def _signature(key: bytes, until: str) -> str:
    return hmac.new(key, f"footnote session until {until}".encode(), hashlib.sha256).hexdigest()
