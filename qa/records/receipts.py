"""A receipt: what was answered, from which words of which text, and by what. To be kept, sent, and
held against the article later (`footnote verify`)."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)

from index.errors import BadInput, NotFound
from index.library import Library
from qa.answer import Answer, Status
from qa.records.conversations import StoredAnswer

FORMAT = 1
_LARGEST_BYTES = 50_000_000
_STRICT = ConfigDict(frozen=True, extra="forbid")


class ReceiptQuote(BaseModel):
    """A footnote: when the answer was given, `article.text[start:end] == quote`."""

    model_config = _STRICT

    n: int = Field(ge=1, description="The number in brackets in the answer's text.")
    article_id: str
    start: int = Field(ge=0)
    end: int
    quote: str = Field(min_length=1)
    page: int | None = Field(default=None, ge=1, description="Null where there are no pages.")

    @model_serializer(mode="wrap")
    def _without_empty_page(self, fields: SerializerFunctionWrapHandler) -> dict[str, object]:
        """As receipts were written before there were pages, so that theirs still check."""
        written: dict[str, object] = fields(self)
        if self.page is None:
            del written["page"]
        return written

    @model_validator(mode="after")
    def _is_as_long_as_its_place(self) -> Self:
        if self.end - self.start != len(self.quote):
            raise ValueError("the quote is not as long as its place")
        return self


class ReceiptAnswer(BaseModel):
    """One answer, and what made it."""

    model_config = _STRICT

    id: str | None = Field(description="Of the answer in its conversation.")
    asked_at: datetime | None
    question: str
    standalone_question: str
    status: Status
    text: str
    confidence: float
    answerer: str = Field(description="The reader or the chat model.")
    prompt_version: str | None
    index_fingerprint: str | None
    fingerprint: str
    quotes: tuple[ReceiptQuote, ...]


class ReceiptArticle(BaseModel):
    """An article that is quoted."""

    model_config = _STRICT

    id: str = Field(description="The first 16 hex digits of `sha256`.")
    title: str
    source: str
    sha256: str | None = Field(description="Of the text in UTF-8; null if it was removed since.")
    characters: int | None


class Receipt(BaseModel):
    """The file."""

    model_config = _STRICT

    footnote_receipt: int = Field(ge=1, description="Version of the format.")
    made_at: datetime
    made_by: str
    title: str | None = Field(description="Of the conversation; null for a single answer.")
    answers: tuple[ReceiptAnswer, ...]
    articles: tuple[ReceiptArticle, ...]
    sha256: str = Field(description="Of all the other fields, as JSON with sorted keys.")

    @model_validator(mode="after")
    def _names_its_articles(self) -> Self:
        known = {article.id for article in self.articles}
        if any(quote.article_id not in known for a in self.answers for quote in a.quotes):
            raise ValueError("a quote is of an article that the receipt does not name")
        return self


def make_receipt(
    answers: Sequence[Answer | StoredAnswer], library: Library, title: str | None = None
) -> Receipt:
    """The receipt of these answers of `library`; `title` is that of their conversation."""
    given = [_receipt_answer(answer) for answer in answers]
    cited = {
        citation.article_id: (citation.title, citation.source)
        for answer in answers
        for citation in _bare(answer).citations
    }
    receipt = Receipt(
        footnote_receipt=FORMAT,
        made_at=datetime.now(UTC).replace(microsecond=0),
        made_by=f"footnote {version('footnote-qa')}",
        title=title,
        answers=tuple(given),
        articles=tuple(_receipt_article(library, id_, *named) for id_, named in cited.items()),
        sha256="",
    )
    return receipt.model_copy(update={"sha256": checksum(receipt)})


def read_receipt(path: Path) -> Receipt:
    """The receipt in a file.

    Raises:
        BadInput: if it is none, was made by a newer version, or was changed since it was made.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_BYTES + 1)
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from error
    try:
        parsed = json.loads(data[:_LARGEST_BYTES])
        made_with = parsed.get("footnote_receipt") if isinstance(parsed, dict) else None
        if isinstance(made_with, int) and made_with > FORMAT:
            raise BadInput(f"{path} was made by a newer version of Footnote; install that one.")
        receipt = Receipt.model_validate_json(data)
    except (ValueError, RecursionError) as error:  # JSON, UTF-8 and pydantic's errors are these
        raise BadInput(f"{path} is not a receipt of Footnote{_why(error)}.") from error
    if checksum(receipt) != receipt.sha256:
        raise BadInput(f"{path} was changed after it was made, so it proves nothing.")
    return receipt


def checksum(receipt: Receipt) -> str:
    """SHA-256 over everything but the checksum itself."""
    fields = receipt.model_dump(mode="json", exclude={"sha256"})
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _bare(answer: Answer | StoredAnswer) -> Answer:
    return answer.answer if isinstance(answer, StoredAnswer) else answer


def _receipt_answer(given: Answer | StoredAnswer) -> ReceiptAnswer:
    answer = _bare(given)
    stored = given if isinstance(given, StoredAnswer) else None
    return ReceiptAnswer(
        id=stored and stored.id,
        asked_at=stored and stored.asked_at,
        question=answer.question,
        standalone_question=answer.standalone_question,
        status=answer.status,
        text=answer.text,
        confidence=answer.confidence,
        answerer=answer.answerer,
        prompt_version=answer.prompt_version,
        index_fingerprint=answer.index_fingerprint,
        fingerprint=answer.fingerprint,
        quotes=tuple(
            ReceiptQuote(
                n=c.n,
                article_id=c.article_id,
                start=c.start,
                end=c.end,
                quote=c.quote,
                page=c.page,
            )
            for c in answer.citations
        ),
    )


def _receipt_article(library: Library, id_: str, title: str, source: str) -> ReceiptArticle:
    try:
        text = library.article(id_).text
    except NotFound:
        return ReceiptArticle(id=id_, title=title, source=source, sha256=None, characters=None)
    return ReceiptArticle(
        id=id_,
        title=title,
        source=source,
        sha256=sha256(text.encode()).hexdigest(),
        characters=len(text),
    )


def _why(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return ""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    message = str(first["msg"]).removeprefix("Value error, ")
    return f": {place}: {message}" if place else f": {message}"
