"""Everything the reader trains on and is measured on during training → two files of examples.

    python -m training.prepare_reader --data READING --tables WIKITABLEQUESTIONS \\
        --made MADE --out runs/reader

`--data` holds the SQuAD-format files, `--made` what the makers wrote. Writes `train.jsonl.gz`,
`development.jsonl.gz`, `support.jsonl.gz` and `support-development.jsonl.gz`.
"""

import argparse
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from training.example import ReadingExample, read_reading, read_support, write
from training.mine_negatives import BM25, best_others
from training.near_misses import Contrasts, counterfactual, known_names, swapped, without_answer
from training.reading_files import HELD_OUT, Paragraph, Question, load, touching
from training.web_tables import lookups

CONTRASTS = Path(__file__).parent / "data" / "contrasts.yaml"
MADE = ("parallel", "forms", "tables")
SEED = 12
_NEGATIVES = 4


def asked(question: Question, paragraph: Paragraph) -> ReadingExample:
    """The question with the passage that answers it."""
    return ReadingExample(
        f"{paragraph.source}/asked",
        paragraph.title,
        paragraph.text,
        question.text,
        question.answers,
        tuple(touching(paragraph.sentences, question.answers)),
        question.id,
    )


def of_file(
    folder: Path, source: str, contrasts: Contrasts, *, held_out: bool
) -> Iterator[ReadingExample]:
    """Every question of a file: answered, with passages that do not answer, and near misses."""
    rng = random.Random(f"{SEED}/{source}/{held_out}")
    paragraphs, questions = load(folder, source, held_out=held_out)
    known: dict[str, list[str]] = defaultdict(list)
    for paragraph in paragraphs:
        known[paragraph.article] += known_names(paragraph.text)
    everywhere = sorted({name for found in known.values() for name in found})
    negatives = best_others(BM25, paragraphs, questions, _NEGATIVES)
    for number, question in enumerate(questions):
        paragraph = paragraphs[question.paragraph]
        yield asked(question, paragraph)
        for other in negatives[number]:
            text, title = paragraphs[other].text, paragraphs[other].title
            kind = f"{source}/elsewhere"
            yield ReadingExample(kind, title, text, question.text, (), (), question.id)
        own = sorted(set(known[paragraph.article]))
        alike = own + rng.sample(everywhere, min(20, len(everywhere)))
        if change := swapped(rng, question.text, paragraph.text, alike, contrasts):
            kind, group = f"{source}/swapped-{change[0]}", f"swapped:{question.id}"
            yield ReadingExample(kind, paragraph.title, paragraph.text, change[1], (), (), group)
        yield from counterfactual(rng, question, paragraph, alike)
        if (without := without_answer(question, paragraph)) is not None:
            yield without


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--tables", type=Path, required=True)
    parser.add_argument("--made", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    contrasts = Contrasts.read(CONTRASTS)
    web = list(lookups(arguments.tables, random.Random(SEED)))
    web_groups = sorted({example.group for example in web})
    web_held_out = set(web_groups[-len(web_groups) // 10 :])
    for part, file in (("train", "train"), ("dev", "development")):
        held_out = part == "dev"

        def reading(held_out: bool = held_out, part: str = part) -> Iterator[ReadingExample]:
            for source in HELD_OUT:
                yield from of_file(arguments.data, source, contrasts, held_out=held_out)
            yield from (e for e in web if (e.group in web_held_out) == held_out)
            for made in MADE:
                for example in read_reading(arguments.made / f"{part}_{made}.jsonl"):
                    yield replace(example, kind=f"{made}/{example.kind.replace('/', '-')}")

        print(file, write(arguments.out / f"{file}.jsonl.gz", reading()), "examples", flush=True)
    for part, file in (("train", "support"), ("dev", "support-development")):
        rows = read_support(arguments.made / f"{part}_support.jsonl")
        print(file, write(arguments.out / f"{file}.jsonl.gz", rows), "examples", flush=True)


if __name__ == "__main__":
    main()
