"""`AnswerRequest`, and what else the chain takes for one: a string, a dict, LangChain messages."""

from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.errors import BadInput
from qa.answer import Turn


class AnswerRequest(BaseModel):
    """What is asked, after which turns, of which articles (all of them when `None`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str = Field(min_length=1)
    history: tuple[Turn, ...] = ()
    article_ids: tuple[str, ...] | None = None
    k: int | None = Field(
        default=None, ge=1, le=50, strict=True, description="Passages to retrieve and read."
    )


ChainInput = AnswerRequest | str | Mapping[str, Any] | Sequence[BaseMessage]


def read_request(given: ChainInput) -> AnswerRequest:
    """The request that was meant.

    A string is a question. Of messages the last is the question and the others are the history. A
    mapping has the fields of `AnswerRequest`; its history may be messages, and other keys, such as
    a chain before this one added, are left alone.

    Raises:
        BadInput: naming the field that is not right.
    """
    if isinstance(given, AnswerRequest):
        return given
    if isinstance(given, str):
        given = {"question": given}
    elif not isinstance(given, Mapping):
        *before, last = given or [HumanMessage("")]
        given = {"question": last.text, "history": before}
    fields = {name: given[name] for name in AnswerRequest.model_fields if name in given}
    history = fields.get("history") or ()
    if isinstance(history, Sequence) and not isinstance(history, str):
        fields["history"] = [turn for said in history if (turn := _turn(said)) is not None]
    try:
        return AnswerRequest.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "request"
        raise BadInput(f"The request is not valid: {place}: {first['msg']}.") from error


def _turn(said: Any) -> Any:
    """A message as a turn; None for one that neither a person nor an assistant said."""
    if isinstance(said, HumanMessage):
        return Turn(role="user", content=said.text)
    if isinstance(said, AIMessage):
        return Turn(role="assistant", content=said.text)
    return None if isinstance(said, BaseMessage) else said
