"""What becomes of the spans that a reader finds: which are quoted, and with what beside them."""

from collections.abc import Sequence

import pytest

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

    def read(self, question: str, passages: Sequence[str]) -> list[Reading]:
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


PEOPLE = (
    "Ada Moreau, a keeper, lit the lamp. The wind was strong.\n\n"
    "In a letter to the Harbour Office she called the storm unusual."
)


def test_who_said_it_is_the_one_that_the_pronoun_stands_for() -> None:
    draft = answer(PEOPLE, "Who called the storm unusual?", "Harbour Office")
    assert draft.short_answer == "Ada Moreau"
    assert said(draft) == [
        "Ada Moreau, a keeper, lit the lamp.",
        "In a letter to the Harbour Office she called the storm unusual.",
    ]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What did she call the storm?", "unusual"),  # not asked who
        ("Who lit the lamp?", "Ada Moreau"),  # the sentence names its subject
        ("Who got a letter?", "Harbour Office"),  # not what she did
    ],
)
def test_otherwise_the_sentence_stands_alone(question: str, found: str) -> None:
    draft = answer(PEOPLE, question, found)
    assert draft.short_answer == found
    assert len(draft.statements) == 1


def test_asked_for_the_second_the_second_is_told() -> None:
    text = "There are two rules. The first is to be quick. The second is to be kind."
    draft = answer(text, "What is the second rule?", "to be quick", "to be kind")
    assert said(draft) == ["The second is to be kind."]


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


def test_what_the_same_analyst_said_is_found_under_his_name_and_the_heading() -> None:
    draft = read_bundled("What did Sergei Bersanov say about China?")
    assert draft.status == "answered"
    assert any("alliance between Moscow and Beijing" in text for text in said(draft))
    assert said(draft)[0].startswith("The same analyst")


def test_another_person_said_nothing_of_it() -> None:
    assert read_bundled("What did Sergei Ryabkov say about China?").status == "not_in_article"
