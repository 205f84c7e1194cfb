"""People and rights: what each role may do on each route, and what each person sees of the rest."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient
from pydantic import SecretStr
from served import COPPER, QUESTION, TIN, served

from index.errors import BadInput
from index.library import Library, open_library
from index.loading.loader import load_text
from index.rights import Rights
from index.settings import Settings
from qa.http.app import create_app
from qa.records.audit import AuditLog
from qa.records.backup import write_backup
from qa.records.people import ROLES, Role, read_keys
from qa.records.restore import restore_backup

KEYS = {
    "ada": "ask@metals:ada-ada-ada-ada-ada",
    "ann": "ask:ann-ann-ann-ann-ann",
    "max": "manage@metals:max-max-max-max-max",
    "moe": "manage:moe-moe-moe-moe-moe",
    "eve": "admin:eve-eve-eve-eve-eve",
}
SPARE = "The melting point of bronze is about 950 degrees Celsius, below that of copper."


def keys(**changes: str) -> tuple[SecretStr, ...]:
    return tuple(SecretStr(f"{name}:{rest}") for name, rest in (KEYS | changes).items())


@dataclass(frozen=True)
class Service:
    app: FastAPI
    library: Library
    tin: str
    """In the space `metals`."""
    copper: str
    """In no space."""

    address: str

    def client(self, name: str | None) -> httpx.Client:
        headers = {"Authorization": f"Bearer {KEYS[name].rpartition(':')[2]}"} if name else {}
        return httpx.Client(base_url=self.address, headers=headers, timeout=60)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("people"), api_keys=keys())
    with open_library(settings) as library:
        tin = library.add(load_text(TIN, settings), space="metals").article.id
        copper = library.add(load_text(COPPER, settings)).article.id
        app = create_app(settings, library)
        with served(app) as address:
            yield Service(app, library, tin, copper, address)


@pytest.mark.parametrize(
    ("entry", "role", "rights"),
    [
        ("correct-horse-battery", "admin", Rights()),
        ("eve:admin:correct-horse-battery", "admin", Rights()),
        ("moe:manage:correct-horse-battery", "manage", Rights(frozenset())),
        ("ann:ask@*:correct-horse-battery", "ask", Rights(None, may_change=False)),
        (
            "ann:ask@a+b.c:correct:horse:battery",
            "ask",
            Rights(frozenset({"a", "b.c"}), may_change=False),
        ),
    ],
)
def test_a_key_has_a_name_a_role_and_spaces(entry: str, role: Role, rights: Rights) -> None:
    [key] = read_keys(Settings(api_keys=(SecretStr(entry),)))
    assert (key.person.role, key.person.rights) == (role, rights)


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        (["ann:reader:correct-horse-battery"], "a role is ask, manage or admin"),
        (["ann:correct-horse-battery"], "NAME:ROLE:KEY"),
        (["a b:ask:correct-horse-battery"], "NAME:ROLE:KEY"),
        (["browser-x:ask:correct-horse-battery"], "NAME:ROLE:KEY"),
        (["ann:ask:short"], "shorter than 16"),
        (["eve:admin@metals:correct-horse-battery"], "admin"),
        (["ann:ask:correct-horse-battery", "ann:admin:battery-horse-correct"], "the same name"),
        (["ann:ask:correct-horse-battery", "bob:admin:correct-horse-battery"], "the same key"),
    ],
)
def test_a_key_that_is_written_wrongly_is_refused_without_being_shown(
    entries: list[str], complaint: str
) -> None:
    with pytest.raises(BadInput, match=complaint) as caught:
        read_keys(Settings(api_keys=tuple(map(SecretStr, entries))))
    assert "battery" not in str(caught.value)


LEAST: dict[str, Role] = {
    "POST /v1/answer": "ask",
    "GET /v1/articles": "ask",
    "POST /v1/articles": "manage",
    "GET /v1/articles/{article_id}": "ask",
    "DELETE /v1/articles/{article_id}": "manage",
    "GET /v1/conversations": "ask",
    "POST /v1/conversations": "ask",
    "GET /v1/conversations/{conversation_id}": "ask",
    "PATCH /v1/conversations/{conversation_id}": "ask",
    "DELETE /v1/conversations/{conversation_id}": "ask",
    "GET /v1/conversations/{conversation_id}/export": "ask",
    "POST /v1/conversations/{conversation_id}/share": "ask",
    "DELETE /v1/conversations/{conversation_id}/share": "ask",
    "GET /v1/shared/{token}": "ask",
    "POST /v1/feedback": "ask",
    "GET /v1/me": "ask",
    "GET /v1/sessions": "ask",
    "DELETE /v1/sessions/{session_id}": "ask",
    "GET /v1/audit": "admin",
    "GET /v1/models": "ask",
    "GET /v1/models/{model}": "ask",
    "POST /v1/responses": "ask",
    "POST /v1/embeddings": "ask",
    "POST /v1/retrieve": "ask",
    "GET /articles/{article_id}": "ask",
    "POST /v1/chat/completions": "ask",
    "GET /metrics": "ask",
    "GET /docs": "ask",
    "GET /docs/{name}": "ask",
    "POST /logout": "ask",
}
"""The least role that a route takes; one that is not here needs a line."""
WITHOUT_KEY = {"GET /healthz", "GET /readyz", "GET /login", "POST /login"}


def routes_of(app: FastAPI) -> list[str]:
    return [
        f"{method} {route.path}"
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, APIRoute)
        for method in sorted(route.methods or ())
    ]


def test_every_route_has_a_least_role(service: Service) -> None:
    assert set(routes_of(service.app)) == LEAST.keys() | WITHOUT_KEY


BODIES: dict[str, Any] = {
    "POST /v1/answer": {"question": QUESTION},
    "POST /v1/articles": {"text": SPARE},
    "PATCH /v1/conversations/{conversation_id}": {"title": "x"},
    "POST /v1/retrieve": {"query": QUESTION},
    "POST /v1/responses": {"model": "footnote", "input": QUESTION},
    "POST /v1/embeddings": {"model": "footnote", "input": "tin"},
    "POST /v1/feedback": {"conversation_id": "x", "answer_id": "x", "rating": "up"},
    "POST /v1/chat/completions": {
        "model": "footnote",
        "messages": [{"role": "user", "content": QUESTION}],
    },
}


@pytest.mark.parametrize("role", [None, *ROLES])
def test_each_route_is_open_to_its_role_and_those_above_and_to_no_other(
    service: Service, role: Role | None
) -> None:
    name = {None: None, "ask": "ann", "manage": "moe", "admin": "eve"}[role]
    for route, least in LEAST.items():
        method, _, path = route.partition(" ")
        path = re.sub(r"\{\w+\}", "0" * 16, path)
        with service.client(name) as client:
            response = client.request(method, path, json=BODIES.get(route), follow_redirects=False)
        if role is None:
            assert response.status_code == 401, route
        elif ROLES.index(role) < ROLES.index(least):
            assert response.status_code == 403, route
            assert f"the role {least}" in response.json()["detail"]
        else:
            assert response.status_code not in (401, 403), route
    for article in service.library.articles():
        if article.id not in (service.tin, service.copper):
            service.library.remove(article.id)


def asked(client: httpx.Client, surface: str, question: str, **more: Any) -> dict[str, Any]:
    """The `Answer` of a surface, or the problem."""
    if surface == "answer":
        return dict(client.post("/v1/answer", json={"question": question} | more).json())
    if surface == "stream":
        accept = {"Accept": "text/event-stream"}
        reply = client.post("/v1/answer", json={"question": question} | more, headers=accept)
        lines = [line for line in reply.text.splitlines() if line.startswith(("data: ", "{"))]
        return dict(json.loads(lines[-1].removeprefix("data: ")))
    if surface == "chat":
        chat = {"model": "footnote", "messages": [{"role": "user", "content": question}]} | more
        reply = client.post("/v1/chat/completions", json=chat)
        return dict(reply.json().get("footnote", reply.json()))
    if surface == "response":
        reply = client.post("/v1/responses", json={"model": "footnote", "input": question} | more)
        return dict(reply.json().get("footnote", reply.json()))
    return called(client, "ask", {"question": question} | more)


def rpc(client: httpx.Client, method: str, params: dict[str, Any]) -> dict[str, Any]:
    """What `/mcp` replies."""
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    accept = {"Accept": "application/json, text/event-stream"}
    return dict(client.post("/mcp", json=message, headers=accept).json())


def called(client: httpx.Client, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """The structured result of a tool of `/mcp`, or its error under `detail`."""
    result = rpc(client, "tools/call", {"name": tool, "arguments": arguments})["result"]
    if result.get("isError"):
        return {"detail": result["content"][0]["text"]}
    return dict(result["structuredContent"])


SURFACES = ["answer", "stream", "chat", "response", "mcp"]


@pytest.mark.parametrize("surface", SURFACES)
def test_a_question_sees_only_what_its_key_may_see(service: Service, surface: str) -> None:
    """An article of the space `metals` is found by those who belong to it."""
    for name, sees in {"ada": True, "ann": False}.items():
        client = service.client(name)
        answer = asked(client, surface, QUESTION)
        shown = {p["article_id"] for p in (*answer["passages"], *answer["citations"])}
        assert (service.tin in shown) is sees, name
        assert sees or "232 degrees" not in json.dumps(answer)
        named = asked(client, surface, QUESTION, article_ids=[service.tin])
        assert ("detail" not in named) is sees, named
        assert sees or f"There is no article {service.tin} in the library." in named["detail"]


def test_an_article_of_another_space_is_not_there(service: Service) -> None:
    """Neither listed, read, searched, corrected nor removed."""
    for name, sees in {"ada": True, "eve": True, "ann": False, "moe": False}.items():
        client = service.client(name)
        listed = {a["id"]: a["spaces"] for a in client.get("/v1/articles").json()}
        assert listed == ({service.tin: ["metals"]} if sees else {}) | {service.copper: []}
        by_mcp = called(client, "list_articles", {})["result"]
        assert {a["id"] for a in by_mcp} == listed.keys()
        assert client.get(f"/v1/articles/{service.tin}").is_success is sees
        assert client.get(f"/articles/{service.tin}").is_success is sees
        found = called(client, "search_passages", {"query": QUESTION})["result"]
        assert (service.tin in {p["article_id"] for p in found}) is sees
        retrieved = client.post("/v1/retrieve", json={"query": QUESTION}).json()["passages"]
        assert retrieved == found
        named = {"query": QUESTION, "article_ids": [service.tin]}
        assert client.post("/v1/retrieve", json=named).is_success is sees
    assert service.client("moe").delete(f"/v1/articles/{service.tin}").status_code == 404
    assert service.tin in service.library.article_ids()


def test_over_mcp_articles_are_resources_of_who_may_see_them_and_added_by_who_may(
    service: Service,
) -> None:
    for name, sees in {"ada": True, "eve": True, "ann": False}.items():
        client = service.client(name)
        listed = [r["uri"] for r in rpc(client, "resources/list", {})["result"]["resources"]]
        uri = f"footnote://articles/{service.tin}"
        assert (uri in listed) is sees
        assert ("result" in rpc(client, "resources/read", {"uri": uri})) is sees
    for name in ("ann", "ada"):
        refused = called(service.client(name), "add_article", {"text": SPARE})
        assert "takes one with the role manage" in refused["detail"]
    added = called(service.client("max"), "add_article", {"text": SPARE})
    assert added["spaces"] == ["metals"]
    service.client("max").delete(f"/v1/articles/{added['id']}")


def test_a_correction_by_words_of_an_article_of_another_space_is_refused(service: Service) -> None:
    client = service.client("ann")
    conversation = client.post("/v1/conversations").json()["id"]
    reply = client.post(
        "/v1/answer", json={"question": "How hot is tin?", "conversation_id": conversation}
    )
    place = {"article_id": service.tin, "start": 0, "end": 5}
    said = {
        "conversation_id": conversation,
        "answer_id": reply.headers["footnote-answer-id"],
        "rating": "down",
        "correct": place,
    }
    refused = client.post("/v1/feedback", json=said)
    assert refused.status_code == 404
    assert service.tin in refused.json()["detail"]


def test_articles_are_added_to_spaces_of_ones_own(service: Service) -> None:
    max_, moe, eve = (service.client(name) for name in ("max", "moe", "eve"))
    added = max_.post("/v1/articles", json={"text": SPARE})
    assert added.json()["spaces"] == ["metals"]
    assert moe.get(f"/v1/articles/{added.json()['id']}").status_code == 404
    for client, space in ((max_, "finance"), (moe, "metals"), (moe, "finance")):
        refused = client.post("/v1/articles", params={"space": space}, json={"text": SPARE})
        assert refused.status_code == 403, refused.text
    both = eve.post("/v1/articles", params={"space": "finance"}, json={"text": SPARE})
    assert both.json()["spaces"] == ["finance", "metals"]
    assert max_.get(f"/v1/articles/{added.json()['id']}").json()["spaces"] == ["metals"]
    # Who is not let into a space cannot tell that the text was in the library.
    again = moe.post("/v1/articles", json={"text": SPARE})
    assert (again.status_code, again.json()["spaces"]) == (201, [])
    assert eve.delete(f"/v1/articles/{added.json()['id']}").status_code == 204
    assert max_.get(f"/v1/articles/{added.json()['id']}").status_code == 404


def test_an_article_of_two_spaces_is_removed_from_ones_own_alone(service: Service) -> None:
    max_, eve = service.client("max"), service.client("eve")
    id_ = max_.post("/v1/articles", json={"text": SPARE}).json()["id"]
    eve.post("/v1/articles", params={"space": "finance"}, json={"text": SPARE})
    assert max_.delete(f"/v1/articles/{id_}").status_code == 204
    assert max_.get(f"/v1/articles/{id_}").status_code == 404
    assert eve.get(f"/v1/articles/{id_}").json()["spaces"] == ["finance"]
    eve.delete(f"/v1/articles/{id_}")


def conversation_of(client: httpx.Client) -> tuple[str, str]:
    """The ids of a new conversation and of the answer in it."""
    id_ = client.post("/v1/conversations").json()["id"]
    reply = client.post("/v1/answer", json={"question": QUESTION, "conversation_id": id_})
    return id_, reply.headers["footnote-answer-id"]


@pytest.mark.parametrize("name", ["ann", "max", "eve"])
def test_a_conversation_is_its_owners_alone(service: Service, name: str) -> None:
    """No one else lists, reads, adds to, renames, exports, rates, shares or removes it."""
    ada, other = service.client("ada"), service.client(name)
    id_, answer = conversation_of(ada)
    assert id_ in [c["id"] for c in ada.get("/v1/conversations").json()]
    assert id_ not in [c["id"] for c in other.get("/v1/conversations").json()]
    path = f"/v1/conversations/{id_}"
    said = {"conversation_id": id_, "answer_id": answer, "rating": "down"}
    for method, at, body in [
        ("GET", path, None),
        ("PATCH", path, {"title": "mine"}),
        ("DELETE", path, None),
        ("GET", f"{path}/export", None),
        ("POST", f"{path}/share", None),
        ("DELETE", f"{path}/share", None),
        ("POST", "/v1/feedback", said),
        ("POST", "/v1/answer", {"question": QUESTION, "conversation_id": id_}),
    ]:
        assert other.request(method, at, json=body).status_code == 404, (method, at)
    assert len(ada.get(path).json()["answers"]) == 1
    assert ada.post("/v1/feedback", json=said).status_code == 201


def test_without_keys_a_conversation_is_its_browsers(service: Service) -> None:
    app = create_app(Settings(), service.library)
    one, other = (TestClient(app, base_url="http://localhost") for _ in range(2))
    id_ = one.post("/v1/conversations").json()["id"]
    cookie = one.cookies["footnote_browser"]
    assert [c["id"] for c in one.get("/v1/conversations").json()] == [id_]
    assert other.get("/v1/conversations").json() == []
    assert other.get(f"/v1/conversations/{id_}").status_code == 404
    later = TestClient(app, base_url="http://localhost", cookies={"footnote_browser": cookie})
    assert later.get(f"/v1/conversations/{id_}").status_code == 200


def test_what_was_kept_before_there_were_names_is_an_admins(service: Service) -> None:
    id_ = service.app.state.conversations.create("old").id
    for name, status in {"eve": 200, "moe": 404, "ada": 404}.items():
        assert service.client(name).get(f"/v1/conversations/{id_}").status_code == status


def test_a_conversation_is_shared_by_the_link_that_was_made_for_it(service: Service) -> None:
    ada, max_, ann = (service.client(name) for name in ("ada", "max", "ann"))
    id_, _ = conversation_of(ada)
    link = ada.post(f"/v1/conversations/{id_}/share").json()
    assert ada.post(f"/v1/conversations/{id_}/share").json() == link
    assert link["path"] == f"/?c={link['token']}"
    shared = max_.get(f"/v1/shared/{link['token']}")
    assert shared.json() == ada.get(f"/v1/conversations/{id_}").json()
    # Of an article that one may not see, its quotes are not seen either.
    assert ann.get(f"/v1/shared/{link['token']}").status_code == 403
    assert max_.get(f"/v1/shared/{id_}").status_code == 404
    assert max_.get(f"/v1/conversations/{id_}").status_code == 404
    assert service.client(None).get(f"/v1/shared/{link['token']}").status_code == 401
    assert ada.delete(f"/v1/conversations/{id_}/share").status_code == 204
    assert max_.get(f"/v1/shared/{link['token']}").status_code == 404


def test_the_audit_log_tells_an_admin_who_did_what_and_no_texts(service: Service) -> None:
    max_, eve = service.client("max"), service.client("eve")
    added = max_.post("/v1/articles", json={"text": SPARE, "title": "Bronze"}).json()["id"]
    id_, answer = conversation_of(max_)
    max_.post("/v1/feedback", json={"conversation_id": id_, "answer_id": answer, "rating": "up"})
    max_.delete(f"/v1/conversations/{id_}")
    max_.delete(f"/v1/articles/{added}")
    log = eve.get("/v1/audit", params={"limit": 5})
    assert [(e["who"], e["deed"], e["of"]) for e in reversed(log.json())] == [
        ("max", "added an article", added),
        ("max", "asked", ""),
        ("max", "rated an answer", answer),
        ("max", "deleted a conversation", id_),
        ("max", "removed an article", added),
    ]
    assert not {"Bronze", "melt", "bronze"} & set(log.text.split('"'))
    older = eve.get("/v1/audit", params={"limit": 1, "before": log.json()[-1]["n"]}).json()
    assert older[0]["n"] < log.json()[-1]["n"]


def test_the_audit_log_forgets_after_its_days(service: Service) -> None:
    log = AuditLog(service.library.database, 0)
    log.write("max", "asked")
    assert log.read(10) == []


def test_backup_and_restore_keep_owners_spaces_links_and_the_log(
    service: Service, settings: Settings, tmp_path: Any
) -> None:
    path = tmp_path / "backup.zip"
    ada = service.client("ada")
    id_, _ = conversation_of(ada)
    link = ada.post(f"/v1/conversations/{id_}/share").json()
    write_backup(service.library._settings, path)
    restored = settings.model_copy(update={"api_keys": keys()})
    restore_backup(path, restored, lambda _: None)
    with open_library(restored) as library, ExitStack() as stack:
        app = create_app(restored, library)
        address = stack.enter_context(served(app))
        again = Service(app, library, service.tin, service.copper, address)
        assert again.client("ada").get(f"/v1/conversations/{id_}").status_code == 200
        assert again.client("eve").get(f"/v1/conversations/{id_}").status_code == 404
        assert again.client("ann").get(f"/v1/articles/{service.tin}").status_code == 404
        assert again.client("ada").get(f"/v1/articles/{service.tin}").status_code == 200
        assert again.client("max").get(f"/v1/shared/{link['token']}").status_code == 200
        deeds = [e["deed"] for e in again.client("eve").get("/v1/audit").json()]
        assert "shared a conversation" in deeds
