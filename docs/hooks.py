"""Puts what the code says into the pages, so that they cannot say something else.

`<!-- settings -->` becomes the table of the settings, `<!-- answer -->` and `<!-- case -->` the
fields of the answer and of a test case, `<!-- limits -->` the limits of the gate.
"""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from index.loading.file_types import READABLE
from index.settings import Settings
from qa.answer import Answer, Citation
from qa.evaluation.cases import Case, ExpectedQuote
from qa.evaluation.limits import Limits


def on_page_markdown(markdown: str, **_: Any) -> str:
    """MkDocs calls this for each page."""
    for mark, table in TABLES.items():
        if mark in markdown:
            markdown = markdown.replace(mark, table())
    return markdown


def settings_table() -> str:
    """A row for each setting."""
    rows = ["| variable | default | what it does |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "the user's data folder" if name == "data_dir" else field.default
        shown = default if default not in (None, ()) else "–"
        rows.append(f"| `FOOTNOTE_{name.upper()}` | {shown} | {_cell(field.description)} |")
    return "\n".join(rows)


def fields_table(model: type[BaseModel]) -> str:
    """A row for each field of a model, with its type as the JSON schema names it."""
    schema = model.model_json_schema()["properties"]
    rows = ["| field | type | what it is |", "|---|---|---|"]
    for name, field in model.model_fields.items():
        needed = field.default is PydanticUndefined and field.default_factory is None
        kind = _type(schema[field.alias or name])
        said = _cell(field.description) + (" Needed." if needed else "")
        rows.append(f"| `{field.alias or name}` | {kind} | {said.strip()} |")
    return "\n".join(rows)


def _type(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_type(one) for one in schema["anyOf"]))
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}" if schema.get("items") else "list"
    return str(schema.get("type", "anything"))


def _cell(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")


TABLES: dict[str, Callable[[], str]] = {
    "<!-- formats -->": lambda: READABLE[0].upper() + READABLE[1:],
    "<!-- settings -->": settings_table,
    "<!-- answer -->": lambda: fields_table(Answer),
    "<!-- citation -->": lambda: fields_table(Citation),
    "<!-- case -->": lambda: fields_table(Case),
    "<!-- quote -->": lambda: fields_table(ExpectedQuote),
    "<!-- limits -->": lambda: fields_table(Limits),
}
