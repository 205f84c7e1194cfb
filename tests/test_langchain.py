"""The chain as a piece of a LangChain program: what it takes, and what it goes into."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.chat_history import InMemoryChatMessageHistory
from langchain_core.documents import Document
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from langchain_core.runnables.history import RunnableWithMessageHistory

from index.library import Library, open_library
from index.loading.loader import load_file
from index.sample import BUNDLED_ARTICLE
from index.settings import Settings
from qa.answer import Answer
from qa.chain import AnswerChain, answer_chain, as_message
from qa.footnotes import QuoteMismatch
from qa.retrieval.langchain_retriever import HybridRetriever

MINUTES = "How many minutes would NATO missiles in Ukraine need to reach Moscow?"
BERSANOV = [HumanMessage("Who is Sergei Bersanov?"), AIMessage("An analyst. [1]")]
ABOUT_CHINA = "What did he say about China?"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("library"))
    with open_library(settings) as opened:
        opened.add(load_file(BUNDLED_ARTICLE, settings))
        yield opened


@pytest.fixture(scope="module")
def chain(library: Library) -> AnswerChain:
    return answer_chain(library, Settings())


def is_right(answer: Answer) -> bool:
    return "7 to 10 minutes" in (answer.short_answer or "")


@pytest.mark.parametrize(
    "given",
    [
        MINUTES,
        {"question": MINUTES},
        {"question": MINUTES, "another_key": "of a chain before it"},
        [HumanMessage(MINUTES)],
        [SystemMessage("Be brief."), *BERSANOV, HumanMessage(MINUTES)],
    ],
    ids=["a string", "a dict", "a dict with another key", "a message", "messages"],
)
def test_it_takes_a_question_in_every_form(chain: AnswerChain, given: Any) -> None:
    assert is_right(chain.invoke(given))


@pytest.mark.parametrize(
    "history",
    [BERSANOV, [{"role": "user", "content": "Who is Sergei Bersanov?"}]],
    ids=["messages", "turns"],
)
def test_the_history_may_be_messages(chain: AnswerChain, history: list[Any]) -> None:
    answer = chain.invoke({"question": ABOUT_CHINA, "history": history})
    assert "Bersanov" in answer.standalone_question
    assert chain.invoke([*BERSANOV, HumanMessage(ABOUT_CHINA)]).standalone_question == (
        answer.standalone_question
    )


def test_it_goes_into_a_larger_expression(chain: AnswerChain) -> None:
    larger = (
        RunnablePassthrough.assign(language=lambda _: "English")
        | RunnablePassthrough.assign(answer=chain)
        | RunnableLambda(lambda state: (state["language"], state["answer"]))
    )
    language, answer = larger.invoke({"question": MINUTES})
    assert language == "English"
    assert is_right(answer)


def test_it_is_a_tool(chain: AnswerChain) -> None:
    tool = chain.as_tool(name="ask", description="Ask the articles.")
    assert set(tool.args) == {"question", "history", "article_ids", "k"}
    assert is_right(tool.invoke({"question": MINUTES}))


def test_it_runs_with_a_message_history(chain: AnswerChain) -> None:
    kept = InMemoryChatMessageHistory()
    talking = RunnableWithMessageHistory(
        chain | as_message,
        lambda: kept,
        input_messages_key="question",
        history_messages_key="history",
        history_factory_config=[],
    )
    talking.invoke({"question": "Who is Sergei Bersanov?"})
    reply = talking.invoke({"question": ABOUT_CHINA})
    assert "Bersanov" in reply.response_metadata["answer"]["standalone_question"]
    assert [message.type for message in kept.messages] == ["human", "ai", "human", "ai"]


class ShiftedRetriever(BaseRetriever):
    """Another retriever, whose offsets are wrong by `by`."""

    inner: HybridRetriever
    by: int

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        found = self.inner.invoke(query)
        for document in found:
            document.metadata["start"] += self.by
            document.metadata["end"] += self.by
        return found


def test_another_retriever_takes_the_place_of_the_own_one(library: Library, tmp_path: Path) -> None:
    retriever = ShiftedRetriever(inner=HybridRetriever(library=library, k=2), by=0)
    answer = answer_chain(library, Settings(data_dir=tmp_path), retriever).invoke(MINUTES)
    assert is_right(answer)
    assert len(answer.passages) == 2


def test_an_offset_that_is_wrong_by_one_is_caught(library: Library, tmp_path: Path) -> None:
    retriever = ShiftedRetriever(inner=HybridRetriever(library=library, k=2), by=1)
    with pytest.raises(QuoteMismatch):
        answer_chain(library, Settings(data_dir=tmp_path), retriever).invoke(MINUTES)
