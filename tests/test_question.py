import pytest

from qa.question.intent import keywords, kind
from qa.text import stem


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who is Sergei Bersanov?", "who"),
        ("Whose proposal was it?", "who"),
        ("Which analyst expects talks in January?", "who"),
        ("According to the ministry, who published the draft?", "who"),
        ("When will the talks begin?", "when"),
        ("In what year was the charter signed?", "when"),
        ("Where are the forces stationed?", "where"),
        ("In which city was she born?", "where"),
        ("How many articles does the treaty have?", "how many"),
        ("How long would a missile need?", "how many"),
        ("What percentage of voters agreed?", "how many"),
        ("What is the population of Ghent?", "how many"),
        ("Why is the military option unlikely?", "why"),
        ("What caused the crisis?", "why"),
        ("Does Russia accept preconditions?", "yes-no"),
        ("And isn't that what Moscow wants?", "yes-no"),
        ("Which countries must stay outside NATO?", "list"),
        ("What are the two fears?", "list"),
        ("List the guarantees", "list"),
        ("What did the West call the list?", "other"),
        ("What is a whale?", "other"),
        ("What do blue whales eat?", "other"),
        ("Which two former republics are meant?", "list"),
        ("What happens when talks fail?", "other"),
    ],
)
def test_the_kind_of_a_question_is_told_by_its_words(question: str, expected: str) -> None:
    assert kind(question) == expected


def test_keywords_leave_out_what_says_nothing_about_the_subject() -> None:
    assert keywords("Which of the countries did they ask about missiles?") == [
        stem("countries"),
        stem("ask"),
        stem("missiles"),
    ]
    assert keywords("List the guarantees") == [stem("guarantees")]


def test_forms_of_a_word_share_a_stem() -> None:
    assert stem("missile's") == stem("missiles") == stem("missile")
