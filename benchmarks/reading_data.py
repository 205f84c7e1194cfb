"""Development articles of SQuAD-format reading data.

An article is its paragraphs joined by a blank line; gold answers are stretches of that text.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.articles import Article

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of an article, with its paragraph and the annotators' answers."""

    id: str
    text: str
    paragraph: Stretch
    golds: tuple[Stretch, ...]
    article: int


def load_development(path: Path, articles: int = 8) -> tuple[list[Article], list[Asked]]:
    """The last `articles` articles of the file, which the shipped reader never trained on.

    It trained on the first four fifths of `fairytale.json`: 46 stories are the rest.
    """
    loaded: list[Article] = []
    asked: list[Asked] = []
    for data in json.loads(path.read_text(encoding="utf-8"))["data"][-articles:]:
        place, number = 0, len(loaded)
        for paragraph in data["paragraphs"]:
            end = place + len(paragraph["context"])
            for qa in paragraph["qas"]:
                golds = tuple(
                    (place + a["answer_start"], place + a["answer_start"] + len(a["text"]))
                    for a in qa["answers"]
                )
                asked.append(Asked(qa["id"], qa["question"], (place, end), golds, number))
            place = end + 2
        text = "\n\n".join(paragraph["context"] for paragraph in data["paragraphs"])
        loaded.append(Article.of(text, data["title"].replace("_", " "), path.name))
    return loaded, asked


def holds(outer: Stretch, stretches: Sequence[Stretch]) -> bool:
    """Whether one of the stretches lies wholly within `outer`."""
    return any(outer[0] <= start and end <= outer[1] for start, end in stretches)


def touches(outer: Stretch, stretches: Sequence[Stretch]) -> bool:
    """Whether one of the stretches shares a character with `outer`."""
    return any(start < outer[1] and outer[0] < end for start, end in stretches)
