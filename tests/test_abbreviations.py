"""Abbreviations in a question, spelled out from the passages."""

import pytest

from qa.retrieval.abbreviations import with_long_forms


@pytest.mark.parametrize(
    ("question", "text", "long"),
    [
        ("What does NAEH want?", "The National Alliance to End Homelessness (NAEH) wants more.", 1),
        ("What does NAEH want?", "NAEH, the National Alliance to End Homelessness, wants it.", 1),
        ("What does N.A.E.H. want?", "N.A.E.H. (National Alliance to End Homelessness) it is.", 1),
        # far away, in another sentence, in another order, and not in the question at all
        ("What does NAEH want?", "National Alliance to End Homelessness" + " x" * 70 + " NAEH", 0),
        ("What does NAEH want?", "A National Alliance. To End Homelessness is NAEH's wish.", 0),
        ("What does NAEH want?", "NAEH is to End Homelessness by an Alliance so National.", 0),
        ("What does it want?", "The National Alliance to End Homelessness (NAEH) wants more.", 0),
    ],
)
def test_a_long_form_is_found_near_its_short_form(question: str, text: str, long: int) -> None:
    found = with_long_forms(question, ["Another passage.", text])
    assert found == " ".join([question, *["National Alliance to End Homelessness"] * long])


def test_two_letters_are_left_alone() -> None:
    assert with_long_forms("Is it an MD?", ["medical degree (MD)"]) == "Is it an MD?"
