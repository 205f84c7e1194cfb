"""`Workers`: the few threads that do the heavy work of the service, always the same ones.

More at once would only make all of them slower: the models use every core anyway. And each
thread that ever runs a model keeps memory for it, so work that wanders over the forty threads of
the event loop's own pool makes a process grow for as long as it meets new ones.
"""

import asyncio
import math
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from index.errors import ServiceBusy

P = ParamSpec("P")
R = TypeVar("R")

ENDING_SECONDS = 6
"""What is being worked on when the service is told to end has so long to come to its own end."""

_ENDING = "The service is ending; try again in a moment."
_WEIGHT = 0.2  # of the newest call in the running mean of their seconds


class Workers:
    """Who comes when all are busy waits in line, first come first served."""

    def __init__(self, count: int, name: str, waiting: int) -> None:
        """`waiting` calls at most wait in line; more are turned away."""
        self._count = count
        self._most = count + waiting
        self._threads = ThreadPoolExecutor(count, thread_name_prefix=name)
        self._lock = Lock()  # guards the three that follow
        self._unfinished: set[Future[Any]] = set()
        self._seconds = 1.0
        self._ending = False
        self._last_calls: set[asyncio.Future[None]] = set()

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What `function` returns or raises. Cancelled in line, it does not run at all.

        Raises:
            ServiceBusy: if too many wait already, or the service ends first.
        """
        return await self.result(self.submit(function, *args, **kwargs))

    def submit(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """As `run`, for a caller who must know when a cancelled call has really ended."""
        with self._lock:
            ahead = len(self._unfinished)
            if ahead >= self._most:
                seconds = math.ceil(ahead / self._count * self._seconds)
                raise ServiceBusy(
                    f"Too many wait already; try again in {max(1, seconds)} seconds.",
                    max(1, seconds),
                )
        return self.go_on(function, *args, **kwargs)

    def go_on(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """As `submit`, for the next step of work that was let in before."""
        call = partial(function, *args, **kwargs)
        with self._lock:
            if self._ending:
                raise ServiceBusy(_ENDING)
            future = self._threads.submit(copy_context().run, self._timed, call)
            self._unfinished.add(future)
        future.add_done_callback(self._finished)
        return future

    async def result(self, future: Future[R]) -> R:
        """What a submitted call returns or raises.

        Raises:
            ServiceBusy: if the service ends first.
        """
        last_call = asyncio.get_running_loop().create_future()
        self._last_calls.add(last_call)
        waited = asyncio.wrap_future(future)
        try:
            await asyncio.wait({waited, last_call}, return_when=asyncio.FIRST_COMPLETED)
            if waited.cancelled() or not waited.done():
                raise ServiceBusy(_ENDING)
            return waited.result()
        finally:
            self._last_calls.discard(last_call)
            waited.cancel()

    @property
    def busy(self) -> int:
        """How many calls run or wait."""
        return len(self._unfinished)

    def end(self) -> None:
        """Turns away what waits in line and what still comes; fails late what runs for long.

        Called in the event loop.
        """
        with self._lock:
            self._ending = True
            unfinished = list(self._unfinished)
        for future in unfinished:
            future.cancel()  # which those that run already pass over
        asyncio.get_running_loop().call_later(ENDING_SECONDS, self._give_up)

    def close(self) -> None:
        """Drops what waits in line; what runs comes to its end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _give_up(self) -> None:
        for last_call in self._last_calls:
            if not last_call.done():
                last_call.set_result(None)

    def _timed(self, call: Callable[[], R]) -> R:
        began = time.monotonic()
        try:
            return call()
        finally:
            seconds = time.monotonic() - began
            with self._lock:
                self._seconds += _WEIGHT * (seconds - self._seconds)

    def _finished(self, future: Future[R]) -> None:
        with self._lock:
            self._unfinished.discard(future)
