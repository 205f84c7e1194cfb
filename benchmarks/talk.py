"""How are the questions answered that ask for more than one fact?

    python -m benchmarks.talk

Asks the whole chain the questions of `talk.yaml`, which says what each kind of them wants.
"""

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from index.library import open_library
from index.loading.loader import load_text
from index.settings import Settings
from qa.answer import Answer
from qa.chain import answer_chain

QUESTIONS = Path(__file__).with_suffix(".yaml")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a kind, the words of the sentences that it wants, and what was said to it."""

    kind: str
    wanted: tuple[str, ...]
    answer: Answer

    @property
    def quotes(self) -> list[str]:
        return [citation.quote for citation in self.answer.citations]

    @property
    def recall(self) -> float:
        """Share of the wanted sentences that were quoted."""
        return sum(any(w in quote for quote in self.quotes) for w in self.wanted) / len(self.wanted)

    @property
    def precision(self) -> float:
        """Share of the quotes that were wanted."""
        right = sum(any(w in quote for w in self.wanted) for quote in self.quotes)
        return right / len(self.quotes)


def ask_all(file: Path) -> Iterator[Asked]:
    """Each article in a library of its own."""
    for each in yaml.safe_load(file.read_text(encoding="utf-8")):
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(data_dir=Path(folder))
            with open_library(settings) as library:
                library.add(load_text(each["article"], settings, "Article"))
                chain = answer_chain(library, settings)
                for kind, questions in each["ask"].items():
                    for question, wanted in questions.items():
                        yield Asked(kind, tuple(wanted), chain.invoke({"question": question}))


def table(asked: list[Asked]) -> str:
    """A line a kind: how many were answered, told what is related, refused; yes and no; quotes."""
    by_kind = defaultdict[str, list[Asked]](list)
    for one in asked:
        by_kind[one.kind].append(one)
    heads = ("asked", "answered", "related", "refused", "Yes", "No", "recall", "precision")
    lines = [f"{'':14}" + "".join(f"{head:>10}" for head in heads)]
    for kind, own in by_kind.items():
        statuses = [one.answer.status for one in own]
        headlines = [one.answer.short_answer for one in own]
        counts = [len(own), *map(statuses.count, ("answered", "related", "not_in_article"))]
        counts += [headlines.count("Yes"), headlines.count("No")]
        shares = ["", ""]
        if any(one.wanted for one in own):
            quoting = [one.precision for one in own if one.quotes]
            shares = [f"{sum(one.recall for one in own) / len(own):.2f}"]
            shares.append(f"{sum(quoting) / len(quoting):.2f}" if quoting else "")
        lines.append(f"{kind:14}" + "".join(f"{cell:>10}" for cell in [*counts, *shares]))
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=Path, default=QUESTIONS)
    print(table(list(ask_all(parser.parse_args().questions))))


if __name__ == "__main__":
    main()
