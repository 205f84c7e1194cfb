"""The stages of an answer: understand the question, retrieve, answer, verify every quote.

    question + history ─ understand ─► standalone question ─ retrieve ─► passages
        ─ answer ─► drafts ─ number, verify ─► Answer

What is misspelt is understood by the passages that are found for it (`qa.question.spelling`).
`qa/chain.py` is the same as a LangChain Runnable. Nothing here imports LangChain: it would be a
quarter of what a question costs at the command line, where every question starts a process.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from opentelemetry.trace import Span
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.articles import Article
from index.errors import BadInput, TooLarge
from index.library import Library
from index.settings import Settings
from qa.answer import NOT_IN_ARTICLE, Answer, RetrievedPassage, Turn, verify
from qa.answerers.selection import Answerers, open_answerers
from qa.answerers.summary import is_overview
from qa.candidates import CandidateAnswer, ScoredPassage
from qa.events import AnswerEvent, Event, PassagesEvent, QuestionEvent, StatementEvent
from qa.footnotes import number
from qa.observability.stopwatch import Stopwatch
from qa.question.spelling import respelled, unknown_words
from qa.retrieval.passages import retrieve

_log = logging.getLogger(__name__)
EMPTY_LIBRARY = "There is no article to ask yet: add one first."


class AnswerRequest(BaseModel):
    """What is asked, after which turns, of which articles (all of them when `None`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str = Field(min_length=1)
    history: tuple[Turn, ...] = ()
    article_ids: tuple[str, ...] | None = None
    k: int | None = Field(default=None, ge=1, le=50, description="Passages to retrieve and read.")


class Pipeline:
    """See the module's docstring. Compose it with `open_pipeline`.

    Every method raises BadInput for a request that cannot be served and NotFound for an
    `article_ids` entry that the library does not hold.
    """

    def __init__(
        self,
        library: Library,
        settings: Settings,
        answerers: Answerers,
        understand: Callable[[str, Sequence[Turn]], str],
    ) -> None:
        self._library = library
        self._settings = settings
        self._answerers = answerers
        self._understand = understand

    def events(self, request: AnswerRequest | dict[str, Any]) -> Iterator[Event]:
        """The answer as it comes to be. Closing the iterator stops the work behind it."""
        request = self._checked(request)
        with Stopwatch() as watch:
            yield from self._stages(request, watch)

    def _stages(self, request: AnswerRequest, watch: Stopwatch) -> Iterator[Event]:
        with watch.stage("understand"):
            question = self._understand(request.question, request.history)
        passages = None
        if unknown_words(question):
            with watch.stage("retrieve"):
                passages = self._retrieve(question, request)
            spelled = respelled(question, [passage.text for passage in passages])
            if spelled != question:
                question, passages = spelled, None
        yield QuestionEvent(question)

        if passages is None:
            with watch.stage("retrieve"):
                passages = self._retrieve(question, request)
        yield PassagesEvent(tuple(_retrieved(passage) for passage in passages))

        said = 0
        answer = self._assemble(request, question, passages, _REFUSAL, watch)
        for draft in watch.each("answer", self._candidates(question, request, passages)):
            answer = self._assemble(request, question, passages, draft, watch)
            refused = answer.status == "not_in_article"
            for statement in () if refused else number(draft.statements)[said:]:
                said += 1
                yield StatementEvent(statement.text, statement.new, answer)
        answer = answer.model_copy(update={"latency_ms": watch.milliseconds()})
        self._report(answer, watch.span)
        yield AnswerEvent(answer)

    def _report(self, answer: Answer, span: Span) -> None:
        """What the trace and the log say of an answer."""
        facts: dict[str, str | int | float] = {
            "status": answer.status,
            "answerer": answer.answerer,
            "confidence": answer.confidence,
            "citations": len(answer.citations),
            "passages": len(answer.passages),
        }
        span.set_attributes({f"footnote.{name}": value for name, value in facts.items()})
        said: dict[str, Any] = facts | {"latency_ms": answer.latency_ms}
        if self._settings.log_text:
            said |= {"question": answer.question, "text": answer.text}
        _log.info("answer", extra=said)

    def _retrieve(self, question: str, request: AnswerRequest) -> list[ScoredPassage]:
        return retrieve(
            self._library,
            list(dict.fromkeys((question, request.question))),
            request.article_ids,
            request.k or self._settings.passages_read,
        )

    def _candidates(
        self, question: str, request: AnswerRequest, passages: Sequence[ScoredPassage]
    ) -> Iterator[CandidateAnswer]:
        if is_overview(question):
            return iter((self._answerers.whole(self._in_scope(request)),))
        if not passages:
            note = EMPTY_LIBRARY if not self._library.article_ids() else None
            return iter((replace(_REFUSAL, note=note),))
        return self._answerers.passages.candidates(question, passages)

    def _assemble(
        self,
        request: AnswerRequest,
        question: str,
        passages: Sequence[ScoredPassage],
        draft: CandidateAnswer,
        watch: Stopwatch,
    ) -> Answer:
        """The draft as an `Answer`, after every quote was compared with its article."""
        index = self._library.fingerprint
        footnoted = number(draft.statements)
        citations = tuple(citation for statement in footnoted for citation in statement.new)
        status = draft.status
        if status == "answered" and not citations:
            status = "not_in_article"
        refused = status == "not_in_article"
        articles = {p.article.id: p.article for p in passages}
        articles |= {
            q.passage.article.id: q.passage.article for s in draft.statements for q in s.quotes
        }
        return verify(
            Answer(
                question=request.question,
                standalone_question=question,
                status=status,
                text=NOT_IN_ARTICLE if refused else "\n\n".join(s.text for s in footnoted),
                short_answer=None if refused else draft.short_answer,
                confidence=draft.confidence,
                citations=() if refused else citations,
                passages=tuple(_retrieved(passage) for passage in passages),
                answerer=draft.answerer or self._answerers.passages.name,
                note=draft.note,
                latency_ms=watch.milliseconds(),
                fingerprint=self._fingerprint(index),
                index_fingerprint=index,
                prompt_version=self._answerers.prompt_version,
                usage=draft.usage,
            ),
            articles,
        )

    def _checked(self, request: AnswerRequest | dict[str, Any]) -> AnswerRequest:
        if not isinstance(request, AnswerRequest):
            try:
                request = AnswerRequest.model_validate(request)
            except ValidationError as error:
                first = error.errors()[0]
                place = ".".join(str(part) for part in first["loc"]) or "request"
                raise BadInput(f"The request is not valid: {place}: {first['msg']}.") from error
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

    def _in_scope(self, request: AnswerRequest) -> list[Article]:
        ids = request.article_ids
        if ids is None:
            ids = self._library.article_ids()
        return list(self._library.read_present(ids).values())

    def answer(self, request: AnswerRequest | dict[str, Any]) -> Answer:
        """The whole answer."""
        *_, last = self.events(request)
        assert isinstance(last, AnswerEvent)
        return last.answer

    @property
    def fingerprint(self) -> str:
        """16 hex digits over the index, the settings that change answers, and the prompts."""
        return self._fingerprint(self._library.fingerprint)

    def _fingerprint(self, index: str) -> str:
        parts = [index, self._settings.passages_read, self._answerers.version]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def open_pipeline(library: Library, settings: Settings) -> Pipeline:
    """The stages over `library`, with the answerer that `settings` name.

    Raises:
        ModelProblem: when that answerer's model is missing, altered or unknown.
    """
    answerers = open_answerers(settings)
    return Pipeline(library, settings, answerers, answerers.understand)


_REFUSAL = CandidateAnswer("not_in_article", (), None, 0.0)


def _retrieved(passage: ScoredPassage) -> RetrievedPassage:
    return RetrievedPassage(
        passage_id=passage.passage.id,
        article_id=passage.article.id,
        start=passage.passage.start,
        end=passage.passage.end,
        text=passage.text,
        score=passage.score,
    )
