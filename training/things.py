"""The things that a running text is about, with what is told of each and what is not."""

import random
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from training.kinds import Kind
from training.names import Names
from training.values import Values

ASIDES = [
    [part.strip() for part in line.split(";")]
    for line in yaml.safe_load(
        (Path(__file__).parent / "data" / "asides.yaml").read_text(encoding="utf-8")
    )
]
LOCATED = frozenset(
    ["school", "museum", "clinic", "park", "hotel", "library", "university", "festival", "club"]
)
"""Kinds of which it can be told in which town a thing is, since no fact of theirs says it."""


@dataclass(frozen=True)
class Thing:
    number: int
    name: str
    pronoun: str
    told: dict[int, str]
    """Values by the number of the fact."""
    place: str = ""
    asides: tuple[tuple[int, str, str], ...] = field(default=())
    """Number, statement and value."""


def make_things(
    kind: Kind, pattern: str, rng: random.Random, names: Names, values: Values
) -> list[Thing]:
    """Things of the kind, each with some of the facts; few facts are told of all of them."""
    count = rng.choices([1, 2, 3, 4], [8, 57, 25, 10])[0]
    chosen = rng.sample(range(len(kind.facts)), rng.randint(2, len(kind.facts) - 2))
    share = rng.uniform(0.45, 0.9)
    located = kind.noun in LOCATED and rng.random() < 0.5
    things = []
    for number in range(count):
        told = [at for at in chosen if rng.random() < share] or [rng.choice(chosen)]
        woman = rng.random() < 0.5
        person = kind.pronoun == "person"
        asides = rng.sample(range(len(ASIDES)), rng.choice([0, 0, 1, 1, 2]))
        things.append(
            Thing(
                number=number,
                name=names.person(woman) if person else names.named(pattern),
                pronoun=("she" if woman else "he") if person else kind.pronoun,
                told={at: values.draw(kind.facts[at].spec).text for at in told},
                place=names.place() if located and rng.random() < 0.7 else "",
                asides=tuple((at, ASIDES[at][0], values.draw(ASIDES[at][1]).text) for at in asides),
            )
        )
    return things
