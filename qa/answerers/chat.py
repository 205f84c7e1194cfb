"""Answers written by a chat model from numbered sentences, each checked before it is shown.

The reader answers first: its answer is shown until the model's comes, and stands when that does
not, and the passages that it finds irrelevant are not sent to the model.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from index.errors import ModelProblem
from prompts import Prompts
from qa.answer import NOT_IN_ARTICLE, Usage
from qa.candidates import Answerer, CandidateAnswer, ScoredPassage, Statement
from qa.chat.grounding import UNSUPPORTED, CheckedSentence, ground
from qa.chat.model import ChatModel
from qa.chat.prompt_sentences import PromptSentences, boundary, number_sentences
from qa.chat.support import Score

MOST_CHARACTERS = 50_000
"""A reply is cut after so many characters, thinking included."""
MOST_STATEMENTS = 30
"""So many sentences are checked, supported or not."""
IRRELEVANT = 0.05
"""A passage none of whose sentences helps to answer with at least this probability is not sent."""

TOO_LONG = "The chat model did not come to an end."
NOTHING_SUPPORTED = "The article supports nothing of what the chat model said."
NO_ANSWER = "The chat model gave no answer."
NOTHING_SHOWN = "No sentence of these passages can be shown to a chat model."


class ChatAnswerer:
    """A chat model beside a reader. Safe to use from several threads.

    Confidence is the share of supported sentences among the model's, times the mean of two votes:
    1 for the model, and for the reader its own confidence where it quotes a place that the model
    cites too, else 0. It orders answers; it is not calibrated.
    """

    def __init__(
        self, model: ChatModel, reader: Answerer, prompts: Prompts, score: Score, *, strict: bool
    ) -> None:
        self._model = model
        self._score = score
        self._reader = reader
        self._prompts = prompts
        self._strict = strict

    @property
    def name(self) -> str:
        return self._model.name

    def candidates(
        self, question: str, passages: Sequence[ScoredPassage]
    ) -> Iterator[CandidateAnswer]:
        """The reader's answer, provisional; then a draft for each supported statement of the
        model's; then the answer. Closing ends the request.

        When the model fails, or ends, without having said anything that holds, the reader's answer
        stands. When it fails midway, what was checked and shown stays, and what the reader found
        follows. Either way the note says so.
        """
        *_, own = self._reader.candidates(question, passages)
        own = replace(own, answerer=self._reader.name)
        if own.status == "answered":
            yield replace(own, provisional=True)
        numbered = number_sentences(relevant(passages, own.relevance))
        said, usage = _Said(), list[Usage]()
        try:
            if not numbered.sentences:
                raise ModelProblem(NOTHING_SHOWN)
            pieces = self._model.reply(self._messages(question, numbered), usage.append)
            checked = ground(_limited(pieces), numbered, self._score)
            with closing(pieces), closing(checked):
                for sentence in checked:
                    said = said.after(sentence, strict=self._strict)
                    if sentence.problem is None:
                        yield CandidateAnswer("answered", said.statements, None, said.share / 2)
                    if said.claims >= MOST_STATEMENTS:
                        raise ModelProblem(TOO_LONG)
            if not said.supported and not said.refused:
                raise ModelProblem(NOTHING_SUPPORTED if said.claims else NO_ANSWER)
            answer = _whole(said, own)
        except ModelProblem as problem:
            answer = _instead(said, own, str(problem))
        yield replace(answer, usage=usage[-1] if usage else None)

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


def relevant(passages: Sequence[ScoredPassage], relevance: Sequence[float]) -> list[ScoredPassage]:
    """The passages that a reader finds relevant, in their order; its two best in any case.

    All of them where the reader does not tell.
    """
    if not relevance:
        return list(passages)
    order = sorted(range(len(passages)), key=lambda n: -relevance[n])
    kept = [n for place, n in enumerate(order) if place < 2 or relevance[n] >= IRRELEVANT]
    return [passages[n] for n in sorted(kept)]


def _whole(said: "_Said", own: CandidateAnswer) -> CandidateAnswer:
    """What the model said, when it came to an end."""
    if not said.supported:
        return CandidateAnswer("not_in_article", (), None, own.confidence / 2)
    agreed = own.status == "answered" and _share_a_place(own.statements, said.statements)
    votes = 1 + (own.confidence if agreed else 0)
    short = _short_answer(own, said.statements)
    return CandidateAnswer("answered", said.statements, short, said.share * votes / 2)


def _instead(said: "_Said", own: CandidateAnswer, problem: str) -> CandidateAnswer:
    """The reader's answer, after what the model had said that holds."""
    if not said.supported:
        return replace(own, note=f"{problem} So this is Footnote's own reading.")
    if own.status != "answered":
        note = f"{problem} Only what it had said by then is shown."
        return CandidateAnswer("answered", said.statements, None, said.share / 2, note)
    new = tuple(s for s in own.statements if not _share_a_place((s,), said.statements))
    note = f"{problem} So the rest is Footnote's own reading."
    return replace(own, statements=said.statements + new, note=note, answerer=None)


@dataclass(frozen=True, slots=True)
class _Said:
    """What the model has said so far."""

    statements: tuple[Statement, ...] = ()
    supported: int = 0
    claims: int = 0
    """Sentences that say something, supported or not."""
    refused: bool = False

    @property
    def share(self) -> float:
        return self.supported / self.claims if self.claims else 0.0

    def after(self, sentence: CheckedSentence, *, strict: bool) -> "_Said":
        statement = sentence.statement
        if sentence.problem is None:
            kept = (*self.statements, statement)
        elif strict or sentence.refuses:
            kept = self.statements
        else:
            kept = (*self.statements, Statement(statement.text + UNSUPPORTED, ()))
        return _Said(
            kept,
            self.supported + (sentence.problem is None),
            self.claims + (not sentence.refuses),
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
