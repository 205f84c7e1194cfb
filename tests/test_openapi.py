"""The service is as its OpenAPI document says: references, methods, types, events; and CORS."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from served import QUESTION, TIN, served

from index.errors import BadInput
from index.library import Library, open_library
from index.loading.loader import load_text
from index.settings import Settings
from qa.http.app import create_app

KEY = "correct-horse-battery"
SITE = "https://notes.example.org"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("openapi"))
    with open_library(settings) as library:
        library.add(load_text(TIN, settings))
        yield library


def client(library: Library, **changes: Any) -> TestClient:
    settings = Settings(data_dir=Path("unused"), **changes)
    return TestClient(create_app(settings, library), base_url="http://localhost")


@pytest.fixture(scope="module")
def document(library: Library) -> dict[str, Any]:
    return dict(client(library).get("/openapi.json").json())


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from [part["$ref"]] if isinstance(part.get("$ref"), str) else []
    values = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for value in values:
        yield from references(value)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    found = set(references(document))
    assert len(found) > 20
    for reference in found:
        part: Any = document
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]
        assert isinstance(part, dict)
    assert "$defs" not in json.dumps(document)


def test_a_wrong_method_is_told_all_that_the_path_takes(
    library: Library, document: dict[str, Any]
) -> None:
    service = client(library)
    for path, operations in document["paths"].items():
        takes = {method.upper() for method in operations}
        takes |= {"HEAD"} if "GET" in takes else set()
        refused = service.request("PUT", path.replace("{", "").replace("}", ""))
        assert refused.status_code == 405, path
        assert set(refused.headers["allow"].split(", ")) == takes, path


@pytest.mark.parametrize("path", ["/healthz", "/v1/articles", "/v1/models", "/v1/articles/none"])
def test_head_is_get_without_a_body(library: Library, path: str) -> None:
    service = client(library)
    whole, head = service.get(path), service.head(path)
    assert head.status_code == whole.status_code
    assert head.content == b""
    for header in ("content-type", "content-length"):
        assert head.headers[header] == whole.headers[header]


def test_head_is_served_over_a_real_connection(library: Library) -> None:
    app = create_app(Settings(), library)
    with served(app) as address, httpx.Client(base_url=address) as connection:
        for _ in range(2):  # the second finds the connection in order
            head = connection.head("/v1/articles")
            assert (head.status_code, head.content) == (200, b"")
            assert int(head.headers["content-length"]) > 100


def test_head_is_counted_as_what_it_is(library: Library) -> None:
    service = client(library)
    service.head("/v1/articles")
    assert 'method="HEAD",route="/v1/articles",status="200"' in service.get("/metrics").text


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v1/answer", {"question": QUESTION, "k": True}, "body.k"),
        ("/v1/answer", {"question": QUESTION, "k": "3"}, "body.k"),
        ("/v1/answer", {"question": QUESTION, "k": 3.0}, "body.k"),
        ("/v1/answer", {"question": 5}, "body.question"),
        ("/v1/retrieve", {"query": QUESTION, "k": True}, "body.k"),
        ("/v1/retrieve", {"query": QUESTION, "more": 1}, "body.more"),
        (
            "/v1/feedback",
            {
                "conversation_id": "a",
                "answer_id": "b",
                "rating": "down",
                "correct": {"article_id": "c", "start": False, "end": 3},
            },
            "start",
        ),
    ],
)
def test_another_type_is_not_taken_for_the_right_one(
    library: Library, path: str, body: dict[str, Any], field: str
) -> None:
    refused = client(library).post(path, json=body)
    assert refused.status_code == 422
    assert any(field in error["field"] for error in refused.json()["errors"])


def test_each_event_of_a_stream_is_as_its_item_says(
    library: Library, document: dict[str, Any]
) -> None:
    content = document["paths"]["/v1/answer"]["post"]["responses"]["200"]["content"]
    items = content["text/event-stream"]["itemSchema"]["oneOf"]
    schemas = {
        item["properties"]["event"]["const"]: item["properties"]["data"]["contentSchema"]
        for item in items
    }
    accept = {"Accept": "text/event-stream"}
    reply = client(library).post("/v1/answer", json={"question": QUESTION}, headers=accept)
    seen = set()
    for event in reply.text.replace("\r\n", "\n").strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in event.split("\n"))
        schema = schemas[fields["event"]] | {"components": document["components"]}
        jsonschema.validate(json.loads(fields["data"]), schema)
        seen.add(fields["event"])
    assert seen == schemas.keys() - {"error", "draft"}  # a draft comes before a chat model's answer


def preflight(service: TestClient, origin: str) -> Any:
    asks = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    asks["Access-Control-Request-Headers"] = "authorization"
    return service.options("/v1/answer", headers=asks)


def test_a_page_of_another_site_may_use_the_service_where_it_is_named(library: Library) -> None:
    service = client(library, cors_origins=(SITE,), api_keys=(SecretStr(KEY),))
    allowed = preflight(service, SITE)
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (200, SITE)
    assert "authorization" in allowed.headers["access-control-allow-headers"].lower()
    headers = {"Origin": SITE, "Authorization": f"Bearer {KEY}"}
    asked = service.post("/v1/answer", json={"question": QUESTION}, headers=headers)
    assert asked.status_code == 200
    assert asked.headers["access-control-allow-origin"] == SITE
    assert "access-control-allow-credentials" not in asked.headers  # a key is sent, no cookie
    refused = service.post("/v1/answer", json={"question": QUESTION}, headers={"Origin": SITE})
    assert refused.status_code == 401


@pytest.mark.parametrize("named", [(), (SITE,)])
def test_no_other_site_may(library: Library, named: tuple[str, ...]) -> None:
    service = client(library, cors_origins=named)
    for origin in ("https://evil.example", "https://notes.example.org.evil.example"):
        assert "access-control-allow-origin" not in preflight(service, origin).headers
        posted = service.post("/v1/answer", json={"question": QUESTION}, headers={"Origin": origin})
        assert posted.status_code == 403


@pytest.mark.parametrize("origin", ["*", "notes.example.org", "https://a/b", "ftp://a", "null"])
def test_what_is_no_origin_is_refused_at_the_start(library: Library, origin: str) -> None:
    with pytest.raises(BadInput, match="FOOTNOTE_CORS_ORIGINS"):
        client(library, cors_origins=(origin,))


def test_metrics_name_the_answerer_mcp_the_queue_and_refusals(library: Library) -> None:
    service = client(library, api_keys=(SecretStr(KEY),))
    assert service.get("/v1/articles").status_code == 401
    service.headers["Authorization"] = f"Bearer {KEY}"
    service.post("/v1/answer", json={"question": QUESTION})
    with service:
        ping = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        accept = {"Accept": "application/json, text/event-stream"}
        assert service.post("/mcp", json=ping, headers=accept).status_code == 200
        text = service.get("/metrics").text
    for line in (
        'footnote_answers_total{answerer="reader:footnote",status="answered"} 1.0',
        'footnote_requests_total{method="POST",route="/mcp",status="200"} 1.0',
        'footnote_refusals_total{reason="no or a wrong key"} 1.0',
        'footnote_queue{work="answer"} 0.0',
        'footnote_queue{work="add"} 0.0',
    ):
        assert line in text, line
