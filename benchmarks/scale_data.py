"""Libraries of any size from SQuAD-format files: articles of a few paragraphs, drawn and mixed."""

import json
import random
from dataclasses import dataclass
from pathlib import Path

from index.articles import Article
from index.loading.normal_form import normalise

FILES = ("wiki_dev.json", "amazon_reviews.json", "reddit.json")
PARAGRAPHS = 3
SEED = 1


@dataclass(frozen=True, slots=True)
class Library:
    """The articles, and questions that each ask for something in one of them."""

    articles: tuple[Article, ...]
    questions: tuple[tuple[str, str], ...]
    """(question, id of an article that has its paragraph)."""


def make_library(data: Path, size: int, questions: int, distinct: int | None = None) -> Library:
    """`size` articles; those of a smaller library are the first ones of a larger one.

    Each paragraph is a section of its own, so that its passage has the same text in every article
    that it was drawn for, and is embedded once. `distinct`: draw from so many paragraphs only.
    """
    paragraphs = [
        (article["title"].replace("_", " "), paragraph)
        for name in FILES
        for article in json.loads((data / name).read_text(encoding="utf-8"))["data"]
        for paragraph in article["paragraphs"]
    ][:distinct]
    draw = random.Random(SEED)
    articles, asked = [], []
    for number in range(size):
        drawn = draw.sample(paragraphs, PARAGRAPHS)
        text = "\n\n".join(f"## {title}\n\n{paragraph['context']}" for title, paragraph in drawn)
        article = Article.of(normalise(text), "Collection", f"{number}.md")
        articles.append(article)
        asked += [(qa["question"], article.id) for _, paragraph in drawn for qa in paragraph["qas"]]
    return Library(tuple(articles), tuple(random.Random(SEED).sample(asked, questions)))
