"""The answer service: one FastAPI application, composed here and nowhere else."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from index.embedding.embedder import load_embedder
from index.library import Library, open_library
from index.loading.fetch import PageFetcher
from index.settings import Settings
from qa.chain import answer_chain
from qa.http.access import Access, check_bind
from qa.http.additions import Additions
from qa.http.administration import administration_routes
from qa.http.answer_queue import AnswerQueue
from qa.http.answers import ANSWER_ID, answer_routes
from qa.http.article_page import article_page_routes
from qa.http.articles import articles_routes
from qa.http.bodies import Bodies
from qa.http.conversations import conversations_routes
from qa.http.docs_page import docs_routes
from qa.http.door import Door
from qa.http.head import Head
from qa.http.limits import Limit, RateLimit
from qa.http.login import login_routes
from qa.http.mcp import mcp_over_http, mcp_server
from qa.http.monitoring import Measurements, MeasureRequests, monitoring_routes
from qa.http.openai.chat import chat_routes
from qa.http.openai.embeddings import embeddings_routes
from qa.http.openai.models import models_routes
from qa.http.openai.responses import responses_routes
from qa.http.openapi import openapi_of
from qa.http.problems import answer_errors_with_problems
from qa.http.retrieval import Retrieval, retrieval_routes
from qa.http.shared_limits import SharedRateLimit
from qa.http.sharing import sharing_routes
from qa.http.workers import Workers
from qa.records.audit import AuditLog
from qa.records.conversations import Conversations
from qa.records.feedback import FeedbackBook
from qa.records.people import read_keys
from qa.records.sessions import Sessions
from qa.records.sharing import Sharing

_DESCRIPTION = """Ask articles in plain language. Every statement of an answer carries a footnote:
a verbatim quote with its exact place, counted in Unicode code points of the stored text. When the
articles do not say, the answer says so. Errors are problem documents (RFC 9457). With
FOOTNOTE_API_KEYS set, each request brings `Authorization: Bearer KEY`. MCP is served at /mcp."""

_ADDED_LATER = 20
"""Articles that may wait to be added; each may hold tens of megabytes."""


def create_app(
    settings: Settings, library: Library | None = None, fetcher: PageFetcher | None = None
) -> FastAPI:
    """The service over `library`, or over the one of the settings, closed again at shutdown.

    `app.state` holds the parts that a page mounted on it shares: `library`, `chain`, `queue`,
    `conversations`, `sharing`, `feedback`, `audit`, `fetcher`. `app.state.end()`, called in the
    event loop when the service is told to end, turns away what waits; `app.state.busy()` is how
    many questions and additions are still worked on.

    Raises:
        BadInput: if the settings would let strangers in by oversight.
        FootnoteError: if the library or the model cannot be opened.
    """
    check_bind(settings)
    keys = read_keys(settings)
    own_library = None if library else open_library(settings)
    library = library or own_library
    assert library is not None
    fetcher = fetcher or PageFetcher(settings)
    chain = answer_chain(library, settings)
    conversations = Conversations(library.database)
    feedback = FeedbackBook(library, conversations, settings)
    measurements = Measurements()
    workers = Workers(settings.answers_at_once, "answer", settings.questions_waiting)
    embedder = load_embedder(settings.embedding_model)
    audit = AuditLog(library.database, settings.audit_days)
    limit = _limits(settings, library)
    sessions, door = Sessions(library.database, keys), Door(keys, limit)
    sharing = Sharing(library, conversations)
    queue = AnswerQueue(chain, workers, measurements, audit)
    # Apart from those who answer: a slow site or a long file keeps no question waiting.
    adding = Workers(2, "add", _ADDED_LATER)
    additions = Additions(library, fetcher, adding, audit, settings)
    # And apart from both: a supervisor is answered however many wait.
    checking = Workers(1, "check", _ADDED_LATER)
    retrieval = Retrieval(library, workers, audit, settings)
    mcp = mcp_over_http(mcp_server(library, queue, retrieval, additions), settings)

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        async with mcp.router.lifespan_context(mcp):
            yield
        for each in (workers, adding, checking):
            each.close()
        if own_library:
            own_library.close()

    app = FastAPI(
        title="Footnote",
        version="1",
        description=_DESCRIPTION,
        lifespan=running,
        docs_url=None,  # FastAPI's page loads from an outside host
        redoc_url=None,
    )
    for routes in (
        answer_routes(queue, conversations),
        retrieval_routes(retrieval),
        articles_routes(library, additions, audit, settings),
        article_page_routes(library),
        conversations_routes(library, conversations, feedback, audit),
        sharing_routes(sharing, audit),
        administration_routes(sessions, audit),
        chat_routes(queue, settings),
        responses_routes(queue, settings),
        embeddings_routes(embedder, workers),
        models_routes(embedder.name),
        monitoring_routes(
            library,
            checking,
            measurements,
            {"answer": workers, "add": adding, "check": checking},
        ),
        docs_routes(),
        login_routes(settings, door, sessions, audit),
    ):
        app.include_router(routes)
    app.router.routes.extend(mcp.routes)
    app.add_middleware(Head)
    app.add_middleware(Bodies, settings=settings)
    app.add_middleware(
        Access,
        settings=settings,
        keys=keys,
        door=door,
        rate=limit("requests", settings.rate_per_minute),
        sessions=sessions,
        audit=audit,
    )
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST", "PATCH", "DELETE"],
            allow_headers=["*"],
            expose_headers=[ANSWER_ID, "Retry-After"],
        )
    app.add_middleware(MeasureRequests, measurements=measurements)  # the last added is outermost
    answer_errors_with_problems(app)

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = openapi_of(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]

    def end() -> None:
        for each in (workers, adding, checking):
            each.end()

    app.state.end = end
    app.state.busy = lambda: workers.busy + adding.busy
    app.state.library = library
    app.state.chain = chain
    app.state.queue = queue
    app.state.conversations = conversations
    app.state.sharing = sharing
    app.state.feedback = feedback
    app.state.audit = audit
    app.state.fetcher = fetcher
    return app


def _limits(settings: Settings, library: Library) -> Callable[[str, int], Limit]:
    """Makes the limits of this process, or of all that share the library."""
    if settings.database_url:
        return partial(SharedRateLimit, library.database)
    return lambda _, per_minute: RateLimit(per_minute)
