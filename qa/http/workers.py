"""`Workers`: the few threads that do the heavy work of the service, always the same ones.

More at once would only make all of them slower: the models use every core anyway. And each
thread that ever runs a model keeps memory for it, so work that wanders over the forty threads of
the event loop's own pool makes a process grow for as long as it meets new ones.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Workers:
    """Who comes when all are busy waits in line, first come first served."""

    def __init__(self, count: int, name: str) -> None:
        self._threads = ThreadPoolExecutor(count, thread_name_prefix=name)

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What `function` returns or raises. Cancelled in line, it does not run at all."""
        return await asyncio.wrap_future(self.submit(function, *args, **kwargs))

    def submit(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """As `run`, for a caller who must know when a cancelled call has really ended."""
        call = partial(function, *args, **kwargs)
        return self._threads.submit(copy_context().run, call)

    def close(self) -> None:
        """Drops what waits in line; what runs comes to its end."""
        self._threads.shutdown(wait=False, cancel_futures=True)
