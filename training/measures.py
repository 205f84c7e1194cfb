"""What is counted period by period (revenue, rainfall, visitors), from `data/measures.yaml`."""

import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from training.values import DAYS, MONTHS


@dataclass(frozen=True)
class Measure:
    label: str
    spec: str
    questions: tuple[str, ...]
    statements: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    whose: tuple[str, ...]
    periods: tuple[str, ...]
    development: bool
    measures: tuple[Measure, ...]


@cache
def groups() -> tuple[Group, ...]:
    file = Path(__file__).parent / "data" / "measures.yaml"
    return tuple(
        Group(
            tuple(entry["whose"].split(" | ")),
            tuple(entry["periods"].split()),
            entry.get("development", False),
            tuple(_measure(line) for line in entry["measures"].strip().splitlines()),
        )
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))
    )


def _measure(line: str) -> Measure:
    label, spec, questions, statements = (part.strip() for part in line.split(";"))
    return Measure(label, spec, tuple(questions.split(" | ")), tuple(statements.split(" | ")))


def draw_periods(kind: str, rng: random.Random) -> list[str]:
    """Eight or so periods in order; some of them will be told of."""
    if kind == "months":
        return MONTHS
    if kind == "weekdays":
        return DAYS
    if kind == "quarters":
        forms = rng.choice(["the {o} quarter", "Q{i}"])
        ordinals = ["first", "second", "third", "fourth"]
        return [forms.replace("{o}", o).replace("{i}", str(i + 1)) for i, o in enumerate(ordinals)]
    first, step = rng.randint(1890, 2015), rng.choice([1, 1, 1, 2, 5, 10])
    step = step if first + 5 * step < 2026 else 1
    return [str(year) for year in range(first, first + 9 * step, step) if year < 2026]
