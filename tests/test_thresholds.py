"""The numbers that decide an answer: each of these tests fails when its number is moved."""

import numpy as np
import pytest

from index.articles import Passage
from index.library import Candidate
from qa.question.spelling import respelled, unknown_words
from qa.reading.spans import best_spans
from qa.retrieval.abbreviations import with_long_forms
from qa.retrieval.ranking import first_choice, fused

MEN = "How many men of the council were paid?"
TEXTS = [
    "Thirteen men of the tin council were paid in 1985. The council met in London.",
    "The tin council met in London. Who was paid is not known.",
    "Copper was sold in Cornwall, and the price of it fell.",
]


def candidate(number: int, dense: float, lexical: float, sentence: float) -> Candidate:
    return Candidate(Passage(str(number), "article", 0, 1, ""), dense, lexical, sentence)


def test_the_weights_of_ranking() -> None:
    candidates = [
        candidate(0, 0.5, 3.0, 0.55),
        candidate(1, 0.6, 4.0, 0.50),
        candidate(2, 0.2, 0.0, 0.30),
    ]
    assert fused(MEN, candidates, TEXTS) == pytest.approx([2.968, 0.055, -3.023], abs=0.0005)


@pytest.mark.parametrize(("meaning", "first"), [(0.3, "words"), (0.27, "meaning")])
def test_words_count_four_fifths_of_meaning_in_the_first_choice(meaning: float, first: str) -> None:
    """Three passages: one has the meaning, one the words and some meaning, one has neither."""
    passages = {
        "meaning": Candidate(Passage("meaning", "article", 0, 1, ""), 0, 0.0, 1.0),
        "words": Candidate(Passage("words", "article", 0, 1, ""), 0, 1.0, meaning),
        "neither": Candidate(Passage("neither", "article", 0, 1, ""), 0, 0.0, 0.0),
    }
    assert first_choice(list(passages.values()), 1) == [passages[first]]


def test_a_word_of_eight_letters_may_have_two_slips_and_a_shorter_one_has_one() -> None:
    assert respelled("the presidnet", ["The president spoke."]) == "the president"
    assert respelled("the prezidnet", ["The president spoke."]) == "the president"
    assert respelled("the chaimren", ["The chairmen spoke."]) == "the chairmen"
    assert respelled("the bamrek", ["The barmen spoke."]) == "the bamrek"


def test_a_word_of_two_letters_is_no_slip() -> None:
    assert unknown_words("zq zqx") == ["zqx"]


@pytest.mark.parametrize(("tokens", "found"), [(30, True), (31, False)])
def test_an_answer_has_thirty_tokens_at_most(tokens: int, found: bool) -> None:
    text = " ".join("x" * 40)
    offsets = [(2 * n, 2 * n + 1) for n in range(40)]
    start, end = np.zeros(40, np.float32), np.zeros(40, np.float32)
    start[0] = end[tokens - 1] = 9
    best = best_spans(text, offsets, start, end, 1)[0]
    assert ((best.start, best.end) == (0, 2 * tokens - 1)) is found


def test_a_long_form_stands_within_a_hundred_and_ten_characters() -> None:
    for gap, found in ((85, True), (86, False)):
        text = f"The International Tin Council{' ' * gap}ITC failed."
        asked = with_long_forms("What is the ITC?", [text])
        assert ("International Tin Council" in asked) is found, gap
