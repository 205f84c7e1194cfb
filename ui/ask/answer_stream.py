"""One question on the page, from the press of a key to the stored answer."""

import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial

from anyio import to_thread

from index.errors import FootnoteError, NotFound
from qa.answer import Answer, Turn
from qa.chain import EMPTY_LIBRARY, AnswerRequest
from qa.events import AnswerEvent, DraftEvent, PassagesEvent, QuestionEvent, StatementEvent
from qa.records.conversations import as_turns
from qa.records.removal import RemovedRows, branch, conversation_rows, put_back
from ui.exchange import Exchange, stored_exchanges
from ui.parts import Parts

BRANCHED = "This goes another way in a new conversation; the one before is kept whole."
FAULT = "A fault of Footnote's own; its log says more. Nothing was lost: ask again."
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """The conversation as it stands."""

    exchanges: tuple[Exchange, ...]
    conversation_id: str
    """Empty while nothing of it is stored."""
    whole: bool = False
    """Whether this is the last step."""
    said: str = ""
    """What became of an answer in whose place this one was asked."""
    undo: Callable[[], str] | None = None
    """Makes the conversation what it was before that, and gives its id."""


async def ask(
    parts: Parts,
    question: str,
    conversation_id: str,
    article_ids: Sequence[str] | None,
    replacing: str | None = None,
) -> AsyncGenerator[Step]:
    """The conversation with `question` at its end, again and again as the answer grows.

    `replacing` is the id of an earlier answer, in whose place the new one is asked. The newest
    answer gives way once the new one is whole, and can be brought back; from an older one the
    conversation goes another way in a new conversation, and the old one stays whole. A problem
    becomes the exchange's own.
    """
    asked = None if article_ids is None else tuple(article_ids)
    try:
        before = await to_thread.run_sync(_before, parts, conversation_id, replacing)
        history = await to_thread.run_sync(_history, parts, conversation_id, replacing)
    except NotFound:  # deleted meanwhile, in another window: what is asked begins a new one
        conversation_id, replacing, before, history = "", None, (), ()
    exchange = Exchange(question, article_ids=asked, doing="Looking in the article")
    yield Step((*before, exchange), conversation_id)
    try:
        if not parts.library.article_ids():
            raise NotFound(EMPTY_LIBRARY)
        request = AnswerRequest(question=question, history=history, article_ids=asked)
        async with aclosing(parts.queue.events(request)) as events:
            async for event in events:
                if isinstance(event, QuestionEvent):
                    continue
                if isinstance(event, PassagesEvent):
                    exchange = replace(exchange, doing=f"Reading {len(event.passages)} passages")
                elif isinstance(event, DraftEvent):
                    exchange = replace(exchange, answer=event.answer, doing="The model is writing")
                elif isinstance(event, StatementEvent):
                    exchange = replace(exchange, answer=event.so_far, doing="Reading on")
                elif isinstance(event, AnswerEvent):
                    exchange = replace(exchange, answer=event.answer, doing="Keeping the answer")
                yield Step((*before, exchange), conversation_id)
        if exchange.answer:
            kept = await to_thread.run_sync(
                _store, parts, conversation_id, exchange.answer, asked, replacing
            )
            stored = await to_thread.run_sync(_before, parts, kept.conversation_id, None)
            yield replace(kept, exchanges=stored)
    except FootnoteError as error:
        yield Step((*before, _failed(exchange, str(error))), conversation_id, whole=True)
    except Exception:
        _log.exception("A question on the page failed.")
        yield Step((*before, _failed(exchange, FAULT)), conversation_id, whole=True)


def _failed(exchange: Exchange, problem: str) -> Exchange:
    return replace(exchange, answer=None, doing="", problem=problem)


def _before(parts: Parts, conversation_id: str, replacing: str | None) -> tuple[Exchange, ...]:
    """The stored exchanges, up to the one that is being replaced."""
    if not conversation_id:
        return ()
    stored = stored_exchanges(parts.conversations, parts.feedback, conversation_id)
    ids = [exchange.answer_id for exchange in stored]
    end = ids.index(replacing) if replacing in ids else len(stored)
    return tuple(stored[:end])


def _history(parts: Parts, conversation_id: str, replacing: str | None) -> tuple[Turn, ...]:
    if not conversation_id:
        return ()
    return as_turns(parts.conversations.latest(conversation_id, before=replacing))


def restored(parts: Parts, rows: RemovedRows) -> str:
    """Puts a conversation back and gives its id."""
    put_back(parts.library.database, rows)
    return str(rows.conversation[0]["id"])


def _store(
    parts: Parts,
    conversation_id: str,
    answer: Answer,
    article_ids: tuple[str, ...] | None,
    replacing: str | None,
) -> Step:
    """The last step of an answer, still without the exchanges."""
    database = parts.library.database
    said, undo = "", None
    if replacing is not None:
        ids = [stored.id for stored in parts.conversations.read(conversation_id).answers]
        if replacing in ids[:-1]:
            conversation_id, replacing, said = (
                branch(database, conversation_id, replacing),
                None,
                BRANCHED,
            )
        else:
            undo = partial(restored, parts, conversation_rows(database, conversation_id))
            said = "The new answer stands in the place of the earlier one."
    conversation_id = conversation_id or parts.conversations.create().id
    parts.conversations.append(conversation_id, answer, article_ids, replacing)
    return Step((), conversation_id, whole=True, said=said, undo=undo)
