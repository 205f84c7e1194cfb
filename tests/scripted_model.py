"""A chat model's server on 127.0.0.1 that does what a test says: OpenAI's API over real HTTP."""

import json
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from index.settings import Settings

USAGE = {"prompt_tokens": 211, "completion_tokens": 17, "total_tokens": 228}
"""What every whole reply is said to have cost."""
Prompt = str
"""All messages of a request, joined."""


@dataclass(frozen=True)
class Says:
    """Streams a text, or what a function makes of the prompt, in pieces."""

    text: str | Callable[[Prompt], str]
    finish: str | None = "stop"
    piece: int = 7


@dataclass(frozen=True)
class Fails:
    """Answers with an HTTP status."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Stalls:
    """Streams a text and then nothing; keeps the connection alive, as proxies do, until it ends."""

    after: str


@dataclass(frozen=True)
class Cuts:
    """Streams a text and closes the connection in the middle of the reply."""

    after: str


@dataclass(frozen=True)
class Raw:
    """Sends these bytes as the body of the stream."""

    body: bytes


Behaviour = Says | Fails | Stalls | Cuts | Raw


class ScriptedModel:
    """One behaviour for each request in turn; the last one for all that follow."""

    def __init__(self, *behaviours: Behaviour) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.hung_up = threading.Event()
        """Set when the client closed the connection while `Stalls` or `Says` was under way."""
        self._behaviours = list(behaviours)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def prompts(self) -> list[Prompt]:
        return [_joined(request) for request in self.requests]

    def settings(self, settings: Settings, **changes: Any) -> Settings:
        """The settings that make Footnote use this server."""
        of_server = {"chat_model": "openai:scripted", "chat_base_url": self.base_url}
        return settings.model_copy(update=of_server | {"chat_timeout_seconds": 5} | changes)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _next(self) -> Behaviour:
        return self._behaviours.pop(0) if len(self._behaviours) > 1 else self._behaviours[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        scripted = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["content-length"])
                request = json.loads(self.rfile.read(length))
                scripted.requests.append(request)
                scripted.headers.append({k.lower(): v for k, v in self.headers.items()})
                behaviour = scripted._next()
                try:
                    self._behave(behaviour, request)
                except (BrokenPipeError, ConnectionResetError):
                    scripted.hung_up.set()
                self.close_connection = True

            def _behave(self, behaviour: Behaviour, request: dict[str, Any]) -> None:
                if isinstance(behaviour, Fails):
                    self._begin(behaviour.status, "application/json", behaviour.headers)
                    self.wfile.write(b'{"error": {"message": "sk-secret leaks here"}}')
                    return
                self._begin(200, "text/event-stream", {})
                if isinstance(behaviour, Raw):
                    self.wfile.write(behaviour.body)
                elif isinstance(behaviour, Says):
                    text = behaviour.text
                    said = text if isinstance(text, str) else text(_joined(request))
                    self._stream(said, behaviour.piece)
                    if behaviour.finish:
                        self._chunk({}, behaviour.finish)
                        self._data({"choices": [], "usage": USAGE})
                    self.wfile.write(b"data: [DONE]\n\n")
                else:
                    self._stream(behaviour.after, 7)
                    deadline = time.monotonic() + 20
                    while isinstance(behaviour, Stalls) and time.monotonic() < deadline:
                        self.wfile.write(b": still here\n\n")
                        scripted.hung_up.wait(0.02)

            def _begin(self, status: int, kind: str, headers: dict[str, str]) -> None:
                self.send_response(status)
                for name, value in {"content-type": kind, "connection": "close", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()

            def _stream(self, text: str, piece: int) -> None:
                for start in range(0, len(text), piece):
                    self._chunk({"role": "assistant", "content": text[start : start + piece]})

            def _chunk(self, delta: dict[str, str], finish: str | None = None) -> None:
                choice = {"index": 0, "delta": delta, "finish_reason": finish}
                self._data({"choices": [choice]})

            def _data(self, fields: dict[str, Any]) -> None:
                data = {"id": "1", "object": "chat.completion.chunk", "created": 1}
                data |= {"model": "scripted"} | fields
                self.wfile.write(f"data: {json.dumps(data)}\n\n".encode())

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        return Handler


def lines(prompt: Prompt) -> dict[int, str]:
    """The numbered sentences that a prompt shows."""
    found = re.findall(r"^\[(\d+)\] (.*)$", prompt, re.MULTILINE)
    return {int(n): sentence for n, sentence in found}


def best_line(prompt: Prompt) -> str:
    """An honest if simple model: the shown sentence that shares most words with the question."""
    question = prompt.rsplit("Question:", 1)[1].lower()
    asked = set(re.findall(r"\w{4,}", question))
    shown = lines(prompt)
    shared = {n: len(asked & set(re.findall(r"\w{4,}", s.lower()))) for n, s in shown.items()}
    n = max(shared, key=lambda n: (shared[n], -n))
    return f"{shown[n].rstrip('.')} [{n}]."


def _joined(request: dict[str, Any]) -> Prompt:
    contents: Sequence[Any] = [message["content"] for message in request["messages"]]
    return "\n\n".join(str(content) for content in contents)
