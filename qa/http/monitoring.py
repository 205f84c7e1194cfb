"""What a supervisor asks: alive? ready? how busy? And what is counted, traced and logged."""

import logging
import time
from typing import Literal

from fastapi import APIRouter, Response
from opentelemetry.propagate import extract
from opentelemetry.trace import Span, SpanKind, StatusCode
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from pydantic import BaseModel
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index import tracing
from index.library import Library
from qa.answer import Answer
from qa.http.problems import documented
from qa.http.workers import Workers

_log = logging.getLogger(__name__)
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Measurements:
    """The Prometheus metrics of one service."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "footnote_requests",
            "HTTP requests by route and status.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "footnote_request_seconds",
            "Seconds from a request to the end of its response.",
            ["route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.stage_seconds = Histogram(
            "footnote_stage_seconds",
            "Seconds that an answer spent in each stage.",
            ["stage"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.answers = Counter(
            "footnote_answers",
            "Answers by status and by who wrote them.",
            ["status", "answerer"],
            registry=self.registry,
        )
        self.articles = Gauge(
            "footnote_articles", "Articles in the library.", registry=self.registry
        )

    def count_answer(self, answer: Answer) -> None:
        self.answers.labels(answer.status, answer.answerer).inc()
        for stage, milliseconds in answer.latency_ms.items():
            self.stage_seconds.labels(stage).observe(milliseconds / 1000)


class MeasureRequests:
    """ASGI middleware that counts, times, traces and logs every request, refused ones included."""

    def __init__(self, app: ASGIApp, measurements: Measurements) -> None:
        self._app = app
        self._measurements = measurements

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500

        async def send_seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        caller = extract({k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]})
        with tracing.span("request", caller, SpanKind.SERVER) as span:
            try:
                await self._app(scope, receive, send_seen)
            finally:
                self._count(scope, status, time.perf_counter() - began, span)

    def _count(self, scope: Scope, status: int, seconds: float, span: Span) -> None:
        # The pattern, not the path: ids and probing strangers would make endless series.
        route = getattr(scope.get("route"), "path", "other")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._measurements.requests.labels(method, route, status).inc()
        self._measurements.request_seconds.labels(route).observe(seconds)
        span.update_name(f"{method} {route}")
        span.set_attributes(
            {
                "http.request.method": method,
                "http.route": route,
                "http.response.status_code": status,
            }
        )
        if status >= 500:
            span.set_status(StatusCode.ERROR)
        facts = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
        _log.info("request", extra=facts)


class Alive(BaseModel):
    """The process runs."""

    status: Literal["alive"] = "alive"


class Ready(BaseModel):
    """Questions can be answered."""

    status: Literal["ready"] = "ready"
    articles: int


def monitoring_routes(library: Library, workers: Workers, measurements: Measurements) -> APIRouter:
    """`/healthz`, `/readyz`, `/metrics`."""
    routes = APIRouter(tags=["monitoring"])

    @routes.get("/healthz")
    async def healthz() -> Alive:
        """Whether the process runs. Asks nothing of the library."""
        return Alive()

    @routes.get("/readyz", responses=documented(421, 503))
    async def readyz() -> Ready:
        """Whether a question can be answered now: a real search through model and indexes."""
        await workers.run(library.search, "ready", None, 1)
        return Ready(articles=len(await workers.run(library.article_ids)))

    @routes.get(
        "/metrics",
        response_class=Response,
        responses={
            200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
            **documented(401, 403, 421, 503),
        },
    )
    async def metrics() -> Response:
        """Counters and histograms in Prometheus's text format."""
        measurements.articles.set(len(await workers.run(library.article_ids)))
        text = generate_latest(measurements.registry)
        return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})

    return routes


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
