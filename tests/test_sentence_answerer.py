from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles import Article, Passage
from index.embedding.embedder import load_embedder
from index.library import Library, open_library
from index.loading.loader import load_file
from index.sample import BUNDLED_ARTICLE
from index.settings import Settings
from qa.answerers.sentence_answerer import THRESHOLD, SentenceAnswerer
from qa.candidates import CandidateAnswer, ScoredPassage
from qa.retrieval.passages import retrieve

ADDED = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def answerer() -> SentenceAnswerer:
    return SentenceAnswerer(load_embedder("all-MiniLM-L6-v2"))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library with the bundled article and no other."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("library"))
    with open_library(settings) as library:
        library.add(load_file(BUNDLED_ARTICLE, settings))
        yield library


def one_passage(text: str, heading: str = "") -> list[ScoredPassage]:
    article = Article.of(text, "An article", "x.md", ADDED)
    return [ScoredPassage(Passage.of(article.id, 0, len(text), heading), article, 1.0)]


def answer(
    answerer: SentenceAnswerer, question: str, passages: Sequence[ScoredPassage]
) -> CandidateAnswer:
    (draft,) = answerer.candidates(question, passages)
    return draft


def ask(answerer: SentenceAnswerer, library: Library, question: str) -> CandidateAnswer:
    return answer(answerer, question, retrieve(library, [question], None, 5))


def said(draft: CandidateAnswer) -> str:
    return " ".join(statement.text for statement in draft.statements)


@pytest.mark.parametrize(
    ("question", "expected", "short_answer"),
    [
        (
            "How long would missiles from Ukraine need to reach Moscow?",
            "7 to 10",
            "7 to 10 minutes",
        ),
        ("How long would a hypersonic missile need?", "A hypersonic missile", "5 minutes"),
        (
            "How long would hypersonic missiles from Ukraine need to reach Moscow?",
            "A hypersonic missile would need 5 minutes.",
            "5 minutes",
        ),
        ("How many articles does the draft treaty have?", "draft treaty", "8 articles"),
        ("When was the Cuban missile crisis?", "Cuban missile crisis of 1962", "1962"),
        ("Who is Sergei Bersanov?", "Sergei Bersanov, a political", "a political analyst"),
        ("Who is Andrei Ontikov?", "Andrei Ontikov, a political", "a political writer"),
        ("Who is Sergei Ryabkov?", "Ryabkov", "Russia's deputy foreign minister"),
        ("What did the West call the list?", "called the list controversial", None),
        ("Why is the military option unlikely?", "against the interests of both", None),
        ("What did Bersanov say about China?", "between Moscow and Beijing", None),
        ("Does Russia accept preconditions?", "would put up with no preconditions", None),
    ],
)
def test_the_sentence_that_answers_is_quoted(
    question: str,
    expected: str,
    short_answer: str | None,
    answerer: SentenceAnswerer,
    library: Library,
) -> None:
    draft = ask(answerer, library, question)
    assert draft.status == "answered"
    assert expected in said(draft)
    assert draft.short_answer == short_answer
    assert draft.confidence >= THRESHOLD


@pytest.mark.parametrize(
    "question",
    [
        "Who is the president of France?",
        "What is the capital of Germany?",
        "How do I bake bread?",
        "What did Putin say to Biden?",
        "What is the population of Ukraine?",
        "When did the Beatles break up?",
    ],
)
def test_what_the_article_does_not_say_is_refused(
    question: str, answerer: SentenceAnswerer, library: Library
) -> None:
    draft = ask(answerer, library, question)
    assert draft.status == "not_in_article"
    assert draft.statements == ()
    assert draft.short_answer is None
    assert draft.confidence < THRESHOLD


def test_what_is_counted_up_is_quoted_to_its_end(
    answerer: SentenceAnswerer, library: Library
) -> None:
    draft = ask(answerer, library, "What are the two fears of officials in Moscow?")
    assert [s.text.split(" is that")[0] for s in draft.statements] == [
        "Officials in Moscow have two fears.",
        "The first",
        "The second",
    ]


def test_the_speaker_is_named_with_a_sentence_that_begins_with_he(
    answerer: SentenceAnswerer, library: Library
) -> None:
    draft = ask(answerer, library, "Who said that the West would come with demands of its own?")
    assert draft.short_answer == "Andrei Ontikov"
    assert draft.statements[0].text.startswith("Andrei Ontikov, a political writer")
    assert draft.statements[1].text.startswith("He told Al Jazeera Net")


def test_a_heading_is_never_the_answer(answerer: SentenceAnswerer) -> None:
    text = "## Blue whales eat krill\n\nTheir food is mostly krill, which they filter from the sea."
    draft = answer(answerer, "What do blue whales eat?", one_passage(text))
    assert said(draft) == "Their food is mostly krill, which they filter from the sea."


def test_a_caption_may_be_the_answer(answerer: SentenceAnswerer) -> None:
    text = "Rain fell all day.\n\nPhoto caption: Mayor Ann Lee opens the tram line in Ghent."
    draft = answer(answerer, "Who opens the tram line in Ghent?", one_passage(text))
    assert said(draft) == "Photo caption: Mayor Ann Lee opens the tram line in Ghent."


def test_misspelt_words_are_understood(answerer: SentenceAnswerer) -> None:
    text = "The lighthouse was painted red in 1908.\n\nThe harbour museum opened in 1954."
    draft = answer(answerer, "when was the ligthouse paintd?", one_passage(text))
    assert draft.short_answer == "in 1908"


def test_two_dates_leave_no_short_answer(answerer: SentenceAnswerer) -> None:
    text = "The tower was begun in 1887, and people could visit the tower in 1889."
    draft = answer(
        answerer, "When was the tower begun, and when could people visit?", one_passage(text)
    )
    assert draft.status == "answered"
    assert draft.short_answer is None


def test_without_passages_the_answer_is_a_refusal(answerer: SentenceAnswerer) -> None:
    assert answer(answerer, "Why?", []) == CandidateAnswer("not_in_article", (), None, 0.0)


@settings(max_examples=25, deadline=None)
@given(
    text=st.text(alphabet="Ab .!?\n#-é漢😀\"'1", min_size=1, max_size=200),
    question=st.text(max_size=60),
)
def test_quotes_are_whole_and_in_place_whatever_the_text(
    text: str, question: str, answerer: SentenceAnswerer
) -> None:
    passages = one_passage(text)
    draft = answer(answerer, question, passages)
    assert 0 <= draft.confidence <= 1
    assert (draft.status == "answered") == bool(draft.statements)
    for statement in draft.statements:
        for quote in statement.quotes:
            assert 0 <= quote.start < quote.end <= len(text)
            assert quote.text == statement.text
