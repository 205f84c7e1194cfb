"""The OpenAPI document: FastAPI's, with what it cannot know of."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from qa.http.problems import Problem

_SCHEMAS = "#/components/schemas/"


def openapi_of(app: FastAPI) -> dict[str, Any]:
    """The document of a service: its routes, the one schema of problems, and the keys."""
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = Problem.model_json_schema()
    _gather_definitions(document, schemas)
    components["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer"},
        "browser": {"type": "http", "scheme": "basic", "description": "The key as password."},
    }
    document["security"] = [{}, {"key": []}, {"browser": []}]
    return document


def _gather_definitions(part: Any, schemas: dict[str, Any]) -> None:
    """Moves what a schema within the document defines to where all can refer to it."""
    if isinstance(part, list):
        for one in part:
            _gather_definitions(one, schemas)
    if not isinstance(part, dict):
        return
    for name, schema in part.pop("$defs", {}).items():
        schemas.setdefault(name, schema)
        _gather_definitions(schemas[name], schemas)
    if isinstance(reference := part.get("$ref"), str):
        part["$ref"] = reference.replace("#/$defs/", _SCHEMAS)
    for one in list(part.values()):
        _gather_definitions(one, schemas)
