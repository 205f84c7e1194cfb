"""Links to conversations: `/v1/conversations/{id}/share` and `/v1/shared/{token}`."""

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, Field

from qa.http.problems import documented
from qa.http.rights import Asker
from qa.records.audit import AuditLog
from qa.records.conversations import Conversation
from qa.records.sharing import Sharing


class Link(BaseModel):
    """A link to a conversation."""

    token: str = Field(description="Of `GET /v1/shared/{token}`.")
    path: str = Field(description="Of the page that shows the conversation.")


def sharing_routes(sharing: Sharing, audit: AuditLog) -> APIRouter:
    """Both paths."""
    routes = APIRouter(tags=["conversations"])
    reading = documented(401, 403, 404, 421, 422, 503)
    changing = reading | documented(429)

    @routes.post("/v1/conversations/{conversation_id}/share", status_code=201, responses=changing)
    def share(conversation_id: str, person: Asker) -> Link:
        """Make a link to a conversation of yours, for others whose keys open this service.

        A conversation has one link, which shows it as it is when it is opened.
        """
        token = sharing.begin(conversation_id, person)
        audit.write(person.name, "shared a conversation", conversation_id)
        return Link(token=token, path=f"/?c={token}")

    @routes.delete(
        "/v1/conversations/{conversation_id}/share",
        status_code=204,
        response_class=Response,
        responses=changing,
    )
    def end(conversation_id: str, person: Asker) -> None:
        """Let the link lead nowhere from now on."""
        sharing.end(conversation_id, person)
        audit.write(person.name, "ended sharing a conversation", conversation_id)

    @routes.get("/v1/shared/{token}", responses=reading)
    def read(token: str, person: Asker) -> Conversation:
        """The conversation that a link leads to, if you may see all that it quotes."""
        conversation = sharing.read(token, person)
        audit.write(person.name, "opened a shared conversation", conversation.id)
        return conversation

    return routes
