"""One question on the page, from the press of a key to the finished answer."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.errors import FootnoteError
from qa.chain import AnswerChain
from qa.events import Finished, Retrieved, Stated
from ui.render_answer import Exchange


def ask(
    chain: AnswerChain,
    exchanges: Sequence[Exchange],
    question: str,
    article_ids: Sequence[str] | None,
) -> Iterator[list[Exchange]]:
    """The conversation with `question` at its end, again and again as the answer grows.

    A problem becomes the exchange's own `problem`: nothing that was said before is lost.
    """
    earlier = list(exchanges)
    exchange = Exchange(question, doing="Looking in the article")
    yield [*earlier, exchange]
    request = {
        "question": question,
        "history": history(earlier),
        "article_ids": None if article_ids is None else tuple(article_ids),
    }
    try:
        for event in chain.events(request):
            if isinstance(event, Retrieved):
                exchange = replace(exchange, doing=f"Reading {len(event.passages)} passages")
            elif isinstance(event, Stated):
                exchange = replace(exchange, answer=event.so_far, doing="")
            elif isinstance(event, Finished):
                exchange = replace(exchange, answer=event.answer, doing="")
            else:
                continue
            yield [*earlier, exchange]
    except FootnoteError as error:
        yield [*earlier, replace(exchange, answer=None, doing="", problem=str(error))]


def history(exchanges: Sequence[Exchange]) -> list[dict[str, str]]:
    """The turns so far, as the chain takes them. Refusals and failures are not repeated to it."""
    turns = []
    for exchange in exchanges:
        turns.append({"role": "user", "content": exchange.question})
        if exchange.answer and exchange.answer.status == "answered":
            turns.append({"role": "assistant", "content": exchange.answer.text})
    return turns
