"""What comes in as a body: bounded by its route, and looked through before anything reads it.

To validate a body of a million unknown keys takes minutes, and to parse it holds every other
client up; so a body with more parts than any honest one is refused on the way in. The looking is
done in a thread, a stretch at a time, because a single call over megabytes would keep the event
loop from running even from there.
"""

import re
import shutil
from pathlib import Path

import orjson
from anyio import to_thread
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.settings import Settings
from qa.http.problems import Refused

MAX_BODY_BYTES = 1_000_000
"""Where no article comes in."""
MAX_PARTS = 20_000
"""Strings, commas and brackets of one JSON body: the ids of a whole library are far below."""

_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
_FILES = ("/v1/articles", "/gradio_api/upload")
_STRETCH = 250_000  # bytes looked at in one call: about a millisecond
_INSIDE_STRING = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_UP_TO_STRING = re.compile(rb'[^"]*+')

_UPLOADS = "page-uploads"
_FULL = 10  # times the largest request


class Bodies:
    """The middleware. See the module's docstring."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._file_bytes = settings.max_request_bytes
        self._uploads = settings.data_dir / _UPLOADS
        # In JSON a character has up to 6 bytes (`\u0442`) from a program, 2 from a browser.
        text = settings.max_article_characters
        self._json_bytes = {
            "/v1/articles": 6 * text + MAX_BODY_BYTES,
            "/gradio_api/queue/join": 2 * text + MAX_BODY_BYTES,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        limit = self._limit(scope["path"], kind)
        receive = _counted(receive, limit)
        try:
            _check_length(headers, limit)
            if scope["path"] == "/gradio_api/upload":
                await to_thread.run_sync(self._check_uploads)
            if kind not in _FORMS:
                body = await _whole(receive)
                await to_thread.run_sync(check_json, body, kind)
                receive = _again(body, receive)
        except HTTPException:
            await _too_large(limit).response(scope, receive, send)
        except Refused as refused:
            await refused.response(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _limit(self, path: str, kind: str) -> int:
        if kind == "multipart/form-data" and path in _FILES:
            return self._file_bytes
        return min(self._json_bytes.get(path, MAX_BODY_BYTES), self._file_bytes)

    def _check_uploads(self) -> None:
        """Raises Refused where files that nobody went on to add fill the folder."""
        held = sum(file.stat().st_size for file in self._uploads.rglob("*") if file.is_file())
        if held > _FULL * self._file_bytes:
            raise Refused(
                503,
                "Too many files were uploaded and not added; try again in an hour.",
                {"Retry-After": "3600"},
            )


def empty_uploads_folder(settings: Settings) -> Path:
    """Where the page keeps files until they are added; what was there from before is deleted."""
    folder = settings.data_dir / _UPLOADS
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return folder


def check_json(body: bytes, kind: str) -> None:
    """Raises Refused for a body that no route would take; `kind` is its media type."""
    if count_parts(body, MAX_PARTS) > MAX_PARTS:
        raise Refused(422, f"The body has more than {MAX_PARTS:,} parts, the limit; send less.")
    if not body or not kind.endswith("json"):
        return  # what is no JSON is refused by the route, which says what it takes
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError as error:
        why = str(error)
        if "surrogate" in why and _is_text(body):
            raise Refused(
                422,
                f"The body holds half of a surrogate pair, which is no character: {why}.",
            ) from error
        raise Refused(400, f"The body is not JSON: {why}.") from error


def _is_text(body: bytes) -> bool:
    """Whether it is UTF-8 but for halves of surrogate pairs; orjson says the same of any byte."""
    try:
        body.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def count_parts(body: bytes, most: int) -> int:
    """The strings, commas and brackets of the JSON in `body`; counting ends soon after `most`.

    >>> count_parts(b'{"a, [b": [1, 2, {}], "c": "\\\\", "}', 100)
    11
    """
    at, parts, in_string = 0, 0, False
    while at < len(body) and parts <= most:
        pattern = _INSIDE_STRING if in_string else _UP_TO_STRING
        match = pattern.match(body, at, at + _STRETCH)
        assert match  # both match the empty text
        end = match.end()
        if not in_string:
            parts += sum(body.count(mark, at, end) for mark in (b",", b"[", b"{"))
        if body[end : end + 1] == b'"':
            parts += not in_string
            in_string = not in_string
            end += 1
        elif end == at:  # the body ends in a backslash
            break
        at = end
    return parts


def _counted(receive: Receive, limit: int) -> Receive:
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise HTTPException(413)  # which the service answers with a problem document
        return message

    return counted


async def _whole(receive: Receive) -> bytes:
    """The body; of a client that goes away midway, what it sent."""
    pieces, more = [], True
    while more:
        message = await receive()
        pieces.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(pieces)


def _again(body: bytes, receive: Receive) -> Receive:
    """As `receive` was before the body was taken from it."""
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed


def _check_length(headers: Headers, limit: int) -> None:
    """By what it says of itself; a body that says nothing is counted while it is read."""
    length = headers.get("content-length", "")
    if length.isascii() and length.isdigit() and float(length) > limit:
        raise _too_large(limit)


def _too_large(limit: int) -> Refused:
    return Refused(
        413,
        f"The request has more than {limit:,} bytes, the limit of this path; "
        "FOOTNOTE_MAX_REQUEST_BYTES sets that of files.",
    )
