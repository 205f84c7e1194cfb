"""`/v1/conversations` and `/v1/feedback`."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from index.library import Library
from qa.http.problems import Refused, documented
from qa.http.rights import Asker
from qa.records.audit import AuditLog
from qa.records.conversations import (
    MAX_TITLE_CHARACTERS,
    Conversation,
    Conversations,
    ConversationSummary,
)
from qa.records.export import to_markdown
from qa.records.feedback import AlreadyCorrected, Feedback, FeedbackBook
from qa.records.receipts import Receipt, make_receipt


class Title(BaseModel):
    """The name of a conversation."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field("", max_length=MAX_TITLE_CHARACTERS)


class FeedbackTaken(BaseModel):
    """What became of the feedback."""

    test_case: str | None = Field(
        description="Id of the case in the user's own test set that the correction became."
    )


_JSON = TypeAdapter(Conversation)
_EXPORTED = TypeAdapter[Conversation | Receipt](Conversation | Receipt)


def conversations_routes(
    library: Library, conversations: Conversations, feedback: FeedbackBook, audit: AuditLog
) -> APIRouter:
    """Everything under `/v1/conversations`, and `POST /v1/feedback`."""
    routes = APIRouter(tags=["conversations"])
    reading = documented(401, 403, 404, 421, 422, 503)
    writing = documented(400, 401, 403, 404, 413, 415, 421, 422, 429, 503)

    @routes.post("/v1/conversations", status_code=201, responses=writing)
    def create(person: Asker, title: Title | None = None) -> ConversationSummary:
        """Begin a conversation; `POST /v1/answer` with its id as `conversation_id` adds to it.

        It is your key's; without keys, your browser's, which is known by its cookie.
        """
        return conversations.of(person).create(title.title if title else "")

    @routes.get("/v1/conversations", responses=documented(401, 403, 421, 503))
    def list_(person: Asker) -> Sequence[ConversationSummary]:
        """Your conversations, the one that was last spoken in first."""
        return conversations.of(person).list()

    @routes.get("/v1/conversations/{conversation_id}", responses=reading)
    def read(conversation_id: str, person: Asker) -> Conversation:
        """A conversation with every answer as it was given."""
        return conversations.of(person).read(conversation_id)

    @routes.patch(
        "/v1/conversations/{conversation_id}",
        status_code=204,
        response_class=Response,
        responses=writing,
    )
    def rename(conversation_id: str, title: Title, person: Asker) -> None:
        """Give a conversation another title."""
        conversations.of(person).rename(conversation_id, title.title)

    @routes.delete(
        "/v1/conversations/{conversation_id}",
        status_code=204,
        response_class=Response,
        responses=reading | documented(429),
    )
    def delete(conversation_id: str, person: Asker) -> None:
        """Delete a conversation and what was said about its answers."""
        conversations.of(person).delete(conversation_id)
        audit.write(person.name, "deleted a conversation", conversation_id)

    @routes.get(
        "/v1/conversations/{conversation_id}/export",
        response_class=PlainTextResponse,
        responses={
            200: {
                "description": "The conversation as a document.",
                "content": {
                    "text/markdown": {"schema": {"type": "string"}},
                    "application/json": {"schema": _EXPORTED.json_schema()},
                },
            },
            **reading,
        },
    )
    def export(
        conversation_id: str,
        person: Asker,
        format: Literal["markdown", "json", "receipt"] = Query("markdown"),  # noqa: A002
        answer_id: str | None = Query(None, max_length=64, description="Of this answer alone."),
    ) -> Response:
        """The conversation as Markdown with footnotes, as JSON, or as a receipt.

        A receipt names article hashes, places, quotes, model, prompts and index;
        `footnote verify` says which of its quotes still stand.
        """
        own = conversations.of(person)
        conversation = own.read(conversation_id)
        if answer_id is not None:
            answer = own.answer(conversation_id, answer_id)
            conversation = replace(conversation, answers=(answer,))
        if format == "receipt":
            seen = library.within(person.rights)
            receipt = make_receipt(conversation.answers, seen, conversation.title)
            return _download(receipt.model_dump_json(indent=2), "application/json", "receipt.json")
        if format == "json":
            text = _JSON.dump_json(conversation, indent=2).decode()
            return _download(text, "application/json", "json")
        return _download(to_markdown(conversation), "text/markdown; charset=utf-8", "md")

    @routes.post("/v1/feedback", status_code=201, responses=writing | documented(409))
    def give_feedback(said: Feedback, person: Asker) -> FeedbackTaken:
        """Say whether an answer was right.

        A thumb down that says what is right becomes a case of the user's own test set, which
        `footnote check` asks from then on.
        """
        try:
            case = feedback.of(person).give(said)
        except AlreadyCorrected as error:
            raise Refused(409, str(error)) from error
        audit.write(person.name, "rated an answer", said.answer_id)
        return FeedbackTaken(test_case=case.id if case else None)

    return routes


def _download(text: str, media_type: str, suffix: str) -> Response:
    # A fixed name: the title is free text and would have to be escaped for every system.
    headers = {"Content-Disposition": f'attachment; filename="conversation.{suffix}"'}
    return Response(text, media_type=media_type, headers=headers)
