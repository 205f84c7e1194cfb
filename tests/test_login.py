"""Logging in with a key: a form, and a cookie that stands for the key until it is ended."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import update

from index.library import Library, open_library
from index.settings import Settings
from qa.http.app import create_app
from qa.http.door import WRONG_PER_MINUTE, WRONG_PER_MINUTE_FROM_HERE
from qa.http.login import COOKIE
from qa.records.sessions import sessions

KEY = "correct-horse-battery"
OTHER_KEY = "staple-staple-staple"
ADMIN_KEY = "admin-staple-battery"
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


@pytest.mark.parametrize("forged", ["", ".", "é", "a" * 43, "0" * 64, "' OR 1=1 --"])
def test_a_forged_cookie_opens_nothing(library: Library, forged: str) -> None:
    headers = {b"cookie": f"{COOKIE}={forged}".encode()}
    assert client(library).get("/v1/articles", headers=headers).status_code == 401


def test_a_cookie_outlives_a_restart_and_ends_with_its_key(library: Library) -> None:
    browser = logged_in(library, OTHER_KEY)
    cookie = {"Cookie": f"{COOKIE}={browser.cookies[COOKIE]}"}
    assert client(library).get("/v1/articles", headers=cookie).status_code == 200
    assert client(library, KEY).get("/v1/articles", headers=cookie).status_code == 401


def test_a_cookie_ends_with_its_time(library: Library) -> None:
    browser = logged_in(library)
    assert browser.get("/v1/articles").status_code == 200
    with library.database.begin() as connection:
        connection.execute(update(sessions).values(until=datetime.now(UTC).replace(tzinfo=None)))
    assert browser.get("/v1/articles").status_code == 401


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


def test_logging_out_ends_the_session_for_whoever_has_its_cookie(library: Library) -> None:
    browser = logged_in(library)
    stolen = {"Cookie": f"{COOKIE}={browser.cookies[COOKIE]}"}
    assert client(library).get("/v1/articles", headers=stolen).status_code == 200
    assert browser.post("/logout").headers["location"] == "/login"
    assert browser.get("/v1/articles").status_code == 401
    assert client(library).get("/v1/articles", headers=stolen).status_code == 401


def test_sessions_are_listed_and_ended_each_by_its_own_person(library: Library) -> None:
    keys = (f"ann:ask:{KEY}", f"bob:ask:{OTHER_KEY}", f"eve:admin:{ADMIN_KEY}")
    people = {name: client(library, *keys) for name in ("ann", "ann again", "bob", "eve")}
    for (name, browser), key in zip(people.items(), (KEY, KEY, OTHER_KEY, ADMIN_KEY), strict=True):
        browser.post("/login", data={"key": key}, headers={"User-Agent": name})

    def seen(name: str) -> dict[str, str]:
        listed = people[name].get("/v1/sessions").json()
        return {s["client"]: s["id"] for s in listed if s["client"] in people}

    assert seen("ann").keys() == {"ann", "ann again"}
    assert seen("eve").keys() == people.keys()
    of_ann = seen("ann")["ann again"]
    assert people["bob"].delete(f"/v1/sessions/{of_ann}").status_code == 404
    assert people["ann"].delete(f"/v1/sessions/{of_ann}").status_code == 204
    assert people["ann again"].get("/v1/articles").status_code == 401
    assert people["eve"].delete(f"/v1/sessions/{seen('bob')['bob']}").status_code == 204
    assert people["bob"].get("/v1/articles").status_code == 401
    assert people["ann"].get("/v1/articles").status_code == 200


DOORS = ["bearer", "basic", "mcp", "form"]


def tried(browser: TestClient, door: str, key: str, forwarded: str = "") -> int:
    """The status that a key gets at one of the doors."""
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    if door == "form":
        return browser.post("/login", data={"key": key}, headers=headers).status_code
    basic = base64.b64encode(f"me:{key}".encode()).decode()
    headers["Authorization"] = f"Basic {basic}" if door == "basic" else f"Bearer {key}"
    if door == "mcp":
        return browser.post("/mcp", json={}, headers=headers).status_code
    return browser.get("/v1/articles", headers=headers).status_code


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("behind_a_proxy", [False, True])
def test_wrong_keys_are_slowed_down_on_every_door(
    library: Library, door: str, behind_a_proxy: bool
) -> None:
    """A proxy on this machine speaks for an address; without one, the address is its own."""
    app = client(library).app
    guesser = TestClient(
        app,
        base_url="http://localhost",
        client=("127.0.0.1" if behind_a_proxy else "198.51.100.7", 1),
        follow_redirects=False,
    )
    whence = "203.0.113.9, 198.51.100.7" if behind_a_proxy else ""
    wrong = [tried(guesser, door, f"wrong-{n}", whence) for n in range(WRONG_PER_MINUTE + 2)]
    assert wrong == [401] * WRONG_PER_MINUTE + [429] * 2
    # The right key is not told from a wrong one either, at this door or another.
    assert [tried(guesser, door, KEY, whence) for door in DOORS] == [429] * 4
    if behind_a_proxy:
        assert tried(guesser, door, f"wrong-{door}", "203.0.113.9") == 401


def test_who_came_in_before_is_not_shut_out_by_the_guesses_of_another(library: Library) -> None:
    app = client(library).app
    proxy = TestClient(app, base_url="http://localhost", client=("127.0.0.1", 1))
    assert tried(proxy, "bearer", KEY) == 200
    for n in range(WRONG_PER_MINUTE_FROM_HERE + 10):
        tried(proxy, "bearer", f"wrong-{n}", forwarded=f"203.0.113.{n}")
    # An address that is made up anew for each guess helps nobody who guesses from here.
    assert tried(proxy, "bearer", OTHER_KEY, forwarded="203.0.113.200") == 429
    assert tried(proxy, "bearer", KEY) == 200


def test_markup_in_the_wanted_path_stays_text(library: Library) -> None:
    page = client(library).get("/login", params={"next": '/"><script>alert(1)</script>'})
    assert "<script" not in page.text


def test_without_keys_there_is_nothing_to_log_in_to(library: Library) -> None:
    settings = Settings(data_dir=Path("unused"))
    app = create_app(settings, library)
    with_none = TestClient(app, base_url="http://localhost", follow_redirects=False)
    assert with_none.get("/login").headers["location"] == "/"
    assert with_none.post("/login", data={"key": "x"}).status_code == 401
