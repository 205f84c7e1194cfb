"""One answer against what is right: the scores of a case."""

from collections.abc import Callable, Sequence

from pydantic import BaseModel, ConfigDict, Field

from index.articles import Article
from qa.answer import Answer
from qa.evaluation.cases import Case, PlacedCase
from qa.evaluation.citation_metrics import Span, citation_precision, citation_recall, first_hit
from qa.evaluation.metrics import best_over_golds, exact_match_score, f1_score, normalize_answer

SURE = 0.8
"""Confidence from which a reader of an answer takes it for certain."""

Sentences = Callable[[Article], Sequence[tuple[int, int]]]
"""An article → the places of its sentences."""


class Scores(BaseModel):
    """Each from 0 to 1, or None where it says nothing about this case."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    accepted: float = Field(
        description="1 when the short answer or a cited quote contains an accepted answer; "
        "for a case that the article does not answer, 1 when it is refused."
    )
    refusal_correct: float | None = Field(
        description="1 when refused exactly if the article does not answer."
    )
    exact_match: float | None
    f1: float | None
    citation_precision: float | None
    citation_recall: float | None
    hit_rank: int | None = Field(
        description="Rank, from 1, of the first passage that holds a gold quote; 0 for none."
    )
    forbidden_said: str | None = Field(description="The forbidden words that the answer says.")


class GoldQuote(BaseModel):
    """A gold quote at its place."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    article_id: str
    start: int
    end: int
    text: str


class Repeats(BaseModel):
    """What became of a case that was asked several times; its result is the worst of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    times: int
    right: int
    answers: int = Field(description="How many different answers there were.")


class CaseResult(BaseModel):
    """A case, the answer to it, and its scores. `(set_name, case.id)` is its key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    set_name: str
    case: Case
    gold: tuple[GoldQuote, ...]
    answer: Answer
    scores: Scores
    repeats: Repeats | None = None

    @property
    def key(self) -> str:
        return f"{self.set_name}/{self.case.id}"

    @property
    def refused(self) -> bool:
        return self.answer.status == "not_in_article"

    @property
    def answered(self) -> bool:
        return self.answer.status == "answered"

    @property
    def related(self) -> bool:
        """Told what stands nearby: neither an answer, and so not a wrong one, nor a refusal."""
        return self.answer.status == "related"

    @property
    def right(self) -> bool:
        return self.scores.accepted == 1

    @property
    def answered_right(self) -> bool:
        """What `confidence` predicts: the article answers, and this is the answer."""
        return self.right and self.answered

    @property
    def sure_wrong(self) -> bool:
        """A wrong answer that says it is all but certain."""
        return self.answered and not self.right and self.answer.confidence >= SURE


def judge(
    set_name: str,
    placed: PlacedCase,
    answer: Answer,
    article: Callable[[str], Article],
    sentences: Sentences,
) -> CaseResult:
    """The scores of `answer`; `article` gives those that the gold quotes are in, by id."""
    case, gold = placed.case, placed.gold
    cited = [Span(c.article_id, c.start, c.end) for c in answer.citations]
    recall = citation_recall(cited, gold) if gold else None
    precision = None
    if gold and cited:
        precision = citation_precision(cited, _whole_sentences(gold, article, sentences))
    forbidden = _forbidden_said(case, answer)
    refused = answer.status == "not_in_article"
    if refused:
        right = case.not_in_article or case.may_refuse
    elif case.not_in_article:
        right = False
    elif case.answers:
        right = answer.status == "answered" and accepts(case, answer)
    else:
        right = (recall or 0) >= 0.5
    exact, f1 = _squad_scores(case, answer)
    return CaseResult(
        set_name=set_name,
        case=case,
        gold=tuple(
            GoldQuote(
                article_id=span.article_id,
                start=span.start,
                end=span.end,
                text=article(span.article_id).text[span.start : span.end],
            )
            for span in gold
        ),
        answer=answer,
        scores=Scores(
            accepted=float(right and forbidden is None),
            refusal_correct=None
            if case.may_refuse or answer.status == "related"
            else float(refused == case.not_in_article),
            exact_match=exact,
            f1=f1,
            citation_precision=precision,
            citation_recall=recall,
            hit_rank=first_hit([Span(p.article_id, p.start, p.end) for p in answer.passages], gold)
            if gold
            else None,
            forbidden_said=forbidden,
        ),
    )


def accepts(case: Case, answer: Answer) -> bool:
    """Whether the short answer or a cited quote contains an accepted answer, word for word.

    Compared as SQuAD compares (case, punctuation and a/an/the aside). An accepted answer in
    several parts needs each of them, wherever it is.
    """
    said = [answer.short_answer or "", *(c.quote for c in answer.citations)]
    return any(
        all(
            any(_contains(text, part) for text in said)
            for part in ((accepted,) if isinstance(accepted, str) else accepted)
        )
        for accepted in case.answers
    )


def _squad_scores(case: Case, answer: Answer) -> tuple[float | None, float | None]:
    """Exact match and F1 of the short answer, or of the whole text where there is none.

    As in SQuAD 2.0, the right answer to an unanswerable question is the empty one.
    """
    refused = answer.status == "not_in_article"
    if (case.may_refuse and refused) or not (case.answers or case.not_in_article):
        return None, None
    golds = [a if isinstance(a, str) else " ".join(a) for a in case.answers]
    prediction = "" if refused else answer.short_answer or _without_marks(answer)
    return (
        best_over_golds(exact_match_score, prediction, golds),
        best_over_golds(f1_score, prediction, golds),
    )


def _without_marks(answer: Answer) -> str:
    text = answer.text
    for citation in answer.citations:
        text = text.replace(f"[{citation.n}]", " ")
    return text


def _forbidden_said(case: Case, answer: Answer) -> str | None:
    said = [answer.short_answer or "", answer.text, *(c.quote for c in answer.citations)]
    for words in case.forbidden:
        if any(_contains(text, words) for text in said):
            return words
    return None


def _contains(text: str, words: str) -> bool:
    return f" {normalize_answer(words)} " in f" {normalize_answer(text)} "


def _whole_sentences(
    gold: Sequence[Span], article: Callable[[str], Article], sentences: Sentences
) -> list[Span]:
    """The sentences that the gold quotes touch."""
    whole = list(gold)
    for span in gold:
        for start, end in sentences(article(span.article_id)):
            if start < span.end and span.start < end:
                whole.append(Span(span.article_id, start, end))
    return whole
