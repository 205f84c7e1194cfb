"""Test cases of promptfoo (https://www.promptfoo.dev/docs/configuration/test-cases)."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.errors import BadInput
from qa.answer import NOT_IN_ARTICLE
from qa.evaluation.cases import Case, TestSet
from qa.evaluation.exchange.imported import ImportedSet, slug, unique_ids

QUESTION_VARS = ("question", "query", "input", "prompt")
CONTEXT_VARS = ("context", "article", "document")
_ANY = ("equals", "contains", "icontains", "contains-any", "icontains-any")
_ALL = ("contains-all", "icontains-all")
_NONE = ("not-contains", "not-icontains", "not-contains-any", "not-icontains-any")


class _Loose(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Assertion(_Loose):
    type: str
    value: Any = None

    @property
    def values(self) -> list[str]:
        values = self.value if isinstance(self.value, list) else [self.value]
        return [str(value) for value in values if value is not None]


class Test(_Loose):
    description: str | None = None
    vars: dict[str, Any] = Field(default_factory=dict)
    assert_: tuple[Assertion, ...] = Field((), alias="assert")
    metadata: dict[str, Any] = Field(default_factory=dict)


class PromptfooFile(_Loose):
    tests: tuple[Test, ...]


def from_promptfoo(path: Path) -> ImportedSet:
    """The tests of a promptfooconfig.yaml, or of a list of tests, that compare words.

    The question is the variable `question`, `query`, `input` or `prompt`; `context`, `article` or
    `document` is the article: a text, or `file://` and a path. `contains` and `equals` give
    accepted answers, `not-contains` forbidden words, `is-refusal` a case that is not in the
    article. A test without any of these is left out, since nothing in it can be judged here.

    Raises:
        BadInput: naming the test that is wrong.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadInput(f"{path} cannot be read as YAML: {' '.join(str(error).split())}.") from error
    try:
        file = PromptfooFile.model_validate({"tests": data} if isinstance(data, list) else data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"{path} holds no tests of promptfoo: {place}: {first['msg']}.") from error
    articles: dict[str, str] = {}
    judged = []
    for n, test in enumerate(file.tests, start=1):
        question = _var(test, QUESTION_VARS)
        if question is None:
            raise BadInput(f"{path}, test {n}: none of its vars is {', '.join(QUESTION_VARS)}.")
        right = _right(test)
        if right:
            judged.append((test, question, right))
    ids = unique_ids(
        str(test.metadata.get("id") or slug(test.description or question))
        for test, question, _ in judged
    )
    cases = []
    for (test, question, right), case_id in zip(judged, ids, strict=True):
        named = _article(_var(test, CONTEXT_VARS), articles, path)
        kind = test.metadata.get("kind", "not_in_article" if "not_in_article" in right else "other")
        try:
            cases.append(
                Case.model_validate(
                    {"id": case_id, "kind": kind, "question": question, "articles": named, **right}
                )
            )
        except ValidationError as error:
            message = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
            raise BadInput(f"{path}: {case_id}: {message}.") from error
    return ImportedSet(tuple(cases), articles)


def to_promptfoo(test_set: TestSet) -> str:
    """The cases as the `tests:` of a promptfooconfig.yaml, which name the articles' files."""
    tests = []
    for case in (placed.case for placed in test_set.cases):
        named = case.articles or test_set.article_names
        test = {
            "description": case.id,
            "vars": {
                "question": case.question,
                **({"article": f"file://{named[0]}"} if len(named) == 1 else {}),
            },
            "assert": _assertions(case),
            "metadata": {"id": case.id, "kind": case.kind},
        }
        tests.append(test)
    return yaml.safe_dump({"tests": tests}, sort_keys=False, allow_unicode=True, width=100)


def _assertions(case: Case) -> list[dict[str, object]]:
    said: list[dict[str, object]] = []
    if case.not_in_article:
        said.append({"type": "icontains", "value": NOT_IN_ARTICLE})
    single = [answer for answer in case.answers if isinstance(answer, str)]
    parted = [list(answer) for answer in case.answers if not isinstance(answer, str)]
    if single:
        said.append({"type": "icontains-any", "value": single})
    elif parted:  # promptfoo has no "this list or that one": the first stands for them
        said.append({"type": "icontains-all", "value": parted[0]})
    elif case.quotes:
        said.append({"type": "icontains-all", "value": [quote.text for quote in case.quotes]})
    said += [{"type": "not-icontains", "value": words} for words in case.forbidden]
    return said


def _right(test: Test) -> dict[str, object]:
    answers: list[str | list[str]] = []
    forbidden: list[str] = []
    refuse = False
    for assertion in test.assert_:
        if assertion.type == "is-refusal" or NOT_IN_ARTICLE in assertion.values:
            refuse = True
        elif assertion.type in _ANY:
            answers += assertion.values
        elif assertion.type in _ALL:
            answers.append(assertion.values)
        elif assertion.type in _NONE:
            forbidden += assertion.values
    if refuse:
        return {"not_in_article": True, "forbidden": forbidden}
    return {"answers": answers, "forbidden": forbidden} if answers else {}


def _var(test: Test, names: tuple[str, ...]) -> str | None:
    return next((str(test.vars[name]) for name in names if test.vars.get(name)), None)


def _article(given: str | None, articles: dict[str, str], path: Path) -> list[str]:
    """The article's file: the one that is named, or a new one for a text."""
    if given is None:
        return []
    if given.startswith("file://"):
        return [given.removeprefix("file://")]
    for name, text in articles.items():
        if text == given:
            return [name]
    name = f"{path.stem}-article-{len(articles) + 1}.txt"
    articles[name] = given
    return [name]
