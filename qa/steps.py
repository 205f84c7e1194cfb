"""The steps of the chain, from a question to its answer: `qa.chain` puts them in order."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig

from index.articles import Article
from index.library import Library
from index.settings import Settings
from qa.answer import NOT_IN_ARTICLE, Answer
from qa.answerers.selection import Answerers
from qa.answerers.summary import is_overview
from qa.candidates import CandidateAnswer
from qa.events import AnswerEvent, Event, PassagesEvent, QuestionEvent, StatementEvent
from qa.footnotes import number, verify
from qa.observability.stopwatch import Stopwatch
from qa.question.spelling import respelled, unknown_words
from qa.request import AnswerRequest
from qa.retrieval.langchain_retriever import retrieved_passage, scored_passage

EMPTY_LIBRARY = "There is no article to ask yet: add one first."
_REFUSAL = CandidateAnswer("not_in_article", (), None, 0.0)


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, `text` as it is understood, and the passages once they are found."""

    request: AnswerRequest
    text: str
    watch: Stopwatch = field(repr=False, compare=False)
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the passages of a question say; None before the first of it is read."""

    question: Question
    candidate: CandidateAnswer | None


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps over one library, with the answerers and the retriever that they use."""

    library: Library
    settings: Settings
    answerers: Answerers
    retriever: BaseRetriever

    def rewrite(self, question: Question) -> Question:
        with question.watch.stage("understand"):
            text = self.answerers.understand(question.request.question, question.request.history)
        return replace(question, text=text)

    def retrieve(self, question: Question, config: RunnableConfig) -> Question:
        """What is misspelt is understood by the passages that are found for it."""
        with question.watch.stage("retrieve"):
            question = replace(question, documents=self._documents(question, config))
            if unknown_words(question.text):
                found = [document.page_content for document in question.documents]
                spelled = replace(question, text=respelled(question.text, found))
                if spelled != question:
                    question = replace(spelled, documents=self._documents(spelled, config))
        return question

    def read(self, questions: Iterator[Question]) -> Iterator[Reading]:
        for question in questions:
            yield Reading(question, None)
            candidates = self._candidates(question)
            for candidate in question.watch.each("answer", candidates):
                yield Reading(question, candidate)

    def _documents(self, question: Question, config: RunnableConfig) -> tuple[Document, ...]:
        request = question.request
        found = self.retriever.invoke(
            question.text,
            config,
            wordings=() if question.text == request.question else (request.question,),
            article_ids=request.article_ids,
            k=request.k or self.settings.passages_read,
        )
        return tuple(found)

    def _candidates(self, question: Question) -> Iterator[CandidateAnswer]:
        if is_overview(question.text):
            yield self.answerers.whole(self._in_scope(question.request))
        elif not question.documents:
            note = EMPTY_LIBRARY if not self.library.article_ids() else None
            yield replace(_REFUSAL, note=note)
        else:
            ids = {document.metadata["article_id"] for document in question.documents}
            articles = self.library.read_present(list(ids))
            passages = [
                scored_passage(document, articles)
                for document in question.documents
                if document.metadata["article_id"] in articles
            ]
            yield from self.answerers.passages.candidates(question.text, passages)

    def answer(self, question: Question, candidate: CandidateAnswer) -> Answer:
        """The candidate as an `Answer`, after its quotes were compared with the stored articles."""
        index = self.library.fingerprint
        numbered = number(candidate.statements)
        citations = tuple(citation for statement in numbered for citation in statement.new)
        status = candidate.status
        if status == "answered" and not citations:
            status = "not_in_article"
        refused = status == "not_in_article"
        answer = Answer(
            question=question.request.question,
            standalone_question=question.text,
            status=status,
            text=NOT_IN_ARTICLE if refused else "\n\n".join(s.text for s in numbered),
            short_answer=None if refused else candidate.short_answer,
            confidence=candidate.confidence,
            citations=() if refused else citations,
            passages=tuple(map(retrieved_passage, question.documents)),
            answerer=candidate.answerer or self.answerers.passages.name,
            note=candidate.note,
            latency_ms=question.watch.milliseconds(),
            fingerprint=self.fingerprint(index),
            index_fingerprint=index,
            prompt_version=self.answerers.prompt_version,
            usage=candidate.usage,
        )
        return verify(answer, self.library)

    def _in_scope(self, request: AnswerRequest) -> list[Article]:
        ids = request.article_ids
        if ids is None:
            ids = self.library.article_ids()
        return list(self.library.read_present(ids).values())

    def fingerprint(self, index: str) -> str:
        """16 hex digits over the index, the settings that change answers, and the prompts."""
        parts = [index, self.settings.passages_read, self.answerers.version]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


class NumberAndVerify(Runnable[Reading, Event]):
    """Readings → events: each new statement with its footnotes, and at last the answer.

    It is no run of its own in a trace: LangChain's generators, when one is closed, read what is
    behind them to its end first, and a chat model would go on for nobody.
    """

    def __init__(self, answer: Callable[[Question, CandidateAnswer], Answer]) -> None:
        self._answer = answer

    def transform(
        self,
        input: Iterator[Reading],  # noqa: A002 (LangChain's name)
        config: RunnableConfig | None = None,
        **_: Any,
    ) -> Iterator[Event]:
        shown = 0
        answer: Answer | None = None
        for reading in input:
            question, candidate = reading.question, reading.candidate
            if candidate is None:
                yield QuestionEvent(question.text)
                yield PassagesEvent(tuple(map(retrieved_passage, question.documents)))
                continue
            answer = self._answer(question, candidate)
            statements = () if answer.status == "not_in_article" else candidate.statements
            for statement in number(statements)[shown:]:
                shown += 1
                yield StatementEvent(statement.text, statement.new, answer)
        assert answer is not None, "an answerer yields at least once"
        times = question.watch.milliseconds()
        yield AnswerEvent(answer.model_copy(update={"latency_ms": times}))

    def invoke(
        self,
        input: Reading,  # noqa: A002
        config: RunnableConfig | None = None,
        **_: Any,
    ) -> Event:
        *_events, last = self.transform(iter([input]), config)
        return last
