"""Long work while a person looks on: how far it is, what is left, and a way to stop it."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import Queue
from threading import Event, Thread
from typing import Generic, TypeVar

Result = TypeVar("Result")
Tell = Callable[[int, int], None]
"""Told (done, all)."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is."""

    done: int = 0
    total: int = 0
    """0 while it is not known."""
    seconds_left: float | None = None
    """None while nothing is known of it."""


@dataclass(frozen=True, slots=True)
class Done(Generic[Result]):
    """What came of it."""

    result: Result


class Stopped(Exception):
    """A person wants no more of it."""


def in_steps(work: Callable[[Tell], Result], stop: Event) -> Iterator[Progress | Done[Result]]:
    """Does the work in a thread; it is stopped where it tells how far it is.

    Raises:
        Stopped: if it was stopped.
        Exception: whatever the work raised.
    """
    told: Queue[Progress | Done[Result] | Exception] = Queue()
    began = time.monotonic()

    def tell(done: int, total: int) -> None:
        if stop.is_set():
            raise Stopped
        left = (time.monotonic() - began) / done * (total - done) if done else None
        told.put(Progress(done, total, left))

    def run() -> None:
        try:
            told.put(Done(work(tell)))
        except Exception as error:
            told.put(error)

    yield Progress()
    Thread(target=run, name="long work", daemon=True).start()
    while True:
        step = told.get()
        if isinstance(step, Exception):
            raise step
        yield step
        if isinstance(step, Done):
            return
