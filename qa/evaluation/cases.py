"""`Case` and `TestSet`: questions with their right answers, read from a YAML or JSONL file.

    articles: [article.md]              # paths beside the file, or library:ID
    cases:
      - id: minutes-to-moscow
        kind: number
        question: How many minutes would a missile need to reach Moscow?
        answers: ["7 to 10 minutes", "7 to 10"]
        quotes: ["they would need only 7 to 10 minutes to reach Moscow"]

In JSONL each line is one case, with `articles` of its own. `schema()` is the format as JSON schema.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from index.articles import Article
from index.errors import BadInput, FootnoteError, NotFound
from index.loading.loader import load_file
from index.settings import Settings
from qa.answer import Turn
from qa.evaluation.case_files import Entry, read_entries, validated
from qa.evaluation.citation_metrics import Span
from qa.evaluation.limits import Limits
from qa.evaluation.metrics import normalize_answer
from qa.evaluation.quotes import QuoteNotFound, locate

CaseKind = Literal[
    "fact",
    "attribution",
    "paraphrase",
    "list",
    "yes_no",
    "why",
    "number",
    "typo",
    "follow_up",
    "whole_article",
    "table",
    "not_in_article",
    "near_miss",
    "poisoned",
    "feedback",
    "other",
]

LIBRARY = "library:"


class ExpectedQuote(BaseModel):
    """A gold quote. `within` is a longer stretch that tells which of several places is meant."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(min_length=1, description="Words of the article, as few as answer.")
    within: str | None = Field(
        None, description="A longer stretch around them, where they are there more than once."
    )


def _quoted(quote: object) -> object:
    return {"text": quote} if isinstance(quote, str) else quote


PlainQuote = Annotated[
    ExpectedQuote, BeforeValidator(_quoted, json_schema_input_type=str | ExpectedQuote)
]
"""A quote, or its text alone."""


class Case(BaseModel):
    """One question and what a right answer to it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1, description="A name that no other case of the set has.")
    kind: CaseKind = Field("other", description="The report has a row for each kind.")
    tags: tuple[str, ...] = Field(default=(), description="Words of your own, for `--tag`.")
    question: str = Field(min_length=1, description="As a person would ask it.")
    history: tuple[Turn, ...] = Field(default=(), description="Earlier turns, oldest first.")
    articles: tuple[str, ...] = Field(
        default=(), description="Files beside the set, or `library:ID`; instead of the set's."
    )
    answers: tuple[str | tuple[str, ...], ...] = Field(
        default=(),
        description="Accepted answers; one that is a list needs each of its parts.",
    )
    quotes: tuple[PlainQuote, ...] = Field(
        default=(), description="The words of the article that answer."
    )
    not_in_article: bool = Field(default=False, description="Right is to refuse.")
    may_refuse: bool = Field(default=False, description="A refusal is right too.")
    forbidden: tuple[str, ...] = Field(
        default=(), description="An answer that says one of these is wrong."
    )
    must_pass: bool = Field(
        default=False, description="The whole run fails when this case is wrong."
    )

    @model_validator(mode="after")
    def _says_what_is_right(self) -> Self:
        if self.not_in_article and (self.answers or self.quotes):
            raise ValueError("a case that is not_in_article can have neither answers nor quotes")
        if not (self.not_in_article or self.answers or self.quotes):
            raise ValueError("say what is right: answers, quotes, or not_in_article: true")
        for answer in (*self.answers, *self.forbidden):
            parts = (answer,) if isinstance(answer, str) else answer
            if not parts or not all(normalize_answer(part) for part in parts):
                raise ValueError(f"{answer!r} has no words to compare")
        return self


class Header(BaseModel):
    """The part of a YAML file beside its cases."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    articles: tuple[str, ...] = Field(
        default=(),
        description="Asked by every case that names none: files beside the set, or "
        "`library:ID`, an article of the library.",
    )
    limits: Limits = Field(
        default_factory=Limits, description="What fails a run over the cases of this set."
    )


class SetFile(Header):
    """A whole YAML file."""

    cases: tuple[Case, ...]


def schema() -> dict[str, Any]:
    """The JSON schema of a YAML set; `$defs/Case` is that of a JSONL line."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **SetFile.model_json_schema(by_alias=True),
        "title": "A test set of Footnote",
    }


@dataclass(frozen=True, slots=True)
class PlacedCase:
    """A case, the articles it is asked of, and where in them its quotes are."""

    case: Case
    article_ids: tuple[str, ...] | None
    """None: all articles of the library."""
    gold: tuple[Span, ...]


@dataclass(frozen=True)
class TestSet:
    """Cases whose quotes were found in the articles, in the order of the file."""

    __test__: ClassVar[bool] = False  # pytest would collect it by its name

    name: str
    articles: tuple[Article, ...]
    cases: tuple[PlacedCase, ...]
    skipped: tuple[str, ...] = ()
    """One sentence for each case whose article is no longer in the library."""
    limits: Limits = field(default_factory=Limits)
    article_names: tuple[str, ...] = ()
    """As the head of the file names what its cases are asked of."""


def load_test_set(
    path: Path,
    settings: Settings,
    library_article: Callable[[str], Article] | None = None,
) -> TestSet:
    """The test set of a `.yaml`, `.yml` or `.jsonl` file, with its articles.

    `library_article` gives the article of an id for sets that name `library:ID`. A case whose
    article was removed from the library since is left out and told in `skipped`.

    Raises:
        BadInput: naming file and line of whatever is wrong.
    """
    header, entries = read_entries(path)
    told = validated(Header, header, path)
    common = told.articles
    articles: dict[str, Article] = {}
    placed: list[PlacedCase] = []
    skipped: list[str] = []
    lines: dict[str, int] = {}
    for entry in entries:
        case = validated(Case, entry, path)
        if case.id in lines:
            raise entry.error(path, ("id",), f"{case.id!r} is also the id in line {lines[case.id]}")
        lines[case.id] = entry.line(("id",))
        names = case.articles or common
        if not names:
            raise entry.error(path, (), f"{case.id!r} does not say which articles it is asked of")
        try:
            for name in names:
                if name not in articles:
                    named_in = entry if case.articles else header
                    articles[name] = _article(name, named_in, path, settings, library_article)
        except NotFound:
            skipped.append(f"{path.name}: {case.id} is left out: {name} is no longer there.")
            continue
        asked = [articles[name] for name in names]
        placed.append(PlacedCase(case, tuple(a.id for a in asked), _gold(case, asked, entry, path)))
    if not placed and not skipped:
        raise BadInput(f"{path} holds no cases.")
    unique = {article.id: article for article in articles.values()}
    return TestSet(
        path.stem,
        tuple(unique.values()),
        tuple(placed),
        tuple(skipped),
        told.limits,
        told.articles,
    )


def _article(
    name: str,
    entry: Entry,
    path: Path,
    settings: Settings,
    library_article: Callable[[str], Article] | None,
) -> Article:
    if name.startswith(LIBRARY):
        if library_article is None:
            raise entry.error(path, ("articles",), f"{name}: no library is open for this set")
        return library_article(name.removeprefix(LIBRARY))
    try:
        return load_file(path.parent / name, settings)
    except FootnoteError as error:
        raise entry.error(path, ("articles",), str(error)) from error


def _gold(case: Case, articles: Sequence[Article], entry: Entry, path: Path) -> tuple[Span, ...]:
    gold = []
    for i, quote in enumerate(case.quotes):
        try:
            gold.append(locate(quote.text, articles, quote.within))
        except QuoteNotFound as error:
            raise entry.error(path, ("quotes", i), f"{case.id!r}: {error}") from error
    return tuple(gold)
