"""A chat model behind the HTTP service: the reader's answer first, and whose answer it is."""

import re

import pytest
from fastapi.testclient import TestClient
from scripted_model import Fails, Prompt, Says, ScriptedModel, lines
from served import ANSWER, QUESTION, TIN
from test_service import events

from index.library import Library, open_library
from index.loading.loader import load_text
from index.settings import Settings
from qa.answer import Answer
from qa.http.app import create_app
from qa.records.receipts import make_receipt


def says(prompt: Prompt) -> str:
    """In its own words and without a number, as a small model does."""
    assert any(ANSWER in line for line in lines(prompt).values())
    return "Tin melts at 232 °C."


@pytest.fixture
def service(settings: Settings):  # type: ignore[no-untyped-def]
    with ScriptedModel(Says(says), Fails(503)) as model, open_library(settings) as library:
        library.add(load_text(TIN, settings))
        app = create_app(model.settings(settings, chat_retries=0), library)
        with TestClient(app, base_url="http://localhost") as client:
            yield client, library


def test_the_readers_answer_is_a_draft_and_whoever_wrote_the_answer_is_named(
    service: tuple[TestClient, Library],
) -> None:
    client, library = service
    stream = client.post(
        "/v1/answer", json={"question": QUESTION}, headers={"Accept": "text/event-stream"}
    )
    names, data = zip(*events(stream.text), strict=True)
    assert names == ("understood", "passages", "draft", "text", "citation", "answer")
    assert data[2]["answerer"] == "reader:footnote"
    assert data[-1]["answerer"] == "openai:scripted"
    assert data[-1]["text"] == "Tin melts at 232 °C. [1]"
    assert ANSWER in data[-1]["citations"][0]["quote"]
    assert data[-1]["usage"] == {"input_tokens": 211, "output_tokens": 17}

    failed = client.post("/v1/answer", json={"question": QUESTION}).json()
    assert failed["answerer"] == "reader:footnote"
    assert failed["usage"] is None
    assert "So this is Footnote's own reading." in failed["note"]
    receipt = make_receipt([Answer.model_validate(failed)], library)
    assert [a.answerer for a in receipt.answers] == ["reader:footnote"]
    counted = re.findall(
        r'footnote_answers_total\{answerer="(.*?)",status="answered"\} 1',
        client.get("/metrics").text,
    )
    assert sorted(counted) == ["openai:scripted", "reader:footnote"]
