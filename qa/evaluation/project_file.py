"""`[tool.footnote.check]` of a `pyproject.toml`: the sets and limits of a project.

[tool.footnote.check]
sets = ["tests/handbook.yaml"]
min-accepted = 0.9
max-sure-wrong = 0
fail-on = "lost"
"""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import Field, ValidationError

from index.errors import BadInput
from qa.evaluation.limits import Limits

NAME = "pyproject.toml"
TABLE = "[tool.footnote.check]"


class _Table(Limits):
    sets: tuple[str, ...] = Field((), description="Test sets, relative to the file.")


@dataclass(frozen=True, slots=True)
class ProjectCheck:
    """What the project says; nothing where no file says anything."""

    file: Path | None = None
    sets: tuple[Path, ...] = ()
    limits: Limits = field(default_factory=Limits)


def read_project(folder: Path) -> ProjectCheck:
    """The table of the nearest `pyproject.toml` in `folder` or above it that has one.

    Raises:
        BadInput: naming file and key of what is wrong.
    """
    for place in (folder, *folder.parents):
        path = place / NAME
        if not path.is_file():
            continue
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(f"{path} cannot be read: {error}.") from error
        except tomllib.TOMLDecodeError as error:
            raise BadInput(f"{path} is not TOML: {error}.") from error
        table = data.get("tool", {}).get("footnote", {}).get("check")
        if table is not None:
            return _checked(path, table)
    return ProjectCheck()


def _checked(path: Path, table: object) -> ProjectCheck:
    try:
        read = _Table.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            known = ", ".join(name.replace("_", "-") for name in _Table.model_fields)
            raise BadInput(f"{path}: {TABLE} has no key {key}; known are {known}.") from error
        raise BadInput(f"{path}: {TABLE} {key}: {first['msg']}.") from error
    limits = Limits.model_validate(read.model_dump(exclude={"sets"}))
    return ProjectCheck(path, tuple(path.parent / name for name in read.sets), limits)
