"""Of statements that a chat model could make: how many true ones are shown, how many false ones?

    python -m benchmarks.support

The statements are those of `tests/support_cases.yaml`: eight kinds, half of each true. A statement
is shown where the check of chat answers finds nothing missing in its evidence.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from qa.chat.support import unsupported

CASES = Path(__file__).parents[1] / "tests" / "support_cases.yaml"


@dataclass(frozen=True)
class SupportCase:
    """`kind` is what a false statement of its group has wrong: numbers, units, dates, ..."""

    kind: str
    evidence: str
    statement: str
    is_supported: bool


def load_cases(file: Path) -> list[SupportCase]:
    groups = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [
        SupportCase(kind, group["evidence"], statement, is_supported)
        for kind, kind_groups in groups.items()
        for group in kind_groups
        for is_supported in (True, False)
        for statement in group["supported" if is_supported else "unsupported"]
    ]


def table(cases: Sequence[SupportCase], is_shown: Callable[[str, str], bool]) -> str:
    """A line a kind and one for all: how many of the true and of the false are shown."""
    lines = [f"{'':24}{'true shown':>14}{'false shown':>14}"]
    for kind in [*dict.fromkeys(case.kind for case in cases), "all"]:
        counts = []
        for wanted in (True, False):
            own = [c for c in cases if c.is_supported == wanted and kind in (c.kind, "all")]
            shown = sum(is_shown(case.statement, case.evidence) for case in own)
            counts.append(f"{shown}/{len(own)}")
        lines.append(f"{kind:24}{counts[0]:>14}{counts[1]:>14}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=Path, default=CASES)
    given = parser.parse_args()
    print(table(load_cases(given.cases), lambda said, told: unsupported(said, [told]) is None))


if __name__ == "__main__":
    main()
