"""The words of `training/data/contrasts.yaml`: a word's opposite, or another of its kind."""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random

import yaml

from training.statements.clause import with_articles
from training.statements.scene import CONTRADICTED, UNSAID, Change, Scene, has_word

_FILE = Path(__file__).parents[1] / "data" / "contrasts.yaml"
_AMBIGUOUS = frozenset(
    [
        "like",
        "right",
        "left",
        "back",
        "light",
        "lie",
        "lies",
        "present",
        "even",
        "over",
        "lead",
        "odd",
    ]
)
"""Words that mostly mean something else than what their row says."""


@dataclass(frozen=True)
class Contrasts:
    """`opposites` and `siblings` answer for one form of a word: built → demolished; captain →
    engineer, pilot, ...; `groups` are the siblings by name; `exclusive` has their words."""

    opposites: dict[str, list[str]]
    siblings: dict[str, list[str]]
    groups: dict[str, list[str]]
    exclusive: frozenset[str]

    def group(self, name: str) -> list[str]:
        return self.groups[name]


@cache
def contrasts() -> Contrasts:
    data = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    opposites: dict[str, list[str]] = defaultdict(list)
    for one, other in data["opposites"]:
        for a, b in zip(one, other, strict=False):
            opposites[a].append(b)
            opposites[b].append(a)
    groups = {group["name"]: group["words"] for group in data["siblings"]}
    exclusive = {w for g in data["siblings"] if g.get("exclusive") for w in g["words"]}
    siblings: dict[str, list[str]] = defaultdict(list)
    for words in groups.values():
        for word in words:
            siblings[word] += [w for w in words if w != word]
    return Contrasts(dict(opposites), dict(siblings), groups, frozenset(exclusive))


def opposite(scene: Scene, rng: Random, words: Contrasts) -> Change | None:
    """The opposite of a word: bought → sold, before → after."""
    return _exchanged(scene, rng, words.opposites, "opposite", lambda _: CONTRADICTED)


def sibling(scene: Scene, rng: Random, words: Contrasts) -> Change | None:
    """Another word of a kind: captain → engineer, Monday → Friday."""
    return _exchanged(
        scene,
        rng,
        words.siblings,
        "sibling",
        lambda word: CONTRADICTED if word in words.exclusive else UNSAID,
    )


def _exchanged(
    scene: Scene,
    rng: Random,
    table: dict[str, list[str]],
    kind: str,
    label: Callable[[str], int],
) -> Change | None:
    text = scene.clause.statement()
    tokens = re.findall(r"[\w'-]+", text)
    grams = set(tokens) | {" ".join(pair) for pair in pairwise(tokens)}
    known = sorted(g for g in grams - _AMBIGUOUS if g in table and has_word(scene.evidence, g))
    rng.shuffle(known)
    for old in known:
        free = [new for new in table[old] if not has_word(scene.evidence, new)]
        if not free:
            continue
        new = rng.choice(free)
        clause = scene.clause.swapped(old, new)
        if clause is not None:
            return Change(with_articles(clause, new), label(old), kind)
    return None
