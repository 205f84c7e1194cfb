"""Milliseconds by stage, for `Answer.latency_ms`, and the spans of the same stages."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Self, TypeVar

from opentelemetry.trace import Span

from index import tracing

T = TypeVar("T")


class Stopwatch:
    """Adds up the time of each named stage; `total` runs from the making of the watch.

    The stages are spans below one of the whole, which lasts from `with` to its end. That span is
    never the current one outside of a stage: a generator's steps may run in different contexts.
    """

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._seconds: dict[str, float] = {}
        self.span = tracing.begin("question")
        self._within = tracing.below(self.span)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, Exception):  # an iterator that is closed early is no fault
            tracing.fail(self.span, error)
        self.span.end()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        with tracing.span(name, self._within) as span, self._timed(name, span):
            yield

    def each(self, name: str, items: Iterable[T]) -> Iterator[T]:
        """`items`, with the time spent waiting for each counted as the stage `name`."""
        iterator = iter(items)
        span = tracing.begin(name, self._within)
        try:
            while True:
                with self._timed(name, span):
                    try:
                        item = next(iterator)
                    except StopIteration:
                        return
                yield item
        finally:
            close = getattr(iterator, "close", None)
            if close:  # a generator behind a chat model ends its request here
                close()
            span.end()

    def milliseconds(self) -> dict[str, float]:
        seconds = self._seconds | {"total": time.perf_counter() - self._began}
        return {name: round(spent * 1000, 3) for name, spent in seconds.items()}

    @contextmanager
    def _timed(self, name: str, span: Span) -> Iterator[None]:
        began = time.perf_counter()
        try:
            with tracing.during(span):
                yield
        finally:
            spent = time.perf_counter() - began
            self._seconds[name] = self._seconds.get(name, 0.0) + spent
