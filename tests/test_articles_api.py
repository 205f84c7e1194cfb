"""`/v1/articles`: adding a file, a text, an address; listing, reading, removing."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from served import QUESTION, TIN
from test_fetch import LOOPBACK, PAGE, page, redirect, site

from index.library import Library, open_library
from index.loading.fetch import PageFetcher
from index.settings import Settings
from qa.http.app import create_app

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("articles") / "data"


@pytest.fixture(scope="module")
def shared(folder: Path) -> Iterator[Library]:
    with open_library(Settings(data_dir=folder)) as library:
        yield library


@pytest.fixture
def library(shared: Library) -> Iterator[Library]:
    """An empty one; opening one for each test would take most of the time."""
    yield shared
    for article_id in shared.article_ids():
        shared.remove(article_id)


@pytest.fixture
def client(library: Library, folder: Path) -> Iterator[TestClient]:
    settings = Settings(data_dir=folder, max_file_bytes=20_000, max_article_characters=15_000)
    app = create_app(settings, library, PageFetcher(settings, also_allowed=LOOPBACK))
    with TestClient(app, base_url="http://localhost") as client:
        yield client


def upload(client: TestClient, name: str, data: bytes, field: str = "file") -> Any:
    return client.post("/v1/articles", files={field: (name, data)})


def test_a_text_is_added_once(client: TestClient) -> None:
    first = client.post("/v1/articles", json={"text": TIN, "title": "On tin"})
    again = client.post("/v1/articles", json={"text": TIN})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    info = first.json()
    assert info["title"] == "On tin"
    assert info["passages"] >= 1
    stored = client.get(f"/v1/articles/{info['id']}").json()
    assert info["characters"] == len(stored["text"])
    assert (info.pop("earlier"), info.pop("notes")) == ([], [])
    assert {**stored, "text": None} == {**info, "text": None}
    assert client.get("/v1/articles").json() == [info]


def test_a_file_is_added_and_can_be_asked(client: TestClient) -> None:
    response = upload(client, "tin.md", TIN.encode())
    assert response.status_code == 201
    assert response.json()["source"] == "tin.md"
    answer = client.post("/v1/answer", json={"question": QUESTION}).json()
    assert answer["citations"][0]["article_id"] == response.json()["id"]


def test_a_removed_article_is_gone_from_everything(client: TestClient) -> None:
    id_ = client.post("/v1/articles", json={"text": TIN}).json()["id"]
    assert client.delete(f"/v1/articles/{id_}").status_code == 204
    assert client.get(f"/v1/articles/{id_}").status_code == 404
    assert client.delete(f"/v1/articles/{id_}").status_code == 404
    assert client.get("/v1/articles").json() == []
    assert client.post("/v1/answer", json={"question": QUESTION}).json()["passages"] == []


def test_an_address_is_fetched_and_added(client: TestClient) -> None:
    with site(index=page(PAGE.encode())) as server:
        response = client.post("/v1/articles", json={"url": server.url()})
        assert response.status_code == 201
        assert response.json()["source"] == server.url()


def test_an_inner_address_is_refused_also_behind_a_redirect(client: TestClient) -> None:
    with site("127.0.0.2", index=page(PAGE.encode())) as inner:
        with site(index=redirect(inner.url())) as outer:
            for url in (inner.url(), outer.url(), "http://169.254.169.254/latest/meta-data/"):
                response = client.post("/v1/articles", json={"url": url})
                assert response.status_code == 422
                assert "not on the open internet" in response.json()["detail"]
        assert inner.seen == []


def test_a_slow_site_keeps_nobody_waiting(client: TestClient) -> None:
    """While a page is being fetched, questions and lists are answered."""
    listed = []

    def slow(handler: BaseHTTPRequestHandler) -> None:
        listed.append(client.get("/v1/articles").status_code)
        page(PAGE.encode())(handler)

    with site(index=slow) as server:
        assert client.post("/v1/articles", json={"url": server.url()}).status_code == 201
    assert listed == [200]


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "/etc/cron.d/x", "..\\..\\boot.ini", "a\x00b.txt", ".", "", "x" * 5_000],
)
def test_a_file_name_never_becomes_a_path(client: TestClient, folder: Path, name: str) -> None:
    before = {path for path in folder.parent.rglob("*") if "caches" not in path.parts}
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="'
        + name.encode()
        + b'"\r\n\r\n'
        + TIN.encode()
        + b"\r\n--b--\r\n"
    )
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    response = client.post("/v1/articles", content=body, headers=headers)
    assert response.status_code in (201, 400, 422)
    if response.status_code == 201:
        assert not set("/\\\x00") & set(response.json()["source"])
    after = {path for path in folder.parent.rglob("*") if "caches" not in path.parts}
    assert {path.name for path in after - before} <= {"articles.db-wal", "articles.db-shm"}


def test_a_title_is_text_and_nothing_else(client: TestClient) -> None:
    title = "../../<script>alert(1)</script>"
    info = client.post("/v1/articles", json={"text": TIN, "title": title}).json()
    assert info["title"] == title


PROBLEMS: list[tuple[bytes, dict[str, str], int, str]] = [
    (b'{"text": ""}', JSON, 422, "text"),
    (b'{"text": "  \\n "}', JSON, 422, "no text"),
    (b'{"text": "tin", "url": "http://a.org"}', JSON, 422, ""),
    (b'{"title": "only"}', JSON, 422, "`url`"),
    (b'{"url": ""}', JSON, 422, "url: String should have at least 1"),
    (b"[]", JSON, 422, "`text`"),
    (b'{"text": "tin \\ud800"}', JSON, 422, ""),
    (b'{"url": "ftp://example.org"}', JSON, 422, "https://"),
    (b"{", JSON, 400, "not JSON"),
    (b"[" * 100_000, JSON, 422, "20,000 parts"),
    (b"\xff\xfe", JSON, 400, "not JSON"),
    (json.dumps({"text": "tin is soft " * 1_500}).encode(), JSON, 413, "15,000"),
    (b"tin", {"Content-Type": "text/plain"}, 415, "multipart/form-data"),
    (b"tin", {}, 415, "multipart/form-data"),
    (b"tin", {"Content-Type": "multipart/form-data"}, 400, "boundary"),
    (b"tin", {"Content-Type": "multipart/form-data; boundary=b"}, 400, ""),
]


@pytest.mark.parametrize(("body", "headers", "status", "says"), PROBLEMS)
def test_a_body_at_fault_gets_a_problem_document(
    client: TestClient, body: bytes, headers: dict[str, str], status: int, says: str
) -> None:
    response = client.post("/v1/articles", content=body, headers=headers)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert says in response.json()["detail"]


def test_files_that_cannot_be_read_are_said_to_be(client: TestClient) -> None:
    for name, data, status in (
        ("empty.txt", b"", 422),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(200), 422),
        ("broken.pdf", b"%PDF-1.7 nothing", 422),
        ("broken.docx", b"PK\x03\x04nothing", 422),
        ("large.txt", b"tin " * 10_000, 413),
    ):
        response = upload(client, name, data)
        assert response.status_code == status, (name, response.text)
        assert len(response.json()["detail"]) > 20


def test_a_form_without_a_file_or_with_many_is_refused(client: TestClient) -> None:
    assert upload(client, "tin.md", TIN.encode(), field="other").status_code == 422
    two = [("file", ("a.txt", b"a")), ("file", ("b.txt", b"b"))]
    assert client.post("/v1/articles", files=two).status_code == 400
