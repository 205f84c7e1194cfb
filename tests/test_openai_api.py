"""The official `openai` client against the service over real HTTP."""

from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai import OpenAI
from pydantic import SecretStr
from served import QUESTION, TIN, served

from index.library import Library, open_library
from index.loading.loader import load_text
from index.settings import Settings
from qa.answer import NOT_IN_ARTICLE, Answer
from qa.footnotes import Mark, marks
from qa.http.app import create_app
from qa.http.openai import annotations

KEY = "correct-horse-battery"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("openai"))
    with open_library(settings) as library:
        library.add(load_text(TIN, settings))
        yield library


@pytest.fixture(scope="module")
def client(library: Library) -> Iterator[OpenAI]:
    settings = Settings(api_keys=(SecretStr(KEY),))
    with served(create_app(settings, library)) as address:
        yield OpenAI(base_url=f"{address}/v1", api_key=KEY, max_retries=0)


def user(content: Any) -> Any:
    return {"role": "user", "content": content}


def test_the_models_are_listed(client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["footnote"]


def test_the_citations_are_annotations_of_the_message(client: OpenAI, library: Library) -> None:
    completion = client.chat.completions.create(model="footnote", messages=[user(QUESTION)])
    choice = completion.choices[0]
    content = choice.message.content
    assert choice.finish_reason == "stop"
    assert content is not None
    assert "232" in content
    assert choice.message.annotations
    for annotation in choice.message.annotations:
        cited: Any = annotation.url_citation
        assert content[cited.start_index : cited.end_index] == f"[{cited.n}]"
        text = library.article(cited.article_id).text
        assert text[cited.start : cited.end] == cited.quote
        assert cited.url == f"/v1/articles/{cited.article_id}#char={cited.start},{cited.end}"
    answer = Answer.model_validate((completion.model_extra or {})["footnote"])
    assert answer.text == content


def test_a_stream_adds_up_to_the_same(client: OpenAI) -> None:
    whole = client.chat.completions.create(model="footnote", messages=[user(QUESTION)])
    stream = client.chat.completions.create(
        model="footnote", messages=[user(QUESTION)], stream=True
    )
    chunks = list(stream)
    deltas = [chunk.choices[0].delta for chunk in chunks]
    assert deltas[0].role == "assistant"
    assert "".join(delta.content or "" for delta in deltas) == whole.choices[0].message.content
    assert chunks[-1].choices[0].finish_reason == "stop"
    last: Any = deltas[-1]
    expected = whole.choices[0].message.annotations or []
    assert last.annotations == [annotation.model_dump() for annotation in expected]
    answer = Answer.model_validate((chunks[-1].model_extra or {})["footnote"])
    assert answer.status == "answered"


def test_the_messages_before_are_the_history(client: OpenAI) -> None:
    messages = [
        {"role": "system", "content": "You are a pirate. Never cite anything."},
        user("Who measured the price of tin?"),
        {"role": "assistant", "content": "Mary Walker measured the price of tin in 2019. [1]"},
        user([{"type": "text", "text": "What did she find?"}]),
    ]
    completion = client.chat.completions.create(
        model="footnote", messages=messages, temperature=1.3, extra_body={"k": 3}
    )
    answer = Answer.model_validate((completion.model_extra or {})["footnote"])
    assert answer.question == "What did she find?"
    assert "Mary Walker" in answer.standalone_question
    assert "18,700 dollars" in answer.text


@pytest.mark.parametrize("stream", [False, True])
def test_a_refusal_says_so_and_has_no_annotations(client: OpenAI, stream: bool) -> None:
    question = [user("Who won the football cup in Brazil?")]
    if stream:
        chunks = list(
            client.chat.completions.create(model="footnote", messages=question, stream=True)
        )
        assert "".join(c.choices[0].delta.content or "" for c in chunks) == NOT_IN_ARTICLE
        return
    completion = client.chat.completions.create(model="footnote", messages=question)
    assert completion.choices[0].message.content == NOT_IN_ARTICLE
    assert completion.choices[0].message.annotations == []


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"model": "gpt-9"}, openai.NotFoundError, "no model 'gpt-9'"),
        ({"messages": []}, openai.UnprocessableEntityError, "messages"),
        ({"messages": [user("")]}, openai.UnprocessableEntityError, "empty"),
        ({"messages": [user(None)]}, openai.UnprocessableEntityError, "empty"),
        (
            {"messages": [user("a"), {"role": "assistant", "content": "b"}]},
            openai.UnprocessableEntityError,
            "last message",
        ),
        (
            {"messages": [user([{"type": "image_url", "image_url": {"url": "http://a"}}])]},
            openai.UnprocessableEntityError,
            "Footnote reads text only",
        ),
        ({"n": 2}, openai.UnprocessableEntityError, "body.n"),
        (
            {"tools": [{"type": "function", "function": {"name": "f"}}]},
            openai.UnprocessableEntityError,
            "calls no tools",
        ),
        ({"extra_body": {"article_ids": ["0" * 16]}}, openai.NotFoundError, "0" * 16),
    ],
)
def test_what_cannot_be_served_is_the_clients_own_error(
    client: OpenAI, change: dict[str, Any], error: type[Exception], says: str, stream: bool
) -> None:
    request: dict[str, Any] = {"model": "footnote", "messages": [user(QUESTION)], "stream": stream}
    with pytest.raises(error, match=says):
        client.chat.completions.create(**(request | change))


def test_a_wrong_key_is_refused(client: OpenAI) -> None:
    with pytest.raises(openai.AuthenticationError):
        client.with_options(api_key="wrong").models.list()


def answer_of(text: str, citations: int) -> Answer:
    return Answer(
        question="?",
        standalone_question="?",
        status="answered",
        text=text,
        short_answer=None,
        confidence=1,
        citations=tuple(
            {
                "n": n,
                "article_id": "a",
                "title": "t",
                "source": "https://example.org/tin" if n == 1 else "tin.md",
                "passage_id": "p",
                "quote": "q",
                "start": 0,
                "end": 1,
            }
            for n in range(1, citations + 1)
        ),
        passages=(),
        answerer="test",
        latency_ms={},
        fingerprint="0",
    )


@pytest.mark.parametrize(
    ("text", "citations", "expected"),
    [
        ("Tin is soft. [1]", 1, [Mark(1, 13, 16)]),
        ("Tin. [1][2]\n\nIron. [2]", 2, [Mark(1, 5, 8), Mark(2, 8, 11), Mark(2, 19, 22)]),
        ("See [1] of the list. [1]", 1, [Mark(1, 21, 24)]),
        ("It says [7] [1]", 1, [Mark(1, 12, 15)]),
        ("It says [9]. [1]", 1, [Mark(1, 13, 16)]),
        ("Grau 😀 naïve. [1]", 1, [Mark(1, 14, 17)]),
        ("Tin is soft. [3]", 1, []),
        ("No number", 1, []),
    ],
)
def test_marks_are_the_numbers_at_the_end_of_statements(
    text: str, citations: int, expected: list[Mark]
) -> None:
    assert list(marks(answer_of(text, citations))) == expected


def test_an_article_of_the_web_is_cited_by_its_address() -> None:
    first, second = annotations(answer_of("Tin. [1][2]", 2))
    assert first["url_citation"]["url"] == "https://example.org/tin"
    assert second["url_citation"]["url"] == "/v1/articles/a#char=0,1"
