"""`AnswerQueue`: the chain, asked from the event loop by every surface of the service."""

import concurrent.futures
from collections.abc import AsyncGenerator, Generator
from concurrent.futures import Future
from typing import Any, cast

from anyio import CancelScope, to_thread

from index.errors import ServiceBusy
from qa.answer import Answer
from qa.chain import AnswerChain, AnswerRequest
from qa.events import AnswerEvent, Event
from qa.http.monitoring import Measurements
from qa.http.workers import Workers


class AnswerQueue:
    """One for each service, so that all its surfaces wait in the same line."""

    def __init__(self, chain: AnswerChain, workers: Workers, measurements: Measurements) -> None:
        self._chain = chain
        self._workers = workers
        self._measurements = measurements

    async def answer(self, request: AnswerRequest | dict[str, Any]) -> Answer:
        """The whole answer. Raises what the chain raises."""
        answer = await self._workers.run(self._chain.invoke, request)
        self._measurements.count_answer(answer)
        return answer

    async def events(self, request: AnswerRequest) -> AsyncGenerator[Event]:
        """The answer as it comes to be. Closing the generator stops the work behind it.

        Each step waits in line anew, so that a client that reads slowly keeps nobody waiting.
        """
        events = cast(Generator[Event], self._chain.events(request))
        step: Future[Event | None] | None = None
        left = False
        try:
            while True:
                take = self._workers.go_on if step else self._workers.submit
                step = take(next, events, None)
                event = await self._workers.result(step)
                if event is None:
                    return
                if isinstance(event, AnswerEvent):
                    self._measurements.count_answer(event.answer)
                yield event
        except ServiceBusy:
            left = True  # the service ends: the step that runs is not waited for
            raise
        finally:
            with CancelScope(shield=True):  # also when the client has gone away
                if not left:
                    await to_thread.run_sync(_close, events, step)


def _close(events: Generator[Event], step: Future[Event | None] | None) -> None:
    """Ends the generator once the step that may still be running has come to its end."""
    if step:
        concurrent.futures.wait([step])
    events.close()
