"""Milliseconds by stage, for `Answer.latency_ms`."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


class Stopwatch:
    """Adds up the time of each named stage; `total` runs from the making of the watch."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            spent = time.perf_counter() - began
            self._seconds[name] = self._seconds.get(name, 0.0) + spent

    def each(self, name: str, items: Iterable[T]) -> Iterator[T]:
        """`items`, with the time spent waiting for each counted as the stage `name`."""
        iterator = iter(items)
        try:
            while True:
                with self.stage(name):
                    try:
                        item = next(iterator)
                    except StopIteration:
                        return
                yield item
        finally:
            close = getattr(iterator, "close", None)
            if close:  # a generator behind a chat model ends its request here
                close()

    def milliseconds(self) -> dict[str, float]:
        seconds = self._seconds | {"total": time.perf_counter() - self._began}
        return {name: round(spent * 1000, 3) for name, spent in seconds.items()}
