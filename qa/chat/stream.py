"""A chat model's reply, piece by piece, within limits of time and with new tries.

The request runs on one event loop in a thread of its own: only there can a stream that is silent
be cut at once, also where the server keeps the connection alive without sending text, and only
there does closing the reply close the connection at once.
"""

import asyncio
import logging
import random
import threading
from collections.abc import Callable, Generator
from contextlib import aclosing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from itertools import count
from queue import SimpleQueue

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata, add_usage

from index.errors import ModelProblem
from qa.answer import Usage

Piece = str | Usage | ModelProblem
"""What comes of a reply: its text, what it cost, or why it failed."""

Counted = Callable[[Usage], None]
"""Takes the tokens of a reply, once its server has told them."""

WHOLE_REPLY = 10
"""A whole reply, its new tries included, may take so many times the allowed silence."""

LONGEST_BACKOFF_SECONDS = 8.0

_FINISH_KEYS = ("finish_reason", "stop_reason", "done_reason")
_CUT_SHORT = frozenset({"length", "max_tokens", "content_filter", "refusal"})

logger = logging.getLogger(__name__)


def reply(
    model: BaseChatModel,
    messages: list[BaseMessage],
    *,
    silence_seconds: float,
    retries: int,
    counted: Counted,
) -> Generator[str, None, None]:
    """The text of the reply as it comes. Closing the iterator ends the request.

    A busy or failing server (408, 409, 429, 5xx, no connection) is tried again up to `retries`
    times, as long as no text has come, after the time that its `Retry-After` asks for, or else
    after twice as long each time. A `Retry-After` longer than `silence_seconds` is not waited for.

    Raises:
        ModelProblem: no reply, or not the whole of it; one sentence without any detail of the
            request, whose address or headers may hold a key.
    """
    pieces: SimpleQueue[Piece | None] = SimpleQueue()
    request = asyncio.run_coroutine_threadsafe(
        _request(model, messages, silence_seconds, retries, pieces.put), _loop()
    )
    try:
        while (piece := pieces.get()) is not None:
            if isinstance(piece, ModelProblem):
                raise piece
            if isinstance(piece, Usage):
                counted(piece)
            else:
                yield piece
    finally:
        request.cancel()


@cache
def _loop() -> asyncio.AbstractEventLoop:
    # One for the process: the providers' connection pools belong to the loop they were used in.
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="chat-model", daemon=True).start()
    return loop


async def _request(
    model: BaseChatModel,
    messages: list[BaseMessage],
    silence_seconds: float,
    retries: int,
    put: Callable[[Piece | None], None],
) -> None:
    try:
        async with asyncio.timeout(WHOLE_REPLY * silence_seconds):
            await _try_until_answered(model, messages, silence_seconds, retries, put)
    except Exception as error:  # whatever a provider's package raises ends in one sentence
        logger.warning("chat model: %s, status %s", type(error).__name__, _status(error))
        put(_problem(error, silence_seconds))
    else:
        put(None)


async def _try_until_answered(
    model: BaseChatModel,
    messages: list[BaseMessage],
    silence_seconds: float,
    retries: int,
    put: Callable[[Piece], None],
) -> None:
    said = False

    def put_and_remember(piece: Piece) -> None:
        nonlocal said
        said = True
        put(piece)

    for tried in count():
        try:
            await _stream(model, messages, silence_seconds, put_and_remember)
            return
        except Exception as error:
            wait = _wait_seconds(error, tried)
            if said or tried >= retries or wait is None or wait > silence_seconds:
                raise
        await asyncio.sleep(wait)


async def _stream(
    model: BaseChatModel,
    messages: list[BaseMessage],
    silence_seconds: float,
    put: Callable[[Piece], None],
) -> None:
    finish: str | None = None
    usage: UsageMetadata | None = None
    now = asyncio.get_running_loop().time
    heard = now()
    async with aclosing(model.astream(messages)) as chunks:  # type: ignore[type-var]
        while True:
            async with asyncio.timeout_at(heard + silence_seconds):
                chunk: AIMessageChunk | None = await anext(chunks, None)
            if chunk is None:
                break
            if chunk.content or chunk.additional_kwargs:  # an empty chunk is no sign of life
                heard = now()
            for key in _FINISH_KEYS:
                finish = chunk.response_metadata.get(key) or finish
            if text := str(chunk.text):
                put(text)
            if chunk.usage_metadata:
                usage = add_usage(usage, chunk.usage_metadata)
    if usage is not None:
        put(Usage(input_tokens=usage["input_tokens"], output_tokens=usage["output_tokens"]))
    if finish is None or finish in _CUT_SHORT:
        raise ModelProblem("The chat model broke off.")


def _wait_seconds(error: Exception, tried: int) -> float | None:
    """Seconds to wait before trying again, or `None` when that would be of no use."""
    if isinstance(error, TimeoutError | ModelProblem):
        return None  # the person has waited long enough; or the model was cut short by design
    status = _status(error)
    if status is not None and status not in {408, 409, 429} and status < 500:
        return None
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    asked = _retry_after_seconds(headers.get("retry-after"))
    if asked is not None:
        return asked
    backoff = min(0.5 * 2.0**tried, LONGEST_BACKOFF_SECONDS)
    return backoff * random.uniform(0.75, 1)  # so that clients do not all come back at once


def _retry_after_seconds(header: str | None) -> float | None:
    """RFC 9110, 10.2.3: a number of seconds or an HTTP date."""
    if not header:
        return None
    try:
        if header.strip().isdecimal():
            return float(header)
        when = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _status(error: Exception) -> int | None:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) and status > 0 else None


def _problem(error: Exception, silence_seconds: float) -> ModelProblem:
    if isinstance(error, ModelProblem):
        return error
    if isinstance(error, TimeoutError):
        return ModelProblem(f"The chat model sent nothing for {silence_seconds:g} seconds.")
    status = _status(error)
    if status in {401, 403}:
        return ModelProblem("The chat model's server refused the key.")
    if status == 404:
        return ModelProblem("The chat model's server does not know the model.")
    if status == 429:
        return ModelProblem("The chat model's server is too busy.")
    if status is not None and status < 500:
        return ModelProblem("The chat model's server refused the request.")
    if status is not None:
        return ModelProblem("The chat model's server failed.")
    return ModelProblem("The chat model could not be reached, or its reply could not be read.")
