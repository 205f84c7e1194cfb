"""YAML or JSONL → entries that know the line of each of their parts, for clear messages."""

import json
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from index.errors import BadInput

Place = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Entry:
    """A mapping of the file, not yet checked, and the lines (from 1) of its parts."""

    data: Any
    first_line: int
    lines: Mapping[Place, int] = field(default_factory=dict)

    def line(self, place: Place) -> int:
        """The line of the part at `place`, or of the nearest part around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, self.first_line)

    def error(self, path: Path, place: Place, problem: str) -> BadInput:
        return BadInput(f"{path}:{self.line(place)}: {problem.rstrip('.')}.")


def read_entries(path: Path) -> tuple[Entry, list[Entry]]:
    """What the file says beside its cases, and its cases.

    Raises:
        BadInput: naming file and line, when the file cannot be read or parsed.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not UTF-8 text.") from error
    if path.suffix == ".jsonl":
        return Entry({}, 1), _json_lines(text, path)
    if path.suffix in (".yaml", ".yml"):
        return _yaml(text, path)
    raise BadInput(f"{path}: a test set is a .yaml, .yml or .jsonl file.")


def validated(model: type[Model], entry: Entry, path: Path) -> Model:
    """The entry as `model`.

    Raises:
        BadInput: naming file, line and field of the first thing that is wrong.
    """
    if not isinstance(entry.data, dict):
        raise entry.error(path, (), "expected fields such as `question:` here")
    try:
        return model.model_validate(entry.data)
    except ValidationError as error:
        # A misspelt field is missing too: what stands there in its place says more.
        errors = error.errors()
        first = next((e for e in errors if e["type"] == "extra_forbidden"), errors[0])
        place = tuple(part for part in first["loc"])
        name = ".".join(str(part) for part in place if part != "tuple")
        message = str(first["msg"]).removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            message = "there is no such field; known are " + ", ".join(_fields(model, place))
        elif first["type"] == "string_type":
            message = f"{first['input']!r} is not text: put it in quotes"
        who = entry.data.get("id")
        subject = f"{who!r}: " if isinstance(who, str) and place != ("id",) else ""
        raise entry.error(
            path, place, f"{subject}{name}: {message}" if name else f"{subject}{message}"
        ) from error


def _fields(model: type[BaseModel], place: Place) -> list[str]:
    """The fields of the model that holds the part at `place`, as they are written in a file."""
    for part in place[:-1]:
        within = model.model_fields[part].annotation if part in model.model_fields else None
        if isinstance(within, type) and issubclass(within, BaseModel):
            model = within
    return [field.alias or name for name, field in model.model_fields.items()]


def _json_lines(text: str, path: Path) -> list[Entry]:
    entries = []
    for n, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                entries.append(Entry(json.loads(line), n))
            except json.JSONDecodeError as error:
                raise BadInput(f"{path}:{n}: this line is not JSON: {error.msg}.") from error
    return entries


def _yaml(text: str, path: Path) -> tuple[Entry, list[Entry]]:
    loader = yaml.SafeLoader(text)
    try:
        root = loader.get_single_node()
        lines: dict[Place, int] = {}
        if root is not None:
            _note_lines(root, (), lines, path)
        data = loader.construct_document(root) if root is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = f":{mark.line + 1}" if mark else ""
        raise BadInput(f"{path}{at}: this is not YAML: {error.problem}.") from error
    except yaml.YAMLError as error:
        raise BadInput(f"{path}: this is not YAML: {error}.") from error
    finally:
        loader.dispose()
    if isinstance(data, dict) and "cases" in data and data["cases"] is None:
        data["cases"] = []
    if not isinstance(data, dict) or not isinstance(data.get("cases"), list):
        raise BadInput(f"{path}:1: a test set has a list `cases:`.")
    header = Entry({key: value for key, value in data.items() if key != "cases"}, 1, lines)
    cases = []
    for i, case in enumerate(data["cases"]):
        inside = {place[2:]: line for place, line in lines.items() if place[:2] == ("cases", i)}
        cases.append(Entry(case, lines["cases", i], inside))
    return header, cases


def _note_lines(node: yaml.Node, place: Place, lines: dict[Place, int], path: Path) -> None:
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for i, item in enumerate(node.value):
            _note_lines(item, (*place, i), lines, path)
    elif isinstance(node, yaml.MappingNode):
        seen: set[Hashable] = set()
        for key, value in node.value:
            if key.value in seen:
                line = key.start_mark.line + 1
                raise BadInput(f"{path}:{line}: {key.value!r} is here a second time.")
            seen.add(key.value)
            _note_lines(value, (*place, key.value), lines, path)
            lines[(*place, key.value)] = key.start_mark.line + 1
