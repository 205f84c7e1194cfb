"""What a backup is: a zip of a manifest with hashes, JSON lines of each table, and the test set.

Rows instead of the database's own file: they can be taken from a library that is in use, checked
one by one before anything is replaced, and put back in one transaction. Passages and indexes are
left out, for they are made from the articles.
"""

from dataclasses import dataclass
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, NaiveDatetime, field_validator, model_validator
from sqlalchemy import ColumnElement, Table

from index.articles import article_id
from index.errors import BadInput
from index.settings import Settings
from index.storage import database
from qa.answer import Answer
from qa.records.audit import audit
from qa.records.conversations import conversations, turns
from qa.records.feedback import feedback
from qa.records.sharing import shares

FORMAT = 2
MANIFEST = "manifest.json"
OWN_SET = "my-test-set.yaml"

_CHECKED = ConfigDict(frozen=True, extra="forbid")


class Part(BaseModel):
    """One file of the backup."""

    model_config = _CHECKED

    sha256: str = Field(pattern=r"[0-9a-f]{64}")
    bytes: int = Field(ge=0)
    rows: int | None = Field(ge=0, description="None for the test set.")


class BackupManifest(BaseModel):
    """`manifest.json`."""

    model_config = _CHECKED

    footnote_backup: int = Field(ge=1)
    made_at: str
    made_by: str
    parts: dict[str, Part]


class ArticleRow(BaseModel):
    """An article; its id is a hash of its text, so a changed text is noticed."""

    model_config = _CHECKED

    id: str
    title: str
    source: str
    added_at: NaiveDatetime
    text: str
    pages: str = Field("", pattern=r"^(?:\d+(?: \d+)*)?$")

    @model_validator(mode="after")
    def _id_is_of_the_text(self) -> Self:
        if article_id(self.text) != self.id:
            raise ValueError("the text is not the one that the article's id was made from")
        return self


class ConversationRow(BaseModel):
    model_config = _CHECKED

    id: str = Field(min_length=1, max_length=22)
    title: str
    created_at: NaiveDatetime
    changed_at: NaiveDatetime
    owner: str = Field("", max_length=60)


class TurnRow(BaseModel):
    model_config = _CHECKED

    answer_id: str = Field(min_length=1, max_length=22)
    conversation_id: str
    asked_at: NaiveDatetime
    article_ids: list[str] | None
    answer: str

    @field_validator("answer")
    @classmethod
    def _answer_can_be_read(cls, text: str) -> str:
        Answer.model_validate_json(text)
        return text  # as it was given, character by character


class FeedbackRow(BaseModel):
    model_config = _CHECKED

    answer_id: str
    rating: str = Field(max_length=4)
    article_id: str | None
    start: int | None
    end: int | None
    not_in_article: bool
    comment: str
    given_at: NaiveDatetime


class SpaceRow(BaseModel):
    model_config = _CHECKED

    article_id: str
    space: str = Field(min_length=1, max_length=40)


class ShareRow(BaseModel):
    model_config = _CHECKED

    token: str = Field(min_length=1, max_length=43)
    conversation_id: str
    made_at: NaiveDatetime


class AuditRow(BaseModel):
    model_config = _CHECKED

    at: NaiveDatetime
    who: str = Field(max_length=60)
    deed: str = Field(max_length=40)
    of: str = Field(max_length=64)


@dataclass(frozen=True, slots=True)
class BackupTable:
    """Rows of one table: the fields of `row` are the columns that are kept."""

    part: str
    row: type[BaseModel]
    table: Table
    order: tuple[ColumnElement[Any], ...]


ARTICLES = BackupTable(
    "articles.jsonl",
    ArticleRow,
    database.articles,
    (database.articles.c.added_at, database.articles.c.id),
)
BESIDES = (
    BackupTable("conversations.jsonl", ConversationRow, conversations, (conversations.c.id,)),
    # Without their numbers: the order of the lines is the order of asking.
    BackupTable("answers.jsonl", TurnRow, turns, (turns.c.n,)),
    BackupTable("feedback.jsonl", FeedbackRow, feedback, (feedback.c.answer_id,)),
    BackupTable(
        "spaces.jsonl",
        SpaceRow,
        database.article_spaces,
        (database.article_spaces.c.article_id, database.article_spaces.c.space),
    ),
    BackupTable("shares.jsonl", ShareRow, shares, (shares.c.token,)),
    BackupTable("audit.jsonl", AuditRow, audit, (audit.c.n,)),
)
"""In this order: a row refers to rows of the tables before its own."""

TABLES = (ARTICLES, *BESIDES)
SINCE_2 = frozenset({"spaces.jsonl", "shares.jsonl", "audit.jsonl"})
"""What a backup of the first format does not hold."""


def refuse_servers(settings: Settings) -> None:
    """Raises BadInput where the library is not in a folder, but in PostgreSQL."""
    if settings.database_url:
        raise BadInput(
            "This library is in PostgreSQL, which FOOTNOTE_DATABASE_URL names: save and restore "
            "that database with pg_dump and pg_restore; all else is made again from it."
        )
