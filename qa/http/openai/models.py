"""`/v1/models`: the one that answers, and the one that embeds."""

import time

from fastapi import APIRouter
from pydantic import BaseModel

from index.errors import NotFound
from qa.http.problems import documented

MODEL = "footnote"
_STARTED = int(time.time())


class Model(BaseModel):
    """A model as OpenAI lists them."""

    id: str
    object: str = "model"
    created: int = _STARTED
    owned_by: str = "footnote"


class Models(BaseModel):
    """The models that can be asked."""

    object: str = "list"
    data: tuple[Model, ...] = (Model(id=MODEL),)


def check_model(name: str) -> None:
    """Raises NotFound for a model that cannot be asked."""
    if name != MODEL:
        raise NotFound(f"There is no model {name!r}; the one here is {MODEL!r}.")


def models_routes(embedding_model: str) -> APIRouter:
    """`GET /v1/models` and `GET /v1/models/{id}`."""
    routes = APIRouter(tags=["OpenAI-compatible"])

    @routes.get("/v1/models", responses=documented(401, 403, 421))
    async def models() -> Models:
        """The model that can be asked: `footnote`."""
        return Models()

    @routes.get("/v1/models/{model}", responses=documented(401, 403, 404, 421, 422))
    async def model(model: str) -> Model:
        """One model: `footnote`, or that of `POST /v1/embeddings`."""
        if model != embedding_model:
            check_model(model)
        return Model(id=model)

    return routes
