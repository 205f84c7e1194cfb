"""Write the synthetic examples, of the training kinds or of those that are held out, as JSON lines.

`python -m training.synthesise FOLDER` writes train_parallel.jsonl, dev_parallel.jsonl and so on.
"""

import argparse
import json
import random
import sys
from collections.abc import Callable
from pathlib import Path

from training import chronicle, forms, lists, parallel, series, sheets, tables, talks
from training.synthetic import Example

Maker = Callable[[random.Random, bool], list[Example]]

MAKERS: dict[str, tuple[tuple[Maker, int], ...]] = {
    "parallel": ((parallel.examples, 77), (series.examples, 15), (chronicle.examples, 8)),
    "forms": (
        (forms.examples, 40),
        (sheets.examples, 25),
        (lists.examples, 22),
        (talks.examples, 13),
    ),
    "tables": ((tables.examples, 90), (series.examples, 10)),
}
"""For each file its makers and how often each is called, in percent."""

TRAINING = {"parallel": 25_000, "forms": 12_000, "tables": 25_000}
DEVELOPMENT = dict.fromkeys(TRAINING, 1_000)


def make(name: str, count: int, development: bool, seed: int) -> list[Example]:
    """So many examples of a file; the same seed makes the same examples."""
    rng = random.Random(f"{name} {development} {seed}")
    makers, weights = zip(*MAKERS[name], strict=True)
    made: list[Example] = []
    while len(made) < count:
        questions = rng.choices(makers, weights)[0](rng, development)
        made += {example.question.lower(): example for example in questions}.values()
    return made[:count]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for name in MAKERS:
        for split, counts in (("train", TRAINING), ("dev", DEVELOPMENT)):
            examples = make(name, counts[name], split == "dev", options.seed)
            file = options.folder / f"{split}_{name}.jsonl"
            with file.open("w", encoding="utf-8") as lines:
                for example in examples:
                    lines.write(json.dumps(example.as_json(), ensure_ascii=False) + "\n")
            answerable = sum(bool(example.answers) for example in examples) / len(examples)
            print(f"{file.name}: {len(examples)} examples, {answerable:.0%} answerable")
    return 0


if __name__ == "__main__":
    sys.exit(main())
