"""Examples from the notices of `training/data/notices.yaml`, for certainty about may and must,
all and some, only, unless, until, before and after."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from training.statements.scene import CONTRADICTED, SUPPORTED, UNSAID

_DATA = Path(__file__).parents[1] / "data"
_LABELS = {"follows": SUPPORTED, "contradicts": CONTRADICTED, "untold": UNSAID}


@cache
def _notices() -> list[dict[str, Any]]:
    notices: list[dict[str, Any]] = yaml.safe_load(
        (_DATA / "notices.yaml").read_text(encoding="utf-8")
    )
    return notices


@cache
def _words() -> dict[str, list[str]]:
    words: dict[str, list[str]] = yaml.safe_load((_DATA / "slots.yaml").read_text(encoding="utf-8"))
    return words


def slots(rng: Random) -> dict[str, str]:
    """A value for every name in braces; {place}, {place2} and {place3} differ."""
    values: dict[str, str] = {}
    for kind, words in _words().items():
        chosen = rng.sample(words, min(3, len(words)))
        for number, word in enumerate(chosen):
            values[kind + (str(number + 1) if number else "")] = word
    digit = rng.sample(range(2, 10), 3)
    spelled = rng.random() < 0.5
    names = ["two", "three", "four", "five", "six", "seven", "eight", "nine"]
    sign = rng.choice("$€£")
    numbers = {
        "few": [names[d - 2] if spelled else str(d) for d in digit],
        "n": [str(n) for n in rng.sample(range(11, 99), 3)],
        "teen": [str(n) for n in rng.sample(range(11, 18), 3)],
        "h": [str(n) for n in rng.sample(range(30, 480), 3)],
        "big": [f"{n * 100:,}" for n in rng.sample(range(12, 9900), 3)],
        "year": [str(y) for y in sorted(rng.sample(range(1880, 2025), 3))],
        "money": [f"{sign}{m}" for m in sorted(rng.sample(range(2, 95), 3))],
        "time": [_time(t) for t in rng.sample(range(12, 44), 3)],
        "name": [
            f"{a} {b}"
            for a, b in zip(
                rng.sample(_words()["first name"], 3),
                rng.sample(_words()["last name"], 3),
                strict=True,
            )
        ],
    }
    for kind, chosen in numbers.items():
        for number, word in enumerate(chosen):
            values[kind + (str(number + 1) if number else "")] = word
    return values


def _time(half_hours: int) -> str:
    hour, half = divmod(half_hours, 2)
    return f"{hour}:{'30' if half else '00'}"


def examples(count: int, development: bool, rng: Random) -> Iterator[dict[str, Any]]:
    """`count` examples, half of them true; in half of them another notice stands around. Every
    sixth notice is for development alone."""
    notices = [n for i, n in enumerate(_notices()) if (i % 6 == 5) == development]
    for number in range(count):
        notice, values = rng.choice(notices), slots(rng)
        list_name = "follows" if number % 2 else rng.choice(["contradicts", "untold"])
        evidence = _filled(notice["says"], values)
        if rng.random() < 0.5:
            other = _filled(rng.choice([n for n in notices if n is not notice])["says"], slots(rng))
            evidence = f"{other} {evidence}" if rng.random() < 0.5 else f"{evidence} {other}"
        yield {
            "kind": f"support/notice {list_name}",
            "statement": _filled(rng.choice(notice[list_name]), values),
            "evidence": evidence,
            "label": _LABELS[list_name],
        }


def _filled(text: str, values: dict[str, str]) -> str:
    filled = re.sub(r"\{(\w+)\}", lambda m: values[m[1]], text)
    return filled[:1].upper() + filled[1:]
