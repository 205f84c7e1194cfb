"""`/v1/articles`: add, list, read and remove articles."""

import json
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import UploadFile

from index.errors import BadInput, TooLarge
from index.library import ArticleSummary, Library
from index.loading.file_types import READABLE
from index.rights import SPACE
from index.settings import Settings
from qa.http.additions import AddedArticle, Additions, Place, summary_of
from qa.http.problems import Refused, documented, invalid, not_json
from qa.http.rights import Asker, Manager
from qa.records.audit import AuditLog

MAX_TITLE_CHARACTERS = 500


class PastedText(BaseModel):
    """An article as text."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1)
    title: str | None = Field(None, max_length=MAX_TITLE_CHARACTERS)


class WebAddress(BaseModel):
    """An article on the open web: http or https."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(min_length=1, max_length=2_000)


@dataclass(frozen=True, slots=True)
class ArticleText(ArticleSummary):
    """An article with the text that answers quote; offsets count its code points."""

    text: str


Space = Annotated[
    str | None,
    Query(
        pattern=f"^{SPACE}$",
        description="The space that it belongs to, one of your key's; left out: your key's first "
        "one, or none where it has none, and everybody sees it.",
    ),
]
_FILE_SCHEMA = {
    "type": "object",
    "properties": {
        "file": {
            "type": "string",
            "format": "binary",
            "description": f"A file: {READABLE}.",
        }
    },
    "required": ["file"],
}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "oneOf": [PastedText.model_json_schema(), WebAddress.model_json_schema()]
                },
                "examples": {
                    "text": {"value": {"title": "Tin", "text": "Tin is a soft, silvery metal."}},
                    "address": {"value": {"url": "https://example.org/article.html"}},
                },
            },
            "multipart/form-data": {"schema": _FILE_SCHEMA},
        },
    }
}


def articles_routes(
    library: Library, additions: Additions, audit: AuditLog, settings: Settings
) -> APIRouter:
    """Everything under `/v1/articles`."""
    routes = APIRouter(prefix="/v1/articles", tags=["articles"])

    @routes.post(
        "",
        status_code=201,
        response_model=AddedArticle,
        responses={
            200: {"model": AddedArticle, "description": "It was there already."},
            **documented(400, 401, 403, 413, 415, 421, 422, 429, 503),
        },
        openapi_extra=_BODY,
    )
    async def add(
        request: Request, person: Manager, replace: bool = False, space: Space = None
    ) -> Response:
        """Add an article: a file (multipart), a text, or the address of a page (JSON).

        The same text twice adds nothing. An earlier text of the same file or address is named in
        `earlier`, and removed with `replace=true`.
        """
        place = Place(person, replace, space)
        place.check()  # before anything is read
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "multipart/form-data":
            name, data = await _uploaded(request, settings)
            info, new = await additions.of_file(name, data, place)
        elif kind == "application/json":
            try:
                given = _given(json.loads(await request.body()))
            except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
                return not_json(str(error))
            except ValidationError as error:
                return invalid(error.errors())
            if isinstance(given, WebAddress):
                info, new = await additions.of_address(given.url, place)
            else:
                info, new = await additions.of_text(given.text, given.title, place)
        else:
            raise Refused(
                415, "Send a file as multipart/form-data, or a text or a URL as application/json."
            )
        return JSONResponse(info.model_dump(mode="json"), 201 if new else 200)

    @routes.get("", responses=documented(401, 403, 421, 503))
    def list_(person: Asker) -> list[ArticleSummary]:
        """The articles that your key may see, in the order in which they were added."""
        return library.within(person.rights).articles()

    @routes.get("/{article_id}", responses=documented(401, 403, 404, 421, 422, 503))
    def read(article_id: str, person: Asker) -> ArticleText:
        """One article with its stored text: the very text that answers quote."""
        own = library.within(person.rights)
        article = own.article(article_id)
        return ArticleText(**asdict(summary_of(article, own)), text=article.text)

    @routes.delete(
        "/{article_id}",
        status_code=204,
        response_class=Response,
        responses=documented(401, 403, 404, 421, 422, 429, 503),
    )
    def remove(article_id: str, person: Manager) -> None:
        """Remove an article from the library and from every index.

        One that belongs to spaces that your key does not see too stays for those.
        """
        library.within(person.rights).remove(article_id)
        audit.write(person.name, "removed an article", article_id)

    return routes


def _given(body: object) -> PastedText | WebAddress:
    """By its fields, so that what is wrong is said of the one that was meant."""
    if not isinstance(body, dict) or not ("text" in body or "url" in body):
        raise BadInput("Send an object with the article's `text` or with its `url`.")
    model = PastedText if "text" in body else WebAddress
    return model.model_validate(body)


async def _uploaded(request: Request, settings: Settings) -> tuple[str, bytes]:
    """The name and the bytes of the one file of a form. The name is never used as a path."""
    async with request.form(max_files=1, max_fields=4) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise BadInput("The form holds no file: send it as the part named `file`.")
        limit = settings.max_file_bytes
        data = await file.read(limit + 1)
        if len(data) > limit:
            raise TooLarge(
                f"The file has more than {limit:,} bytes, the limit (FOOTNOTE_MAX_FILE_BYTES)."
            )
        return file.filename or "upload.txt", data
