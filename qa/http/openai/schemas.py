"""`response_format`: an answer as JSON in the shape that a client's schema gives.

A schema is honoured when every answer fits it: it may name as many of the fields of `Answer` as it
likes, and may say of each what the answer's own schema says. Anything else is refused beforehand;
nothing is asked of a schema that could take long, such as a pattern.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from index.errors import BadInput
from qa.answer import Answer

Schema = Mapping[str, Any]

_MOST_LOOKED_AT = 500
_CHOICES = ("anyOf", "oneOf")
_SAYS_NOTHING = frozenset(
    {"title", "description", "default", "examples", "$defs", "$schema", "$id", "$comment"}
)
_LOOKED_AT = frozenset({"type", "enum", "const", "properties", "required", "items"}) | {
    "additionalProperties"
}


class _Misfit(Exception):
    """Why a schema cannot be honoured."""


def check_schema(schema: Schema) -> None:
    """Refuses a schema that an answer may not fit.

    Raises:
        BadInput: naming what is not in an answer, or cannot be promised.
    """
    try:
        _Comparison(schema).check(_own(), schema, "")
    except _Misfit as misfit:
        raise BadInput(f"response_format cannot be honoured: {misfit}.") from misfit


def in_shape(answer: Answer, schema: Schema | None) -> str:
    """The answer as JSON: the fields that a checked schema names, or all of them."""
    whole = answer.model_dump(mode="json")
    if schema is not None:
        whole = _Comparison(schema).picked(whole, schema)
    return json.dumps(whole, ensure_ascii=False)


class _Comparison:
    """Of a client's schema with the answer's own."""

    def __init__(self, root: Schema) -> None:
        self._root = root
        self._left = _MOST_LOOKED_AT

    def check(self, own: Schema, wanted: Any, place: str) -> None:
        """Raises _Misfit unless all that fits `own` fits what is wanted."""
        for case in _cases(own, _own()):
            misfits = []
            for option in self._options(wanted, place):
                try:
                    self._check_case(case, option, place)
                    break
                except _Misfit as misfit:
                    misfits.append(misfit)
            else:
                raise misfits[0] if misfits else _Misfit(f"nothing fits {place or 'it'}")

    def _check_case(self, own: Schema, wanted: Schema, place: str) -> None:
        at = place.rstrip(".") or "the answer"
        types = wanted.get("type", own["type"])
        types = types if isinstance(types, list) else [types]
        if own["type"] not in types and not (own["type"] == "integer" and "number" in types):
            raise _Misfit(f"{at} may be of the type {own['type']}")
        known = set(own.get("enum", ())) | ({own["const"]} if "const" in own else set())
        allowed = [wanted["const"]] if "const" in wanted else wanted.get("enum")
        allowed = allowed if isinstance(allowed, list | None) else []
        if allowed is not None and not (known and all(value in allowed for value in known)):
            raise _Misfit(f"{at} can have other values than those")
        for name in wanted.keys() - _LOOKED_AT - _SAYS_NOTHING:
            if name not in own or own[name] != wanted[name]:
                raise _Misfit(f"{name} cannot be promised of {at}")
        if own["type"] == "object":
            self._check_fields(own, wanted, place)
        if own["type"] == "array" and "items" in wanted:
            self.check(own["items"], wanted["items"], place)

    def _check_fields(self, own: Schema, wanted: Schema, place: str) -> None:
        fields = own.get("properties", {})
        names = wanted.get("properties", {})
        required = wanted.get("required", ())
        rest = wanted.get("additionalProperties")
        if not isinstance(names, Mapping) or not isinstance(required, list | tuple):
            raise _Misfit("it is no JSON schema")
        if not fields and not names and isinstance(rest, Mapping):  # a mapping, as `latency_ms`
            self.check(own.get("additionalProperties", {}), rest, f"{place}*.")
        for name in (*names, *map(str, required)):
            if name not in fields:
                there = ", ".join(fields) or "no named fields"
                raise _Misfit(f"an answer has no {place}{name}, but {there}")
        for name, part in names.items():
            self.check(fields[name], part, f"{place}{name}.")

    def picked(self, value: Any, wanted: Any) -> Any:
        """What of a value is named."""
        options = list(self._options(wanted, ""))
        if isinstance(value, dict):
            named = next((o["properties"] for o in options if o.get("properties")), None)
            if named is None:
                return value
            return {name: self.picked(value[name], part) for name, part in named.items()}
        if isinstance(value, list):
            items = next((o["items"] for o in options if "items" in o), None)
            self._left = _MOST_LOOKED_AT  # an answer has as many parts as it has
            return value if items is None else [self.picked(part, items) for part in value]
        return value

    def _options(self, wanted: Any, place: str) -> Iterator[Schema]:
        """The schemas of which one has to fit, references followed."""
        self._left -= 1
        if self._left < 0 or not isinstance(wanted, Mapping):
            raise _Misfit(f"it is no JSON schema, or too large a one, at {place or 'its top'}")
        choices = [kind for kind in (*_CHOICES, "allOf") if kind in wanted]
        if "$ref" in wanted:
            yield from self._options(_referred(wanted["$ref"], self._root), place)
        elif not choices:
            yield wanted
        else:
            parts = wanted[choices[0]]
            if (
                len(choices) > 1
                or not isinstance(parts, list)
                or (choices == ["allOf"] and len(parts) != 1)
            ):
                raise _Misfit(f"{choices[-1]} cannot be promised at {place or 'its top'}")
            for part in parts:
                yield from self._options(part, place)


def _cases(own: Schema, root: Schema) -> Iterator[Schema]:
    """The kinds of value that our own schema allows at a place, each with one type."""
    if "$ref" in own:
        yield from _cases(_referred(own["$ref"], root), root)
    elif "anyOf" in own:
        for part in own["anyOf"]:
            yield from _cases(part, root)
    else:
        yield own


def _referred(reference: Any, root: Schema) -> Any:
    if not isinstance(reference, str) or not reference.startswith("#"):
        raise _Misfit("a schema may refer to its own parts alone (#/$defs/…)")
    found: Any = root
    for step in reference[1:].split("/")[1:]:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


@cache
def _own() -> Schema:
    """The schema of what `Answer.model_dump_json` writes."""
    return Answer.model_json_schema(mode="serialization")
