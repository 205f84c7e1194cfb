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
from index.rights import Rights
from index.settings import Settings
from qa.answer import NOT_IN_ARTICLE, Answer
from qa.answerers.article_facts import article_fact
from qa.answerers.foreign import foreign_language
from qa.answerers.selection import Answerers
from qa.answerers.small_talk import small_talk
from qa.candidates import CandidateAnswer, ScoredPassage
from qa.events import (
    AnswerEvent,
    DraftEvent,
    Event,
    PassagesEvent,
    QuestionEvent,
    StatementEvent,
)
from qa.footnotes import number, verify
from qa.observability.stopwatch import Stopwatch
from qa.question.intents import Intent
from qa.question.spelling import respelled, unknown_words
from qa.request import AnswerRequest
from qa.retrieval.langchain_retriever import HybridRetriever, retrieved_passage, scored_passage

SURE = 0.8
"""An answer of this confidence is given in whatever language the question seems to be."""
EMPTY_LIBRARY = "There is no article to ask yet: add one first."
_REFUSAL = CandidateAnswer("not_in_article", (), None, 0.0)


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, `text` as it is understood, what it wants, and the passages once they are
    found."""

    request: AnswerRequest
    text: str
    watch: Stopwatch = field(repr=False, compare=False)
    documents: tuple[Document, ...] = ()
    intent: Intent = "question"


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

    def within(self, rights: Rights) -> "Steps":
        """The same steps, over what may be seen of the library and no more.

        Raises:
            TypeError: if a retriever of one's own gives the passages, which may see everything.
        """
        if not isinstance(self.retriever, HybridRetriever):
            raise TypeError(f"{type(self.retriever).__name__} cannot be kept to a part.")
        seen = self.library.within(rights)
        retriever = self.retriever.model_copy(update={"library": seen})
        return replace(self, library=seen, retriever=retriever)

    def rewrite(self, question: Question) -> Question:
        """The question as it would be asked alone, and what it wants.

        "Tell me more" asks the question before it once more. What sounds as if it asked for the
        author or the date of the article may after other questions mean something in it.
        """
        asked, history = question.request.question, question.request.history
        with question.watch.stage("understand"):
            intent = self.answerers.intent(asked)
            if intent in ("greeting", "thanks", "help", "summary"):
                return replace(question, intent=intent)
            if intent == "more":
                questions = [n for n, turn in enumerate(history) if turn.role == "user"]
                if not questions:
                    return replace(question, intent="summary")
                last = questions[-1]
                text = self.answerers.understand(history[last].content, history[:last])
            else:
                text = self.answerers.understand(asked, history)
                intent = intent if text == asked else self.answerers.intent(text)
        return replace(question, text=text, intent=intent)

    def retrieve(self, question: Question, config: RunnableConfig) -> Question:
        """What is misspelt is understood by the passages that are found for it."""
        if question.intent in ("greeting", "thanks", "help"):
            return question
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
        if (told := self._not_of_passages(question)) is not None:
            yield told
        elif not question.documents:
            note = EMPTY_LIBRARY if not self.library.article_ids() else None
            yield replace(_REFUSAL, note=note)
        else:
            passages = self._passages(question)
            for candidate in self.answerers.passages.candidates(question.text, passages):
                foreign = None
                if self.answerers.only_english and candidate.confidence < SURE and passages:
                    foreign = foreign_language(question.text, [passages[0].article])
                yield foreign or candidate

    def _not_of_passages(self, question: Question) -> CandidateAnswer | None:
        """The answer where none is looked for in the passages: small talk, the whole article."""
        if question.intent == "question":
            return None
        articles = self._in_scope(question.request)
        match question.intent:
            case "greeting" | "thanks" | "help" as kind:
                return small_talk(kind, articles)
            case "summary":
                return self.answerers.summary(question.text, articles)
            case "more":
                history, passages = question.request.history, self._passages(question)
                return self.answerers.continuation(question.text, history, passages, articles)
            case fact:
                return article_fact(fact, articles[0]) if len(articles) == 1 else None

    def _passages(self, question: Question) -> list[ScoredPassage]:
        ids = {document.metadata["article_id"] for document in question.documents}
        articles = self.library.read_present(list(ids))
        return [
            scored_passage(document, articles)
            for document in question.documents
            if document.metadata["article_id"] in articles
        ]

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
            if candidate.provisional:
                yield DraftEvent(answer)
                continue
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
