"""Who may use the service: keys, host names, other sites' pages, rate and size."""

import base64
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from starlette.websockets import WebSocketDisconnect

from index.errors import BadInput
from index.library import Library, open_library
from index.settings import Settings, read_settings
from qa.http.access import check_bind
from qa.http.app import create_app
from qa.http.limits import RateLimit

KEY = "correct-horse-battery"
OTHER_KEY = "staple-staple-staple"
KEYS = (SecretStr(KEY), SecretStr(OTHER_KEY))
BEARER = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("access")
    with open_library(Settings(data_dir=folder)) as library:
        yield library


def client(
    library: Library,
    address: str = "127.0.0.1",
    **changes: Any,
) -> TestClient:
    settings = Settings(data_dir=Path("unused"), **changes)
    app = create_app(settings, library)
    return TestClient(app, base_url="http://localhost", client=(address, 5000))


@pytest.mark.parametrize(
    ("host", "keys", "open_access", "complaint"),
    [
        ("127.0.0.1", (), "no", None),
        ("localhost", (), "no", None),
        ("::1", (), "no", None),
        ("0.0.0.0", (), "no", "FOOTNOTE_API_KEYS"),
        ("192.0.2.1", (), "no", "FOOTNOTE_OPEN_ACCESS=yes-anyone-may-ask"),
        ("", (), "no", "FOOTNOTE_API_KEYS"),
        ("0.0.0.0", KEYS, "no", None),
        ("0.0.0.0", (), "yes-anyone-may-ask", None),
        ("127.0.0.1", (SecretStr("short"),), "no", "shorter than 16"),
    ],
)
def test_other_machines_are_let_in_only_with_keys_or_in_words(
    host: str, keys: Sequence[SecretStr], open_access: Any, complaint: str | None
) -> None:
    settings = Settings(host=host, api_keys=tuple(keys), open_access=open_access)
    if complaint is None:
        check_bind(settings)
        return
    with pytest.raises(BadInput, match=complaint) as caught:
        check_bind(settings)
    assert "short" not in str(caught.value).replace("shorter", "")


@pytest.mark.parametrize(
    ("keys", "open_access", "complaint"),
    [((), "no", "FOOTNOTE_API_KEYS"), (KEYS, "no", None), ((), "yes-anyone-may-ask", None)],
)
def test_a_name_for_a_proxy_needs_keys_or_open_access_in_words(
    library: Library, keys: Sequence[SecretStr], open_access: Any, complaint: str | None
) -> None:
    changes = {"allowed_hosts": ("notes.example.org",), "api_keys": tuple(keys)}
    if complaint is None:
        assert client(library, open_access=open_access, **changes).get("/healthz").is_success
        return
    with pytest.raises(BadInput, match=complaint):
        client(library, open_access=open_access, **changes)


def test_the_service_cannot_be_made_with_a_bind_that_lets_strangers_in(library: Library) -> None:
    with pytest.raises(BadInput, match="lets other machines in"):
        client(library, host="0.0.0.0")


def test_a_list_in_the_environment_is_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_API_KEYS", f"{KEY}, {OTHER_KEY}")
    assert [key.get_secret_value() for key in read_settings().api_keys] == [KEY, OTHER_KEY]


@pytest.mark.parametrize(
    "path", ["/v1/articles", "/v1/conversations", "/metrics", "/docs", "/openapi.json", "/none"]
)
def test_without_a_key_nothing_is_shown(library: Library, path: str) -> None:
    response = client(library, api_keys=KEYS).get(path)
    assert response.status_code == 401
    assert response.headers["content-type"] == "application/problem+json"
    assert "Bearer" in response.headers["www-authenticate"]


def test_mcp_and_questions_need_the_key_too(library: Library) -> None:
    guarded = client(library, api_keys=KEYS)
    for path in ("/mcp", "/v1/answer", "/v1/chat/completions", "/v1/feedback"):
        assert guarded.post(path, json={}).status_code == 401


def test_a_supervisor_needs_no_key(library: Library) -> None:
    guarded = client(library, api_keys=KEYS)
    assert guarded.get("/healthz").json() == {"status": "alive"}
    assert guarded.get("/readyz").status_code == 200


def _basic(credentials: bytes) -> str:
    return "Basic " + base64.b64encode(credentials).decode()


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (f"Bearer {KEY}", 200),
        (f"bearer  {OTHER_KEY} ", 200),
        (_basic(f"anyone:{KEY}".encode()), 200),
        (f"Bearer {KEY}x", 401),
        (f"Bearer {KEY[:-1]}", 401),
        ("Bearer", 401),
        (KEY, 401),
        ("Basic !!!", 401),
        (_basic(b"\xff:\xff"), 401),
        (_basic(KEY.encode()), 401),
        ("Bearer schlüssel", 401),
    ],
)
def test_only_a_known_key_opens(library: Library, authorization: str, status: int) -> None:
    headers = {"Authorization": authorization.encode()}
    response = client(library, api_keys=KEYS).get("/v1/articles", headers=headers)
    assert response.status_code == status


def test_each_key_has_its_own_rate(library: Library) -> None:
    limited = client(library, api_keys=KEYS, rate_per_minute=2)
    statuses = [limited.post("/v1/conversations", headers=BEARER).status_code for _ in range(3)]
    assert statuses == [201, 201, 429]
    refused = limited.post("/v1/conversations", headers=BEARER)
    assert 0 < int(refused.headers["retry-after"]) <= 30
    assert refused.json()["type"] == "urn:footnote:problem:too-many-requests"
    other = {"Authorization": f"Bearer {OTHER_KEY}"}
    assert limited.post("/v1/conversations", headers=other).status_code == 201
    assert limited.get("/v1/conversations", headers=BEARER).status_code == 200


@pytest.mark.parametrize(("address", "last"), [("198.51.100.7", 429), ("127.0.0.1", 201)])
def test_without_keys_the_address_is_counted_unless_it_is_our_own(
    library: Library, address: str, last: int
) -> None:
    limited = client(library, address=address, rate_per_minute=2)
    statuses = [limited.post("/v1/conversations").status_code for _ in range(3)]
    assert statuses == [201, 201, last]


def test_the_rate_comes_back_evenly_and_full_buckets_are_forgotten() -> None:
    now = 0.0
    rate = RateLimit(60, clock=lambda: now)
    assert [rate.wait_seconds("a") for _ in range(61)] == [0] * 60 + [1]
    now = 1.0
    assert [rate.wait_seconds("a") for _ in range(2)] == [0, 1]
    for caller in range(20_000):
        now += 1
        rate.wait_seconds(str(caller))
    assert len(rate._buckets) <= 10_000


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("localhost:7860", 200),
        ("127.0.0.1:7860", 200),
        ("[::1]:7860", 200),
        ("LOCALHOST", 200),
        ("notes.example.org", 200),
        ("rebound.example.com", 421),
        ("localhost.example.com", 421),
        ("127.0.0.1.example.com", 421),
        ("[::1].evil.com", 421),
        ("[::1]evil.com", 421),
        ("localhost:80:80", 421),
        ("localhost@evil.com", 421),
        ("localhost/evil.com", 421),
        ("localhost evil.com", 421),
        ("", 421),
    ],
)
def test_a_name_that_was_made_to_point_here_is_not_answered_to(
    library: Library, host: str, status: int
) -> None:
    own = client(library, allowed_hosts=("notes.example.org",), api_keys=KEYS)
    assert own.get("/v1/articles", headers=BEARER | {"Host": host}).status_code == status


def test_two_host_names_are_not_answered_to(library: Library) -> None:
    hosts = [(b"Host", b"localhost"), (b"Host", b"rebound.example.com")]
    assert client(library).get("/healthz", headers=hosts).status_code == 421


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 201),
        ("http://localhost", 201),
        ("http://localhost:9999", 403),
        ("https://evil.example", 403),
        ("null", 403),
        ("http://127.0.0.1", 403),
    ],
)
def test_another_sites_page_cannot_send_a_form(
    library: Library, origin: str | None, status: int
) -> None:
    headers = {"Origin": origin} if origin else {}
    own = client(library)
    response = own.post("/v1/conversations", headers=headers)
    assert response.status_code == status
    read = own.get("/v1/articles", headers=headers)
    assert read.status_code == 200
    assert "access-control-allow-origin" not in read.headers


def test_every_response_carries_the_security_headers(library: Library) -> None:
    for response in (
        client(library).get("/v1/articles"),
        client(library).get("/nowhere"),
        client(library, api_keys=KEYS).get("/v1/articles"),
    ):
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]


def test_a_long_body_is_refused_whether_or_not_it_says_how_long_it_is(library: Library) -> None:
    small = client(library, max_request_bytes=1_000)
    body = b'{"title": "' + b"x" * 2_000 + b'"}'
    declared = small.post("/v1/conversations", content=body)
    headers = {"Content-Type": "application/json"}
    counted = small.post("/v1/conversations", content=iter([body]), headers=headers)
    for response in (declared, counted):
        assert response.status_code == 413
        assert response.headers["content-type"] == "application/problem+json"


def test_a_websocket_is_not_served(library: Library) -> None:
    socket = client(library).websocket_connect("/v1/answer")
    with pytest.raises(WebSocketDisconnect) as caught, socket:
        pass
    assert caught.value.code == 1008
