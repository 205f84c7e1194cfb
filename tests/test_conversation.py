"""What a first user says beside questions, asked of the whole chain with the bundled article."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.library import open_library
from index.loading.loader import load_file
from index.sample import BUNDLED_ARTICLE
from index.settings import Settings
from qa.answer import NOT_IN_ARTICLE, Answer, Turn
from qa.chain import AnswerChain, answer_chain

MINUTES = "How many minutes would missiles need to reach Moscow?"
TITLE = "Security guarantees: will talks settle the Moscow–NATO crisis"


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnswerChain]:
    settings = Settings(data_dir=Path(tmp_path_factory.mktemp("library")))
    with open_library(settings) as library:
        library.add(load_file(BUNDLED_ARTICLE, settings))
        yield answer_chain(library, settings)


def ask(chain: AnswerChain, question: str, *before: Answer) -> Answer:
    turns = [
        Turn(role=role, content=content)
        for answer in before
        for role, content in (("user", answer.question), ("assistant", answer.text))
    ]
    return chain.invoke({"question": question, "history": turns})


@pytest.mark.parametrize("message", ["hi", "Thank you so much!", "what can you do?", "who are you"])
def test_small_talk_is_answered_with_the_title_and_three_questions(
    chain: AnswerChain, message: str
) -> None:
    answer = ask(chain, message)
    assert answer.status == "related"
    assert TITLE in answer.text
    assert answer.text.count("\n\n- ") == 3
    assert answer.answerer == "conversation"
    assert not answer.citations


def test_of_an_empty_library_small_talk_says_that_there_is_no_article(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "empty")
    with open_library(settings) as library:
        answer = answer_chain(library, settings).invoke({"question": "hello"})
    assert "There is no article yet" in answer.text


def test_more_goes_on_after_the_last_quote_and_repeats_nothing(chain: AnswerChain) -> None:
    first = ask(chain, MINUTES)
    more = ask(chain, "tell me more", first)
    assert more.status == "related"
    assert more.standalone_question == MINUTES
    quoted = [citation.quote for citation in more.citations]
    assert any("hypersonic" in quote for quote in quoted)  # the sentence after the quoted one
    assert quoted == list(dict.fromkeys(quoted))
    assert not any(quote in first.text for quote in quoted)
    assert [c.start for c in more.citations] == sorted(c.start for c in more.citations)
    again = ask(chain, "go on", first, more)
    assert not {c.quote for c in again.citations} & {*quoted, first.citations[0].quote}


def test_more_of_nothing_is_a_summary(chain: AnswerChain) -> None:
    assert ask(chain, "tell me more").text == ask(chain, "What is it about?").text


def test_a_summary_is_of_the_article_and_not_of_what_was_spoken_of(chain: AnswerChain) -> None:
    history = [
        Turn(role="user", content="Who is Sergei Bersanov?"),
        Turn(role="assistant", content="Sergei Bersanov is a political analyst. [1]"),
    ]
    answer = chain.invoke({"question": "Summarise it", "history": history})
    assert answer.standalone_question == "Summarise it"
    assert len(answer.citations) >= 3


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("When was the article written?", "December 2021"),
        ("What is the title of the article?", TITLE),
        ("How long is the article?", " words"),
    ],
)
def test_what_is_known_of_the_article_is_answered_with_its_place(
    chain: AnswerChain, question: str, short: str
) -> None:
    answer = ask(chain, question)
    assert answer.status == "answered"
    assert short in str(answer.short_answer)
    assert answer.citations


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_summary_has_as_many_sentences_as_are_asked_for(chain: AnswerChain, number: int) -> None:
    words = ["one sentence", "two sentences", "three sentences"]
    answer = ask(chain, f"Summarise the article in {words[number - 1]}")
    assert len(answer.citations) == number


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Wie heißt die Ministerin, die den Vertrag ausgehandelt hat?", "German"),
        ("Combien de pays ont signé ce traité ?", "French"),
        ("条約はいつ署名されましたか", "Japanese"),
    ],
)
def test_a_question_in_another_language_is_told_what_helps(
    chain: AnswerChain, question: str, language: str
) -> None:
    answer = ask(chain, question)
    assert answer.status == "related"
    assert f"The question seems to be in {language}." in answer.text
    assert "FOOTNOTE_CHAT_MODEL" in answer.text


def test_an_article_in_another_language_is_told_too(tmp_path: Path) -> None:
    article = tmp_path / "muehle.md"
    article.write_text(
        "# Die Mühle\n\nNach vierzig Jahren mahlt die alte Mühle am Fluss wieder Getreide.\n\n"
        "Freiwillige haben das Rad und das Wehr mit Eichenholz erneuert.\n",
        encoding="utf-8",
    )
    settings = Settings(data_dir=tmp_path / "library")
    with open_library(settings) as library:
        library.add(load_file(article, settings))
        answer = answer_chain(library, settings).invoke({"question": "Who paid for the bread?"})
    assert answer.text.startswith("The article “Die Mühle” seems to be in German.")


def test_a_comparison_gets_what_the_article_says_of_each_in_its_order(chain: AnswerChain) -> None:
    answer = ask(chain, "Compare the views of Bersanov and Ontikov.")
    assert answer.status in ("answered", "related")
    quotes = [citation.quote for citation in answer.citations]
    assert 2 <= len(quotes) <= 6
    assert all(any(name in quote for quote in quotes) for name in ("Bersanov", "Ontikov"))
    assert [c.start for c in answer.citations] == sorted(c.start for c in answer.citations)


def test_an_english_question_that_is_not_answered_is_refused(chain: AnswerChain) -> None:
    answer = ask(chain, "Who is the prime minister of Iceland?")
    assert answer.status == "not_in_article"
    assert answer.text == NOT_IN_ARTICLE
