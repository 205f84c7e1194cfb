"""Kinds of things (bridges, drugs, novels) and the facts that can be told of each.

A kind is in `data/kinds_*.yaml`. The same facts serve running text (`parallel`), tables and
forms: a fact has labels (a column's header), questions, predicates and a specification of values.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

_DATA = Path(__file__).parent / "data"

DEVELOPMENT = frozenset(
    [
        "museum",
        "island",
        "satellite",
        "tree",
        "newspaper",
        "battle",
        "athlete",
        "course",
        "telescope",
        "storm",
    ]
)
"""Kinds that no training example is made of."""


@dataclass(frozen=True)
class Fact:
    """What can be told of a thing, and how; `{n}` stands for its name, `{v}` for the value."""

    labels: tuple[str, ...]
    nouns: tuple[str, ...]
    """Those labels that fit into "the ... of {n} is {v}"."""
    spec: str
    questions: tuple[str, ...]
    predicates: tuple[str, ...]
    statements: tuple[str, ...]
    most: str
    least: str


@dataclass(frozen=True)
class Kind:
    noun: str
    names: tuple[str, ...]
    titles: tuple[str, ...]
    pronoun: str
    facts: tuple[Fact, ...]
    never: tuple[str, ...] = field(default=())
    """Questions that no fact of the kind answers."""


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(" | ") if part.strip())


def _fact(line: str) -> Fact:
    columns = [column.strip() for column in line.split(";")]
    labels, spec, questions, predicates, most, least = [*columns, "", "", ""][:6]
    named = _parts(labels)
    told = _parts(predicates)
    return Fact(
        labels=tuple(label.lstrip("~") for label in named),
        nouns=tuple(label.lower() for label in named if not label.startswith("~")),
        spec=spec,
        questions=_parts(questions),
        predicates=tuple(text for text in told if not text.startswith(">")),
        statements=tuple(text[1:] for text in told if text.startswith(">")),
        most=most,
        least=least,
    )


@cache
def all_kinds() -> tuple[Kind, ...]:
    return tuple(
        Kind(
            noun=entry["noun"],
            names=_parts(entry["names"]),
            titles=_parts(entry["titles"]),
            pronoun=entry.get("pronoun", "it"),
            facts=tuple(_fact(line) for line in entry["facts"].strip().splitlines()),
            never=_parts(entry["never"]),
        )
        for file in sorted(_DATA.glob("kinds_*.yaml"))
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))
    )


def kinds(development: bool) -> list[Kind]:
    """The kinds of the training data, or those of the development data."""
    return [kind for kind in all_kinds() if (kind.noun in DEVELOPMENT) == development]
