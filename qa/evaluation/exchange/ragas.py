"""Datasets of ragas as JSON lines: its `EvaluationDataset.to_jsonl`, or a generated test set."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from index.errors import BadInput
from qa.answer import NOT_IN_ARTICLE
from qa.evaluation.cases import Case, PlacedCase, TestSet
from qa.evaluation.exchange.imported import ImportedSet, slug, unique_ids


class Sample(BaseModel):
    """ragas' `SingleTurnSample`, or a row of the older format."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    user_input: str = Field(min_length=1, validation_alias=AliasChoices("user_input", "question"))
    reference: str = Field(
        min_length=1, validation_alias=AliasChoices("reference", "ground_truth", "ground_truths")
    )
    reference_contexts: tuple[str, ...] = Field(
        (), validation_alias=AliasChoices("reference_contexts", "contexts")
    )


def from_ragas(path: Path) -> ImportedSet:
    """A case for each line; the distinct reference contexts, in their order, are the article.

    Raises:
        BadInput: naming the line that is wrong.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}.") from error
    samples = [_sample(line, path, n) for n, line in enumerate(lines, start=1) if line.strip()]
    contexts = dict.fromkeys(text for sample in samples for text in sample.reference_contexts)
    name = f"{path.stem}-article.txt"
    articles = {name: "\n\n".join(contexts)} if contexts else {}
    ids = unique_ids(slug(sample.user_input) for sample in samples)
    cases = []
    for sample, case_id in zip(samples, ids, strict=True):
        right: dict[str, Any] = {"kind": "other", "answers": [sample.reference]}
        if sample.reference.strip() == NOT_IN_ARTICLE:
            right = {"kind": "not_in_article", "not_in_article": True}
        fields = {"id": case_id, "question": sample.user_input, "articles": list(articles), **right}
        cases.append(Case.model_validate(fields))
    return ImportedSet(tuple(cases), articles)


def to_ragas(test_set: TestSet) -> str:
    """A `SingleTurnSample` for each case: the first accepted answer, and the gold quotes as
    contexts."""
    texts = {article.id: article.text for article in test_set.articles}
    return "".join(
        json.dumps(
            {
                "user_input": placed.case.question,
                "reference": _reference(placed.case),
                "reference_contexts": [
                    texts[gold.article_id][gold.start : gold.end] for gold in placed.gold
                ],
            },
            ensure_ascii=False,
        )
        + "\n"
        for placed in _judged(test_set.cases)
    )


def _judged(cases: Iterable[PlacedCase]) -> Iterable[PlacedCase]:
    return (placed for placed in cases if not placed.case.history)


def _reference(case: Case) -> str:
    if case.not_in_article:
        return NOT_IN_ARTICLE
    if not case.answers:
        return " ".join(quote.text for quote in case.quotes)
    first = case.answers[0]
    return first if isinstance(first, str) else ", ".join(first)


def _sample(line: str, path: Path, n: int) -> Sample:
    try:
        return Sample.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        where = f"{place}: " if place else ""
        raise BadInput(f"{path}:{n}: no sample of ragas: {where}{first['msg']}.") from error
