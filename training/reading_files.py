"""SQuAD-format reading files → paragraphs and questions, with the parts that are held out.

Held out for development, never trained on: the last eight articles of `wiki_dev`, the last fifth
of the stories and of the search-box paragraphs, the last tenth of the reviews, posts and sentences.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from index.sentences import sentence_spans

Stretch = tuple[int, int]
"""(start, end) in characters of a text."""

HELD_OUT: dict[str, float] = {
    "wiki_dev": 8 / 24,
    "reddit": 0.1,
    "amazon_reviews": 0.1,
    "fairytale": 0.2,
    "natural": 0.2,
    "sentences": 0.1,
}
"""Of each file, the last share of its articles; where it is one article, of its paragraphs."""

_UNTITLED = {"reddit", "amazon_reviews", "sentences"}


@dataclass(frozen=True, slots=True)
class Paragraph:
    source: str
    article: str
    title: str
    """What the article is called; empty where the file's title says nothing."""
    text: str
    sentences: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    text: str
    paragraph: int
    """Its place in the list of paragraphs."""
    answers: tuple[Stretch, ...]
    """The annotators' answers, in characters of the paragraph; never empty."""


def load(folder: Path, source: str, *, held_out: bool) -> tuple[list[Paragraph], list[Question]]:
    """The training or the development part of one file."""
    articles = json.loads((folder / f"{source}.json").read_text(encoding="utf-8"))["data"]
    whole = [(a.get("title", ""), a["paragraphs"]) for a in articles]
    if len(whole) == 1:
        whole = [(whole[0][0], [paragraph]) for paragraph in whole[0][1]]
    first_held_out = len(whole) - round(len(whole) * HELD_OUT[source])
    chosen = whole[first_held_out:] if held_out else whole[:first_held_out]
    paragraphs: list[Paragraph] = []
    questions: list[Question] = []
    for number, (title, parts) in enumerate(chosen):
        shown = "" if source in _UNTITLED else title.replace("_", " ")
        for part in parts:
            text = part["context"]
            article = f"{source}/{held_out}/{number}"
            paragraphs.append(Paragraph(source, article, shown, text, tuple(sentence_spans(text))))
            for qa in part["qas"]:
                answers = tuple(
                    (a["answer_start"], a["answer_start"] + len(a["text"]))
                    for a in qa["answers"]
                    if a["text"].strip()
                )
                if answers:
                    question = qa["question"].strip()
                    questions.append(Question(qa["id"], question, len(paragraphs) - 1, answers))
    return paragraphs, questions


def touching(sentences: tuple[Stretch, ...], stretches: tuple[Stretch, ...]) -> list[Stretch]:
    """The sentences that share a character with one of the stretches."""
    return [s for s in sentences if any(s[0] < end and start < s[1] for start, end in stretches)]
