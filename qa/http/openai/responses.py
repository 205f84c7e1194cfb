"""`/v1/responses`: OpenAI's newer API. `input` is the question, or messages as for a chat."""

import json
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from itertools import count
from typing import Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from sse_starlette import EventSourceResponse, ServerSentEvent

from index.settings import Settings
from qa.answer import MAX_TURN_CHARACTERS, Answer
from qa.chain import AnswerRequest
from qa.events import AnswerEvent, Event, StatementEvent
from qa.http.answer_queue import AnswerQueue
from qa.http.openai.chat import rest_of
from qa.http.openai.messages import Message, count_message_tokens, question_of, refuse_tools
from qa.http.openai.models import MODEL, check_model
from qa.http.openai.reply import Reply, Wishes, reply_of
from qa.http.openai.wishes import QuotesHeader, TextFormat, wishes_of
from qa.http.problems import documented, problem_within_a_stream
from qa.http.rights import Asker
from qa.http.workers import ENDING_SECONDS

Text = Annotated[str, Field(max_length=MAX_TURN_CHARACTERS)]


class TextWishes(BaseModel):
    """What the text is."""

    model_config = ConfigDict(extra="ignore")

    format: TextFormat | None = None


class ResponseRequest(BaseModel):
    """OpenAI's request. Instructions are passed over, and nothing is stored."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "example": {"model": MODEL, "input": "How long would a missile need to reach Moscow?"}
        },
    )

    model: str = Field(max_length=200, description="`footnote`, as `GET /v1/models` says.")
    input: Text | Annotated[tuple[Message, ...], Field(min_length=1, max_length=1_000)]
    stream: bool | None = Field(None, strict=True)
    text: TextWishes | None = None
    max_output_tokens: int | None = Field(None, ge=1, strict=True)
    tools: Any = Field(None, description="Footnote calls none: take `tool_choice` `none`.")
    tool_choice: Any = None
    previous_response_id: None = Field(None, description="Nothing is stored: send the messages.")
    conversation: None = Field(None, description="Nothing is stored: send the messages.")
    background: Literal[False] | None = None
    article_ids: tuple[str, ...] | None = Field(None, description="Ask these only; ours.")
    k: int | None = Field(None, ge=1, le=50, strict=True, description="Passages to read; ours.")

    @field_validator("input", mode="before")
    @classmethod
    def _only_messages(cls, given: object) -> object:
        """Without the items that say what tools did."""
        if not isinstance(given, list):
            return given
        return [
            item
            for item in given
            if not (isinstance(item, dict) and item.get("type", "message") != "message")
        ]

    @model_validator(mode="after")
    def _calls_no_tools(self) -> "ResponseRequest":
        refuse_tools(self.tools, self.tool_choice)
        return self

    @property
    def format(self) -> TextFormat:
        return (self.text and self.text.format) or TextFormat()

    @property
    def messages(self) -> tuple[Message, ...]:
        if isinstance(self.input, str):
            return (Message(role="user", content=self.input),)
        return self.input


_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A `response`, or its events with `stream`, as OpenAI's client reads them.",
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "text/event-stream": {"schema": {"type": "string"}},
        },
    },
    **documented(400, 401, 403, 404, 413, 415, 421, 422, 429, 503),
}


def responses_routes(queue: AnswerQueue, settings: Settings) -> APIRouter:
    """`POST /v1/responses`."""
    routes = APIRouter(tags=["OpenAI-compatible"])

    @routes.post("/v1/responses", responses=_RESPONSES)
    async def respond(
        given: ResponseRequest, request: Request, person: Asker, quotes: QuotesHeader = None
    ) -> Response:
        """Ask as with OpenAI's client; the citations are annotations of the text."""
        asked, wishes = await to_thread.run_sync(_understood, given, request, quotes)
        if not given.stream:
            answer = await queue.answer(asked, person)
            reply = await to_thread.run_sync(reply_of, answer, wishes)
            return JSONResponse(_Form(given).whole(answer, reply))
        events = queue.events(asked, person)
        first = await anext(events)  # what is wrong with the request is found before it
        return EventSourceResponse(
            _streamed(_Form(given), first, events, wishes),
            sep="\n",
            shutdown_grace_period=ENDING_SECONDS + 1,
        )

    def _understood(
        given: ResponseRequest, request: Request, quotes: str | None
    ) -> tuple[AnswerRequest, Wishes]:
        check_model(given.model)
        question, history = question_of(given.messages)
        wishes = wishes_of(
            request,
            settings,
            quotes,
            given.format,
            count_message_tokens(given.messages),
            max_tokens=given.max_output_tokens,
        )
        asked = AnswerRequest(
            question=question, history=history, article_ids=given.article_ids, k=given.k
        )
        return asked, wishes

    return routes


class _Form:
    """One response in OpenAI's form, at its beginning and at its end."""

    def __init__(self, given: ResponseRequest) -> None:
        self.message_id = f"msg_{secrets.token_hex(16)}"
        self._common = {
            "id": f"resp_{secrets.token_hex(16)}",
            "object": "response",
            "created_at": int(time.time()),
            "model": MODEL,
            "error": None,
            "instructions": None,
            "metadata": {},
            "parallel_tool_calls": False,
            "previous_response_id": None,
            "store": False,
            "temperature": None,
            "text": {"format": given.format.model_dump(by_alias=True, exclude_none=True)},
            "tool_choice": "none",
            "tools": [],
            "top_p": None,
            "max_output_tokens": given.max_output_tokens,
        }

    def begun(self) -> dict[str, Any]:
        return self._common | {
            "status": "in_progress",
            "incomplete_details": None,
            "output": [],
            "usage": None,
        }

    def whole(
        self, answer: Answer, reply: Reply, offset: int = 0, said: str = ""
    ) -> dict[str, Any]:
        """The end; `said` is what was streamed and given up before the content."""
        short = reply.ending == "length"
        part = self.part(f"{said}{reply.content}", cited(reply, offset))
        usage = {
            "input_tokens": reply.tokens_in,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": reply.tokens_out,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": reply.tokens_in + reply.tokens_out,
        }
        return self._common | {
            "status": "incomplete" if short else "completed",
            "incomplete_details": {"reason": "max_output_tokens"} if short else None,
            "output": [self.message([part], "incomplete" if short else "completed")],
            "usage": usage,
            "footnote": answer.model_dump(mode="json"),
        }

    def message(self, content: list[dict[str, Any]], status: str) -> dict[str, Any]:
        return {
            "id": self.message_id,
            "type": "message",
            "role": "assistant",
            "status": status,
            "content": content,
        }

    def part(self, text: str, annotations: list[dict[str, Any]]) -> dict[str, Any]:
        return {"type": "output_text", "text": text, "annotations": annotations, "logprobs": []}


async def _streamed(
    form: _Form, first: Event, rest: AsyncGenerator[Event], wishes: Wishes
) -> AsyncIterator[ServerSentEvent]:
    """OpenAI's events: the statements as they are checked, then annotations and the whole."""
    number = count()

    def event(name: str, **fields: Any) -> ServerSentEvent:
        kind = name if name == "error" else f"response.{name}"
        data = {"type": kind, "sequence_number": next(number)} | fields
        return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=kind)

    item = {"item_id": form.message_id, "output_index": 0}
    place = item | {"content_index": 0}
    sent = ""
    async with aclosing(rest):
        yield event("created", response=form.begun())
        yield event("in_progress", response=form.begun())
        yield event("output_item.added", output_index=0, item=form.message([], "in_progress"))
        yield event("content_part.added", **place, part=form.part("", []))
        try:
            step = first
            while not isinstance(step, AnswerEvent):
                if isinstance(step, StatementEvent) and not wishes.as_a_whole:
                    new = step.text if not sent else f"\n\n{step.text}"
                    sent += new
                    yield event("output_text.delta", **place, delta=new, logprobs=[])
                step = await anext(rest)
            reply = await to_thread.run_sync(reply_of, step.answer, wishes)
        except Exception as error:
            problem = json.loads(problem_within_a_stream(error))
            yield event("error", code=problem["type"], message=problem["detail"], param=None)
            return
        left, offset = rest_of(reply.content, sent)
        if left:
            yield event("output_text.delta", **place, delta=left, logprobs=[])
        whole = form.whole(step.answer, reply, offset, f"{sent}\n\n" if offset else "")
        [message] = whole["output"]
        [part] = message["content"]
        for n, annotation in enumerate(part["annotations"]):
            yield event(
                "output_text.annotation.added", **place, annotation_index=n, annotation=annotation
            )
        yield event("output_text.done", **place, text=part["text"], logprobs=[])
        yield event("content_part.done", **place, part=part)
        yield event("output_item.done", output_index=0, item=message)
        yield event(whole["status"], response=whole)


def cited(reply: Reply, offset: int) -> list[dict[str, Any]]:
    """The annotations of a reply, so much further on."""
    return [
        {"type": "url_citation"}
        | annotation
        | {
            "start_index": annotation["start_index"] + offset,
            "end_index": annotation["end_index"] + offset,
        }
        for annotation in reply.annotations
    ]
