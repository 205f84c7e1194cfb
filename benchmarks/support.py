"""Of statements that a chat model could make: how many true ones are shown, how many false ones?

    python -m benchmarks.support [--made runs/support/dev_support.jsonl --sample 600]

The statements are those of `tests/support_cases.yaml`, written by hand: eight kinds, half of each
true. Every second passage of a kind is for choosing the threshold, and the rest are for measuring.
`--made` adds development statements of `training.statements.write` to those for choosing. The parts
of the check are printed alone and together.
"""

import argparse
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from qa.chat.support import THRESHOLD, missing_detail, said_by
from qa.reading.reader import shipped_reader

CASES = Path(__file__).parents[1] / "tests" / "support_cases.yaml"
SWEPT = (0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98)


@dataclass(frozen=True)
class SupportCase:
    """`kind` is what a false statement of its group has wrong: numbers, units, dates, ..."""

    kind: str
    evidence: str
    statement: str
    is_supported: bool
    for_choosing: bool = False


@dataclass(frozen=True)
class Measured:
    """What each part of the check says of a case."""

    case: SupportCase
    score: float
    missing: str | None


def load_cases(file: Path) -> list[SupportCase]:
    groups = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [
        SupportCase(kind, group["evidence"], statement, is_supported, number % 2 == 0)
        for kind, kind_groups in groups.items()
        for number, group in enumerate(kind_groups)
        for is_supported in (True, False)
        for statement in group["supported" if is_supported else "unsupported"]
    ]


def load_made(file: Path, sample: int) -> list[SupportCase]:
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    lines = [line for line in lines if not line["statement"].endswith("?")]
    chosen = random.Random(1).sample(lines, min(sample, len(lines)))
    return [
        SupportCase(line["kind"], line["evidence"], line["statement"], line["label"] == 1, True)
        for line in chosen
    ]


def table(cases: Sequence[SupportCase], is_shown: Callable[[SupportCase], bool]) -> str:
    """A line a kind and one for all: how many of the true and of the false are shown."""
    lines = [f"{'':24}{'true shown':>14}{'false shown':>14}"]
    for kind in [*dict.fromkeys(case.kind for case in cases), "all"]:
        own = [case for case in cases if kind in (case.kind, "all")]
        lines.append(f"{kind:24}" + "".join(f"{count:>14}" for count in _counts(own, is_shown)))
    return "\n".join(lines)


def _counts(cases: Sequence[SupportCase], is_shown: Callable[[SupportCase], bool]) -> list[str]:
    counts = []
    for wanted in (True, False):
        own = [case for case in cases if case.is_supported == wanted]
        counts.append(f"{sum(map(is_shown, own))}/{len(own)}")
    return counts


def ablation(measured: Sequence[Measured]) -> str:
    """A line for each part of the check, and for each threshold."""
    of = {id(each.case): each for each in measured}
    cases = [each.case for each in measured]

    def at(least: float, guarded: bool) -> Callable[[SupportCase], bool]:
        def is_shown(case: SupportCase) -> bool:
            return of[id(case)].score >= least and not (guarded and of[id(case)].missing)

        return is_shown

    rows = [("guard alone", at(0, True))]
    for least in SWEPT:
        rows += [
            (f"score {least}", at(least, False)),
            (f"score {least} and guard", at(least, True)),
        ]
    lines = [
        f"{name:24}" + "".join(f"{count:>14}" for count in _counts(cases, is_shown))
        for name, is_shown in rows
    ]
    return "\n".join([f"{'':24}{'true shown':>14}{'false shown':>14}", *lines])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=Path, default=CASES)
    parser.add_argument("--made", type=Path, help="dev_support.jsonl of training.statements.write")
    parser.add_argument("--sample", type=int, default=600, help="so many of those")
    given = parser.parse_args()
    score = shipped_reader().support

    def measure(cases: Sequence[SupportCase]) -> list[Measured]:
        return [
            Measured(
                case,
                said_by(case.evidence, case.statement, score),
                missing_detail(case.statement, case.evidence),
            )
            for case in cases
        ]

    measured = measure(load_cases(given.cases))
    parts = [
        ("written by hand, for choosing", [m for m in measured if m.case.for_choosing]),
        ("written by hand, for measuring", [m for m in measured if not m.case.for_choosing]),
    ]
    if given.made:
        parts.insert(1, ("made, for choosing", measure(load_made(given.made, given.sample))))
    for name, part in parts:
        print(f"\n{name}\n{ablation(part)}")
    shown = {
        id(m.case): m.score >= THRESHOLD and m.missing is None
        for m in measured
        if not m.case.for_choosing
    }
    print(f"\nwritten by hand, for measuring, at {THRESHOLD}, by kind")
    print(table([m.case for m in parts[-1][1]], lambda case: shown[id(case)]))


if __name__ == "__main__":
    main()
