"""Who sent a request, and whether the role of their key is enough for it."""

from typing import Annotated

from fastapi import Depends, Request

from qa.http.problems import Refused
from qa.records.people import Person, Role


def _caller(request: Request) -> Person:
    """As `qa.http.access` found out before the request came here."""
    person: Person = request.state.person
    return person


Asker = Annotated[Person, Depends(_caller)]


def check_role(person: Person, role: Role) -> None:
    """Raises Refused where the role is not enough."""
    if not person.may(role):
        raise Refused(403, f"Your key has the role {person.role}; this takes the role {role}.")


def _manager(person: Asker) -> Person:
    check_role(person, "manage")
    return person


def _admin(person: Asker) -> Person:
    check_role(person, "admin")
    return person


Manager = Annotated[Person, Depends(_manager)]
Admin = Annotated[Person, Depends(_admin)]
