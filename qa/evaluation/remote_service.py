"""A running service that speaks the answer schema, asked in the place of the own chain."""

import time
from collections.abc import Iterable
from typing import Any

import httpx
from pydantic import ValidationError

from index.articles import Article
from index.errors import BadInput, FootnoteError
from qa.answer import Answer

ATTEMPTS = 6
LONGEST_WAIT = 30.0
"""Seconds waited at most for a service that is busy, before the next try."""
PATIENCE = 300.0
"""Seconds for one answer."""
_BUSY = (429, 502, 503)


class ServiceProblem(FootnoteError):
    """The service cannot be asked now, or says something else than the answer schema."""


class RemoteService:
    """`POST /v1/answer` and, where the service has it, `/v1/articles`. Safe for several threads."""

    def __init__(self, address: str, key: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        try:
            self._client = httpx.Client(base_url=address, headers=headers, timeout=PATIENCE)
        except (httpx.InvalidURL, ValueError) as error:
            raise BadInput(f"{address!r} is no address: http://HOST:PORT is.") from error
        if self._client.base_url.scheme not in ("http", "https"):
            raise BadInput(f"{address!r} is no address: http://HOST:PORT is.")
        self.address = str(self._client.base_url)
        self._added: list[str] = []

    def __enter__(self) -> "RemoteService":
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._remove_added()
        finally:
            self._client.close()

    def add(self, articles: Iterable[Article]) -> str | None:
        """Gives the service the articles that it lacks; they are removed again at the end.

        Returns a sentence when the service takes no articles, and is asked about what it has.
        """
        for article in articles:
            body = {"text": article.text, "title": article.title}
            reply = self._send("POST", "v1/articles", json=body)
            if reply.status_code in (403, 404, 405):
                return (
                    f"{self.address} takes no articles: it was asked about those that it holds, "
                    "and citations count only where its articles have the same ids."
                )
            given = self._json(reply, "v1/articles").get("id")
            if reply.status_code == 201 and isinstance(given, str):
                self._added.append(given)
            if given != article.id:
                return (
                    f"{self.address} stores {article.title!r} differently from this version: its "
                    "citations are not counted."
                )
        return None

    def answer(self, request: dict[str, Any]) -> Answer:
        """The answer to a question.

        Raises:
            ServiceProblem: when there is none, or it is not in the answer schema.
        """
        reply = self._json(self._send("POST", "v1/answer", json=request), "v1/answer")
        try:
            return Answer.model_validate(reply)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise ServiceProblem(
                f"{self.address} does not answer in the answer schema: {place}: {first['msg']}."
            ) from error

    def _remove_added(self) -> None:
        while self._added:
            self._send("DELETE", f"v1/articles/{self._added.pop()}")

    def _send(self, method: str, path: str, json: dict[str, Any] | None = None) -> httpx.Response:
        """The reply, after waiting for a service that is busy."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                reply = self._client.request(method, path, json=json)
            except httpx.HTTPError as error:
                raise ServiceProblem(
                    f"{self.address} cannot be asked: {error or type(error).__name__}."
                ) from error
            if reply.status_code not in _BUSY or attempt == ATTEMPTS:
                return reply
            time.sleep(_wait(reply, attempt))  # the service says when to come again
        raise AssertionError("unreachable")

    def _json(self, reply: httpx.Response, path: str) -> dict[str, Any]:
        if reply.is_success:
            try:
                body = reply.json()
            except ValueError:
                body = None
            if isinstance(body, dict):
                return body
            raise ServiceProblem(f"{self.address}{path} answers with something else than JSON.")
        why = " Give a key with --key or FOOTNOTE_CHECK_KEY." if reply.status_code == 401 else ""
        raise ServiceProblem(
            f"{self.address}{path} answers with {reply.status_code} {reply.reason_phrase}.{why}"
        )


def _wait(reply: httpx.Response, attempt: int) -> float:
    """Seconds: what `Retry-After` says, else twice as long each time."""
    said = reply.headers.get("retry-after", "")
    return min(LONGEST_WAIT, float(said) if said.isdigit() else 0.5 * 2**attempt)
