"""`ReadingExample`: a question and a passage, with what a reader should say of them."""

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ReadingExample:
    kind: str
    """Source and kind, such as `wiki_dev/asked` or `parallel/absent-role`."""
    context: str
    """Title and headings above the passage; may be empty."""
    passage: str
    question: str
    answers: tuple[Stretch, ...]
    """All acceptable answers, in characters of the passage; empty: the passage does not say."""
    relevant: tuple[Stretch, ...]
    """The sentences that answer."""
    group: str
    """Passages of one question share it: the answerable one must score above the others."""


@dataclass(frozen=True, slots=True)
class SupportExample:
    kind: str
    statement: str
    evidence: str
    label: int
    """0 the evidence does not say it, 1 says it, 2 contradicts it."""


def write(path: Path, examples: Iterable[ReadingExample | SupportExample]) -> int:
    """One JSON object a line, gzipped; the number written."""
    number = 0
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=6) as file:
        for example in examples:
            file.write(json.dumps(asdict(example), ensure_ascii=False) + "\n")
            number += 1
    return number


def read_reading(path: Path) -> Iterator[ReadingExample]:
    """Examples of a file that `write`, or a maker, wrote (`.jsonl` or `.jsonl.gz`)."""
    for line, raw in enumerate(_rows(path)):
        yield ReadingExample(
            kind=raw["kind"],
            context=raw.get("context", ""),
            passage=raw["passage"],
            question=raw["question"],
            answers=tuple((start, end) for start, end in raw["answers"]),
            relevant=tuple((start, end) for start, end in raw["relevant"]),
            group=raw.get("group", f"{path.name}:{line}"),
        )


def read_support(path: Path) -> Iterator[SupportExample]:
    """Examples of the support head."""
    for raw in _rows(path):
        yield SupportExample(raw["kind"], raw["statement"], raw["evidence"], raw["label"])


def _rows(path: Path) -> Iterator[dict[str, object]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
