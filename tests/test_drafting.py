"""Drafted cases: made from an article's sentences, kept only when the chain cites them."""

from pathlib import Path

import pytest

from index.articles import Article
from index.errors import BadInput
from index.settings import Settings
from qa.evaluation.cases import load_test_set
from qa.evaluation.question_generation import drafted_set
from qa.evaluation.question_patterns import proposals

ARTICLE = """\
# The harbour of Lindvik

Harbour master Ingrid Solheim stood on the quay. Ingrid Solheim said that the old wall no longer
holds back the winter swell.

The breakwater will measure 340 metres. The harbour has 12 berths for visiting boats.

The lighthouse was built in 1858. It was closed in 1990.

Nils Holm, a retired fisherman, watched the works. The quay was empty because the storm had passed.
"""


def made(sentence: str) -> list[tuple[str, str, str]]:
    return [(p.kind, p.question, p.answer) for p in proposals(Article.of(sentence, "", ""))]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Ingrid Solheim said that the old wall holds no more.",
            ("attribution", "Who said that the old wall holds no more?", "Ingrid Solheim"),
        ),
        (
            "The harbour has 12 berths for boats.",
            ("number", "How many berths does the harbour have?", "12 berths"),
        ),
        (
            "Moscow lost two ships.",
            ("number", "How many ships did Moscow lose?", "two ships"),
        ),
        (
            "A ferry would need 7 to 10 minutes.",
            ("number", "How many minutes would a ferry need?", "7 to 10 minutes"),
        ),
        (
            "The lighthouse was built by hand in May 1858.",
            ("fact", "When was the lighthouse built by hand?", "May 1858"),
        ),
        (
            "Nils Holm, a retired fisherman, watched.",
            ("fact", "Who is Nils Holm?", "a retired fisherman"),
        ),
        (
            "Skarv Light, a lighthouse of stone, stands there.",
            ("fact", "What is Skarv Light?", "a lighthouse of stone"),
        ),
        (
            "The quay was empty because the storm had passed.",
            ("why", "Why was the quay empty?", "the storm had passed"),
        ),
    ],
)
def test_a_sentence_becomes_a_question_and_its_answer(
    sentence: str, expected: tuple[str, str, str]
) -> None:
    assert expected in made(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "It was closed in 1990.",
        "He said that the wall would hold for years.",
        "# The harbour has 12 berths for boats",
        "Rain fell.",
    ],
)
def test_a_sentence_that_does_not_say_who_is_meant_gives_nothing(sentence: str) -> None:
    assert made(sentence) == []


def test_a_draft_is_a_valid_set_whose_cases_are_answered(
    tmp_path: Path, settings: Settings
) -> None:
    article = tmp_path / "articles" / "harbour's.md"
    article.parent.mkdir()
    article.write_text(ARTICLE, encoding="utf-8")
    fast = settings.model_copy(update={"reader": "sentences"})
    text = drafted_set(article, tmp_path, fast, limit=4)
    path = tmp_path / "draft.yaml"
    path.write_text(text, encoding="utf-8")
    loaded = load_test_set(path, settings)
    assert 2 <= len(loaded.cases) <= 4
    for placed in loaded.cases:
        (gold,) = placed.gold
        (answer,) = placed.case.answers
        assert isinstance(answer, str)
        assert answer in loaded.articles[0].text[gold.start : gold.end]


def test_an_article_of_which_nothing_can_be_asked_is_told(
    tmp_path: Path, settings: Settings
) -> None:
    article = tmp_path / "rain.md"
    article.write_text("Rain fell. It went on and on, and nobody minded.\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"rain\.md"):
        drafted_set(article, tmp_path, settings.model_copy(update={"reader": "sentences"}), 5)
