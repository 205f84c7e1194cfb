"""`POST /v1/retrieve`: the passages that are nearest to words, without an answer."""

from dataclasses import dataclass

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from index.errors import BadInput
from index.library import Library
from index.settings import Settings
from qa.answer import RetrievedPassage
from qa.http.problems import documented
from qa.http.rights import Asker
from qa.http.workers import Workers
from qa.records.audit import AuditLog
from qa.records.people import Person
from qa.retrieval.passages import retrieve

MOST = 50


class RetrievalRequest(BaseModel):
    """What is looked for."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"query": "missiles near Moscow", "k": 3}}
    )

    query: str = Field(min_length=1)
    article_ids: tuple[str, ...] | None = Field(None, description="In these only.")
    k: int = Field(5, ge=1, le=MOST, strict=True, description="How many passages.")


class Passages(BaseModel):
    """What was found."""

    passages: tuple[RetrievedPassage, ...] = Field(description="Best first.")


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Finding passages, for every surface that offers it."""

    library: Library
    workers: Workers
    audit: AuditLog
    settings: Settings

    async def passages(self, request: RetrievalRequest, person: Person) -> list[RetrievedPassage]:
        """The passages that the person may see, best first.

        Raises:
            BadInput: if the query is blank or too long.
            NotFound: if one of the articles does not exist.
        """
        return await self.workers.run(self._found, request, person)

    def _found(self, request: RetrievalRequest, person: Person) -> list[RetrievedPassage]:
        limit = self.settings.max_question_characters
        if not request.query.strip() or len(request.query) > limit:
            raise BadInput(
                f"The query must have 1 to {limit:,} characters (FOOTNOTE_MAX_QUESTION_CHARACTERS)."
            )
        self.audit.write(person.name, "searched")
        seen = self.library.within(person.rights)
        return [
            RetrievedPassage(
                passage_id=found.passage.id,
                article_id=found.article.id,
                start=found.passage.start,
                end=found.passage.end,
                text=found.text,
                score=found.score,
            )
            for found in retrieve(seen, [request.query], request.article_ids, request.k)
        ]


def retrieval_routes(retrieval: Retrieval) -> APIRouter:
    """`POST /v1/retrieve`."""
    routes = APIRouter(tags=["answers"])

    @routes.post(
        "/v1/retrieve", responses=documented(400, 401, 403, 404, 413, 415, 421, 422, 429, 503)
    )
    async def find(request: RetrievalRequest, person: Asker) -> Passages:
        """The passages that are nearest to a query, with their exact places and no answer."""
        return Passages(passages=tuple(await retrieval.passages(request, person)))

    return routes
