"""The chain: the stages of an answer (`qa/pipeline.py`) as a LangChain Runnable.

`invoke`, `batch`, `stream` and their async forms take an `AnswerRequest` (or the same as a dict)
and give `Answer`s. `events` shows the stages on the way.
"""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig
from langchain_core.runnables.config import run_in_executor

from index.library import Library
from index.settings import Settings
from qa.answer import Answer
from qa.events import AnswerEvent, Event, StatementEvent
from qa.pipeline import EMPTY_LIBRARY, AnswerRequest, Pipeline, open_pipeline

__all__ = ["EMPTY_LIBRARY", "AnswerChain", "AnswerRequest", "answer_chain"]


class AnswerChain(Runnable[AnswerRequest | dict[str, Any], Answer]):
    """See the module's docstring. Compose it with `answer_chain`.

    Every method raises BadInput for a request that cannot be served and NotFound for an
    `article_ids` entry that the library does not hold.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    def events(self, request: AnswerRequest | dict[str, Any]) -> Iterator[Event]:
        """The answer as it comes to be. Closing the iterator stops the work behind it."""
        return self._pipeline.events(request)

    def invoke(
        self,
        input: AnswerRequest | dict[str, Any],  # noqa: A002 (LangChain's name)
        config: RunnableConfig | None = None,
        **_: Any,
    ) -> Answer:
        return self._call_with_config(self._last, input, config, run_type="chain")

    def stream(
        self,
        input: AnswerRequest | dict[str, Any],  # noqa: A002
        config: RunnableConfig | None = None,
        **_: Any,
    ) -> Iterator[Answer]:
        """The answer as it grows, statement by statement; the last one is whole."""
        yield from self._transform_stream_with_config(iter([input]), self._growing, config)

    async def astream(
        self,
        input: AnswerRequest | dict[str, Any],  # noqa: A002
        config: RunnableConfig | None = None,
        **_: Any,
    ) -> AsyncIterator[Answer]:
        answers = self.stream(input, config)
        while (answer := await run_in_executor(config, next, answers, None)) is not None:
            yield answer

    def _growing(self, requests: Iterator[AnswerRequest | dict[str, Any]]) -> Iterator[Answer]:
        for request in requests:
            for event in self.events(request):
                if isinstance(event, StatementEvent):
                    yield event.so_far
                elif isinstance(event, AnswerEvent):
                    yield event.answer

    def _last(self, request: AnswerRequest | dict[str, Any]) -> Answer:
        *_, last = self._growing(iter([request]))
        return last

    @property
    def fingerprint(self) -> str:
        """16 hex digits over the index, the settings that change answers, and the prompts."""
        return self._pipeline.fingerprint


def answer_chain(library: Library, settings: Settings) -> AnswerChain:
    """The chain over `library`, with the answerer that `settings` name.

    Raises:
        ModelProblem: when that answerer's model is missing, altered or unknown.
    """
    return AnswerChain(open_pipeline(library, settings))
