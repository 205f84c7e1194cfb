"""`/v1/embeddings`: the vectors of the model that the library is indexed with."""

import base64
from typing import Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, field_validator

from index.embedding.embedder import Embedder
from index.errors import BadInput, NotFound
from qa.http.openai.models import MODEL
from qa.http.openai.tokens import count_tokens
from qa.http.problems import documented
from qa.http.rights import Asker
from qa.http.workers import Workers

Text = Annotated[str, Field(min_length=1, max_length=100_000)]
_MOST = 256


class EmbeddingsRequest(BaseModel):
    """OpenAI's request."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={"example": {"model": MODEL, "input": ["Tin is a soft metal."]}},
    )

    model: str = Field(max_length=200, description="`footnote`, or the embedding model's name.")
    input: Text | Annotated[tuple[Text, ...], Field(min_length=1, max_length=_MOST)]
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = Field(None, strict=True, ge=1, description="That of the model.")

    @field_validator("input", mode="before")
    @classmethod
    def _only_texts(cls, given: object) -> object:
        if isinstance(given, list) and any(isinstance(one, int | list) for one in given):
            raise ValueError(
                "Footnote embeds texts, not the numbers of tokens; in LangChain's OpenAIEmbeddings "
                "say check_embedding_ctx_length=False"
            )
        return given


_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A `list` of `embedding` objects, as OpenAI's client reads it.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    },
    **documented(400, 401, 403, 404, 413, 415, 421, 422, 429, 503),
}


def embeddings_routes(embedder: Embedder, workers: Workers) -> APIRouter:
    """`POST /v1/embeddings`."""
    routes = APIRouter(tags=["OpenAI-compatible"])

    @routes.post("/v1/embeddings", responses=_RESPONSES)
    async def embed(request: EmbeddingsRequest, _: Asker) -> Response:
        """Unit vectors of texts, by the model that the articles are indexed with."""
        if request.model not in (MODEL, embedder.name):
            raise NotFound(
                f"There is no model {request.model!r}; the one here is {embedder.name!r}."
            )
        if request.dimensions not in (None, embedder.dimension):
            raise BadInput(f"The vectors of {embedder.name} have {embedder.dimension} numbers.")
        texts = [request.input] if isinstance(request.input, str) else list(request.input)
        vectors = await workers.run(embedder.embed_documents, texts)
        tokens = await workers.run(lambda: sum(map(count_tokens, texts)))
        data = [
            {"object": "embedding", "index": n, "embedding": _written(v, request.encoding_format)}
            for n, v in enumerate(vectors)
        ]
        usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        return JSONResponse(
            {"object": "list", "data": data, "model": request.model, "usage": usage}
        )

    return routes


def _written(vector: list[float], encoding: str) -> list[float] | str:
    if encoding == "float":
        return vector
    return base64.b64encode(np.asarray(vector, "<f4").tobytes()).decode()
