"""The chain as a LangChain Runnable, on the bundled article, with the real models."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from event_loop import run_apart
from langchain_core.runnables import Runnable

from index.errors import BadInput, NotFound, TooLarge
from index.library import Library, open_library
from index.loading.loader import load_file, load_text
from index.sample import BUNDLED_ARTICLE
from index.settings import Settings
from qa.answer import NOT_IN_ARTICLE, Answer
from qa.chain import EMPTY_LIBRARY, AnswerChain, answer_chain
from qa.events import AnswerEvent, PassagesEvent, QuestionEvent, StatementEvent
from qa.retrieval.langchain_retriever import HybridRetriever

MINUTES = "How many minutes would NATO missiles in Ukraine need to reach Moscow?"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("library"))
    with open_library(settings) as opened:
        opened.add(load_file(BUNDLED_ARTICLE, settings))
        yield opened


@pytest.fixture(scope="module")
def chain(library: Library, tmp_path_factory: pytest.TempPathFactory) -> AnswerChain:
    return answer_chain(library, Settings(data_dir=tmp_path_factory.mktemp("unused")))


def without_times(answer: Answer) -> Answer:
    return answer.model_copy(update={"latency_ms": {}})


def test_a_fact_is_answered_with_its_quote_in_place(chain: AnswerChain, library: Library) -> None:
    answer = chain.invoke({"question": MINUTES})
    assert answer.status == "answered"
    assert answer.text.endswith("[1]")
    assert "7 to 10 minutes" in (answer.short_answer or "")
    citation = answer.citations[0]
    text = library.article(citation.article_id).text
    assert text[citation.start : citation.end] == citation.quote
    assert answer.latency_ms.keys() == {"understand", "retrieve", "answer", "total"}


def test_what_the_article_does_not_say_is_refused_with_the_nearest_passages(
    chain: AnswerChain,
) -> None:
    answer = chain.invoke({"question": "How high is the Eiffel Tower?"})
    assert (answer.status, answer.text) == ("not_in_article", NOT_IN_ARTICLE)
    assert answer.citations == ()
    assert answer.passages


def test_a_question_typed_in_a_hurry_is_understood_by_the_words_of_the_article(
    chain: AnswerChain,
) -> None:
    answer = chain.invoke({"question": "how many minuts wuold misiles from ukrane need to moscow"})
    assert answer.standalone_question == (
        "how many minutes would missiles from Ukraine need to moscow"
    )
    assert "7 to 10 minutes" in (answer.short_answer or "")


def test_a_follow_up_is_asked_as_a_question_that_stands_alone(chain: AnswerChain) -> None:
    history = [{"role": "user", "content": "Who is Sergei Bersanov?"}]
    answer = chain.invoke({"question": "What did he say about China?", "history": history})
    assert "Bersanov" in answer.standalone_question


def test_a_question_about_the_whole_gets_several_cited_sentences(chain: AnswerChain) -> None:
    answer = chain.invoke({"question": "What is this article about?"})
    assert answer.status == "answered"
    assert len(answer.citations) >= 3


def test_all_ways_to_run_it_give_the_same_answer(chain: AnswerChain) -> None:
    assert isinstance(chain, Runnable)
    request = {"question": MINUTES}
    expected = without_times(chain.invoke(request))

    async def last_of_astream() -> Answer:
        return [answer async for answer in chain.astream(request)][-1]

    answers = [
        [*chain.stream(request)][-1],
        *chain.batch([request, request]),
        run_apart(lambda: chain.ainvoke(request)),
        run_apart(last_of_astream),
        run_apart(lambda: chain.abatch([request]))[0],
    ]
    assert [without_times(answer) for answer in answers] == [expected] * 6


def test_events_come_in_order(chain: AnswerChain) -> None:
    kinds = [type(event) for event in chain.events({"question": MINUTES})]
    assert kinds == [QuestionEvent, PassagesEvent, StatementEvent, AnswerEvent]


def test_only_the_chosen_articles_are_asked(chain: AnswerChain, library: Library) -> None:
    other = library.add(
        load_text("Tin is a soft metal. It melts at 232 degrees.", Settings(), "Tin")
    ).article
    try:
        answer = chain.invoke({"question": MINUTES, "article_ids": [other.id]})
        assert answer.status == "not_in_article"
        assert {passage.article_id for passage in answer.passages} == {other.id}
    finally:
        library.remove(other.id)


def test_the_fingerprint_changes_with_the_articles(chain: AnswerChain, library: Library) -> None:
    before = chain.fingerprint
    other = library.add(load_text("Tin is a soft metal.", Settings(), "Tin")).article
    assert chain.fingerprint != before
    library.remove(other.id)
    assert chain.fingerprint == before


def test_an_empty_library_says_so(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with open_library(settings) as empty:
        answer = answer_chain(empty, settings).invoke({"question": MINUTES})
    assert (answer.status, answer.note) == ("not_in_article", EMPTY_LIBRARY)


@pytest.mark.parametrize(
    ("request_", "error", "says"),
    [
        ({"question": "   "}, BadInput, "empty"),
        ({}, BadInput, "question"),
        ({"question": "Why?", "k": 0}, BadInput, "k"),
        ({"question": "x" * 3000}, TooLarge, "FOOTNOTE_MAX_QUESTION_CHARACTERS"),
        ({"question": "Why?", "article_ids": ["0" * 16]}, NotFound, "0000000000000000"),
    ],
)
def test_a_bad_request_is_told_in_one_sentence(
    chain: AnswerChain, request_: dict[str, object], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        chain.invoke(request_)


def test_retrieval_is_a_langchain_retriever_too(library: Library) -> None:
    retriever = HybridRetriever(library=library, k=3)
    assert isinstance(retriever, Runnable)
    found = retriever.invoke(MINUTES)
    assert len(found) == 3
    assert "7 to 10 minutes" in found[0].page_content
    for document in found:
        place = document.metadata
        text = library.article(place["article_id"]).text
        assert text[place["start"] : place["end"]] == document.page_content
