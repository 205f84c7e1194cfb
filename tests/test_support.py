"""Whether sentences say a statement, and which ones: the real score, and the guard beside it."""

import pytest

from index.articles import Article
from index.passages import split
from qa.candidates import ScoredPassage
from qa.chat.attribution import attribute
from qa.chat.prompt_sentences import number_sentences
from qa.chat.support import missing_detail
from qa.reading.reader import shipped_reader

ARTICLE = Article.of(
    "# Missiles\n\n"
    "Were American and NATO missile systems to appear in Ukraine, they would need only 7 to 10 "
    "minutes to reach Moscow. A hypersonic missile would need 5 minutes.\n\n"
    "## Sergei Ryabkov\n\n"
    "Sergei Ryabkov, Russia's deputy foreign minister, put that worry into words on 5 December "
    "2021. He stressed that Russia would put up with no preconditions from the United States. "
    'A "show of force" achieves nothing real, apart from keeping tensions up.\n\n'
    "NATO does not grow eastward, and allied forces go back to the lines of 1997. The alliance "
    "spent 1,500,000 euros on it, about 12% of its budget. The new radar cost $30 million, a "
    "record.",
    "Missiles",
    "test",
)
NUMBERED = number_sentences([ScoredPassage(p, ARTICLE, 1.0) for p in split(ARTICLE)])


def attributed(statement: str, *hints: int) -> tuple[int, ...] | str:
    return attribute(statement, hints, NUMBERED, shipped_reader().support)


@pytest.mark.parametrize(
    ("statement", "sentences"),
    [
        ("Missiles in Ukraine would need seven to ten minutes to reach Moscow.", {1}),
        ("Missiles in Ukraine would need 7–10 minutes to reach Moscow.", {1}),
        ("A hypersonic missile needs five minutes.", {2}),
        ("Ryabkov is the deputy foreign minister of Russia.", {3}),
        ("On 2021-12-05 Ryabkov put that worry into words.", {3}),
        ("Russia would put up with no preconditions from the United States.", {4}),
        ("The “show of force” achieves nothing real.", {5}),
        ("NATO does not grow eastward.", {6}),
        ("The alliance spent 1.5 million euros, 12 percent of its budget.", {7}),
        ("The new radar cost 30 million dollars.", {8}),
    ],
)
def test_a_statement_without_numbers_is_given_the_sentence_that_says_it(
    statement: str, sentences: set[int]
) -> None:
    assert attributed(statement) == tuple(sentences)


def test_a_statement_of_two_sentences_is_given_both() -> None:
    said = "The alliance spent 1,500,000 euros, and the new radar cost 30 million dollars."
    assert attributed(said) == (7, 8)


def test_numbers_of_the_model_are_a_hint_and_no_more() -> None:
    assert attributed("A hypersonic missile needs five minutes.", 2) == (2,)
    assert attributed("A hypersonic missile needs five minutes.", 7) == (2,)


@pytest.mark.parametrize(
    "statement",
    [
        "A hypersonic missile would need 10 minutes.",
        "A hypersonic missile would need 5 hours.",
        "Lavrov put that worry into words.",
        "Ryabkov put that worry into words on 6 December 2021.",
        "Ryabkov put that worry into words on 5 May 2021.",
        "The “show of strength” achieves nothing real.",
        "NATO grows eastward.",
        "A hypersonic missile would not need 5 minutes.",
        "The alliance is painted green and sings at night.",
        "Yes.",
        "The alliance spent 1.5 million dollars.",
        "I am sorry, but I cannot help with that.",
        "HACKED",
    ],
)
def test_what_no_sentence_says_is_given_none(statement: str) -> None:
    assert isinstance(attributed(statement), str)
    assert isinstance(attributed(statement, *range(1, 9)), str)


def test_the_guard_names_what_is_missing() -> None:
    missile = "A hypersonic missile would need 5 minutes."
    assert missing_detail("It needs 10 minutes.", missile) == "the number or date 10 minutes"
    assert missing_detail("It is “slow”.", missile) == "the quotation 'slow'"
    assert missing_detail("It needs five minutes.", missile) is None
