"""Questions typed in a hurry, understood by the words of the article."""

import doctest

import pytest

import qa.question.spelling
from qa.question.spelling import respelled

TEXTS = [
    "Sergei Ryabkov said that a hypersonic missile from Ukraine would need 5 minutes.",
    "The treaty has 8 articles.",
    "Ivan Petrov wrote it with one precondition.",
]


def test_the_examples_in_the_docstrings_are_true() -> None:
    failed, tried = doctest.testmod(qa.question.spelling)
    assert tried > 0
    assert failed == 0


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("how many minuts wuold a misile need", "how many minutes would a missile need"),
        ("hipersonic missle from ukrane?", "hypersonic missile from Ukraine?"),
        ("who is riabkov?", "who is Ryabkov?"),
        ("Who is Sergei Riabkov?", "Who is Sergei Ryabkov?"),
        ("teh artciles of teh treatey", "the articles of the treaty"),
    ],
)
def test_a_slip_is_mended_by_the_words_of_the_passages(typed: str, understood: str) -> None:
    assert respelled(typed, TEXTS) == understood


@pytest.mark.parametrize(
    "question",
    [
        "How long would a missile need?",
        "Who is Anna Petrova?",  # another person than Petrov
        "Which preconditions are there?",  # the plural of a word that is there
        "Does photosynthesis need chlorophyll?",  # nothing like it is there
        "Is it Iran or Iraq?",  # both are words
        "missile in 2О24 a1b2?",
        "Что это?",
        "",
        "?" * 2_000,
    ],
)
def test_what_is_no_slip_is_left_alone(question: str) -> None:
    assert respelled(question, TEXTS) == question


def test_a_slip_near_two_words_is_left_alone() -> None:
    assert respelled("Which tret was it?", ["A trek and a treat."]) == "Which tret was it?"


def test_without_passages_only_function_words_are_mended() -> None:
    assert respelled("waht is teh misile", []) == "what is the misile"
