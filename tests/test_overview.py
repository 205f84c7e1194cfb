import re
from functools import cache

import pytest

from index.articles import Article
from index.embedding.embedder import Embedder, load_embedder
from index.loading.loader import load_file
from index.sample import BUNDLED_ARTICLE
from index.settings import Settings
from qa.answerers.summary import asked_for, summary


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder("all-MiniLM-L6-v2")


@cache
def bundled() -> Article:
    return load_file(BUNDLED_ARTICLE, Settings())


WHOLE = "What is it about?"

WHALES = Article.of(
    """# Whales

Whales are large mammals that live in the sea and breathe air through lungs.

## Food

Baleen whales filter krill and small fish from the sea water with plates of baleen.

They can eat several tonnes a day.

Photo caption: A humpback whale feeds on krill near the coast of Norway in the summer.

Toothed whales hunt fish and squid, which they find by listening to the echo of their clicks.

## Threats

Commercial hunting of whales reduced many species of whales to a few per cent of their number.

Ships and fishing nets are what kills most whales in our days, according to the researchers.""",
    "Whales",
    "whales.md",
)


def test_the_sentences_are_quoted_in_the_order_of_the_article_at_their_exact_places(
    embedder: Embedder,
) -> None:
    article = bundled()
    draft = summary(WHOLE, [article], embedder)
    places = [quote.start for s in draft.statements for quote in s.quotes]
    assert draft.status == "answered"
    assert 3 <= len(draft.statements) <= 5
    assert places == sorted(set(places))
    for statement in draft.statements:
        (quote,) = statement.quotes
        assert article.text[quote.start : quote.end] == statement.text
        assert quote.passage.article is article


def test_headings_captions_and_sentences_that_begin_with_a_pronoun_are_left_out(
    embedder: Embedder,
) -> None:
    for article in (bundled(), WHALES):
        for statement in summary(WHOLE, [article], embedder).statements:
            assert not re.match(r"#|Photo caption|(?:He|She|It|They|This|These)\b", statement.text)
            assert statement.text.endswith((".", ".”", '."', "?"))


def test_a_sentence_said_twice_is_told_once(embedder: Embedder) -> None:
    first = "The mayor of Ghent opened the new tram line to the harbour on Monday morning."
    again = "On Monday morning the mayor of Ghent opened the new tram line to the harbour."
    others = (
        "Bus drivers of the region have announced a strike for the whole of next week.",
        "The old lighthouse will become a museum for the history of the fishing fleet.",
        "Swimming in the canal stays forbidden because the water holds too many bacteria.",
    )
    article = Article.of("\n\n".join([first, again, *others]), "Ghent", "ghent.md")
    told = {statement.text for statement in summary(WHOLE, [article], embedder).statements}
    assert len(told) == 3
    assert not {first, again} <= told


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("Sum it up in one sentence", 1),
        ("a summary of two short sentences, please", 2),
        ("Tell me in 3 sentences what it is about", 3),
        ("in 80 sentences", 12),
        ("What is it about?", None),
        ("What is the sentence of the court about?", None),
    ],
)
def test_as_many_sentences_as_the_question_asks_for(question: str, number: int | None) -> None:
    assert asked_for(question) == number


def test_a_summary_has_a_sentence_of_each_part(embedder: Embedder) -> None:
    """Of three sentences one is of each third of the article, headings aside."""
    article = bundled()
    told = summary("in three sentences", [article], embedder)
    (first, second, third) = [s.quotes[0].start / len(article.text) for s in told.statements]
    assert first < 0.5 < third
    assert first < second < third
    assert len(summary("in one sentence", [article], embedder).statements) == 1


def test_of_several_articles_each_has_its_say(embedder: Embedder) -> None:
    draft = summary(WHOLE, [bundled(), WHALES], embedder)
    assert {s.quotes[0].passage.article.id for s in draft.statements} == {bundled().id, WHALES.id}


def test_of_many_articles_the_note_says_how_many_are_summed_up(embedder: Embedder) -> None:
    articles = [
        Article.of(f"Article number {i} tells of the harvest of the year {1900 + i}.", str(i), "x")
        for i in range(7)
    ]
    draft = summary(WHOLE, articles, embedder)
    assert len(draft.statements) == 5
    assert draft.note == "Only the first 5 of 7 articles are summed up."


@pytest.mark.parametrize("text", ["# Only a heading", "Word", "No stop at the end", "«…»"])
def test_an_article_of_next_to_nothing_is_no_error(text: str, embedder: Embedder) -> None:
    draft = summary(WHOLE, [Article.of(text, "", "x")], embedder)
    assert [s.text for s in draft.statements] == ([] if text.startswith("#") else [text])


def test_a_library_without_articles_is_refused(embedder: Embedder) -> None:
    assert summary(WHOLE, [], embedder).status == "not_in_article"
