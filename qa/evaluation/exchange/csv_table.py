"""Test sets as CSV: a row for each case, lists with ` | ` between their items."""

import csv
import io
from pathlib import Path

from pydantic import ValidationError

from index.errors import BadInput
from qa.evaluation.cases import Case, ExpectedQuote, TestSet
from qa.evaluation.exchange.imported import ImportedSet, slug, unique_ids

COLUMNS = ("id", "kind", "question", "answers", "quotes", "not_in_article", "articles", "tags")
BETWEEN = " | "
_ALSO = {"answer": "answers", "expected": "answers", "quote": "quotes", "article": "articles"}
_YES = ("true", "yes", "1", "x")


def from_csv(path: Path) -> ImportedSet:
    """The rows of a CSV file whose first row names the columns; `question` is the one needed.

    Raises:
        BadInput: naming the row that is wrong.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path} cannot be read as CSV: {error}.") from error
    named = [{_column(name): (value or "") for name, value in row.items()} for row in rows]
    if not named or "question" not in named[0]:
        raise BadInput(f"{path}: the first row must name the columns, one of them `question`.")
    asked = [(n, row) for n, row in enumerate(named, start=2) if row["question"].strip()]
    ids = unique_ids(row.get("id", "").strip() or slug(row["question"]) for _, row in asked)
    cases = []
    for (n, row), case_id in zip(asked, ids, strict=True):
        try:
            cases.append(_case(row, case_id))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            message = str(first["msg"]).removeprefix("Value error, ")
            raise BadInput(f"{path}, row {n}: {place + ': ' if place else ''}{message}.") from error
    return ImportedSet(tuple(cases), {})


def to_csv(test_set: TestSet) -> str:
    """The cases as CSV; an answer of several parts has ` + ` between them."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for case in (placed.case for placed in test_set.cases):
        answers = [a if isinstance(a, str) else " + ".join(a) for a in case.answers]
        writer.writerow(
            [
                case.id,
                case.kind,
                case.question,
                BETWEEN.join(answers),
                BETWEEN.join(quote.text for quote in case.quotes),
                "true" if case.not_in_article else "",
                BETWEEN.join(case.articles or test_set.article_names),
                BETWEEN.join(case.tags),
            ]
        )
    return out.getvalue()


def _column(name: str | None) -> str:
    plain = (name or "").strip().lower().replace(" ", "_")
    return _ALSO.get(plain, plain)


def _case(row: dict[str, str], case_id: str) -> Case:
    refuse = row.get("not_in_article", "").strip().lower() in _YES
    answers = [a.split(" + ") if " + " in a else a for a in _items(row, "answers")]
    kind = row.get("kind", "").strip() or ("not_in_article" if refuse else "other")
    return Case.model_validate(
        {
            "id": case_id,
            "kind": kind,
            "question": row["question"].strip(),
            "answers": answers,
            "quotes": [ExpectedQuote(text=text) for text in _items(row, "quotes")],
            "not_in_article": refuse,
            "articles": _items(row, "articles"),
            "tags": _items(row, "tags"),
        }
    )


def _items(row: dict[str, str], column: str) -> list[str]:
    return [item.strip() for item in row.get(column, "").split("|") if item.strip()]
