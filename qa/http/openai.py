"""`/v1/chat/completions` and `/v1/models`: Footnote for programs that speak OpenAI's API.

The last message is the question, those before it the history. System messages are passed over:
Footnote says what the articles say, and takes no orders about it. The citations are annotations
of the message (`start_index` and `end_index` are places in its content, where the footnote number
stands), and the whole `Answer` is under the extra key `footnote`.
"""

import json
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, field_validator
from sse_starlette import EventSourceResponse, ServerSentEvent

from index.errors import BadInput, NotFound
from qa.answer import MAX_TURN_CHARACTERS, Answer, Citation, Turn
from qa.chain import AnswerRequest
from qa.events import AnswerEvent, Event, StatementEvent
from qa.http.answer_queue import AnswerQueue
from qa.http.problems import documented, problem_within_a_stream
from qa.http.rights import Asker
from qa.http.workers import ENDING_SECONDS
from qa.marks import marks

MODEL = "footnote"

_STARTED = int(time.time())


class TextPart(BaseModel):
    """A piece of a message; only text can be asked."""

    type: Literal["text"]
    text: str = Field(max_length=MAX_TURN_CHARACTERS)


class Message(BaseModel):
    """One message of the conversation."""

    role: Literal["system", "developer", "user", "assistant"]
    content: str | tuple[TextPart, ...] | None = None

    @field_validator("content", mode="before")
    @classmethod
    def _only_text(cls, content: object) -> object:
        parts = content if isinstance(content, list) else ()
        if any(isinstance(part, dict) and part.get("type") != "text" for part in parts):
            raise ValueError("Footnote reads text only; leave out pictures, sound and files")
        return content

    @property
    def text(self) -> str:
        if self.content is None or isinstance(self.content, str):
            return self.content or ""
        return "\n".join(part.text for part in self.content)


class ChatRequest(BaseModel):
    """OpenAI's request. Parameters that steer a language model's style are passed over."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "example": {
                "model": MODEL,
                "messages": [
                    {"role": "user", "content": "How long would a missile need to reach Moscow?"}
                ],
            }
        },
    )

    model: str = Field(max_length=200, description="`footnote`, as `GET /v1/models` says.")
    messages: tuple[Message, ...] = Field(min_length=1, max_length=1_000)
    stream: bool | None = None
    n: Literal[1] | None = Field(None, description="There is one answer.")
    tools: tuple[()] | None = Field(None, description="Footnote calls no tools.")
    article_ids: tuple[str, ...] | None = Field(None, description="Ask these only; ours.")
    k: int | None = Field(None, ge=1, le=50, description="Passages to read; ours.")

    @field_validator("tools", mode="before")
    @classmethod
    def _no_tools(cls, tools: object) -> object:
        if isinstance(tools, list) and tools:
            raise ValueError("Footnote calls no tools; leave them out")
        return tools


class Model(BaseModel):
    """A model as OpenAI lists them."""

    id: str = MODEL
    object: Literal["model"] = "model"
    created: int = _STARTED
    owned_by: str = "footnote"


class Models(BaseModel):
    """The list of models: one."""

    object: Literal["list"] = "list"
    data: tuple[Model, ...] = (Model(),)


_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A `chat.completion`, or its chunks with `stream`, as OpenAI's client "
        "reads them.",
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "text/event-stream": {"schema": {"type": "string"}},
        },
    },
    **documented(400, 401, 403, 404, 413, 415, 421, 422, 429, 503),
}


def openai_routes(queue: AnswerQueue) -> APIRouter:
    """`POST /v1/chat/completions` and `GET /v1/models`."""
    routes = APIRouter(tags=["OpenAI-compatible"])

    @routes.get("/v1/models", responses=documented(401, 403, 421))
    async def models() -> Models:
        """The models: `footnote`."""
        return Models()

    @routes.post("/v1/chat/completions", responses=_RESPONSES)
    async def complete(chat: ChatRequest, person: Asker) -> Response:
        """Ask as with OpenAI's client; the citations are annotations of the message."""
        request = _request(chat)
        if not chat.stream:
            answer = await queue.answer(request, person)
            return JSONResponse(_completion(answer))
        events = queue.events(request, person)
        first = await anext(events)  # what is wrong with the request is found before it
        return EventSourceResponse(
            _chunks(first, events), sep="\n", shutdown_grace_period=ENDING_SECONDS + 1
        )

    return routes


def annotations(answer: Answer) -> list[dict[str, Any]]:
    """A `url_citation` for each footnote number in the text of the answer."""
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": mark.start,
                "end_index": mark.end,
                "title": citation.title,
                "url": _url(citation),
                **citation.model_dump(mode="json", exclude={"title"}),
            },
        }
        for mark in marks(answer)
        for citation in [answer.citations[mark.n - 1]]
    ]


def _url(citation: Citation) -> str:
    """The page that was fetched, or where this service shows the text (RFC 5147 for the place)."""
    if citation.source.startswith(("http://", "https://")):
        return citation.source
    return f"/v1/articles/{citation.article_id}#char={citation.start},{citation.end}"


def _request(chat: ChatRequest) -> AnswerRequest:
    if chat.model != MODEL:
        raise NotFound(f"There is no model {chat.model!r}; the one here is {MODEL!r}.")
    said = [message for message in chat.messages if message.role in ("user", "assistant")]
    if not said or said[-1].role != "user":
        raise BadInput("The last message must be the user's question.")
    question = said[-1].text
    if not question.strip():
        raise BadInput("The question is empty: ask something.")
    return AnswerRequest(
        question=question,
        history=tuple(_turn(message) for message in said[:-1]),
        article_ids=chat.article_ids,
        k=chat.k,
    )


def _turn(message: Message) -> Turn:
    role: Literal["user", "assistant"] = "user" if message.role == "user" else "assistant"
    return Turn(role=role, content=message.text[:MAX_TURN_CHARACTERS])


def _completion(answer: Answer) -> dict[str, Any]:
    message = {
        "role": "assistant",
        "content": answer.text,
        "refusal": None,
        "annotations": annotations(answer),
    }
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return _envelope("chat.completion", [choice]) | {"footnote": answer.model_dump(mode="json")}


async def _chunks(first: Event, rest: AsyncGenerator[Event]) -> AsyncIterator[ServerSentEvent]:
    """OpenAI's chunks: the statements as they are checked, then annotations and the `Answer`."""
    envelope = _envelope("chat.completion.chunk", [])
    sent = ""
    async with aclosing(rest):
        yield _chunk(envelope, {"role": "assistant", "content": ""})
        try:
            event = first
            while not isinstance(event, AnswerEvent):
                if isinstance(event, StatementEvent):
                    new = event.text if not sent else f"\n\n{event.text}"
                    sent += new
                    yield _chunk(envelope, {"content": new})
                event = await anext(rest)
        except Exception as error:
            # OpenAI's client raises what it finds under `error` of a problem document.
            yield ServerSentEvent(problem_within_a_stream(error))
            return
        answer = event.answer
        # An answer that was given up midway is replaced as a whole: it comes after what was said.
        left = answer.text.removeprefix(sent) if answer.text.startswith(sent) else None
        if left is None:
            left = f"\n\n{answer.text}"
        if left:
            yield _chunk(envelope, {"content": left})
        offset = len(sent) + len(left) - len(answer.text)
        yield _chunk(
            envelope | {"footnote": answer.model_dump(mode="json")},
            {"annotations": _moved(annotations(answer), offset)},
            "stop",
        )
        yield ServerSentEvent("[DONE]")


def _moved(found: Sequence[dict[str, Any]], offset: int) -> Sequence[dict[str, Any]]:
    for annotation in found:
        annotation["url_citation"]["start_index"] += offset
        annotation["url_citation"]["end_index"] += offset
    return found


def _chunk(
    envelope: dict[str, Any], delta: dict[str, Any], finish_reason: str | None = None
) -> ServerSentEvent:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}
    return ServerSentEvent(json.dumps(envelope | {"choices": [choice]}, ensure_ascii=False))


def _envelope(kind: str, choices: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{secrets.token_hex(12)}",
        "object": kind,
        "created": int(time.time()),
        "model": MODEL,
        "choices": choices,
    }
