"""Answers written by a chat model from numbered sentences, each checked before it is shown."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from index.errors import ModelProblem
from prompts import Prompts
from qa.answer import NOT_IN_ARTICLE
from qa.candidates import Answerer, CandidateAnswer, ScoredPassage, Statement
from qa.chat.grounding import UNSUPPORTED, CheckedSentence, ground
from qa.chat.model import ChatModel
from qa.chat.prompt_sentences import PromptSentences, boundary, number_sentences

MOST_CHARACTERS = 50_000
"""A reply is cut after so many characters, thinking included."""
MOST_STATEMENTS = 30

TOO_LONG = "The chat model did not come to an end."
NOTHING_SUPPORTED = "The article supports nothing of what the chat model said."
NO_CITATIONS = "The chat model gave no answer with citations."
NOTHING_SHOWN = "No sentence of these passages can be shown to a chat model."


class ChatAnswerer:
    """A chat model, with another answerer for when it fails. Safe to use from several threads.

    Confidence is the share of supported sentences among those of the model's that cite, times the
    mean of two votes: 1 for the model, and for the other answerer its own confidence where it
    quotes a place that the model cites too, else 0. It orders answers; it is not calibrated.
    """

    def __init__(
        self, model: ChatModel, fallback: Answerer, prompts: Prompts, *, strict: bool
    ) -> None:
        self._model = model
        self._fallback = fallback
        self._prompts = prompts
        self._strict = strict

    @property
    def name(self) -> str:
        return self._model.name

    def candidates(
        self, question: str, passages: Sequence[ScoredPassage]
    ) -> Iterator[CandidateAnswer]:
        """A draft for each supported statement, then the answer. Closing ends the request.

        When the model fails before it has said anything that holds, the fallback answers. When it
        fails midway, what was checked and shown stays, and what the fallback finds follows. Either
        way the note says so.
        """
        numbered = number_sentences(passages)
        said = _Said()
        try:
            if not numbered.sentences:
                raise ModelProblem(NOTHING_SHOWN)
            pieces = self._model.reply(self._messages(question, numbered))
            with closing(pieces), closing(ground(_limited(pieces), numbered)) as grounded:
                for sentence in grounded:
                    said = said.after(sentence, strict=self._strict)
                    if sentence.problem is None:
                        yield CandidateAnswer("answered", said.statements, None, said.share / 2)
                    if len(said.statements) >= MOST_STATEMENTS:
                        raise ModelProblem(TOO_LONG)
            if not said.cited and not said.refused:
                raise ModelProblem(NO_CITATIONS)
        except ModelProblem as problem:
            yield from self._instead(question, passages, said, str(problem))
        else:
            yield self._whole(question, passages, said)

    def _messages(self, question: str, numbered: PromptSentences) -> list[BaseMessage]:
        block = numbered.block()
        line = boundary([block, question])
        return [
            SystemMessage(self._prompts.answer_rules.fill(boundary=line, refusal=NOT_IN_ARTICLE)),
            HumanMessage(
                self._prompts.answer_question.fill(
                    boundary=line, sentences=block, question=" ".join(question.split())
                )
            ),
        ]

    def _whole(
        self, question: str, passages: Sequence[ScoredPassage], said: "_Said"
    ) -> CandidateAnswer:
        *_, second = self._fallback.candidates(question, passages)
        if not said.supported:
            problem = NOTHING_SUPPORTED if said.cited else None
            return CandidateAnswer("not_in_article", (), None, second.confidence / 2, problem)
        agreed = _share_a_place(second.statements, said.statements)
        votes = 1 + (second.confidence if agreed and second.status == "answered" else 0)
        return CandidateAnswer(
            "answered",
            said.statements,
            _short_answer(second, said.statements),
            said.share * votes / 2,
        )

    def _instead(
        self,
        question: str,
        passages: Sequence[ScoredPassage],
        said: "_Said",
        problem: str,
    ) -> Iterator[CandidateAnswer]:
        kept = said.statements if said.supported else ()
        for draft in self._fallback.candidates(question, passages):
            if kept and draft.status != "answered":
                share = said.share / 2
                ending = "Only what it had said by then is shown."
                draft = CandidateAnswer("answered", (), None, share)
            else:
                ending = f"So {'the rest' if kept else 'this'} is Footnote's own reading."
            new = tuple(s for s in draft.statements if not _share_a_place((s,), kept))
            yield replace(draft, statements=kept + new, note=f"{problem} {ending}")


@dataclass(frozen=True, slots=True)
class _Said:
    """What the model has said so far."""

    statements: tuple[Statement, ...] = ()
    supported: int = 0
    cited: int = 0
    """Sentences that cite a number that there is, supported or not."""
    refused: bool = False

    @property
    def share(self) -> float:
        return self.supported / self.cited if self.cited else 0.0

    def after(self, sentence: CheckedSentence, *, strict: bool) -> "_Said":
        statement = sentence.statement
        if sentence.problem is None:
            repeated = any(statement == other for other in self.statements)
            kept = self.statements if repeated else (*self.statements, statement)
        elif strict or sentence.refuses:
            kept = self.statements
        else:
            kept = (*self.statements, Statement(statement.text + UNSUPPORTED, ()))
        return _Said(
            kept,
            self.supported + (sentence.problem is None),
            self.cited + sentence.cites,
            self.refused or sentence.refuses,
        )


def _limited(pieces: Iterable[str]) -> Iterator[str]:
    characters = 0
    for piece in pieces:
        characters += len(piece)
        if characters > MOST_CHARACTERS:
            raise ModelProblem(TOO_LONG)
        yield piece


def _share_a_place(some: Sequence[Statement], others: Sequence[Statement]) -> bool:
    """Whether a quote of the ones overlaps a quote of the others."""
    return any(
        a.passage.article.id == b.passage.article.id and a.start < b.end and b.start < a.end
        for statement in some
        for a in statement.quotes
        for other in others
        for b in other.quotes
    )


def _short_answer(second: CandidateAnswer, statements: Sequence[Statement]) -> str | None:
    """The other answerer's few words, where the model's own sentence says them and quotes them."""
    few = second.short_answer
    if few and any(few in s.text and any(few in q.text for q in s.quotes) for s in statements):
        return few
    return None
