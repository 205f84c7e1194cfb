"""`POST /v1/answer`: a question in, an `Answer` out, at once or as Server-Sent Events."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Body, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sse_starlette import EventSourceResponse, ServerSentEvent

from index.errors import BadInput
from qa.answer import Answer, Citation, RetrievedPassage
from qa.chain import AnswerRequest
from qa.events import (
    AnswerEvent,
    DraftEvent,
    Event,
    PassagesEvent,
    QuestionEvent,
    StatementEvent,
)
from qa.http.answer_queue import AnswerQueue
from qa.http.problems import Problem, documented, problem_within_a_stream
from qa.http.rights import Asker
from qa.http.workers import ENDING_SECONDS
from qa.records.conversations import Conversations, as_turns
from qa.records.people import Person

ANSWER_ID = "Footnote-Answer-Id"
"""Response header: under which id the conversation keeps the answer."""


class Question(AnswerRequest):
    """What is asked, after which turns, of which articles."""

    conversation_id: str | None = Field(
        None,
        max_length=64,
        description="A conversation of `POST /v1/conversations`: its turns are the history, and "
        "the answer is added to it. A follow-up needs nothing else; where `article_ids` is left "
        "out, the articles of the turn before are asked.",
    )


_EXAMPLES: dict[str, Any] = {
    "a question": {"value": {"question": "How long would a missile need to reach Moscow?"}},
    "a follow-up": {
        "value": {
            "question": "And what did he say about China?",
            "history": [
                {"role": "user", "content": "What did the president say about NATO?"},
                {"role": "assistant", "content": "He said that it must not expand. [1]"},
            ],
            "k": 5,
        }
    },
}


class UnderstoodData(BaseModel):
    """The data of the event `understood`."""

    standalone_question: str


class PassagesData(BaseModel):
    """The data of the event `passages`."""

    passages: tuple[RetrievedPassage, ...]


class TextData(BaseModel):
    """The data of the event `text`: one statement, its quotes checked."""

    text: str


EVENTS: dict[str, type[BaseModel]] = {
    "understood": UnderstoodData,
    "passages": PassagesData,
    "draft": Answer,
    "text": TextData,
    "citation": Citation,
    "answer": Answer,
    "error": Problem,
}
"""What each event of a stream holds as its data."""


def _item(name: str, data: type[BaseModel]) -> dict[str, Any]:
    schema = data.model_json_schema(mode="serialization")
    return {
        "type": "object",
        "properties": {
            "event": {"const": name},
            "id": {"type": "string"},
            "data": {
                "type": "string",
                "contentMediaType": "application/json",
                "contentSchema": schema,
            },
        },
        "required": ["event", "data"],
    }


_STREAM_EXAMPLE = (
    'event: understood\ndata: {"standalone_question": "…"}\n\n'
    'event: passages\ndata: {"passages": [{"passage_id": "…", "text": "…", "score": 1.0}]}\n\n'
    'event: text\ndata: {"text": "They would need only 7 to 10 minutes. [1]"}\n\n'
    'event: citation\ndata: {"n": 1, "quote": "…", "start": 10, "end": 52}\n\n'
    'event: answer\nid: ID-OF-THE-ANSWER\ndata: {"question": "…", "status": "answered"}\n\n'
)
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer, as JSON or, with `Accept: text/event-stream`, as events: "
        "`understood`, `passages`, with a chat model `draft` (the reader's answer, until the "
        "model's takes its place), then `text` and `citation` for each statement once its quotes "
        "are checked, then `answer` with the whole. An `error` (a problem document) can end it.",
        "headers": {
            ANSWER_ID: {
                "description": "The id of the answer in its conversation, if there is one; in a "
                "stream it is the `id` of the `answer` event.",
                "schema": {"type": "string"},
            }
        },
        "content": {
            "text/event-stream": {
                "schema": {"type": "string"},
                "itemSchema": {"oneOf": [_item(name, data) for name, data in EVENTS.items()]},
                "example": _STREAM_EXAMPLE,
            }
        },
    },
    **documented(400, 401, 403, 404, 413, 415, 421, 422, 429, 503),
}


def answer_routes(queue: AnswerQueue, conversations: Conversations) -> APIRouter:
    """`POST /v1/answer`."""
    routes = APIRouter(tags=["answers"])

    @routes.post("/v1/answer", response_model=Answer, responses=_RESPONSES)
    async def answer(
        question: Annotated[Question, Body(openapi_examples=_EXAMPLES)],
        request: Request,
        person: Asker,
    ) -> Response:
        """Ask the articles.

        Every statement of the answer carries a verbatim quote with its exact place; when the
        articles do not say, `status` is `not_in_article` and `passages` are the nearest ones. Where
        they do not answer exactly and yet speak of it, it is `related` and the text holds the most
        relevant sentences.
        """
        own = conversations.of(person)
        asked = await _asked(question, own)
        if "text/event-stream" in request.headers.get("accept", ""):
            return await _streamed(asked, person)
        answer = await queue.answer(asked.request, person)
        headers = {}
        if asked.conversation_id:
            headers[ANSWER_ID] = await to_thread.run_sync(_store, asked, answer, own)
        return Response(answer.model_dump_json(), headers=headers, media_type="application/json")

    async def _streamed(asked: _Asked, person: Person) -> Response:
        events = queue.events(asked.request, person)
        first = await anext(events)  # what is wrong with the request is found before it
        return EventSourceResponse(
            _sent(asked, first, events, conversations.of(person)),
            shutdown_grace_period=ENDING_SECONDS + 1,
        )

    async def _sent(
        asked: _Asked, first: Event, rest: AsyncGenerator[Event], own: Conversations
    ) -> AsyncIterator[ServerSentEvent]:
        async with aclosing(rest):
            try:
                for sent in server_sent(first):
                    yield sent
                async for event in rest:
                    id_ = None
                    if isinstance(event, AnswerEvent) and asked.conversation_id:
                        id_ = await to_thread.run_sync(_store, asked, event.answer, own)
                    for sent in server_sent(event, id_):
                        yield sent
            except Exception as error:
                yield _event("error", problem_within_a_stream(error))

    return routes


def server_sent(event: Event, answer_id: str | None = None) -> list[ServerSentEvent]:
    """The Server-Sent Events that stand for an event of the chain."""
    if isinstance(event, QuestionEvent):
        data: BaseModel = UnderstoodData(standalone_question=event.standalone_question)
        return [_event("understood", data.model_dump_json())]
    if isinstance(event, PassagesEvent):
        data = PassagesData(passages=event.passages)
        return [_event("passages", data.model_dump_json())]
    if isinstance(event, DraftEvent):
        return [_event("draft", event.answer.model_dump_json())]
    if isinstance(event, StatementEvent):
        text = TextData(text=event.text).model_dump_json()
        cited = [_event("citation", c.model_dump_json()) for c in event.citations]
        return [_event("text", text), *cited]
    return [_event("answer", event.answer.model_dump_json(), answer_id)]


@dataclass(frozen=True, slots=True)
class _Asked:
    request: AnswerRequest
    conversation_id: str | None


async def _asked(question: Question, conversations: Conversations) -> _Asked:
    """The request with the history and the articles of its conversation, if it is in one."""
    fields = {name: getattr(question, name) for name in AnswerRequest.model_fields}
    if question.conversation_id is None:
        return _Asked(AnswerRequest(**fields), None)
    if question.history:
        raise BadInput("Give either history or conversation_id: a conversation is a history.")
    latest = await to_thread.run_sync(conversations.latest, question.conversation_id)
    fields["history"] = as_turns(latest)
    if "article_ids" not in question.model_fields_set and latest:
        fields["article_ids"] = latest[-1].article_ids
    return _Asked(AnswerRequest(**fields), question.conversation_id)


def _store(asked: _Asked, answer: Answer, conversations: Conversations) -> str:
    assert asked.conversation_id is not None
    return conversations.append(asked.conversation_id, answer, asked.request.article_ids).id


def _event(name: str, data: str, id_: str | None = None) -> ServerSentEvent:
    return ServerSentEvent(data, event=name, id=id_)
