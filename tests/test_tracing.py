"""OpenTelemetry traces: off by default, a span for each stage, no text in any of them."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import grpc
import httpx
import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1 import (
    trace_service_pb2 as messages,
)
from opentelemetry.proto.collector.trace.v1 import (
    trace_service_pb2_grpc as service,
)
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from served import QUESTION, TIN
from servers import footnote, free_port

from index import tracing
from index.errors import NotFound
from index.library import Library, open_library
from index.loading.loader import load_text
from index.settings import Settings
from index.tracing import span
from qa.chain import answer_chain
from qa.http.app import create_app

CALLER = "4bf92f3577b34da6a3ce929d0e0e4736"
STAGES = {"footnote.understand", "footnote.retrieve", "footnote.answer"}


@pytest.fixture(scope="module")
def exporter() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.send_to(provider)
    yield exporter
    tracing.send_to(None)


@pytest.fixture
def spans(exporter: InMemorySpanExporter) -> InMemorySpanExporter:
    exporter.clear()
    return exporter


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("traced"))
    with open_library(settings) as library:
        library.add(load_text(TIN, settings))
        yield library


def by_name(spans: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in spans.get_finished_spans()}


def parent(child: ReadableSpan, spans: InMemorySpanExporter) -> str | None:
    """The name of the span above."""
    ids = {s.context.span_id: s.name for s in spans.get_finished_spans() if s.context}
    return ids.get(child.parent.span_id) if child.parent else None


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_a_request_is_one_trace_with_a_span_for_each_stage(
    library: Library, spans: InMemorySpanExporter, tmp_path: Path, accept: str
) -> None:
    app = create_app(Settings(data_dir=tmp_path), library)
    with TestClient(app, base_url="http://localhost") as client:
        headers = {"traceparent": f"00-{CALLER}-00f067aa0ba902b7-01", "accept": accept}
        client.post("/v1/answer", json={"question": QUESTION}, headers=headers).raise_for_status()
    found = by_name(spans)
    assert found.keys() >= STAGES
    assert {f"{s.context.trace_id:032x}" for s in found.values() if s.context} == {CALLER}
    assert {parent(found[name], spans) for name in STAGES} == {"footnote.question"}
    assert parent(found["footnote.question"], spans) == "POST /v1/answer"
    for inside in ("footnote.embed", "footnote.bm25", "footnote.vectors"):
        assert parent(found[inside], spans) == "footnote.retrieve"
    attributes = found["footnote.question"].attributes or {}
    assert attributes["footnote.status"] == "answered"
    request = found["POST /v1/answer"].attributes or {}
    assert request["http.response.status_code"] == 200


def test_no_span_holds_a_text(spans: InMemorySpanExporter, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with open_library(settings) as library:
        library.add(load_text(TIN, settings))
        answer_chain(library, settings).invoke({"question": QUESTION})
    with pytest.raises(ValueError, match="silvery"), span("stage"):
        raise ValueError("Tin is a soft, silvery metal")
    assert {"footnote.split", "footnote.index", "footnote.store"} <= by_name(spans).keys()
    for finished in spans.get_finished_spans():
        assert not [w for w in ("silvery", "melt", "Celsius", "solder") if w in finished.to_json()]
    failed = by_name(spans)["footnote.stage"]
    assert failed.status.description == "ValueError"


def test_a_stage_that_fails_and_one_that_is_abandoned_are_told_apart(
    library: Library, spans: InMemorySpanExporter, tmp_path: Path
) -> None:
    chain = answer_chain(library, Settings(data_dir=tmp_path))
    events = chain.events({"question": QUESTION})
    next(events)
    events.close()  # type: ignore[attr-defined]
    abandoned = by_name(spans)["footnote.question"]
    assert abandoned.status.is_unset
    spans.clear()
    with pytest.raises(NotFound), span("outer"):
        library.article("0000000000000000")
    assert not by_name(spans)["footnote.outer"].status.is_ok


class Collector(service.TraceServiceServicer):
    """What an OpenTelemetry collector is to those who send: one gRPC method."""

    def __init__(self) -> None:
        self.received: SimpleQueue[tuple[str, str]] = SimpleQueue()

    def Export(self, request: Any, context: Any) -> Any:  # noqa: N802 (gRPC's name)
        for resource in request.resource_spans:
            names = {a.key: a.value.string_value for a in resource.resource.attributes}
            for scope in resource.scope_spans:
                for sent in scope.spans:
                    self.received.put((names["service.name"], sent.name))
        return messages.ExportTraceServiceResponse()


@pytest.mark.parametrize(
    ("asked_for", "service_name"),
    [
        ({}, None),
        ({"FOOTNOTE_TRACES": "otlp"}, "footnote"),
        ({"FOOTNOTE_TRACES": "otlp", "OTEL_SERVICE_NAME": "mine"}, "mine"),
    ],
)
def test_spans_reach_a_collector_only_where_that_is_asked_for(
    tmp_path: Path, asked_for: dict[str, str], service_name: str | None
) -> None:
    collector, port = Collector(), free_port()
    server = grpc.server(ThreadPoolExecutor(1))
    service.add_TraceServiceServicer_to_server(collector, server)
    server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    environment = {
        "FOOTNOTE_DATA_DIR": str(tmp_path),
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}",
    }
    with footnote(environment | asked_for) as (address, process):
        asked = {"question": "How many articles has the draft treaty?"}
        httpx.post(f"{address}/v1/answer", json=asked, timeout=60).raise_for_status()
        process.send_signal(signal.SIGINT)
        process.wait()  # sends the rest
    server.stop(None).wait()
    sent = set()
    while not collector.received.empty():
        sent.add(collector.received.get())
    if service_name is None:
        assert not sent
    else:
        assert {(service_name, name) for name in STAGES} <= sent
