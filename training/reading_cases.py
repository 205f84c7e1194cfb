"""What the shipped reader says of held-out questions of many domains, for fitting its confidence.

    python -m training.reading_cases --data ../shared/data/reading --examples runs/reader \\
        --out runs/reader/cases.json

Wikipedia articles and stories are asked whole, through retrieval: of their own article, of another
one, and of their own without the passages that answer. Of the other domains one passage is read,
answered questions and near misses alike. A case is right when its answer has an F1 of at least 0.5.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.reading import Setting, opened, read_case
from benchmarks.reading_data import load_development
from qa.evaluation.metrics import best_over_golds, f1_score
from qa.reading.calibration import MOST_LEAD
from qa.reading.onnx_reader import OnnxReader
from qa.reading.reader import FOLDER, Reading
from training.example import ReadingExample, read_reading

WHOLE: dict[str, tuple[int, tuple[Setting, ...]]] = {
    "wiki_dev": (8, ("own", "other", "removed")),
    "fairytale": (46, ("own", "removed")),
}
"""Articles held out of each file, and how they are asked."""
ALONE = ("natural", "reddit", "amazon_reviews", "parallel", "forms", "tables")


@dataclass(frozen=True)
class ReadingCase:
    domain: str
    kind: str
    group: str
    """Cases of one article, or of one passage, share it."""
    has_answer: bool
    answerable: float
    span: float
    lead: float
    rank: int
    f1: float
    """0 where there is no answer."""


def case(
    domain: str, kind: str, group: str, readings: Sequence[Reading], f1: float, has_answer: bool
) -> ReadingCase | None:
    """Of the reading that the present calibration prefers; None when nothing was found."""
    found = [n for n, reading in enumerate(readings) if reading.spans]
    if not found:
        return None
    best = max(found, key=lambda n: readings[n].confidence)
    logits = [reading.answerable for n, reading in enumerate(readings) if n != best]
    own = readings[best]
    lead = min(own.answerable - max(logits, default=-MOST_LEAD * 9), MOST_LEAD)
    score = own.spans[0].score
    return ReadingCase(domain, kind, group, has_answer, own.answerable, score, lead, best, f1)


def whole(data: Path, reader: OnnxReader, size: int) -> Iterator[ReadingCase | None]:
    """Questions to whole articles."""
    for domain, (held_out, settings) in WHOLE.items():
        articles, questions = load_development(data / f"{domain}.json", held_out)
        questions = random.Random(0).sample(questions, min(size, len(questions)))
        with tempfile.TemporaryDirectory() as folder, opened(Path(folder), articles) as library:
            for asked in questions:
                for setting in settings:
                    read = read_case(library, reader, articles, asked, setting)
                    own = setting == "own"
                    group = f"{domain}/{asked.article}"
                    yield case(domain, setting, group, read.readings, read.f1, own)


def alone(examples: Path, reader: OnnxReader, size: int) -> Iterator[ReadingCase | None]:
    """Questions to one passage."""
    domains: dict[str, list[ReadingExample]] = {domain: [] for domain in ALONE}
    for example in read_reading(examples / "development.jsonl.gz"):
        domain = example.kind.split("/")[0]
        if domain in domains and not example.kind.endswith("/elsewhere"):
            domains[domain].append(example)
    for domain, found in domains.items():
        for example in random.Random(0).sample(found, min(size, len(found))):
            readings = reader.read(example.question, [example.passage], [example.context])
            f1 = 0.0
            if example.answers and readings[0].spans:
                span = readings[0].spans[0]
                golds = [example.passage[start:end] for start, end in example.answers]
                f1 = best_over_golds(f1_score, example.passage[span.start : span.end], golds)
            group = str(hash(example.passage) % 10**9)
            yield case(domain, example.kind, group, readings, f1, bool(example.answers))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of SQuAD-format files")
    parser.add_argument("--examples", type=Path, required=True, help="from prepare_reader")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="the reader's folder")
    parser.add_argument("--size", type=int, default=100, help="questions of a domain")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    reader = OnnxReader(arguments.folder)
    cases: list[ReadingCase] = []
    for made in (
        alone(arguments.examples, reader, 2 * arguments.size),
        whole(arguments.data, reader, arguments.size),
    ):
        for found in made:
            if found is not None:
                cases.append(found)
                if len(cases) % 50 == 0:
                    arguments.out.write_text(json.dumps([asdict(each) for each in cases]))
                    print(len(cases), found.domain, flush=True)
    arguments.out.write_text(json.dumps([asdict(each) for each in cases]))


if __name__ == "__main__":
    main()
