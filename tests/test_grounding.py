"""A model's text → sentences → checked statements: pure functions, fed letter by letter too."""

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles import Article
from index.passages import split
from qa.candidates import ScoredPassage
from qa.chat.citations import LONGEST_SENTENCE, MOST_CITED, cited_sentences
from qa.chat.grounding import ground
from qa.chat.prompt_sentences import boundary, number_sentences
from qa.reading.reader import shipped_reader

CITED = [
    ("Georgia is meant [3].", [("Georgia is meant.", (3,))]),
    ("Georgia is meant. [3]", [("Georgia is meant.", (3,))]),
    ("Georgia is meant.[3][4]", [("Georgia is meant.", (3, 4))]),
    ("Georgia is meant [3, 5; 7].", [("Georgia is meant.", (3, 5, 7))]),
    ("Georgia is meant [1-3].", [("Georgia is meant.", (1, 2, 3))]),
    ("Georgia is meant [1–3].", [("Georgia is meant.", (1, 2, 3))]),
    ("Georgia is meant [3 and 4].", [("Georgia is meant.", (3, 4))]),
    ("Georgia is meant【3】.", [("Georgia is meant.", (3,))]),
    ("Georgia is meant［３］.", [("Georgia is meant.", (3,))]),
    ("Georgia is meant【3†source】.", [("Georgia is meant.", (3,))]),
    ("Georgia is meant [^3].", [("Georgia is meant.", (3,))]),
    ("Georgia is meant [sentence 3].", [("Georgia is meant.", (3,))]),
    ("Georgia is meant [[3]].", [("Georgia is meant.", (3,))]),
    ("Georgia is meant [3](https://evil.example/x).", [("Georgia is meant.", (3,))]),
    (
        "Ukraine [3] and Georgia [4] are meant. He said so [5].",
        [("Ukraine and Georgia are meant.", (3, 4)), ("He said so.", (5,))],
    ),
    ("It grew by 3.5 percent in 2021 [2].", [("It grew by 3.5 percent in 2021.", (2,))]),
    (
        "The U.S. wants talks with Mr. S. Ryabkov at 5 p.m. [7] Then J. R. Smith came [8].",
        [
            ("The U.S. wants talks with Mr. S. Ryabkov at 5 p.m.", (7,)),
            ("Then J. R. Smith came.", (8,)),
        ],
    ),
    (
        "- **Ukraine** is meant [1]\n- *Georgia* is meant [2]\n\n1. A third one [3]\n2) A fourth one [4]",  # noqa: E501
        [
            ("Ukraine is meant", (1,)),
            ("Georgia is meant", (2,)),
            ("A third one", (3,)),
            ("A fourth one", (4,)),
        ],
    ),
    ("```text\nThe list is long [1].\n```\nDone it is [2].", [("The list is long.", (1,)), ("Done it is.", (2,))]),  # noqa: E501
    ("## Answer\n\nGeorgia is meant [1].", [("Answer", ()), ("Georgia is meant.", (1,))]),
    ("| Name | Meant |\n|---|---|\n| Georgia | yes [1] |", [("Name Meant", ()), ("Georgia yes", (1,))]),  # noqa: E501
    ("<think>Is it [3]? Yes. It is.</think>Georgia is meant [4].", [("Georgia is meant.", (4,))]),
    ("<think>I never stop thinking. It is [3]. And so on", []),
    ("See [the page](https://evil.example/a?b=c. D) now [1].", [("See the page now.", (1,))]),
    ("![x. Y](https://evil.example/p.png?q=secret) Georgia is meant [2].", [("Georgia is meant.", (2,))]),  # noqa: E501
    ("Go to https://evil.example/x. Or www.evil.example [3].", [("Go to Or", (3,))]),
    ("A <b>bold</b> claim [1]. <img src=x onerror=alert(1)>Fine it is [2].", [("A bold claim.", (1,)), ("Fine it is.", (2,)),]),  # noqa: E501
    ("<script>alert('x'). Y.</script>Georgia is meant [3].", [("Georgia is meant.", (3,))]),
    ("Georgia\nis meant\n[3]. The next one too [4].", [("Georgia is meant", (3,)), ("The next one too.", (4,))]),  # noqa: E501
    ("- [1] Georgia is meant.\n- [2] Ukraine is meant.", [("Georgia is meant.", (1,)), ("Ukraine is meant.", (2,))]),  # noqa: E501
    ("Georgia is meant [1]. Unfinished as it is [2", [("Georgia is meant.", (1,)), ("Unfinished as it is", ())]),  # noqa: E501
    ("北约不会东扩。[1]乌克兰也是。[2]", [("北约不会东扩。", (1,)), ("乌克兰也是。", (2,))]),
    ("Geor\u200bgia \u202eis meant [1].", [("Georgia is meant.", (1,))]),
    ("", []),
    ("\n\n***\n\n", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CITED, ids=[text[:40] for text, _ in CITED])
@pytest.mark.parametrize("step", [1, 3, 1000])
def test_cited_sentences(text: str, expected: list[tuple[str, tuple[int, ...]]], step: int) -> None:
    pieces = [text[i : i + step] for i in range(0, len(text), step)]
    assert [(s.text, s.numbers) for s in cited_sentences(pieces)] == expected


def test_a_sentence_is_released_as_soon_as_the_next_has_begun() -> None:
    pieces = iter(["Georgia is meant [1]. ", "And then another one begins"])
    sentences = cited_sentences(itertools.chain(pieces, _must_not_be_read()))
    assert next(sentences).text == "Georgia is meant."


def _must_not_be_read():  # type: ignore[no-untyped-def]
    raise AssertionError("read on although a sentence was complete")
    yield ""


def test_a_sentence_without_end_is_dropped_as_a_whole() -> None:
    endless = (
        "It is not true that "
        + "on and on " * LONGEST_SENTENCE
        + "Georgia is meant [1]. Yes it is [2]."
    )
    pieces = [endless[i : i + 50] for i in range(0, len(endless), 50)]
    assert [s.text for s in cited_sentences(pieces)] == ["Yes it is."]


def test_who_cites_everything_cites_nothing() -> None:
    (sentence,) = cited_sentences([f"Georgia is meant [1-{MOST_CITED + 1}]."])
    assert sentence.numbers == ()
    (sentence,) = cited_sentences(["Georgia is meant [1-9999]."])
    assert sentence.numbers == ()


@settings(deadline=None, max_examples=150)
@given(
    st.text(alphabet=st.sampled_from(list("aB1 .[](<>`*|!-\n【】”\u200b\ud83d/:é中")), max_size=120)
)
def test_any_text_is_survived_and_leaves_no_markup(text: str) -> None:
    for sentence in cited_sentences(list(text)):
        assert sentence.text == sentence.text.strip()
        assert not set("[]【】`\n\u200b") & set(sentence.text)


ARTICLE = Article.of(
    "# Talks\n\nThe talks begin in May [12]. They end in June.\n\n\nA third sentence stands apart.",
    "Talks",
    "test",
)
NUMBERED = number_sentences([ScoredPassage(p, ARTICLE, 1.0) for p in split(ARTICLE)])


def test_quotes_are_stretches_of_the_article() -> None:
    (grounded,) = ground(
        ["The talks begin in May and end in June [1, 2, 77]."], NUMBERED, shipped_reader().support
    )
    (quote,) = grounded.statement.quotes
    assert quote.text == "The talks begin in May [12]. They end in June."
    apart = NUMBERED.quotes([2, 3])
    assert [quote.text for quote in apart] == [
        "They end in June.",
        "A third sentence stands apart.",
    ]


def test_the_articles_own_citations_are_not_shown_as_numbers() -> None:
    assert NUMBERED.block().splitlines() == [
        "Section: Talks",
        "[1] The talks begin in May.",
        "[2] They end in June.",
        "[3] A third sentence stands apart.",
    ]


def test_an_error_of_the_stream_goes_on_and_drops_what_was_unfinished() -> None:
    def pieces():  # type: ignore[no-untyped-def]
        yield "The talks begin in May [1]. They end in June [2]"
        raise ConnectionError

    sentences = ground(pieces(), NUMBERED, shipped_reader().support)
    assert next(sentences).statement.text == "The talks begin in May."
    with pytest.raises(ConnectionError):
        next(sentences)


def test_the_boundary_is_in_none_of_the_texts() -> None:
    texts = ["some text", boundary(["some text"])]
    assert boundary(texts) not in texts


@pytest.mark.parametrize(
    "text",
    [
        "<think>" + "so it goes on and on. " * 2_000,
        "<!--" + "so it goes on and on. " * 2_000,
        "It is so." + " " * 45_000,
        "[a](" * 11_000,
        "[" * 45_000,
        "<a " * 15_000,
        "\n" * 45_000,
    ],
    ids=["think", "comment", "spaces", "links", "brackets", "tags", "lines"],
)
def test_a_model_that_loops_costs_little(text: str) -> None:
    """Processor time: a cubic expression would take minutes of it."""
    pieces = [text[at : at + 7] for at in range(0, len(text), 7)]
    began = time.thread_time()
    list(cited_sentences(pieces))
    assert time.thread_time() - began < 8


def test_thinking_that_is_closed_late_is_left_out_and_what_follows_is_said() -> None:
    text = "<think>" + "so it goes on and on. " * 500 + "</think>The mill is old [1]. "
    pieces = [text[at : at + 7] for at in range(0, len(text), 7)]
    assert [s.text for s in cited_sentences(pieces)] == ["The mill is old."]
