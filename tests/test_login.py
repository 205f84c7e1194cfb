"""Logging in with a key: a form, and a signed cookie that stands for the key."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from index.library import Library, open_library
from index.settings import Settings
from qa.http.app import create_app
from qa.http.login import COOKIE, SESSION_SECONDS

KEY = "correct-horse-battery"
OTHER_KEY = "staple-staple-staple"
PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with open_library(Settings(data_dir=tmp_path_factory.mktemp("login"))) as library:
        yield library


def client(library: Library, *keys: str, **changes: Any) -> TestClient:
    keys = keys or (KEY, OTHER_KEY)
    settings = Settings(
        data_dir=Path("unused"),
        api_keys=tuple(SecretStr(key) for key in keys),
        **changes,
    )
    return TestClient(
        create_app(settings, library), base_url="http://localhost", follow_redirects=False
    )


def logged_in(library: Library, key: str = KEY) -> TestClient:
    browser = client(library)
    assert browser.post("/login", data={"key": key}).status_code == 303
    return browser


def test_a_browser_is_sent_to_the_form_and_back_to_where_it_wanted_to_go(library: Library) -> None:
    browser = client(library)
    refused = browser.get("/docs?c=1&a=2", headers=PAGE)
    assert refused.status_code == 303
    form = browser.get(refused.headers["location"], headers=PAGE)
    assert form.status_code == 200
    assert 'name="next" value="/docs?c=1&amp;a=2"' in form.text
    entered = browser.post("/login", data={"key": f" {KEY}\n", "next": "/docs?c=1&a=2"})
    assert (entered.status_code, entered.headers["location"]) == (303, "/docs?c=1&a=2")
    assert browser.get("/docs", headers=PAGE).status_code == 200
    assert browser.get("/v1/articles").status_code == 200


def test_a_program_gets_a_problem_document_and_no_form(library: Library) -> None:
    assert client(library).get("/v1/articles").status_code == 401
    assert client(library).post("/v1/conversations", headers=PAGE).status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(library: Library) -> None:
    cookie = client(library).post("/login", data={"key": KEY}).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert KEY not in cookie
    assert "Secure" not in cookie
    over_tls = client(library)
    over_tls.base_url = over_tls.base_url.copy_with(scheme="https")
    assert "Secure" in over_tls.post("/login", data={"key": KEY}).headers["set-cookie"]


@pytest.mark.parametrize("key", ["", "wrong", KEY[:-1], f"{KEY}x", "schlüssel\ud800"])
def test_an_unknown_key_is_told_in_words_and_opens_nothing(library: Library, key: str) -> None:
    browser = client(library)
    body = {"key": key.encode("utf-8", "surrogatepass").decode("latin-1")}
    refused = browser.post("/login", data=body)
    assert refused.status_code == 401
    assert "This key is not known." in refused.text
    assert "set-cookie" not in refused.headers
    assert browser.get("/v1/articles").status_code == 401


@pytest.mark.parametrize(
    "forged",
    [
        "",
        ".",
        f"{int(time.time()) + 999}.",
        f"{int(time.time()) + 999}.{'0' * 64}",
        "99999999999999999999.x",
        "²³.x",
        f"{int(time.time()) + 999}.é",
    ],
)
def test_a_forged_cookie_opens_nothing(library: Library, forged: str) -> None:
    headers = {b"cookie": f"{COOKIE}={forged}".encode()}
    assert client(library).get("/v1/articles", headers=headers).status_code == 401


def test_a_cookie_ends_with_its_time_and_with_its_key(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = logged_in(library, OTHER_KEY)
    cookie = {"Cookie": f"{COOKIE}={browser.cookies[COOKIE]}"}
    assert client(library).get("/v1/articles", headers=cookie).status_code == 200
    assert client(library, KEY).get("/v1/articles", headers=cookie).status_code == 401
    until, _, signature = browser.cookies[COOKIE].partition(".")
    longer = {"Cookie": f"{COOKIE}={int(until) + 1}.{signature}"}
    assert client(library).get("/v1/articles", headers=longer).status_code == 401
    later = time.time() + SESSION_SECONDS + 1
    monkeypatch.setattr("qa.http.login.time.time", lambda: later)
    assert client(library).get("/v1/articles", headers=cookie).status_code == 401


def test_a_cookie_is_counted_as_its_key(library: Library) -> None:
    browser = client(library, rate_per_minute=2)
    browser.post("/login", data={"key": KEY})
    bearer = {"Authorization": f"Bearer {KEY}"}
    statuses = [
        browser.post("/v1/conversations", headers=headers).status_code
        for headers in ({}, bearer, {}, bearer)
    ]
    assert statuses == [201, 201, 429, 429]


def test_another_sites_form_cannot_use_the_cookie(library: Library) -> None:
    browser = logged_in(library)
    foreign = {"Origin": "https://evil.example"}
    assert browser.post("/v1/conversations", headers=foreign).status_code == 403
    assert browser.post("/logout", headers=foreign).status_code == 403


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "docs", ""],
)
def test_the_form_leads_to_no_other_site(library: Library, wanted: str) -> None:
    entered = client(library).post("/login", data={"key": KEY, "next": wanted})
    assert entered.headers["location"] == "/"


def test_after_logging_out_a_key_is_needed_again(library: Library) -> None:
    browser = logged_in(library)
    assert browser.post("/logout").headers["location"] == "/login"
    assert browser.get("/v1/articles").status_code == 401


def test_markup_in_the_wanted_path_stays_text(library: Library) -> None:
    page = client(library).get("/login", params={"next": '/"><script>alert(1)</script>'})
    assert "<script" not in page.text


def test_without_keys_there_is_nothing_to_log_in_to(library: Library) -> None:
    settings = Settings(data_dir=Path("unused"))
    app = create_app(settings, library)
    with_none = TestClient(app, base_url="http://localhost", follow_redirects=False)
    assert with_none.get("/login").headers["location"] == "/"
    assert with_none.post("/login", data={"key": "x"}).status_code == 401
