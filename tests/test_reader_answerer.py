"""What becomes of the spans that a reader finds: which are quoted, and with what beside them."""

from collections.abc import Sequence

from index.articles import Article
from index.loading.loader import load_file
from index.passages import split
from index.sample import BUNDLED_ARTICLE
from index.settings import Settings
from qa.answerers.extractive import ReaderAnswerer
from qa.candidates import CandidateAnswer, ScoredPassage
from qa.reading.reader import Reading, load_reader
from qa.reading.spans import Span


class WordsReader:
    """Finds the given words wherever they are, the first of them surest."""

    name = "words"
    threshold = 0.5

    def __init__(self, *words: str) -> None:
        self._words = words

    def read(
        self, question: str, passages: Sequence[str], contexts: Sequence[str] | None = None
    ) -> list[Reading]:
        return [self._reading(text) for text in passages]

    def _reading(self, text: str) -> Reading:
        spans = [
            Span(text.index(word), text.index(word) + len(word), 9.0 - n)
            for n, word in enumerate(self._words)
            if word in text
        ]
        return Reading(tuple(spans), 1.0, 0.9 if spans else 0.0)


def answer(text: str, question: str, *words: str) -> CandidateAnswer:
    article = Article.of(text, "An article", "test")
    passages = [ScoredPassage(passage, article, 1.0) for passage in split(article)]
    (draft,) = ReaderAnswerer(WordsReader(*words)).candidates(question, passages)
    for statement in draft.statements:
        for quote in statement.quotes:
            assert article.text[quote.start : quote.end] == quote.text
    return draft


def said(draft: CandidateAnswer) -> list[str]:
    return [statement.text for statement in draft.statements]


def test_a_span_over_two_paragraphs_is_no_answer() -> None:
    text = "It was rebuilt in stone.\n\nMany visitors came."
    draft = answer(text, "How was it rebuilt?", "stone.\n\nMany", "in stone")
    assert said(draft) == ["It was rebuilt in stone."]


def test_of_one_sentence_a_list_takes_only_what_is_joined() -> None:
    text = "The alloy is made of copper and tin in a furnace. Lead is added later."
    draft = answer(text, "Which metals are in the alloy?", "tin", "copper", "a furnace", "Lead")
    assert draft.short_answer == "tin; copper; Lead"
    assert said(draft) == [
        "The alloy is made of copper and tin in a furnace.",
        "Lead is added later.",
    ]


def read_bundled(question: str) -> CandidateAnswer:
    """With the shipped reader, of all passages of the bundled article."""
    article = load_file(BUNDLED_ARTICLE, Settings())
    passages = [ScoredPassage(passage, article, 1.0) for passage in split(article)]
    near = [p for p in passages if "Beijing" in p.text or "Ryabkov" in p.text]
    (draft,) = ReaderAnswerer(load_reader("footnote")).candidates(question, near)
    for statement in draft.statements:
        for quote in statement.quotes:
            assert article.text[quote.start : quote.end] == quote.text
    return draft


def test_another_person_said_nothing_of_it() -> None:
    assert read_bundled("What did Sergei Ryabkov say about China?").status == "not_in_article"
