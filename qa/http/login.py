"""Logging in: a person gives a key once, and a cookie stands for it until they log out."""

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import Headers
from starlette.types import Scope

from index.settings import Settings
from qa.http.door import Door, client_address
from qa.http.problems import Refused
from qa.http.rights import Asker
from qa.records.audit import AuditLog
from qa.records.sessions import SESSION_SECONDS, Sessions

LOGIN = "/login"
COOKIE = "footnote_session"

# A path of this site in printable ASCII: a browser drops tabs and reads `/\` and `//` as a host.
_OWN_PATH = re.compile(r"/(?![/\\])[!-~]*")
_pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
)


def asks_for_a_page(scope: Scope, headers: Headers) -> bool:
    """Whether a person's browser opens an address, which a form helps more than a 401."""
    return scope["method"] == "GET" and "text/html" in headers.get("accept", "")


def to_login(scope: Scope) -> Response:
    """Sends a browser to the form, and from there back to where it wanted to go."""
    query = scope["query_string"].decode("latin-1")
    wanted = scope["path"] + (f"?{query}" if query else "")
    return RedirectResponse(f"{LOGIN}?{urlencode({'next': wanted})}", 303)


def login_routes(settings: Settings, door: Door, sessions: Sessions, audit: AuditLog) -> APIRouter:
    """The form at `/login`, and `/logout`."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(LOGIN)
    def form(request: Request, next: str = "/") -> Response:  # noqa: A002
        if not settings.api_keys or sessions.person(request.cookies.get(COOKIE, "")):
            return RedirectResponse(_own(next), 303)
        return _form(next)

    @routes.post(LOGIN)
    def log_in(
        request: Request,
        key: Annotated[str, Form(max_length=1_000)] = "",
        next: Annotated[str, Form(max_length=2_000)] = "/",  # noqa: A002
    ) -> Response:
        try:
            found = door.key(key.strip(), request.scope)
        except Refused as refused:
            return _form(next, refused.detail, 429, refused.response.headers["Retry-After"])
        if found is None:
            audit.write(client_address(request.scope)[0], "sent a wrong key")
            return _form(next, "This key is not known. Check it for missing characters.", 401)
        token = sessions.begin(found, request.headers.get("user-agent", ""))
        audit.write(found.person.name, "logged in")
        response = RedirectResponse(_own(next), 303)
        response.set_cookie(
            COOKIE,
            token,
            max_age=SESSION_SECONDS,
            httponly=True,
            samesite="lax",  # a link to one answer works from a mail; a form of another site not
            secure=request.url.scheme == "https",
        )
        return response

    @routes.post("/logout")
    def log_out(request: Request, person: Asker) -> Response:
        if token := request.cookies.get(COOKIE):
            sessions.end_of(token)
            audit.write(person.name, "logged out")
        response = RedirectResponse(LOGIN if settings.api_keys else "/", 303)
        response.delete_cookie(COOKIE, httponly=True, samesite="lax")
        return response

    return routes


def _form(
    wanted: str, problem: str = "", status: int = 200, retry_after: str | None = None
) -> Response:
    page = _pages.get_template("login.html").render(next=_own(wanted), problem=problem)
    headers = {"Cache-Control": "no-store"}
    if retry_after:
        headers["Retry-After"] = retry_after
    return HTMLResponse(page, status, headers=headers)


def _own(path: str) -> str:
    return path if _OWN_PATH.fullmatch(path) else "/"
