"""Errors over HTTP: problem documents (RFC 9457), the same on every path.

`type` is `urn:footnote:problem:NAME`; clients should tell problems apart by it or by the status.
"""

import errno
import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from index.errors import (
    BadInput,
    FootnoteError,
    LibraryBusy,
    ModelProblem,
    NotAllowed,
    NotFound,
    ServiceBusy,
    TooLarge,
    UnreadableFile,
)

MEDIA_TYPE = "application/problem+json"

_FAULT = "A fault of Footnote's own; its log says more. Nothing was lost."
"""The client is told nothing of our insides."""
_log = logging.getLogger(__name__)

_MEANING: dict[int, str] = {
    400: "The request is malformed.",
    401: "No API key was given, or one that is not known.",
    403: "The key's role is not enough, or a page of another site asks.",
    404: "There is nothing under that id.",
    405: "The path does not take this method.",
    406: "No form of the answer suits the Accept header.",
    409: "The request contradicts what is stored.",
    413: "The request, file, article or question is over its limit.",
    415: "The body is of a type that this path does not take.",
    421: "The service does not answer to this host name.",
    422: "The request cannot be served as it stands; `errors` says which fields are wrong.",
    429: "Too many requests; `Retry-After` says how many seconds to wait.",
    503: "The service, the library or a model cannot be used now; trying again may help, after "
    "as many seconds as `Retry-After` says, where it is sent.",
}


class FieldError(BaseModel):
    """One thing wrong in a request."""

    field: str = Field(description="Where: `body.question`, `path.article_id` …")
    message: str


class OpenAIError(BaseModel):
    """What OpenAI's clients show of an error."""

    message: str
    type: str


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "urn:footnote:problem:not-found",
                "title": "Not Found",
                "status": 404,
                "detail": "There is no article 0123456789abcdef in the library.",
                "errors": [],
                "error": {
                    "message": "There is no article 0123456789abcdef in the library.",
                    "type": "urn:footnote:problem:not-found",
                },
            }
        }
    )

    type: str
    title: str = Field(description="The name of the status.")
    status: int
    detail: str = Field(description="One sentence for a person: what was wrong, what to do.")
    errors: tuple[FieldError, ...] = Field((), description="The fields at fault, where known.")
    error: OpenAIError = Field(description="The same for OpenAI's clients, which look here.")


class Refused(Exception):
    """A request that the service itself turns down, before anything of Footnote runs."""

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.response = problem(status, detail, headers=headers)


def problem(
    status: int,
    detail: str,
    name: str | None = None,
    errors: Sequence[FieldError] = (),
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """The response that carries one problem document."""
    title = HTTPStatus(status).phrase
    urn = f"urn:footnote:problem:{name or title.lower().replace(' ', '-')}"
    document = Problem(
        type=urn,
        title=title,
        status=status,
        detail=detail,
        errors=tuple(errors),
        error=OpenAIError(message=detail, type=urn),
    )
    return JSONResponse(
        document.model_dump(mode="json"), status, headers=headers, media_type=MEDIA_TYPE
    )


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """`responses=` of a route that can answer with these problems."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        status: {"description": _MEANING[status], "content": {MEDIA_TYPE: schema}}
        for status in sorted(statuses)
    }


EVERYWHERE = (401, 403, 413, 421, 429)
"""What can be refused before the path is even looked at."""


def status_of(error: FootnoteError) -> int:
    """The HTTP status that an error of the tree in `index.errors` stands for."""
    if isinstance(error, TooLarge):
        return 413
    if isinstance(error, BadInput):
        return 422
    if isinstance(error, NotAllowed):
        return 403
    return 404 if isinstance(error, NotFound) else 503


def answer_errors_with_problems(app: FastAPI) -> None:
    """Registers the handlers, so that no error leaves in another form."""

    @app.exception_handler(FootnoteError)
    async def _footnote_error(_: Request, error: FootnoteError) -> Response:
        return problem_of(error)

    @app.exception_handler(Refused)
    async def _refused(_: Request, error: Refused) -> Response:
        return error.response

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        return _unreadable(request, error.errors()) or invalid(error.errors())

    answer_http_errors_with_problems(app)

    @app.exception_handler(Exception)
    async def _fault(_: Request, error: Exception) -> Response:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return problem(503, "The disk is full; free some space and try again.")
        return problem(500, _FAULT)  # the server logs the trace


def answer_http_errors_with_problems(app: FastAPI) -> None:
    """The handler for what a framework refuses by itself: an unknown path, a wrong method."""

    @app.exception_handler(HTTPException)
    async def _http_exception(request: Request, error: HTTPException) -> Response:
        detail = _MEANING.get(error.status_code, str(error.detail))
        if error.status_code == 404:
            detail = "There is nothing at this path; /docs lists what there is."
        if error.status_code == 400:
            detail = f"The request is malformed: {error.detail}"
        headers = dict(error.headers) if error.headers else {}
        if error.status_code == 405:
            headers["Allow"] = ", ".join(sorted(_methods(request)))
        return problem(error.status_code, detail, headers=headers)


def _methods(request: Request) -> set[str]:
    """All methods of the path that was asked for, by whichever route."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    found: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        if route.path and route.methods and compile_path(route.path)[0].match(path):
            found |= route.methods
    return found | ({"HEAD"} if "GET" in found else set())


def problem_of(error: FootnoteError) -> JSONResponse:
    """The problem document of an error that Footnote raised on purpose."""
    status = status_of(error)
    if status >= 500:
        _log.warning("cannot serve now", extra={"error": type(error).__name__, "why": str(error)})
    name = _NAMES.get(type(error))
    headers = None
    if isinstance(error, LibraryBusy):
        headers = {"Retry-After": "2"}
    elif isinstance(error, ServiceBusy):
        headers = {"Retry-After": str(error.retry_after_s)}
    return problem(status, str(error), name, headers=headers)


def problem_within_a_stream(error: Exception) -> str:
    """The problem document, as JSON, of what went wrong after the response had begun."""
    if isinstance(error, FootnoteError):
        response = problem_of(error)
    else:
        _log.error("A stream failed.", exc_info=error)
        response = problem(500, _FAULT)
    return bytes(response.body).decode()


def not_json(why: str) -> JSONResponse:
    """The problem document of a body that is no JSON; `why` is the parser's word."""
    return problem(400, f"The body is not JSON: {why.rstrip('.')}.")


def _unreadable(request: Request, errors: Sequence[Any]) -> JSONResponse | None:
    """The problem document of a body that is not JSON, or not sent as such, if that is it."""
    for error in errors:
        if error["type"] == "json_invalid":
            return not_json(f"{error['ctx']['error']}, character {error['loc'][-1]}")
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        sent = error["loc"] == ("body",) and error["type"] != "missing"
        if sent and kind != "application/json" and not kind.endswith("+json"):
            return problem(415, "Send the body as `Content-Type: application/json`.")
    return None


def invalid(errors: Sequence[Any]) -> JSONResponse:
    """The problem document of a request that pydantic found at fault (`ValidationError.errors()`).

    What was sent is not repeated: it may be long, secret, or not even encodable.
    """
    fields = [
        FieldError(
            field=".".join(str(part) for part in error["loc"]),
            message=str(error["msg"]).removeprefix("Value error, "),
        )
        for error in errors[:20]
    ]
    first = f"{fields[0].field}: {fields[0].message}" if fields else "it cannot be read"
    return problem(422, f"The request is not valid: {first}.", errors=fields)


_NAMES: dict[type[FootnoteError], str] = {
    UnreadableFile: "unreadable-file",
    TooLarge: "too-large",
    NotFound: "not-found",
    NotAllowed: "forbidden",
    LibraryBusy: "library-busy",
    ServiceBusy: "service-busy",
    ModelProblem: "model-problem",
}
