"""Bodies that were made to stop a service: it refuses them in words, and serves the others on."""

import json
import threading
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from fastapi.testclient import TestClient
from servers import footnote

from index.library import Library, open_library
from index.settings import Settings
from qa.http.app import create_app
from qa.http.bodies import MAX_BODY_BYTES, MAX_PARTS, count_parts

JSON = {"Content-Type": "application/json"}
PATIENCE_S = 2
"""Of another client, on a machine that runs other tests; `benchmarks/healthz.py` measures it."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hostile")
    with footnote({"FOOTNOTE_DATA_DIR": str(folder)}) as (address, _):
        yield address


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with open_library(Settings(data_dir=tmp_path_factory.mktemp("bodies"))) as library:
        yield library


def unknown_keys(length: int) -> bytes:
    """An object of about so many bytes."""
    keys = ",".join(f'"k{n:07}":1' for n in range(length // 13))
    return b"{" + keys.encode() + b"}"


HOSTILE: dict[str, tuple[str, Callable[[], bytes], int]] = {
    "unknown keys": ("/v1/answer", lambda: unknown_keys(900_000), 422),
    "more of them": ("/v1/answer", lambda: unknown_keys(2_300_000), 413),
    "many more": ("/v1/answer", lambda: unknown_keys(59_000_000), 413),
    "to openai": ("/v1/chat/completions", lambda: unknown_keys(900_000), 422),
    "to feedback": ("/v1/feedback", lambda: unknown_keys(900_000), 422),
    "to mcp": ("/mcp", lambda: unknown_keys(900_000), 422),
    "to the page": ("/gradio_api/queue/join", lambda: unknown_keys(9_500_000), 422),
    "as an article": ("/v1/articles", lambda: unknown_keys(29_000_000), 422),
    "numbers": ("/v1/articles", lambda: b'{"text": [' + b"1," * 10_000_000 + b"1]}", 422),
    "an empty text": ("/v1/articles", lambda: b'{"text": "' + b"\\n" * 14_000_000 + b'"}', 413),
    "quotes": ("/v1/articles", lambda: b'"' * 20_000_000, 422),
    "brackets": ("/v1/articles", lambda: b"[" * 20_000_000, 422),
    "depth": ("/v1/answer", lambda: b"[" * 15_000 + b"]" * 15_000, 400),
    "fields of a form": ("/login", lambda: b"a=1&" * 200_000, 400),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_body_is_refused_in_words_and_holds_nobody_up(address: str, name: str) -> None:
    path, make, status = HOSTILE[name]
    body = make()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    got: list[httpx.Response] = []
    with httpx.Client(base_url=address, timeout=60) as client:
        client.get("/healthz")  # connected
        sender = threading.Thread(
            target=lambda: got.append(
                httpx.post(
                    address + path,
                    content=body,
                    headers=form if path == "/login" else JSON,
                    timeout=60,
                )
            )
        )
        sender.start()
        waits = []
        while sender.is_alive():
            began = time.perf_counter()
            assert client.get("/healthz").is_success
            waits.append(time.perf_counter() - began)
        sender.join()
    [response] = got
    assert response.status_code == status, response.text[:200]
    assert response.headers["content-type"].startswith("application/problem+json")
    assert max(waits) < PATIENCE_S


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_where_no_article_comes_in_is_bounded(library: Library, declared: bool) -> None:
    body = json.dumps({"title": "x" * MAX_BODY_BYTES}).encode()
    with TestClient(create_app(Settings(), library), base_url="http://localhost") as client:
        content = body if declared else iter([body[:1000], body[1000:]])
        response = client.post("/v1/conversations", content=content, headers=JSON)
        article = client.post("/v1/articles", json={"text": " " * 2 * MAX_BODY_BYTES})
    assert response.status_code == 413
    assert f"{MAX_BODY_BYTES:,} bytes" in response.json()["detail"]
    assert article.status_code == 422  # read, though it is of spaces alone


@pytest.mark.parametrize(
    "body",
    [
        rb'{"title": "\ud800"}',
        rb'{"\ud800": 1}',
        rb'{"title": "\udc00 x"}',
        rb'{"title": ["\ud83d"]}',
        b'{"title": "\xed\xa0\x80"}',
    ],
)
def test_half_a_surrogate_pair_is_refused_on_every_path(library: Library, body: bytes) -> None:
    with TestClient(create_app(Settings(), library), base_url="http://localhost") as client:
        paths = client.get("/openapi.json").json()["paths"]
        taking = [
            (method, path)
            for path, operations in paths.items()
            for method, operation in operations.items()
            if "requestBody" in operation
        ]
        assert len(taking) >= 6
        for method, path in [*taking, ("post", "/mcp")]:
            response = client.request(method, path, content=body, headers=JSON)
            assert response.status_code == 422, path
            assert "surrogate" in response.json()["detail"], path


def test_a_whole_pair_is_a_character(library: Library) -> None:
    with TestClient(create_app(Settings(), library), base_url="http://localhost") as client:
        made = client.post("/v1/conversations", content=rb'{"title": "\ud83d\ude00"}', headers=JSON)
    assert made.json()["title"] == "😀"


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        (b"", 0),
        (b"{}", 1),
        (b'{"a": 1}', 2),
        (b'{"a,[{": "\\"," }', 3),
        (b'["\\\\", "x"]', 4),
        (b'"' + b"\\\\" * 200_000 + b'", 1', 2),
        (b'"' + b"x" * 249_999 + b'\\", ,,', 1),
        (b'"\\', 1),
    ],
)
def test_the_parts_of_a_body_are_counted_outside_its_strings(body: bytes, parts: int) -> None:
    assert count_parts(body, MAX_PARTS) == parts


def test_counting_ends_soon_after_the_limit() -> None:
    assert count_parts(b'"",' * 1_000_000, 10) <= 12
