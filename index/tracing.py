"""OpenTelemetry spans of the stages; they cost nothing until they are sent somewhere.

A span says what was done and how long it took: counts, names of stages, types of errors. It never
holds a text, because traces leave the machine. For the same reason the spans have a provider of
their own: those that FastAPI and MCP would send to a shared one hold the query of an address and
the message of an error.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import (
    NoOpTracer,
    Span,
    SpanKind,
    Status,
    StatusCode,
    Tracer,
    TracerProvider,
)
from opentelemetry.util.types import AttributeValue

_tracer: Tracer = NoOpTracer()


def send_to(provider: TracerProvider | None) -> None:
    """From now on, all spans go to this provider; None: nowhere."""
    global _tracer
    _tracer = provider.get_tracer("footnote") if provider else NoOpTracer()


@contextmanager
def span(
    name: str,
    within: Context | None = None,
    kind: SpanKind = SpanKind.INTERNAL,
    **attributes: AttributeValue,
) -> Iterator[Span]:
    """A span around the block, below the one of `within` or else the current one."""
    opened = begin(name, within, kind, **attributes)
    try:
        with during(opened):
            yield opened
    finally:
        opened.end()


def begin(
    name: str,
    within: Context | None = None,
    kind: SpanKind = SpanKind.INTERNAL,
    **attributes: AttributeValue,
) -> Span:
    """A span that somebody else ends; for work that a generator does piece by piece."""
    named = {f"footnote.{key}": value for key, value in attributes.items()}
    return _tracer.start_span(f"footnote.{name}", within, kind, named)


@contextmanager
def during(opened: Span) -> Iterator[None]:
    """Makes a span the current one; it goes on after the block, unless the block fails."""
    # The SDK would record the message of an exception, which may quote a text or a key.
    with trace.use_span(opened, record_exception=False, set_status_on_exception=False):
        try:
            yield
        except Exception as error:
            fail(opened, error)
            raise


def fail(opened: Span, error: BaseException) -> None:
    """Marks a span as failed, with the type of the error and not its message."""
    opened.set_status(Status(StatusCode.ERROR, type(error).__name__))


def below(opened: Span) -> Context:
    """For `within`."""
    return trace.set_span_in_context(opened)


def current_trace_id() -> str | None:
    """32 hex digits, or None while nothing is traced."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None
