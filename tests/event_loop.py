"""An event loop for a test that has asynchronous steps."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from anyio.from_thread import start_blocking_portal

R = TypeVar("R")


def run_apart(function: Callable[[], Awaitable[R]]) -> R:
    """What `function` returns, run by an event loop in a thread of its own.

    Playwright's synchronous browser, once a test has opened it, keeps a loop running in the thread
    of the tests until the last of them; so no other loop can be run there.
    """
    with start_blocking_portal() as portal:
        return portal.call(function)
