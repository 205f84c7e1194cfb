"""`AnswerQueue`: the chain, asked from the event loop by every surface of the service."""

import concurrent.futures
from collections.abc import AsyncGenerator, Generator, Iterator
from concurrent.futures import Future
from typing import Any, cast

from anyio import CancelScope, to_thread

from index.errors import ServiceBusy
from qa.answer import Answer
from qa.chain import AnswerChain, AnswerRequest
from qa.events import AnswerEvent, Event
from qa.http.monitoring import Measurements
from qa.http.workers import Workers
from qa.records.audit import AuditLog
from qa.records.people import Person


class AnswerQueue:
    """One for each service, so that all its surfaces wait in the same line."""

    def __init__(
        self, chain: AnswerChain, workers: Workers, measurements: Measurements, audit: AuditLog
    ) -> None:
        self._chain = chain
        self._workers = workers
        self._measurements = measurements
        self._audit = audit

    async def answer(self, request: AnswerRequest | dict[str, Any], person: Person) -> Answer:
        """The whole answer, from what the person may see. Raises what the chain raises."""
        answer = await self._workers.run(self._answer, request, person)
        self._measurements.count_answer(answer)
        return answer

    async def events(self, request: AnswerRequest, person: Person) -> AsyncGenerator[Event]:
        """The answer as it comes to be. Closing the generator stops the work behind it.

        Each step waits in line anew, so that a client that reads slowly keeps nobody waiting.
        """
        events = cast(Generator[Event], self._events(request, person))
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

    def _answer(self, request: AnswerRequest | dict[str, Any], person: Person) -> Answer:
        self._audit.write(person.name, "asked")
        return self._chain.within(person.rights).invoke(request)

    def _events(self, request: AnswerRequest, person: Person) -> Iterator[Event]:
        self._audit.write(person.name, "asked")
        yield from self._chain.within(person.rights).events(request)


def _close(events: Generator[Event], step: Future[Event | None] | None) -> None:
    """Ends the generator once the step that may still be running has come to its end."""
    if step:
        concurrent.futures.wait([step])
    events.close()
