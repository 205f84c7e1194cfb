"""A SQuAD file → a test set with articles to keep and edit, and back."""

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from index.loading.normal_form import normalise
from qa.evaluation.cases import Case, ExpectedQuote, PlacedCase, TestSet
from qa.evaluation.exchange.imported import ImportedSet, slug, unique_ids
from qa.evaluation.metrics import normalize_answer
from qa.evaluation.squad_file import SquadParagraph, SquadQuestion, read_squad


def from_squad(path: Path) -> ImportedSet:
    """Each article of the file as a text, each question as a case.

    A question whose answers have no word to compare is left out.

    Raises:
        BadInput: when the file is not in SQuAD's format.
    """
    file = read_squad(path)
    names = unique_ids(slug(article.title or path.stem) for article in file.data)
    articles, asked = {}, []
    for name, article in zip(names, file.data, strict=True):
        articles[f"{name}.txt"] = "\n\n".join(p.context.strip() for p in article.paragraphs)
        text = articles[f"{name}.txt"]
        asked += [(f"{name}.txt", text, p, qa) for p in article.paragraphs for qa in p.qas]
    ids = unique_ids(question.id for *_, question in asked)
    cases = [
        case
        for case_id, (name, text, paragraph, question) in zip(ids, asked, strict=True)
        if (case := _case(case_id, name, text, paragraph, question)) is not None
    ]
    return ImportedSet(tuple(cases), articles)


def to_squad(test_set: TestSet) -> str:
    """SQuAD v2 of the cases that SQuAD can say: without earlier turns, about one article, and
    either not in the article or with an accepted answer that stands in a gold quote's paragraph."""
    titles = {article.id: article for article in test_set.articles}
    asked: dict[str, dict[int, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for placed in test_set.cases:
        ids = placed.article_ids
        if ids is None or len(ids) != 1 or placed.case.history:
            continue
        paragraphs = _paragraphs(titles[ids[0]].text)
        if placed.case.not_in_article:
            question = {"id": placed.case.id, "question": placed.case.question}
            asked[ids[0]][0].append({**question, "answers": [], "is_impossible": True})
        elif found := _answers(placed, paragraphs):
            asked[ids[0]][found[0]].append(
                {
                    "id": placed.case.id,
                    "question": placed.case.question,
                    "answers": found[1],
                    "is_impossible": False,
                }
            )
    data = [
        {
            "title": article.title,
            "paragraphs": [
                {"context": text, "qas": asked[article.id].get(n, [])}
                for n, (_, text) in enumerate(_paragraphs(article.text))
            ],
        }
        for article in test_set.articles
        if article.id in asked
    ]
    return json.dumps({"version": "v2.0", "data": data}, ensure_ascii=False, indent=1) + "\n"


def _case(
    case_id: str, name: str, text: str, paragraph: SquadParagraph, question: SquadQuestion
) -> Case | None:
    if question.is_impossible or not question.answers:
        return Case(
            id=case_id,
            kind="not_in_article",
            question=question.question,
            articles=(name,),
            not_in_article=True,
        )
    answers = tuple(dict.fromkeys(a.text for a in question.answers if normalize_answer(a.text)))
    if not answers:
        return None
    return Case(
        id=case_id,
        kind="fact",
        question=question.question,
        articles=(name,),
        answers=answers,
        quotes=_quotes(answers[0], text, paragraph),
    )


def _quotes(answer: str, text: str, paragraph: SquadParagraph) -> tuple[ExpectedQuote, ...]:
    """The first answer as a gold quote, where one place in the article is meant."""
    article, around, quote = (normalise(part) for part in (text, paragraph.context, answer))
    if quote and article.count(quote) == 1:
        return (ExpectedQuote(text=quote),)
    if quote and around.count(quote) == 1 and article.count(around) == 1:
        return (ExpectedQuote(text=quote, within=around),)
    return ()


def _paragraphs(text: str) -> list[tuple[int, str]]:
    """(place, text) of each block of an article."""
    return [(match.start(), match[0]) for match in re.finditer(r"(?:(?!\n\n).)+", text, re.DOTALL)]


def _answers(
    placed: PlacedCase, paragraphs: list[tuple[int, str]]
) -> tuple[int, list[dict[str, Any]]] | None:
    """The number of a gold quote's paragraph, and the accepted answers that stand in it."""
    for gold in placed.gold:
        for n, (start, text) in enumerate(paragraphs):
            if not start <= gold.start < start + len(text):
                continue
            answers = [
                {"text": answer, "answer_start": text.index(answer)}
                for answer in placed.case.answers
                if isinstance(answer, str) and answer in text
            ]
            if not placed.case.answers:
                quote = text[gold.start - start : gold.end - start]
                answers = [{"text": quote, "answer_start": gold.start - start}]
            if answers:
                return n, answers
    return None
