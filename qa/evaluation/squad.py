"""A SQuAD v1 or v2 file → articles and placed cases.

An article is its paragraphs in order, with a blank line between two of them.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index.articles import Article
from index.errors import BadInput
from index.loading.normal_form import normalise
from qa.evaluation.cases import Case, PlacedCase
from qa.evaluation.citation_metrics import Span
from qa.evaluation.metrics import normalize_answer
from qa.evaluation.squad_file import SquadAnswer, SquadArticle, SquadFile, SquadQuestion, read_squad

Scope = Literal["article", "corpus"]
Unanswerable = Literal["other-article", "removed"]


@dataclass(frozen=True, slots=True)
class SquadPlan:
    """What to ask of a file."""

    file: Path
    scope: Scope = "article"
    sample: int | None = None
    """How many questions, drawn with `seed`; None: all."""
    seed: int = 0
    unanswerable: Unanswerable | None = None
    """Where every second question is asked so that nothing answers it: of another article, or of
    its own without the paragraph that answers. The hard one is `removed`."""


@dataclass(frozen=True, slots=True)
class Group:
    """Cases that are asked of the same articles, which are together in the library then."""

    articles: tuple[Article, ...]
    cases: tuple[PlacedCase, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question and where it comes from."""

    case_id: str
    question: SquadQuestion
    article: int
    paragraph: int


def squad_groups(plan: SquadPlan) -> list[Group]:
    """The cases of `plan` in the order of the articles they are asked of.

    A question without a gold answer is right to refuse. One whose gold answers have no word left
    once normalised (two in ten thousand) is left out.

    Raises:
        BadInput: when the file is not in SQuAD's format, or the plan cannot be carried out on it.
    """
    if plan.unanswerable and plan.scope == "corpus":
        raise BadInput("--unanswerable needs --scope article: a corpus holds the answers.")
    file = read_squad(plan.file)
    asked = _drawn(file, plan)
    own, misplaced = _split(asked, file, plan)
    if plan.scope == "corpus":
        articles = [_article(article, plan.file) for article in file.data]
        starts = [_starts(raw) for raw in file.data]
        cases = [
            _placed(item, file, articles[item.article], starts[item.article], everywhere=True)
            for item in own
        ]
        unique = {article.id: article for article in articles}
        return [Group(tuple(unique.values()), tuple(cases))]
    groups = []
    for index, raw in enumerate(file.data):
        article = _article(raw, plan.file)
        starts_here = _starts(raw)
        cases = [_placed(item, file, article, starts_here) for item in own if item.article == index]
        if plan.unanswerable == "other-article":
            cases += [_refusable(item, article) for to, item in misplaced if to == index]
        if cases:
            groups.append(Group((article,), tuple(cases)))
        if plan.unanswerable == "removed":
            groups += _without_answers(raw, [item for to, item in misplaced if to == index], plan)
    return groups


def _drawn(file: SquadFile, plan: SquadPlan) -> list[_Asked]:
    seen: Counter[str] = Counter()
    questions = []
    for a, article in enumerate(file.data):
        for p, paragraph in enumerate(article.paragraphs):
            for question in paragraph.qas:
                seen[question.id] += 1
                n = seen[question.id]
                case_id = question.id if n == 1 else f"{question.id}#{n}"
                if not question.answers or _accepted(question):
                    questions.append(_Asked(case_id, question, a, p))
    if plan.sample is None or plan.sample >= len(questions):
        return questions
    kept = random.Random(plan.seed).sample(range(len(questions)), plan.sample)
    return [questions[i] for i in sorted(kept)]


def _split(
    asked: Sequence[_Asked], file: SquadFile, plan: SquadPlan
) -> tuple[list[_Asked], list[tuple[int, _Asked]]]:
    """Those asked of their own article, and (article, question) where nothing answers."""
    if plan.unanswerable is None:
        return list(asked), []
    draw = random.Random(f"{plan.seed} unanswerable")
    answerable = [item for item in asked if not _impossible(item.question)]
    if plan.unanswerable == "removed":
        movable = [a for a in answerable if len(file.data[a.article].paragraphs) > 1]
    else:
        movable = answerable if len(file.data) > 1 else []
    if not movable:
        needed = "two articles" if plan.unanswerable == "other-article" else "two paragraphs"
        raise BadInput(f"--unanswerable {plan.unanswerable} needs {needed}; {plan.file} has one.")
    chosen = {id(item) for item in draw.sample(movable, min(len(movable), len(asked) // 2))}
    moved = []
    for item in movable:
        if id(item) in chosen:
            to = item.article
            while plan.unanswerable == "other-article" and to == item.article:
                to = draw.randrange(len(file.data))
            moved.append((to, item))
    return [item for item in asked if id(item) not in chosen], moved


def _without_answers(
    raw: SquadArticle, items: Sequence[_Asked], plan: SquadPlan
) -> Iterator[Group]:
    for gone in sorted({item.paragraph for item in items}):
        rest = [p for i, p in enumerate(raw.paragraphs) if i != gone]
        article = _article(raw.model_copy(update={"paragraphs": tuple(rest)}), plan.file)
        cases = [_refusable(item, article) for item in items if item.paragraph == gone]
        yield Group((article,), tuple(cases))


def _article(raw: SquadArticle, path: Path) -> Article:
    text = "\n\n".join(block for p in raw.paragraphs if (block := normalise(p.context)))
    if not text:
        raise BadInput(f"{path}: the article {raw.title!r} has no text.")
    return Article.of(text, raw.title.replace("_", " ") or path.stem, path.name)


def _starts(raw: SquadArticle) -> list[int]:
    """Where each paragraph begins in the text of `_article`."""
    starts, end = [], 0
    for paragraph in raw.paragraphs:
        starts.append(end)
        block = normalise(paragraph.context)
        end += len(block) + 2 if block else 0
    return starts


def _placed(
    item: _Asked,
    file: SquadFile,
    article: Article,
    starts: Sequence[int],
    *,
    everywhere: bool = False,
) -> PlacedCase:
    ids = None if everywhere else (article.id,)
    if _impossible(item.question):
        return _refusable(item, article, ids)
    offset = starts[item.paragraph]
    context = file.data[item.article].paragraphs[item.paragraph].context
    spans = {
        Span(article.id, offset + place[0], offset + place[1])
        for answer in item.question.answers
        if (place := _place(answer, context)) is not None
    }
    case = Case(
        id=item.case_id,
        kind="fact",
        question=item.question.question,
        answers=_accepted(item.question),
    )
    return PlacedCase(case, ids, tuple(sorted(spans)))


def _refusable(item: _Asked, article: Article, ids: tuple[str, ...] | None = ()) -> PlacedCase:
    case = Case(
        id=item.case_id,
        kind="not_in_article",
        question=item.question.question,
        not_in_article=True,
    )
    return PlacedCase(case, (article.id,) if ids == () else ids, ())


def _impossible(question: SquadQuestion) -> bool:
    return question.is_impossible or not question.answers


def _accepted(question: SquadQuestion) -> tuple[str, ...]:
    texts = dict.fromkeys(answer.text for answer in question.answers)
    return tuple(text for text in texts if normalize_answer(text))


def _place(answer: SquadAnswer, context: str) -> tuple[int, int] | None:
    """Where the answer is once the paragraph is in normal form, where white space is another."""
    normal = normalise(context)
    words = normalise(answer.text).split()
    if not words:
        return None
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words))
    expected = len("".join(context[: answer.answer_start].split()))
    places = [match.span() for match in pattern.finditer(normal)]
    return min(
        places,
        key=lambda place: abs(len("".join(normal[: place[0]].split())) - expected),
        default=None,
    )
