"""What becomes of the spans that a reader finds: which are quoted, and with what beside them."""

from collections.abc import Sequence

import pytest

from index.articles import Article
from index.embedding.embedder import DEFAULT_MODEL, load_embedder
from index.loading.loader import load_file
from index.passages import split
from index.sample import BUNDLED_ARTICLE
from index.settings import Settings
from qa.answerers.extractive import SPOKEN_OF, ReaderAnswerer
from qa.answerers.yes_no import YES
from qa.candidates import CandidateAnswer, ScoredPassage
from qa.reading.reader import Reading, shipped_reader
from qa.reading.spans import Span

SCHOOLS = (
    "# Two schools\n\nThe Oak School is led by Lars Eide. It was never closed.\n\n"
    "The Hill School teaches music."
)


class WordsReader:
    """Finds the given words wherever they are, the first of them surest."""

    name = "words"
    threshold = 0.5

    def __init__(self, *words: str) -> None:
        self._words = words

    def read(
        self,
        question: str,
        passages: Sequence[str],
        contexts: Sequence[str] | None = None,
        *,
        thorough: bool = False,
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
    (draft,) = ReaderAnswerer(WordsReader(*words), load_embedder(DEFAULT_MODEL)).candidates(
        question, passages
    )
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


@pytest.fixture(scope="module")
def answerer() -> ReaderAnswerer:
    reader = shipped_reader()
    return ReaderAnswerer(reader, load_embedder(DEFAULT_MODEL), judge=reader)


def read_bundled(answerer: ReaderAnswerer, question: str) -> CandidateAnswer:
    """With the shipped reader, of the passages of the bundled article on China and on Ryabkov."""
    article = load_file(BUNDLED_ARTICLE, Settings())
    passages = [ScoredPassage(passage, article, 1.0) for passage in split(article)]
    near = [p for p in passages if "Beijing" in p.text or "Ryabkov" in p.text]
    (draft,) = answerer.candidates(question, near)
    for statement in draft.statements:
        for quote in statement.quotes:
            assert article.text[quote.start : quote.end] == quote.text
    return draft


def test_another_person_said_nothing_of_it(answerer: ReaderAnswerer) -> None:
    assert read_bundled(answerer, "What did Sergei Ryabkov say about China?").status == (
        "not_in_article"
    )


def test_what_is_named_is_mentioned(answerer: ReaderAnswerer) -> None:
    beijing = read_bundled(answerer, "Is Beijing mentioned?")
    assert (beijing.status, beijing.short_answer) == ("answered", YES)
    assert all("Beijing" in text for text in said(beijing))
    assert read_bundled(answerer, "Is Iceland mentioned?").status == "not_in_article"


def test_sentences_that_speak_of_a_thing_are_related_where_nothing_answers() -> None:
    draft = answer(SCHOOLS, "Tell me about Lars Eide.")
    assert draft.status == "related"
    assert draft.short_answer is None
    assert said(draft) == [
        SPOKEN_OF,
        "The Oak School is led by Lars Eide.",
        "It was never closed.",
    ]
    assert not draft.statements[0].quotes


@pytest.mark.parametrize(
    ("question", "headline"),
    [
        ("Does the Hill School teach music?", YES),
        ("Is the Oak School led by Nora Bakke?", None),
        ("Is the Oak School led by Lars Eide?", YES),
    ],
)
def test_yes_or_no_is_said_where_the_sentence_settles_it(
    answerer: ReaderAnswerer, question: str, headline: str | None
) -> None:
    article = Article.of(SCHOOLS, "Two schools", "test")
    passages = [ScoredPassage(passage, article, 1.0) for passage in split(article)]
    (draft,) = answerer.candidates(question, passages)
    assert draft.short_answer == headline
