"""`/v1/me`, `/v1/sessions` and `/v1/audit`: who one is, who is logged in, and who did what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from qa.http.problems import documented
from qa.http.rights import Admin, Asker
from qa.records.audit import AuditEntry, AuditLog
from qa.records.people import Role
from qa.records.sessions import Session, Sessions

_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Me:
    """Who sends the request."""

    name: str
    """Of the key; without keys, that of the browser."""
    role: Role
    spaces: tuple[str, ...] | None
    """Whose articles are seen besides those in none; null: all."""


def administration_routes(sessions: Sessions, audit: AuditLog) -> APIRouter:
    """Everything under those three paths."""
    routes = APIRouter(tags=["people"])

    @routes.get("/v1/me", responses=documented(401, 403, 421))
    async def me(person: Asker) -> Me:
        """Your key's name, role and spaces."""
        spaces = person.rights.spaces
        return Me(person.name, person.role, None if spaces is None else tuple(sorted(spaces)))

    @routes.get("/v1/sessions", responses=documented(401, 403, 421, 503))
    def list_sessions(person: Asker) -> Sequence[Session]:
        """Who is logged in with your key, the newest first; for an admin, with any key."""
        return sessions.list(person)

    @routes.delete(
        "/v1/sessions/{session_id}",
        status_code=204,
        response_class=Response,
        responses=documented(401, 403, 404, 421, 422, 429, 503),
    )
    def end_session(session_id: str, person: Asker) -> None:
        """End a session: its browser has to log in again."""
        sessions.end(session_id, person)
        audit.write(person.name, "ended a session", session_id)

    @routes.get("/v1/audit", responses=documented(401, 403, 421, 422, 503))
    def read_audit(
        person: Admin,
        limit: Annotated[int, Query(ge=1, le=_MOST)] = 100,
        before: Annotated[
            int | None, Query(ge=1, le=2**53, description="Entries older than number `before`.")
        ] = None,
    ) -> Sequence[AuditEntry]:
        """Who did what, the newest first; for admins. It holds no texts."""
        return audit.read(limit, before)

    return routes
