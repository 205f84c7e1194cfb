"""Where the spans of `index.tracing` go: nowhere, or to an OpenTelemetry collector."""

from collections.abc import Iterator
from contextlib import contextmanager

from index import tracing
from index.errors import BadInput
from index.settings import Settings


@contextmanager
def sending_traces(settings: Settings) -> Iterator[None]:
    """Sends spans over OTLP (gRPC) until the block ends, if the settings ask for it.

    Where to, and everything else, is said by OpenTelemetry's own variables, such as
    `OTEL_EXPORTER_OTLP_ENDPOINT`.

    Raises:
        BadInput: if the packages for it are not installed.
    """
    if settings.traces == "off":
        yield
        return
    try:
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import OTELResourceDetector, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise BadInput(
            f"FOOTNOTE_TRACES={settings.traces} needs packages: "
            "pip install 'footnote-qa[telemetry]'."
        ) from error
    named = Resource.create({"service.name": "footnote"})
    provider = TracerProvider(resource=named.merge(OTELResourceDetector().detect()))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    tracing.send_to(provider)
    try:
        yield
    finally:
        tracing.send_to(None)
        provider.shutdown()  # sends what is still waiting
