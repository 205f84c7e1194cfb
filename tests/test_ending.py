"""How a service ends: within ten seconds of SIGTERM, and every request gets an answer or a word."""

import json
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from served import QUESTION, TIN
from servers import footnote

from index.errors import ServiceBusy
from index.settings import Settings
from qa.http.app import create_app
from qa.http.workers import Workers

TEN_SECONDS = 10
BOUND_S = TEN_SECONDS + 5
"""What the test allows: the machine runs other tests, and a process takes its time to go."""


@contextmanager
def silent_chat_model() -> Iterator[tuple[str, threading.Semaphore]]:
    """A chat model's server that takes a request and never says a word; counts the requests."""
    asked, over = threading.Semaphore(0), threading.Event()

    class Silent(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.release()
            over.wait()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def test_at_sigterm_every_request_is_finished_or_fails_in_words(tmp_path: Path) -> None:
    question = {"question": QUESTION}
    chat = {"model": "footnote", "messages": [{"role": "user", "content": QUESTION}]}
    stream = {"Accept": "text/event-stream"}
    requests: list[tuple[str, dict[str, Any], dict[str, str]]] = [
        ("/v1/answer", question, {}),
        ("/v1/answer", question, stream),
        ("/v1/chat/completions", chat, {}),
        ("/v1/chat/completions", chat | {"stream": True}, {}),
    ]
    with silent_chat_model() as (model, asked):
        environment = {
            "FOOTNOTE_DATA_DIR": str(tmp_path),
            "FOOTNOTE_CHAT_MODEL": "openai:silent",
            "FOOTNOTE_CHAT_BASE_URL": model,
            "FOOTNOTE_CHAT_API_KEY": "none",
            "FOOTNOTE_CHAT_TIMEOUT_SECONDS": "300",
            "FOOTNOTE_ANSWERS_AT_ONCE": "4",
        }
        with footnote(environment) as (address, process), ThreadPoolExecutor(8) as threads:

            def ask(request: tuple[str, dict[str, Any], dict[str, str]]) -> httpx.Response:
                path, body, headers = request
                return httpx.post(address + path, json=body, headers=headers, timeout=60)

            replies = [threads.submit(ask, request) for request in requests * 2]
            for _ in requests:  # four are with the model, and four wait in line
                assert asked.acquire(timeout=60)
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            seconds = time.monotonic() - began
            for reply in replies:
                problem = reply.result().text.split("data: ")[-1].strip()
                assert json.loads(problem)["type"] == "urn:footnote:problem:service-busy"
                assert "ending" in json.loads(problem)["detail"]
    assert seconds < BOUND_S


def test_an_idle_service_ends_at_once_though_a_page_is_open(tmp_path: Path) -> None:
    with footnote({"FOOTNOTE_DATA_DIR": str(tmp_path)}) as (address, process):
        beat = f"{address}/gradio_api/heartbeat/of-a-test"
        with httpx.stream("GET", beat, timeout=60) as page:
            next(page.iter_raw())
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            process.wait(60)
    assert time.monotonic() - began < BOUND_S
    assert process.returncode in (0, -signal.SIGTERM)


def held_workers(waiting: int) -> tuple[Workers, Callable[[], None]]:
    """One worker that is at work until the function is called."""
    workers, go_on, begun = Workers(1, "test", waiting), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        go_on.wait()

    workers.submit(work)
    begun.wait()
    return workers, go_on.set


def test_no_more_than_so_many_wait_in_line() -> None:
    workers, go_on = held_workers(waiting=2)
    last = [workers.submit(int, "7") for _ in range(2)]
    with pytest.raises(ServiceBusy, match="Too many wait already; try again in") as caught:
        workers.submit(int, "7")
    assert caught.value.retry_after_s >= 1
    workers.go_on(int, "7")  # what was let in before is not turned away midway
    go_on()
    assert [future.result() for future in last] == [7, 7]
    workers.close()


def test_who_is_turned_away_hears_when_to_come_again(settings: Settings) -> None:
    settings = settings.model_copy(update={"answers_at_once": 1, "questions_waiting": 0})
    with TestClient(create_app(settings), base_url="http://localhost") as client:
        client.post("/v1/articles", json={"text": TIN}).raise_for_status()
        with ThreadPoolExecutor(12) as threads:
            replies = list(
                threads.map(
                    lambda path: client.post(path, json={"question": QUESTION}),
                    ["/v1/answer"] * 12,
                )
            )
        assert client.get("/healthz").is_success
    statuses = {reply.status_code for reply in replies}
    assert statuses == {200, 503}
    refused = next(reply for reply in replies if reply.status_code == 503)
    assert refused.json()["type"] == "urn:footnote:problem:service-busy"
    assert int(refused.headers["retry-after"]) >= 1
