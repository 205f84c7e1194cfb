"""Drafted cases: questions made from an article's clauses, and near misses of them."""

from pathlib import Path

import pytest

from index.articles import Article
from index.errors import BadInput
from index.settings import Settings
from qa.evaluation.cases import load_test_set
from qa.evaluation.drafting import drafted_text, drafts
from qa.evaluation.question_generation import near_misses, proposals
from qa.evaluation.run import SETS

HARBOUR = """\
# The harbour of Lindvik

Harbour master Ingrid Solheim stood on the quay. Every morning Ingrid Solheim reads the gauge.
"""


def made(sentence: str) -> list[tuple[str, str, str | None]]:
    article = Article.of(f"{HARBOUR}\n\n{sentence}", "", "")
    return [(p.kind, p.question, p.answer) for p in proposals(article) if p.start > len(HARBOUR)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "The lighthouse was built by hand in May 1858.",
            ("fact", "When was the lighthouse built by hand?", "May 1858"),
        ),
        (
            "The old lamp burned in 1990, when the keeper slept.",
            ("fact", "The old lamp burned in which year?", "1990"),
        ),
        (
            "The harbour has 12 berths for visiting boats.",
            ("number", "How many berths has the harbour for visiting boats?", "12 berths"),
        ),
        (
            "Some 40,000 visitors come to the fair.",
            ("number", "How many visitors come to the fair?", "40,000 visitors"),
        ),
        (
            "Ingrid Solheim, the harbour master, warned the crews.",
            ("fact", "Who warned the crews?", "Ingrid Solheim"),
        ),
        (
            "The quay was empty because the storm had passed.",
            ("why", "Why was the quay empty?", "the storm had passed"),
        ),
        (
            "Pier: East; Built: 1901; Depth: 4 m",
            ("table", "What stands under Built for East?", "1901"),
        ),
    ],
)
def test_a_clause_becomes_a_question_and_its_answer(
    sentence: str, expected: tuple[str, str, str]
) -> None:
    assert expected in made(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "It was closed for the winter in 1990.",
        "He said that the wall would hold for 20 years.",
        "Rain fell on the harbour and on the hills.",
        "The Brook 3 filters hold back what swims.",  # the 3 is part of a name
    ],
)
def test_a_clause_that_does_not_say_who_is_meant_gives_nothing(sentence: str) -> None:
    assert made(sentence) == []


def test_a_near_miss_names_what_the_article_does_not_hold() -> None:
    article = Article.of(f"{HARBOUR}\n\nIngrid Solheim saw the ferry to Skarv in 1998.", "", "")
    answered = [p for p in proposals(article) if p.start > len(HARBOUR)]
    questions = {(p.tag, p.question) for p in near_misses(article, answered)}
    assert ("year", "Who saw the ferry to Skarv in 2001?") in questions
    assert ("name", "Who saw the ferry to Skarv II in 1998?") in questions
    assert ("attribute", "How old is Ingrid Solheim?") in questions


@pytest.mark.parametrize("name", ["water-filter", "sister-ships"])
def test_an_article_of_five_sections_gives_ten_cases_that_make_a_valid_set(
    name: str, tmp_path: Path, settings: Settings
) -> None:
    file = SETS / f"{name}.md"
    drafted = list(drafts(file, settings, limit=12))
    assert len(drafted) >= 10
    assert sum(one.case.kind == "near_miss" for one in drafted) >= 3
    path = tmp_path / "draft.yaml"
    path.write_text(drafted_text(file, tmp_path, [d.case for d in drafted]), encoding="utf-8")
    loaded = load_test_set(path, settings)
    assert [placed.case for placed in loaded.cases] == [one.case for one in drafted]
    for one, placed in zip(drafted, loaded.cases, strict=True):
        if placed.gold:  # made from this sentence, which its answer cites today
            (gold,) = placed.gold
            text = loaded.articles[0].text[gold.start : gold.end]
            assert one.proposal.answer in text
            assert any(c.start < gold.end and gold.start < c.end for c in one.answer.citations)
            assert one.right


def test_an_article_of_which_nothing_can_be_asked_is_told(
    tmp_path: Path, settings: Settings
) -> None:
    article = tmp_path / "rain.md"
    article.write_text("Rain fell. It went on and on, and nobody minded.\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"rain\.md"):
        drafted_text(article, tmp_path, [one.case for one in drafts(article, settings, 5)])
