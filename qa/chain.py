"""The chain: one question, from its words to an answer whose every quote was compared.

    rewrite the question | retrieve passages | read them | number and verify

It is one LangChain expression, and every surface runs it: the command line, HTTP and its streams,
OpenAI's API, MCP, the page and `footnote check`. `invoke`, `batch`, `stream` and their async forms
take what `qa.request` reads and give `Answer`s; `events` shows the steps on the way.
"""

import logging
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import closing
from typing import Any, cast

from langchain_core.messages import AIMessage
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig, RunnableGenerator, RunnableLambda
from langchain_core.runnables.config import run_in_executor
from pydantic import BaseModel

from index.errors import BadInput, TooLarge
from index.library import Library
from index.rights import Rights
from index.settings import Settings
from qa.answer import Answer
from qa.answerers.selection import open_answerers
from qa.events import AnswerEvent, Event, StatementEvent
from qa.observability.stopwatch import Stopwatch
from qa.request import AnswerRequest, ChainInput, read_request
from qa.retrieval.langchain_retriever import HybridRetriever
from qa.steps import EMPTY_LIBRARY, NumberAndVerify, Question, Steps

__all__ = ["EMPTY_LIBRARY", "AnswerChain", "AnswerRequest", "answer_chain", "as_message"]

_log = logging.getLogger(__name__)


class AnswerChain(Runnable[ChainInput, Answer]):
    """See the module's docstring. Compose it with `answer_chain`.

    Every method raises BadInput for a request that cannot be served and NotFound for an
    `article_ids` entry that the library does not hold.
    """

    name = "footnote"

    def __init__(self, steps: Steps) -> None:
        self._library, self._settings = steps.library, steps.settings
        self._steps = steps
        self._events = (
            RunnableLambda(steps.rewrite, name="rewrite question")
            | RunnableLambda(steps.retrieve, name="retrieve passages")
            | RunnableGenerator(steps.read, name=f"read passages: {steps.answerers.passages.name}")
            | NumberAndVerify(steps.answer)
        ).with_config(run_name=self.name)

    def events(
        self,
        input: ChainInput,  # noqa: A002 (LangChain's name)
        config: RunnableConfig | None = None,
    ) -> Iterator[Event]:
        """The answer as it comes to be. Closing the iterator stops the work behind it."""
        request = self._checked(read_request(input))
        with Stopwatch() as watch:
            steps = self._events.stream(Question(request, request.question, watch), config)
            with closing(cast(Generator[Event], steps)) as events:
                for event in events:
                    if isinstance(event, AnswerEvent):
                        self._report(event.answer, watch)
                    yield event

    def invoke(
        self,
        input: ChainInput,  # noqa: A002
        config: RunnableConfig | None = None,
        **_: Any,
    ) -> Answer:
        *_events, last = self.events(input, config)
        assert isinstance(last, AnswerEvent)
        return last.answer

    def stream(
        self,
        input: ChainInput,  # noqa: A002
        config: RunnableConfig | None = None,
        **_: Any,
    ) -> Iterator[Answer]:
        """The answer as it grows, statement by statement; the last one is whole."""
        for event in self.events(input, config):
            if isinstance(event, StatementEvent):
                yield event.so_far
            elif isinstance(event, AnswerEvent):
                yield event.answer

    async def astream(
        self,
        input: ChainInput,  # noqa: A002
        config: RunnableConfig | None = None,
        **_: Any,
    ) -> AsyncIterator[Answer]:
        answers = self.stream(input, config)
        while (answer := await run_in_executor(config, next, answers, None)) is not None:
            yield answer

    def get_input_schema(self, config: RunnableConfig | None = None) -> type[BaseModel]:
        """The fields of a request, which is what `as_tool` asks a model for."""
        return AnswerRequest

    @property
    def fingerprint(self) -> str:
        """16 hex digits over the index, the settings that change answers, and the prompts."""
        return self._steps.fingerprint(self._library.fingerprint)

    def within(self, rights: Rights) -> "AnswerChain":
        """The same chain, over what may be seen of the library and no more."""
        return self if rights.see_all else AnswerChain(self._steps.within(rights))

    def _checked(self, request: AnswerRequest) -> AnswerRequest:
        if not request.question.strip():
            raise BadInput("The question is empty: ask something.")
        limit = self._settings.max_question_characters
        if len(request.question) > limit:
            raise TooLarge(
                f"The question has {len(request.question):,} characters; "
                f"the limit is {limit:,} (FOOTNOTE_MAX_QUESTION_CHARACTERS)."
            )
        for article_id in request.article_ids or ():
            self._library.article(article_id)  # raises NotFound
        return request

    def _report(self, answer: Answer, watch: Stopwatch) -> None:
        """What the trace and the log say of an answer."""
        facts: dict[str, str | int | float] = {
            "status": answer.status,
            "answerer": answer.answerer,
            "confidence": answer.confidence,
            "citations": len(answer.citations),
            "passages": len(answer.passages),
        }
        watch.span.set_attributes({f"footnote.{name}": value for name, value in facts.items()})
        logged: dict[str, Any] = facts | {"latency_ms": answer.latency_ms}
        if self._settings.log_text:
            logged |= {"question": answer.question, "text": answer.text}
        _log.info("answer", extra=logged)


def answer_chain(
    library: Library, settings: Settings, retriever: BaseRetriever | None = None
) -> AnswerChain:
    """The chain over `library`, with the answerers that `settings` name.

    Another `retriever` may give the passages; its documents need the metadata of those of
    `HybridRetriever`.

    Raises:
        ModelProblem: when an answerer's model is missing, altered or unknown.
    """
    retriever = retriever or HybridRetriever(library=library)
    return AnswerChain(Steps(library, settings, open_answerers(settings), retriever))


def as_message(answer: Answer) -> AIMessage:
    """An answer as a message of LangChain's, for `RunnableWithMessageHistory` and agents."""
    return AIMessage(answer.text, response_metadata={"answer": answer.model_dump(mode="json")})
