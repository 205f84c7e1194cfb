"""`POST /v1/answer` and what surrounds it: streams, errors, docs, monitoring."""

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from filelock import FileLock
from served import ANSWER, COPPER, QUESTION, TIN, served

from index.errors import ModelProblem
from index.library import Library, open_library
from index.loading.loader import load_text
from index.rights import Rights
from index.settings import Settings
from index.storage.places import LOCK
from qa.answer import NOT_IN_ARTICLE, Answer
from qa.chain import EMPTY_LIBRARY, AnswerChain, AnswerRequest
from qa.events import Event, QuestionEvent, StatementEvent
from qa.http.access import Access
from qa.http.answer_queue import AnswerQueue
from qa.http.answers import answer_routes
from qa.http.app import create_app
from qa.http.door import Door
from qa.http.limits import RateLimit
from qa.http.monitoring import Measurements
from qa.http.openai.chat import chat_routes
from qa.http.openai.models import models_routes
from qa.http.openai.responses import responses_routes
from qa.http.workers import Workers
from qa.records.audit import AuditLog
from qa.records.conversations import Conversations
from qa.records.sessions import Sessions

SSE = {"Accept": "text/event-stream"}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("service"))
    with open_library(settings) as library:
        for text in (TIN, COPPER):
            library.add(load_text(text, settings))
        yield library


@pytest.fixture(scope="module")
def client(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("unused"), max_question_characters=200)
    with TestClient(create_app(settings, library), base_url="http://localhost") as client:
        yield client


def events(text: str) -> list[tuple[str, Any]]:
    """The name and the data of each Server-Sent Event of a body."""
    found = re.findall(r"event: (\w+)\r\n(?:id: \S+\r\n)?data: (.*)\r\n", text)
    return [(name, json.loads(data)) for name, data in found]


def ids(library: Library) -> dict[str, str]:
    return {summary.title: summary.id for summary in library.articles()}


def test_a_question_gets_a_cited_answer(client: TestClient, library: Library) -> None:
    response = client.post("/v1/answer", json={"question": QUESTION})
    answer = Answer.model_validate_json(response.content)
    assert answer.short_answer is not None
    assert ANSWER in answer.short_answer
    for citation in answer.citations:
        text = client.get(f"/v1/articles/{citation.article_id}").json()["text"]
        assert text[citation.start : citation.end] == citation.quote


def test_only_the_articles_that_are_named_are_asked(client: TestClient, library: Library) -> None:
    copper = ids(library)["Copper"]
    request = {"question": QUESTION, "article_ids": [copper], "k": 1}
    answer = client.post("/v1/answer", json=request).json()
    assert {passage["article_id"] for passage in answer["passages"]} == {copper}
    assert len(answer["passages"]) == 1


def test_history_makes_a_follow_up_stand_alone(client: TestClient) -> None:
    history = [
        {"role": "user", "content": "Who measured the price of tin?"},
        {"role": "assistant", "content": "Mary Walker measured the price of tin in 2019. [1]"},
    ]
    request = {"question": "What did she find?", "history": history}
    answer = client.post("/v1/answer", json=request).json()
    assert "Mary Walker" in answer["standalone_question"]
    assert "18,700 dollars" in answer["text"]


def test_a_stream_shows_the_stages_and_ends_with_the_same_answer(client: TestClient) -> None:
    whole = client.post("/v1/answer", json={"question": QUESTION}).json()
    response = client.post("/v1/answer", json={"question": QUESTION}, headers=SSE)
    assert response.headers["content-type"].startswith("text/event-stream")
    got = events(response.text)
    assert [name for name, _ in got] == ["understood", "passages", "text", "citation", "answer"]
    data = dict(got)
    assert data["understood"] == {"standalone_question": whole["standalone_question"]}
    assert data["passages"]["passages"] == whole["passages"]
    assert data["text"]["text"] == whole["text"]
    assert data["citation"] == whole["citations"][0]
    assert {**data["answer"], "latency_ms": None} == {**whole, "latency_ms": None}


def test_a_refusal_streams_no_text(client: TestClient) -> None:
    request = {"question": "Who won the football cup in Brazil?"}
    got = events(client.post("/v1/answer", json=request, headers=SSE).text)
    assert [name for name, _ in got] == ["understood", "passages", "answer"]
    assert got[-1][1]["text"] == NOT_IN_ARTICLE
    assert got[-1][1]["status"] == "not_in_article"


def test_an_empty_library_says_what_to_do(settings: Settings) -> None:
    with TestClient(create_app(settings), base_url="http://localhost") as client:
        answer = client.post("/v1/answer", json={"question": QUESTION}).json()
    assert answer["status"] == "not_in_article"
    assert answer["note"] == EMPTY_LIBRARY


UNKNOWN = "0123456789abcdef"
LONE_SURROGATE = b'{"question": "tin \\ud800"}'
PROBLEMS: list[tuple[Any, int, str]] = [
    ({"question": QUESTION, "article_ids": [UNKNOWN]}, 404, UNKNOWN),
    ({"question": QUESTION, "conversation_id": "no-such"}, 404, "no-such"),
    ({"question": ""}, 422, "body.question"),
    ({"question": " \n"}, 422, "empty"),
    ({"question": "tin " * 60}, 413, "FOOTNOTE_MAX_QUESTION_CHARACTERS"),
    ({}, 422, "body.question"),
    ({"question": QUESTION, "k": 0}, 422, "body.k"),
    ({"question": QUESTION, "k": 51}, 422, "body.k"),
    ({"question": QUESTION, "unknown": 1}, 422, "body.unknown"),
    ({"question": QUESTION, "history": [{"role": "system", "content": "x"}]}, 422, "history"),
    ([], 422, "body"),
    (b"{", 400, "not JSON"),
    (LONE_SURROGATE, 422, "surrogate"),
]


@pytest.mark.parametrize("headers", [{}, SSE], ids=["json", "stream"])
@pytest.mark.parametrize(("body", "status", "says"), PROBLEMS)
def test_a_request_at_fault_gets_a_problem_document(
    client: TestClient, body: Any, status: int, says: str, headers: dict[str, str]
) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"} | headers
    response = client.post("/v1/answer", content=content, headers=headers)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["type"].startswith("urn:footnote:problem:")
    assert says in problem["detail"]


@pytest.mark.parametrize("path", ["/v1/answer", "/v1/chat/completions", "/v1/feedback"])
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
def test_a_body_that_is_not_sent_as_json_is_refused_as_such(
    client: TestClient, path: str, kind: str | None
) -> None:
    headers = {"Content-Type": kind} if kind else {}
    response = client.post(path, content=b'{"question": "tin?"}', headers=headers)
    assert response.status_code == 415
    assert response.headers["content-type"] == "application/problem+json"
    assert "application/json" in response.json()["detail"]


def test_an_unknown_path_or_method_gets_a_problem_document_too(client: TestClient) -> None:
    for response, status in ((client.get("/nowhere"), 404), (client.put("/v1/answer"), 405)):
        assert response.status_code == status
        assert response.headers["content-type"] == "application/problem+json"


def test_a_busy_library_is_said_with_the_time_to_wait(settings: Settings) -> None:
    with (
        open_library(settings, lock_wait_s=0.1) as library,
        TestClient(create_app(settings, library), base_url="http://localhost") as client,
        FileLock(settings.data_dir / LOCK),  # as another process does while it writes
    ):
        response = client.post("/v1/articles", json={"text": TIN})
    assert response.status_code == 503
    assert response.json()["type"] == "urn:footnote:problem:library-busy"
    assert int(response.headers["retry-after"]) > 0


def test_the_docs_page_is_swagger_with_its_files_from_here(client: TestClient) -> None:
    response = client.get("/docs")
    own = re.findall(r"(?:src|href|url)\s*[=:]\s*['\"](\S+?)['\"]", response.text)
    assert len(own) == 4
    for path in own:
        assert path.startswith("/")
        assert client.get(path).status_code == 200
    assert client.get("/docs/oauth2-redirect.html").status_code == 422  # there is no log-in
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy


def test_the_examples_of_the_docs_are_accepted(client: TestClient) -> None:
    operation = client.get("/openapi.json").json()["paths"]["/v1/answer"]["post"]
    examples = operation["requestBody"]["content"]["application/json"]["examples"]
    assert len(examples) >= 2
    for example in examples.values():
        assert client.post("/v1/answer", json=example["value"]).status_code == 200


def test_readiness_and_metrics_tell_of_the_real_thing(client: TestClient) -> None:
    assert client.get("/readyz").json() == {"status": "ready", "articles": 2}
    client.post("/v1/answer", json={"question": QUESTION})
    client.get("/v1/articles/nothing")
    text = client.get("/metrics").text
    assert "footnote_articles 2.0" in text
    assert re.search(
        r'footnote_answers_total\{answerer="reader:footnote",status="answered"\} [1-9]', text
    )
    assert re.search(r'footnote_stage_seconds_count\{stage="retrieve"\} [1-9]', text)
    route = re.escape('route="/v1/articles/{article_id}",status="404"')
    assert re.search(rf'footnote_requests_total\{{method="GET",{route}\}} [1-9]', text)


def test_a_library_that_cannot_be_read_is_not_ready(settings: Settings) -> None:
    with open_library(settings) as library:
        app = create_app(settings, library)
        with TestClient(app, base_url="http://localhost") as client:
            assert client.get("/readyz").status_code == 200
            library.add(load_text(TIN, settings))
            for file in Path(settings.data_dir).glob("articles.db*"):
                file.write_bytes(b"garbage" * 1000)
            library.database.dispose()
            response = client.get("/readyz")
    assert response.status_code == 503
    assert "damaged" in response.json()["detail"]


def test_many_clients_at_once_each_get_their_own_answer(library: Library) -> None:
    questions = {"At what temperature does tin melt?": "232", "Where is copper dug up?": "Chile"}
    got: list[tuple[str, str]] = []

    def ask(address: str, question: str) -> None:
        answer = httpx.post(f"{address}/v1/answer", json={"question": question}, timeout=60).json()
        got.append((question, answer["text"]))

    with served(create_app(Settings(), library)) as address:
        threads = [
            threading.Thread(target=ask, args=(address, question))
            for question in list(questions) * 10
        ]
        for thread in threads:
            thread.start()
        alive = httpx.get(f"{address}/healthz", timeout=5)
        for thread in threads:
            thread.join()
    assert alive.status_code == 200
    assert len(got) == 20
    assert all(questions[question] in text for question, text in got)


class EndlessChain:
    """States something new for as long as it is asked to."""

    def __init__(self) -> None:
        self.steps = 0
        self.closed = threading.Event()

    def within(self, _: Rights) -> "EndlessChain":
        return self

    def events(self, request: AnswerRequest) -> Iterator[Event]:
        try:
            yield QuestionEvent(request.question)
            while True:
                self.steps += 1
                yield StatementEvent(f"Statement {self.steps}. [1]", (), None)  # type: ignore[arg-type]
        finally:
            self.closed.set()


class FailingChain:
    """States one thing and fails."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def within(self, _: Rights) -> "FailingChain":
        return self

    def events(self, request: AnswerRequest) -> Iterator[Event]:
        yield StatementEvent("Statement 1. [1]", (), None)  # type: ignore[arg-type]
        raise self.error


def service_of(chain: object, library: Library) -> FastAPI:
    audit = AuditLog(library.database, 1)
    workers = Workers(2, "test", 10)
    queue = AnswerQueue(cast(AnswerChain, chain), workers, Measurements(), audit)
    app = FastAPI()
    app.add_middleware(
        Access,
        settings=Settings(),
        keys=(),
        door=Door((), lambda _, per_minute: RateLimit(per_minute)),
        rate=RateLimit(0),
        sessions=Sessions(library.database, ()),
        audit=audit,
    )
    app.include_router(answer_routes(queue, Conversations(library.database)))
    app.include_router(chat_routes(queue, Settings()))
    app.include_router(responses_routes(queue, Settings()))
    app.include_router(models_routes("none"))
    return app


CHAT = {
    "model": "footnote",
    "stream": True,
    "messages": [{"role": "user", "content": QUESTION}],
}
STREAMS = [("/v1/answer", {"question": QUESTION}), ("/v1/chat/completions", CHAT)]
RESPONSE = {"model": "footnote", "stream": True, "input": QUESTION}


@pytest.mark.parametrize(("path", "request_"), STREAMS)
@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (ModelProblem("The model is gone."), 503, "The model is gone."),
        (RuntimeError("secret insides"), 500, "fault of Footnote's own"),
    ],
)
def test_a_stream_that_fails_midway_ends_with_the_problem(
    library: Library,
    path: str,
    request_: dict[str, Any],
    error: Exception,
    status: int,
    says: str,
) -> None:
    client = TestClient(service_of(FailingChain(error), library), base_url="http://localhost")
    response = client.post(path, json=request_, headers=SSE)
    *_, last = [line for line in response.text.splitlines() if line.startswith("data: ")]
    problem = json.loads(last.removeprefix("data: "))
    assert "Statement 1." in response.text
    assert problem["status"] == status
    assert says in problem["detail"]
    assert problem["error"]["message"] == problem["detail"]
    assert "secret" not in response.text


def test_a_response_that_fails_midway_ends_with_an_error_event(library: Library) -> None:
    chain = FailingChain(ModelProblem("The model is gone."))
    client = TestClient(service_of(chain, library), base_url="http://localhost")
    response = client.post("/v1/responses", json=RESPONSE)
    *_, last = [line for line in response.text.splitlines() if line.startswith("data: ")]
    event = json.loads(last.removeprefix("data: "))
    assert (event["type"], event["message"]) == ("error", "The model is gone.")


@pytest.mark.parametrize(("path", "request_"), [*STREAMS, ("/v1/responses", RESPONSE)])
def test_a_cancelled_stream_stops_the_work_behind_it(
    library: Library, path: str, request_: dict[str, Any]
) -> None:
    chain = EndlessChain()
    with served(service_of(chain, library)) as address:
        with httpx.stream("POST", address + path, json=request_, headers=SSE, timeout=30) as got:
            lines = got.iter_lines()  # kept: the response ends when nobody holds it
            assert any("Statement 3." in line for line in lines)
            assert not chain.closed.is_set()
        assert chain.closed.wait(10)
        steps = chain.steps
        assert httpx.get(f"{address}/v1/models").status_code == 200
        assert chain.steps == steps
