"""Who may use the service: addresses, host names, pages of other sites, keys, log-ins, rate.

One ASGI middleware before everything that is served, mounted pages included, so that nothing can
be added to the service that it does not cover. Without keys the service answers this machine
alone; that needs two checks which keys would make superfluous:

- Host: a page in the user's browser whose name was made to resolve to 127.0.0.1 (DNS rebinding)
  would be of the same origin as the service; its name gives it away.
- Origin: a browser sends a form or a plain POST anywhere without asking first; its Origin tells
  which site it comes from.
"""

import base64
import binascii
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import BadInput, FootnoteError
from index.settings import Settings
from qa.http.addresses import host_name, is_loopback, is_origin
from qa.http.door import Door, client_address
from qa.http.limits import Limit
from qa.http.login import COOKIE, LOGIN, asks_for_a_page, to_login
from qa.http.problems import Refused, problem_of
from qa.records.audit import AuditLog
from qa.records.people import Key, Person, Role, of_browser, read_keys
from qa.records.sessions import Sessions

OPEN_PATHS = frozenset({"/healthz", "/readyz"})
"""Answered without a key: they tell nothing, and a supervisor that asks them holds no key."""

BROWSER_COOKIE = "footnote_browser"
"""By which a browser is known again, where there are no keys."""
_BROWSER_SECONDS = 400 * 24 * 3600  # the longest that browsers keep one
_BROWSER_ID = re.compile(r"[\w-]{22}", re.ASCII)

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
}


def check_bind(settings: Settings) -> None:
    """Refuses settings under which strangers could use the service by oversight.

    Raises:
        BadInput: saying which setting to change.
    """
    for origin in settings.cors_origins:
        if not is_origin(origin):
            raise BadInput(
                f"FOOTNOTE_CORS_ORIGINS names {origin!r}, which is no origin; write each as "
                "https://HOST or https://HOST:PORT."
            )
    if read_keys(settings) or settings.open_access != "no":
        return
    if settings.allowed_hosts:
        raise BadInput(
            "FOOTNOTE_ALLOWED_HOSTS lets others in through a proxy: set FOOTNOTE_API_KEYS, or say "
            "FOOTNOTE_OPEN_ACCESS=yes-anyone-may-ask."
        )
    if is_loopback(settings.host):
        return
    raise BadInput(
        f"FOOTNOTE_HOST={settings.host} lets other machines in: set FOOTNOTE_API_KEYS, or say "
        "FOOTNOTE_OPEN_ACCESS=yes-anyone-may-ask."
    )


@dataclass(frozen=True, slots=True)
class _Caller:
    """Who sends a request: `person` is None where it does not matter who it is."""

    person: Person | None
    counted_as: str | None
    """None: what this machine's own user asks is not counted."""
    cookie: str | None = None
    """The id of a browser that comes for the first time."""


class Access:
    """The middleware. See the module's docstring."""

    def __init__(
        self,
        app: ASGIApp,
        settings: Settings,
        keys: Sequence[Key],
        door: Door,
        rate: Limit,
        sessions: Sessions,
        audit: AuditLog,
    ) -> None:
        self._app = app
        self._keys = keys
        self._door = door
        self._sessions = sessions
        self._audit = audit
        # Without keys on this machine alone, its user is the one who decides about everything.
        self._unnamed: Role = "admin" if settings.open_access == "no" else "manage"
        self._rate = rate
        self._names = _own_names(settings)
        self._origins = {origin.lower() for origin in settings.cors_origins}
        self._added_names = {host_name(host) for host in settings.allowed_hosts} - {None}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":  # nothing here speaks it
            await send({"type": "websocket.close", "code": 1008})
            return

        new_cookie: str | None = None

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if new_cookie:
                    headers.append("set-cookie", new_cookie)
            await send(message)

        headers = Headers(scope=scope)
        try:
            self._check_host(headers)
            self._check_origin(scope, headers)
            caller = await self._caller(scope, headers)
            if caller.cookie:
                new_cookie = _browser_cookie(caller.cookie, scope)
            scope.setdefault("state", {})["person"] = caller.person
            await self._check_rate(scope, caller.counted_as)
        except Refused as refused:
            response: Response = refused.response
            if response.status_code == 401 and asks_for_a_page(scope, headers):
                response = to_login(scope)
            await response(scope, receive, send_guarded)
        except FootnoteError as error:  # of the database that holds the sessions
            await problem_of(error)(scope, receive, send_guarded)
        else:
            await self._app(scope, receive, send_guarded)

    def _check_host(self, headers: Headers) -> None:
        hosts = headers.getlist("host")
        names = {host_name(host) for host in hosts}
        if len(hosts) != 1 or None in names or (self._names and not names <= self._names):
            raise Refused(
                421,
                "The service does not answer to this host name; "
                "FOOTNOTE_ALLOWED_HOSTS can add one.",
            )

    def _check_origin(self, scope: Scope, headers: Headers) -> None:
        origin = headers.get("origin")
        if origin is None or scope["method"] in _READING:
            return
        if origin.lower() in self._origins:
            return
        # With its port: another program of this machine is another site.
        host = origin.lower().rpartition("//")[2]
        if host != headers.get("host", "").lower() and host_name(host) not in self._added_names:
            raise Refused(403, "A page of another site may not use this service.")

    async def _check_rate(self, scope: Scope, caller: str | None) -> None:
        if caller is None or scope["method"] in _READING:
            return
        wait = await to_thread.run_sync(self._rate.wait_seconds, caller)
        if wait:
            raise Refused(
                429,
                f"Too many requests: wait {wait} seconds (FOOTNOTE_RATE_PER_MINUTE).",
                {"Retry-After": str(wait)},
            )

    async def _caller(self, scope: Scope, headers: Headers) -> _Caller:
        """Raises Refused, 401, if a key is needed and not there; 429, if too many were wrong."""
        if scope["path"] in OPEN_PATHS:
            return _Caller(None, None)
        address, _ = client_address(scope)
        outside = None if is_loopback(address) else address
        cookies = cookie_parser(headers.get("cookie", ""))
        if not self._keys:
            known = cookies.get(BROWSER_COOKIE, "")
            new = None if _BROWSER_ID.fullmatch(known) else secrets.token_urlsafe(16)
            return _Caller(of_browser(new or known, self._unnamed), outside, new)
        if scope["path"] == LOGIN:
            return _Caller(None, outside)
        if given := _key_in(headers.get("authorization", "")):
            if key := await to_thread.run_sync(self._door.key, given, scope):
                return _Caller(key.person, key.person.name)
            await to_thread.run_sync(self._audit.write, address, "sent a wrong key")
        if token := cookies.get(COOKIE):
            person = await to_thread.run_sync(self._sessions.person, token)
            if person:
                return _Caller(person, person.name)
        raise Refused(
            401,
            "A key is needed: send `Authorization: Bearer KEY`, "
            "or the key as the password in a browser.",
            {"WWW-Authenticate": 'Bearer, Basic realm="Footnote"'},
        )


_LOOPBACK_NAMES: frozenset[str | None] = frozenset({"localhost", "127.0.0.1", "[::1]"})


def _own_names(settings: Settings) -> frozenset[str | None]:
    """The host names that are answered to; empty for all of them."""
    added = {host_name(host) for host in settings.allowed_hosts}
    if is_loopback(settings.host):
        own = settings.host if ":" not in settings.host else f"[{settings.host.strip('[]')}]"
        return _LOOPBACK_NAMES | {host_name(own)} | added
    return frozenset(added)


def _key_in(authorization: str) -> str:
    """The key of a `Bearer` header, or the password of a `Basic` one, which browsers send."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(credentials, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


def _browser_cookie(id_: str, scope: Scope) -> str:
    secure = "; Secure" if scope["scheme"] == "https" else ""
    kept = f"Path=/; Max-Age={_BROWSER_SECONDS}; HttpOnly; SameSite=lax{secure}"
    return f"{BROWSER_COOKIE}={id_}; {kept}"
