"""A second look at the passage that answers: at its sentences alone, and at what spans share."""

from collections.abc import Sequence

import numpy as np
import pytest

from qa.reading.second_look import Logits, Window, second_look

TEXT = "Tin melts early. It is soft. The council met in March 2027, said Amara. Nobody came."
OFFSETS = [(0, 3), (4, 9), (10, 15), (15, 16), (17, 19), (20, 22), (23, 27), (27, 28)]
OFFSETS += [(29, 32), (33, 40), (41, 44), (45, 47), (48, 53), (54, 58), (58, 59)]
OFFSETS += [(60, 64), (65, 70), (70, 71), (72, 78), (79, 83), (83, 84)]
COUNCIL_MET = (4, 18)
"""The tokens of the sentence about the council and of the one before."""


def logits(size: int, **heights: tuple[int, float]) -> Logits:
    made = np.full((2, size), -9, np.float32)
    for name, (token, height) in heights.items():
        made[0 if name.startswith("start") else 1, token] = height
    return made


def looked(first: Logits, second: dict[Window, Logits], longest: int = 100) -> str | None:
    asked: list[Window] = []

    def read(windows: Sequence[Window]) -> list[Logits]:
        asked.extend(windows)
        return [second.get(window, np.full((2, window[1] - window[0]), -9)) for window in windows]

    span = second_look(TEXT, OFFSETS, first, longest, read)
    assert set(second) <= set(asked)
    return span and TEXT[span.start : span.end]


def test_what_a_sentence_alone_says_is_added() -> None:
    first = logits(21, start=(12, 3), end=(12, 2), end_too=(13, 1.5))
    alone = logits(14, start=(8, 3), end_too=(9, 3))
    assert looked(first, {COUNCIL_MET: alone}) == "March 2027"


def test_the_span_that_shares_its_words_with_the_likely_ones_is_taken_before_the_likeliest() -> (
    None
):
    first = logits(21, start=(12, 5), end=(12, 4.2), end_of_two=(13, 4), end_with_comma=(14, 3.9))
    assert first[1].argmax() == 12
    assert looked(first, {COUNCIL_MET: first[:, 4:18] * 0}) == "March 2027"


def test_without_a_span_there_is_no_second_look() -> None:
    assert second_look("", [], np.zeros((2, 0), np.float32), 100, lambda windows: []) is None


def test_a_sentence_too_long_to_be_read_at_once_is_not_read_again() -> None:
    first = logits(21, start=(12, 3), end=(13, 3))
    assert looked(first, {}, longest=13) is None


@pytest.mark.parametrize("text", ["Tin melts.", "Tin melts. It is soft."])
def test_a_text_of_one_or_two_sentences_was_read_already(text: str) -> None:
    offsets = [place for place in OFFSETS if place[1] <= len(text)]
    first = logits(len(offsets), start=(0, 3), end=(0, 3))
    windows: list[Window] = []

    def read(asked: Sequence[Window]) -> list[Logits]:
        windows.extend(asked)
        return [first[:, begin:stop] for begin, stop in asked]

    span = second_look(text, offsets, first, 100, read)
    assert span
    assert text[span.start : span.end] == "Tin"
    assert (0, len(offsets)) not in windows
