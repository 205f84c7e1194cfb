"""Conversations are kept, followed up, exported and corrected."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient
from markdown_it import MarkdownIt
from served import COPPER, QUESTION, TIN

from index.errors import NotFound
from index.library import Library, open_library
from index.loading.loader import load_text
from index.settings import Settings
from qa.answer import Answer, Citation
from qa.evaluation.cases import load_test_set
from qa.evaluation.own_set import own_set_path
from qa.http.app import create_app
from qa.records.conversations import REMEMBERED_TURNS, Conversation, Conversations, StoredAnswer
from qa.records.export import to_markdown
from qa.records.feedback import FeedbackBook, Rating
from qa.records.pins import Pins
from qa.records.removal import branch, conversation_rows, put_back, remove_conversation

ANSWER_ID = "footnote-answer-id"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("conversations"))
    with open_library(settings) as library:
        for text in (TIN, COPPER):
            library.add(load_text(text, settings))
        yield library


@pytest.fixture(scope="module")
def client(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    own = Settings(data_dir=tmp_path_factory.mktemp("own"))
    with TestClient(create_app(own, library), base_url="http://localhost") as client:
        yield client


@pytest.fixture
def own_set(client: TestClient) -> Path:
    path: Path = client.app.state.feedback._own_set  # type: ignore[attr-defined]
    path.unlink(missing_ok=True)
    return path


def begin(client: TestClient) -> str:
    response = client.post("/v1/conversations")
    assert response.status_code == 201
    return str(response.json()["id"])


def ask(client: TestClient, question: str, conversation: str, **more: Any) -> tuple[str, Any]:
    """The id of the answer, and the answer."""
    request = {"question": question, "conversation_id": conversation, **more}
    response = client.post("/v1/answer", json=request)
    assert response.status_code == 200, response.text
    return response.headers[ANSWER_ID], response.json()


def test_a_follow_up_needs_only_the_conversation(client: TestClient) -> None:
    conversation = begin(client)
    ask(client, "Who measured the price of tin?", conversation)
    _, answer = ask(client, "What did she find?", conversation)
    assert "Mary Walker" in answer["standalone_question"]
    assert "18,700 dollars" in answer["text"]


def test_a_conversation_is_read_as_it_was_spoken(client: TestClient) -> None:
    conversation = begin(client)
    id_, answer = ask(client, QUESTION, conversation)
    read = client.get(f"/v1/conversations/{conversation}").json()
    assert read["title"] == QUESTION
    assert [stored["id"] for stored in read["answers"]] == [id_]
    assert read["answers"][0]["answer"] == answer
    assert client.get("/v1/conversations").json()[0]["answers"] == 1


def test_a_streamed_answer_is_kept_too_under_the_id_of_its_event(client: TestClient) -> None:
    conversation = begin(client)
    response = client.post(
        "/v1/answer",
        json={"question": QUESTION, "conversation_id": conversation},
        headers={"Accept": "text/event-stream"},
    )
    id_ = re.search(r"^id: (\S+)\r$", response.text, re.MULTILINE)
    assert id_
    read = client.get(f"/v1/conversations/{conversation}").json()
    assert [stored["id"] for stored in read["answers"]] == [id_[1]]


def test_a_follow_up_asks_the_same_articles_unless_told_otherwise(
    client: TestClient, library: Library
) -> None:
    copper = next(s.id for s in library.articles() if s.title == "Copper")
    conversation = begin(client)
    ask(client, "At what temperature does copper melt?", conversation, article_ids=[copper])
    for more, expected in (({}, [copper]), ({"article_ids": None}, None)):
        ask(client, QUESTION, conversation, **more)
        last = client.get(f"/v1/conversations/{conversation}").json()["answers"][-1]
        assert last["article_ids"] == expected


def test_history_and_a_conversation_exclude_each_other(client: TestClient) -> None:
    request = {
        "question": QUESTION,
        "conversation_id": begin(client),
        "history": [{"role": "user", "content": "tin"}],
    }
    response = client.post("/v1/answer", json=request)
    assert response.status_code == 422
    assert "either history or conversation_id" in response.json()["detail"]


def test_conversations_are_listed_renamed_and_deleted(client: TestClient) -> None:
    first, second = begin(client), begin(client)
    ask(client, QUESTION, first)
    listed = [row["id"] for row in client.get("/v1/conversations").json()]
    assert listed.index(first) < listed.index(second)
    path = f"/v1/conversations/{first}"
    assert client.patch(path, json={"title": " Metals "}).status_code == 204
    assert client.get(path).json()["title"] == "Metals"
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404
    assert client.delete(path).status_code == 404
    assert client.patch(path, json={"title": "x"}).status_code == 404


def test_a_conversation_survives_a_restart_and_the_removal_of_its_article(
    settings: Settings,
) -> None:
    browser = {"footnote_browser": "the-browser-of-a-test-"}
    with TestClient(create_app(settings), base_url="http://localhost", cookies=browser) as client:
        article = client.post("/v1/articles", json={"text": TIN}).json()["id"]
        conversation = begin(client)
        _, answer = ask(client, QUESTION, conversation)
        client.delete(f"/v1/articles/{article}")
    with TestClient(create_app(settings), base_url="http://localhost", cookies=browser) as client:
        read = client.get(f"/v1/conversations/{conversation}").json()
        assert read["answers"][0]["answer"] == answer
        ask(client, "And copper?", conversation)


def test_only_the_last_turns_are_remembered(client: TestClient, library: Library) -> None:
    conversations = client.app.state.conversations  # type: ignore[attr-defined]
    conversation = begin(client)
    _, answer = ask(client, QUESTION, conversation)
    for _ in range(REMEMBERED_TURNS + 2):
        conversations.append(conversation, Answer.model_validate(answer), None)
    assert len(conversations.latest(conversation)) == REMEMBERED_TURNS


def test_an_answer_that_replaces_another_takes_the_place_of_all_since(
    client: TestClient, library: Library
) -> None:
    conversations = Conversations(library.database)
    ids = [begin(client), begin(client)]
    for conversation in ids:
        for question in (QUESTION, "Who measured the price of tin?", "What did she find?"):
            ask(client, question, conversation)
    first, second, _ = conversations.read(ids[0]).answers
    client.post(
        "/v1/feedback",
        json={"conversation_id": ids[0], "answer_id": second.id, "rating": "up"},
    )
    kept = conversations.append(ids[0], first.answer, None, replacing=second.id)
    assert [stored.id for stored in conversations.read(ids[0]).answers] == [first.id, kept.id]
    assert FeedbackBook(library, conversations, Settings()).given(ids[0]) == {}
    assert len(conversations.read(ids[1]).answers) == 3


def test_what_was_said_about_the_answers_of_a_conversation_can_be_read(
    client: TestClient, library: Library, own_set: Path
) -> None:
    conversation = begin(client)
    ids = [ask(client, QUESTION, conversation)[0] for _ in range(3)]
    said: list[dict[str, Any]] = [{"rating": "up"}, {"rating": "down", "correct": "not_in_article"}]
    for id_, body in zip(ids, said, strict=False):
        about = {"conversation_id": conversation, "answer_id": id_}
        client.post("/v1/feedback", json=about | body).raise_for_status()
    book = FeedbackBook(library, Conversations(library.database), Settings())
    assert book.given(conversation) == {ids[0]: Rating("up", False), ids[1]: Rating("down", True)}
    assert book.given("none") == {}


def test_the_export_is_markdown_with_footnotes_or_json(client: TestClient) -> None:
    conversation = begin(client)
    ask(client, QUESTION, conversation)
    ask(client, "Who won the football cup in Brazil?", conversation)
    path = f"/v1/conversations/{conversation}/export"
    markdown = client.get(path)
    assert markdown.headers["content-type"] == "text/markdown; charset=utf-8"
    assert "attachment" in markdown.headers["content-disposition"]
    assert "[^1-1]\n" in markdown.text
    assert "[^1-1]: “It melts at 232 degrees Celsius" in markdown.text
    exported = client.get(path, params={"format": "json"})
    assert exported.json() == client.get(f"/v1/conversations/{conversation}").json()
    assert client.get(path, params={"format": "docx"}).status_code == 422


def test_nothing_of_an_article_or_a_question_becomes_markup_in_the_export() -> None:
    hostile = (
        "<script>alert(1)</script> ![x](http://evil.example/a.png) [a](javascript:b) `c` **d** [9]"
    )
    quote = f"{hostile}\n# Heading\n- item\n1. one\n| a | b |\n> quoted"
    citation = Citation(
        n=1,
        article_id="a",
        title=hostile,
        source=hostile,
        passage_id="p",
        quote=quote,
        start=0,
        end=len(quote),
    )
    answer = Answer(
        question=hostile,
        standalone_question=f"{hostile} more",
        status="answered",
        text=f"{quote} [1]",
        short_answer=None,
        confidence=0.9,
        citations=(citation,),
        passages=(),
        answerer="test",
        note=hostile,
        latency_ms={},
        fingerprint="0",
    )
    now = datetime.now(UTC)
    stored = StoredAnswer("a", now, None, answer)
    markdown = to_markdown(Conversation("c", hostile, now, now, (stored,)))
    assert markdown.count("[^1-1]") == 2
    # Without the footnotes, which CommonMark does not know, only our own headings are left.
    html = MarkdownIt("commonmark").enable("table").render(markdown.replace("[^1-1]", ""))
    assert set(re.findall(r"</?(\w+)", html)) == {"h1", "h2", "p", "em"}
    assert html.count("<h1>") == 1
    assert "&lt;script&gt;alert(1)" in html


def test_feedback_is_taken_once_per_answer_and_can_change(client: TestClient) -> None:
    conversation = begin(client)
    id_, _ = ask(client, QUESTION, conversation)
    said = {"conversation_id": conversation, "answer_id": id_, "rating": "up"}
    for rating in ("up", "down"):
        response = client.post("/v1/feedback", json={**said, "rating": rating, "comment": "?"})
        assert response.status_code == 201
        assert response.json() == {"test_case": None}


def test_a_correction_becomes_a_case_that_the_check_can_ask(
    client: TestClient, library: Library, own_set: Path
) -> None:
    article = next(library.article(s.id) for s in library.articles() if s.title == "Tin")
    quote = "It melts at 232 degrees Celsius"
    start = article.text.index(quote)
    conversation = begin(client)
    ask(client, "What is tin?", conversation)
    id_, _ = ask(client, "When does it melt?", conversation)
    said = {
        "conversation_id": conversation,
        "answer_id": id_,
        "rating": "down",
        "correct": {"article_id": article.id, "start": start, "end": start + len(quote)},
    }
    response = client.post("/v1/feedback", json=said)
    assert response.status_code == 201
    assert response.json()["test_case"] == f"feedback-{id_}"
    case = load_test_set(own_set, Settings(), library.article).cases[0]
    assert case.case.question == "When does it melt?"
    assert [turn.content for turn in case.case.history if turn.role == "user"] == ["What is tin?"]
    assert [(gold.article_id, gold.start, gold.end) for gold in case.gold] == [
        (article.id, start, start + len(quote))
    ]
    again = client.post("/v1/feedback", json=said)
    assert again.status_code == 409
    assert len(yaml.safe_load(own_set.read_text())["cases"]) == 1


def test_a_correction_of_words_that_occur_again_names_the_right_place(
    client: TestClient, library: Library, own_set: Path
) -> None:
    """`metal` occurs several times; only its surroundings tell which one was marked."""
    article = next(library.article(s.id) for s in library.articles() if s.title == "Tin")
    start = article.text.rindex("metal")
    conversation = begin(client)
    id_, _ = ask(client, QUESTION, conversation)
    said = {
        "conversation_id": conversation,
        "answer_id": id_,
        "rating": "down",
        "correct": {"article_id": article.id, "start": start, "end": start + 5},
    }
    assert client.post("/v1/feedback", json=said).status_code == 201
    gold = load_test_set(own_set, Settings(), library.article).cases[0].gold[0]
    assert (gold.start, gold.end) == (start, start + 5)


def test_not_in_article_is_a_correction_too(
    client: TestClient, library: Library, own_set: Path
) -> None:
    conversation = begin(client)
    id_, _ = ask(client, QUESTION, conversation)
    said = {
        "conversation_id": conversation,
        "answer_id": id_,
        "rating": "down",
        "correct": "not_in_article",
    }
    assert client.post("/v1/feedback", json=said).status_code == 201
    placed = load_test_set(own_set, Settings(), library.article).cases[0]
    assert placed.case.not_in_article
    assert placed.article_ids


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ({"answer_id": "no-such"}, 404, "no answer"),
        ({"conversation_id": "no-such"}, 404, "no answer"),
        ({"rating": "up"}, 422, "no correction"),
        ({"rating": "fine"}, 422, "rating"),
        ({"correct": "elsewhere"}, 422, "correct"),
        ({"correct": {"article_id": "0" * 16, "start": 0, "end": 3}}, 404, "no article"),
        ({"correct": {"start": 5, "end": 5}}, 422, "no text"),
        ({"correct": {"start": 10**6, "end": 10**6 + 5}}, 422, "no text"),
        ({"correct": {"start": 0, "end": 10**6}}, 422, "no text"),
        ({"correct": {"start": -1, "end": 5}}, 422, "start"),
    ],
)
def test_feedback_that_makes_no_sense_is_refused(
    client: TestClient, library: Library, change: dict[str, Any], status: int, says: str
) -> None:
    conversation = begin(client)
    id_, _ = ask(client, QUESTION, conversation)
    correct: Any = {"article_id": library.article_ids()[0], "start": 0, "end": 10}
    if isinstance(change.get("correct"), dict):
        change = {**change, "correct": {**correct, **change["correct"]}}
    said = {
        "conversation_id": conversation,
        "answer_id": id_,
        "rating": "down",
        "correct": correct,
        **change,
    }
    response = client.post("/v1/feedback", json=said)
    assert response.status_code == status, response.text
    assert says in response.json()["detail"]


def test_the_users_set_lies_in_the_data_folder(settings: Settings) -> None:
    assert own_set_path(settings).parent == settings.data_dir


def test_a_conversation_is_taken_away_and_put_back_as_it_was(
    client: TestClient, library: Library
) -> None:
    id_ = begin(client)
    ask(client, QUESTION, id_)
    answer, _ = ask(client, "Who is Zoltan?", id_)
    said = {"conversation_id": id_, "answer_id": answer, "rating": "up"}
    client.post("/v1/feedback", json=said).raise_for_status()
    conversations, pins = Conversations(library.database), Pins(library.database)
    book = FeedbackBook(library, conversations, Settings())
    pins.toggle(id_)
    before = conversations.read(id_)
    removed = remove_conversation(library.database, id_)
    assert client.get(f"/v1/conversations/{id_}").status_code == 404
    assert id_ not in pins.ids()
    put_back(library.database, removed)
    assert conversations.read(id_) == before
    assert book.given(id_) == {answer: Rating("up", corrected=False)}
    assert id_ in pins.ids()
    pins.toggle(id_)
    assert id_ not in pins.ids()


def test_from_an_answer_a_conversation_goes_another_way(
    client: TestClient, library: Library
) -> None:
    id_ = begin(client)
    first, _ = ask(client, QUESTION, id_)
    second, _ = ask(client, "Who is Zoltan?", id_)
    conversations = Conversations(library.database)
    before = conversations.read(id_)
    other = conversations.read(branch(library.database, id_, before=second))
    assert conversations.read(id_) == before
    assert [stored.answer for stored in other.answers] == [before.answers[0].answer]
    assert other.answers[0].asked_at == before.answers[0].asked_at
    assert other.answers[0].id != first
    assert other.title == before.title
    empty = conversations.read(branch(library.database, id_, before=first))
    assert (empty.title, empty.answers) == ("", ())


def test_what_is_not_there_is_neither_pinned_nor_taken_away(library: Library) -> None:
    with pytest.raises(NotFound):
        Pins(library.database).toggle("nowhere")
    for act in (remove_conversation, conversation_rows):
        with pytest.raises(NotFound):
            act(library.database, "nowhere")
