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
import hashlib
import hmac
import ipaddress
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import BadInput
from index.settings import Settings
from qa.http.limits import RateLimit
from qa.http.login import LOGIN, Sessions, asks_for_a_page, to_login
from qa.http.problems import Refused

OPEN_PATHS = frozenset({"/healthz", "/readyz"})
"""Answered without a key: they tell nothing, and a supervisor that asks them holds no key."""

SHORTEST_KEY = 16

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
    if any(len(key.get_secret_value()) < SHORTEST_KEY for key in settings.api_keys):
        raise BadInput(
            f"A key in FOOTNOTE_API_KEYS is shorter than {SHORTEST_KEY} characters and could be "
            "guessed; use a long random one."
        )
    if settings.api_keys or settings.open_access != "no":
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


def is_loopback(host: str) -> bool:
    """Whether a name or address is this machine's own."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class Access:
    """The middleware. See the module's docstring."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._keys = [_digest(key.get_secret_value()) for key in settings.api_keys]
        self._sessions = Sessions(settings)
        self._rate = RateLimit(settings.rate_per_minute)
        self._names = _own_names(settings)
        self._added_names = {_name(host) for host in settings.allowed_hosts} - {None}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":  # nothing here speaks it
            await send({"type": "websocket.close", "code": 1008})
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        headers = Headers(scope=scope)
        try:
            self._check_host(headers)
            self._check_origin(scope, headers)
            self._check_rate(scope, self._caller(scope, headers))
        except Refused as refused:
            response: Response = refused.response
            if response.status_code == 401 and asks_for_a_page(scope, headers):
                response = to_login(scope)
            await response(scope, receive, send_guarded)
        else:
            await self._app(scope, receive, send_guarded)

    def _check_host(self, headers: Headers) -> None:
        hosts = headers.getlist("host")
        names = {_name(host) for host in hosts}
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
        # With its port: another program of this machine is another site.
        host = origin.lower().rpartition("//")[2]
        if host != headers.get("host", "").lower() and _name(host) not in self._added_names:
            raise Refused(403, "A page of another site may not use this service.")

    def _check_rate(self, scope: Scope, caller: str | None) -> None:
        if caller is None or scope["method"] in _READING:
            return
        wait = self._rate.wait_seconds(caller)
        if wait:
            raise Refused(
                429,
                f"Too many requests: wait {wait} seconds (FOOTNOTE_RATE_PER_MINUTE).",
                {"Retry-After": str(wait)},
            )

    def _caller(self, scope: Scope, headers: Headers) -> str | None:
        """Who is counted: the key, the address, or nobody (this machine's own user).

        Raises:
            Refused: 401 if a key is needed and not there.
        """
        if scope["path"] in OPEN_PATHS:
            return None
        if not self._keys or scope["path"] == LOGIN:
            address = scope["client"][0] if scope.get("client") else ""
            return None if is_loopback(address) else address
        given = _digest(_key_in(headers.get("authorization", "")))
        # Every key is compared, so that the time does not tell which one was near.
        matches = [hmac.compare_digest(given, key) for key in self._keys]
        if not any(matches):
            session = self._sessions.key_of(headers)
            if session is not None:
                return f"key {session}"
            raise Refused(
                401,
                "A key is needed: send `Authorization: Bearer KEY`, "
                "or the key as the password in a browser.",
                {"WWW-Authenticate": 'Bearer, Basic realm="Footnote"'},
            )
        return f"key {matches.index(True)}"


_LOOPBACK_NAMES: frozenset[str | None] = frozenset({"localhost", "127.0.0.1", "[::1]"})


def _own_names(settings: Settings) -> frozenset[str | None]:
    """The host names that are answered to; empty for all of them."""
    added = {_name(host) for host in settings.allowed_hosts}
    if is_loopback(settings.host):
        own = settings.host if ":" not in settings.host else f"[{settings.host.strip('[]')}]"
        return _LOOPBACK_NAMES | {_name(own)} | added
    return frozenset(added)


# A name or an IPv4 address, or an IPv6 address in brackets; then a port.
_HOST = re.compile(r"([\w.-]+|\[[\da-f:.]+\])(?::\d*)?", re.ASCII)


def _name(host: str) -> str | None:
    """`Host: Name:8000` → `name`; an IPv6 address keeps its brackets. None for what is no host."""
    match = _HOST.fullmatch(host.strip().lower())
    return match[1] if match else None


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


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "replace")).digest()
