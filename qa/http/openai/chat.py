"""`/v1/chat/completions`.

The last message is the question, those before it the history. The citations are annotations of the
message (`start_index` and `end_index` are places in its content, where the footnote number stands),
and the whole `Answer` is under the extra key `footnote`.
"""

import json
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sse_starlette import EventSourceResponse, ServerSentEvent

from index.settings import Settings
from qa.answer import Answer
from qa.chain import AnswerRequest
from qa.events import AnswerEvent, Event, StatementEvent
from qa.http.answer_queue import AnswerQueue
from qa.http.openai.messages import Message, count_message_tokens, question_of, refuse_tools
from qa.http.openai.models import MODEL, check_model
from qa.http.openai.reply import Reply, Wishes, reply_of
from qa.http.openai.wishes import QuotesHeader, TextFormat, wishes_of
from qa.http.problems import documented, problem_within_a_stream
from qa.http.rights import Asker
from qa.http.workers import ENDING_SECONDS

Stop = Annotated[str, Field(max_length=1_000)]


class StreamOptions(BaseModel):
    """What a stream holds."""

    include_usage: bool | None = Field(None, strict=True)


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
    stream: bool | None = Field(None, strict=True)
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = Field(None, description="There is one answer.")
    stop: Stop | Annotated[tuple[Stop, ...], Field(max_length=4)] | None = Field(
        None, description="The content ends before the first of these."
    )
    max_tokens: int | None = Field(None, ge=1, strict=True, description="Of the content.")
    max_completion_tokens: int | None = Field(None, ge=1, strict=True)
    response_format: TextFormat | None = Field(
        None, description="`json_schema` takes a schema of fields of the answer."
    )
    tools: Any = Field(None, description="Footnote calls none: take `tool_choice` `none`.")
    tool_choice: Any = None
    functions: Any = None
    logprobs: Literal[False] | None = Field(None, description="There are none.")
    modalities: tuple[Literal["text"], ...] | None = None
    article_ids: tuple[str, ...] | None = Field(None, description="Ask these only; ours.")
    k: int | None = Field(None, ge=1, le=50, strict=True, description="Passages to read; ours.")

    @model_validator(mode="after")
    def _calls_no_tools(self) -> "ChatRequest":
        refuse_tools(self.tools or self.functions, self.tool_choice)
        return self

    @property
    def stops(self) -> tuple[str, ...]:
        return (self.stop,) if isinstance(self.stop, str) else self.stop or ()


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


def chat_routes(queue: AnswerQueue, settings: Settings) -> APIRouter:
    """`POST /v1/chat/completions`."""
    routes = APIRouter(tags=["OpenAI-compatible"])

    @routes.post("/v1/chat/completions", responses=_RESPONSES)
    async def complete(
        chat: ChatRequest, request: Request, person: Asker, quotes: QuotesHeader = None
    ) -> Response:
        """Ask as with OpenAI's client; the citations are annotations of the message."""
        asked, wishes = await to_thread.run_sync(_understood, chat, request, quotes)
        if not chat.stream:
            answer = await queue.answer(asked, person)
            reply = await to_thread.run_sync(reply_of, answer, wishes)
            return JSONResponse(_completion(answer, reply))
        events = queue.events(asked, person)
        first = await anext(events)  # what is wrong with the request is found before it
        counted = bool(chat.stream_options and chat.stream_options.include_usage)
        return EventSourceResponse(
            _chunks(first, events, wishes, counted),
            sep="\n",
            shutdown_grace_period=ENDING_SECONDS + 1,
        )

    def _understood(
        chat: ChatRequest, request: Request, quotes: str | None
    ) -> tuple[AnswerRequest, Wishes]:
        check_model(chat.model)
        question, history = question_of(chat.messages)
        wishes = wishes_of(
            request,
            settings,
            quotes,
            chat.response_format or TextFormat(),
            count_message_tokens(chat.messages),
            chat.stops,
            chat.max_completion_tokens or chat.max_tokens,
        )
        asked = AnswerRequest(
            question=question, history=history, article_ids=chat.article_ids, k=chat.k
        )
        return asked, wishes

    return routes


def _completion(answer: Answer, reply: Reply) -> dict[str, Any]:
    message = {
        "role": "assistant",
        "content": reply.content,
        "refusal": None,
        "annotations": _cited(reply),
    }
    choice = {"index": 0, "message": message, "finish_reason": reply.ending, "logprobs": None}
    return _envelope("chat.completion", [choice]) | {
        "usage": _usage(reply),
        "footnote": answer.model_dump(mode="json"),
    }


async def _chunks(
    first: Event, rest: AsyncGenerator[Event], wishes: Wishes, counted: bool
) -> AsyncIterator[ServerSentEvent]:
    """OpenAI's chunks: the statements as they are checked, then annotations and the `Answer`."""
    envelope = _envelope("chat.completion.chunk", [])
    if counted:
        envelope["usage"] = None
    sent = ""
    async with aclosing(rest):
        yield _chunk(envelope, {"role": "assistant", "content": ""})
        try:
            event = first
            while not isinstance(event, AnswerEvent):
                if isinstance(event, StatementEvent) and not wishes.as_a_whole:
                    new = event.text if not sent else f"\n\n{event.text}"
                    sent += new
                    yield _chunk(envelope, {"content": new})
                event = await anext(rest)
            answer = event.answer
            reply = await to_thread.run_sync(reply_of, answer, wishes)
        except Exception as error:
            # OpenAI's client raises what it finds under `error` of a problem document.
            yield ServerSentEvent(problem_within_a_stream(error))
            return
        left, offset = rest_of(reply.content, sent)
        if left:
            yield _chunk(envelope, {"content": left})
        yield _chunk(
            envelope | {"footnote": answer.model_dump(mode="json")},
            {"annotations": _cited(reply, offset)},
            reply.ending,
        )
        if counted:
            ending = envelope | {"choices": [], "usage": _usage(reply)}
            yield ServerSentEvent(json.dumps(ending, ensure_ascii=False))
        yield ServerSentEvent("[DONE]")


def rest_of(content: str, sent: str) -> tuple[str, int]:
    """What of a content was not sent yet, and by how much it stands further on in what was.

    An answer that was given up midway is replaced as a whole: it comes after what was said.
    """
    if content.startswith(sent):
        return content[len(sent) :], 0
    left = f"\n\n{content}"
    return left, len(sent) + 2


def _cited(reply: Reply, offset: int = 0) -> Sequence[dict[str, Any]]:
    return [
        {
            "type": "url_citation",
            "url_citation": cited
            | {
                "start_index": cited["start_index"] + offset,
                "end_index": cited["end_index"] + offset,
            },
        }
        for cited in reply.annotations
    ]


def _usage(reply: Reply) -> dict[str, int]:
    return {
        "prompt_tokens": reply.tokens_in,
        "completion_tokens": reply.tokens_out,
        "total_tokens": reply.tokens_in + reply.tokens_out,
    }


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
