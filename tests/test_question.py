import pytest

from qa.answerers.summary import is_overview
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
        ("What is this article about?", "whole"),
    ],
)
def test_the_kind_of_a_question_is_told_by_its_words(question: str, expected: str) -> None:
    assert kind(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "What is this article about?",
        "What's the article about?",
        "what is this about",
        "What's it all about?",
        "Summarise it",
        "Summarize this article, please.",
        "Can you summarise the text in three sentences?",
        "Give me the main points",
        "What are the main points?",
        "What are the key takeaways of this article?",
        "tl;dr",
        "TLDR?",
        "What's the article's topic?",
        "What is the main idea of the story?",
        "Give me a short summary",
        "Please give me an overview of the article.",
        "What does this article say?",
        "Sum it up",
        "Tell me what this article is about",
        "What is the gist?",
        "summary",
        "What topics does the article cover?",
    ],
)
def test_a_question_about_the_whole_is_recognised(question: str) -> None:
    assert is_overview(question)


@pytest.mark.parametrize(
    "question",
    [
        "What is the article of the treaty about?",
        "What are the main points of the draft treaty?",
        "Summarise the draft treaty",
        "What does this article say about China?",
        "What is the topic of the talks?",
        "What is the charter about?",
        "What is the main reason for the crisis?",
        "Who wrote this article?",
        "Does the article mention Georgia?",
        "What is the subject of article 5?",
        "Give me the main points of Ryabkov's speech",
        "What is it?",
        "How many articles are there?",
        "What is the story of the Trojan horse?",
        "Overview of missile systems",
        "What happened?",
        "",
        "?",
        "the " * 5_000,
    ],
)
def test_a_question_about_something_in_the_article_is_not_one_about_the_whole(
    question: str,
) -> None:
    assert not is_overview(question)


def test_keywords_leave_out_what_says_nothing_about_the_subject() -> None:
    assert keywords("Which of the countries did they ask about missiles?") == [
        stem("countries"),
        stem("ask"),
        stem("missiles"),
    ]
    assert keywords("List the guarantees") == [stem("guarantees")]


def test_forms_of_a_word_share_a_stem() -> None:
    assert stem("missile's") == stem("missiles") == stem("missile")
