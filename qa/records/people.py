"""Who may use the service: each key has a name, a role and perhaps spaces.

Without keys there are no names: a browser is known by its cookie alone.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from index.errors import BadInput
from index.rights import ALL, SPACE, Rights
from index.settings import Settings

Role = Literal["ask", "manage", "admin"]
ROLES: tuple[Role, ...] = ("ask", "manage", "admin")
"""Each may do what those before it may."""

SHORTEST_KEY = 16
_BROWSER = "browser-"
_ENTRY = re.compile(
    rf"(?P<name>[\w.-]{{1,40}}):(?P<role>\w+)(?:@(?P<spaces>\*|{SPACE}(?:\+{SPACE})*))?:(?P<key>.+)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever sends a request. What they keep is kept under their name."""

    name: str
    role: Role
    rights: Rights = ALL

    def may(self, role: Role) -> bool:
        """Whether they may do what needs this role."""
        return ROLES.index(self.role) >= ROLES.index(role)

    @property
    def owners(self) -> tuple[str, ...]:
        """The names under which they find what is kept: their own first.

        What was kept before there were names is an admin's.
        """
        return (self.name, "") if self.role == "admin" else (self.name,)


LOCAL = Person("local", "admin")
"""Whoever uses Footnote without the service: this machine's own user."""


@dataclass(frozen=True, slots=True)
class Key:
    """One of FOOTNOTE_API_KEYS."""

    person: Person
    digest: bytes
    """SHA-256 of what is sent."""


def read_keys(settings: Settings) -> tuple[Key, ...]:
    """The keys of the settings, each `NAME:ROLE:KEY`, `NAME:ROLE@SPACE+SPACE:KEY` or `KEY`.

    A key by itself is an admin's. `@*` is every space; without spaces a role other than admin sees
    the articles that are in none.

    Raises:
        BadInput: if one is written otherwise or could be guessed, or a name is there twice.
    """
    keys = tuple(_read(entry.get_secret_value()) for entry in settings.api_keys)
    for kind, values in (
        ("name", [key.person.name for key in keys]),
        ("key", [key.digest for key in keys]),
    ):
        if len(set(values)) < len(values):
            raise BadInput(f"Two entries of FOOTNOTE_API_KEYS have the same {kind}.")
    return keys


def key_of(given: str, keys: Iterable[Key]) -> Key | None:
    """The key that was sent, if it is one of these."""
    digest = _digest(given)
    # Every key is compared, so that the time does not tell which one was near.
    matches = [key for key in keys if hmac.compare_digest(digest, key.digest)]
    return matches[0] if matches else None


def of_browser(id_: str, role: Role) -> Person:
    """The person of a browser, where there are no keys."""
    return Person(f"{_BROWSER}{id_}", role)


def _read(entry: str) -> Key:
    if ":" not in entry:
        digest = _digest(_long_enough(entry))
        return Key(Person(f"key-{digest.hex()[:8]}", "admin"), digest)
    match = _ENTRY.fullmatch(entry)
    if match is None or match["role"] not in ROLES or match["name"].startswith(_BROWSER):
        raise BadInput(
            "An entry of FOOTNOTE_API_KEYS is not NAME:ROLE:KEY, NAME:ROLE@SPACE+SPACE:KEY "
            f"or a key without colons; a role is {', '.join(ROLES[:-1])} or {ROLES[-1]}."
        )
    role: Role = match["role"]
    spaces = match["spaces"]
    if role == "admin" and spaces:
        raise BadInput(f"{match['name']} is an admin in FOOTNOTE_API_KEYS, who sees every space.")
    seen: frozenset[str] | None = frozenset(spaces.split("+") if spaces else ())
    if role == "admin" or spaces == "*":
        seen = None
    rights = Rights(seen, may_change=role != "ask")
    return Key(Person(match["name"], role, rights), _digest(_long_enough(match["key"])))


def _long_enough(key: str) -> str:
    if len(key) < SHORTEST_KEY:
        raise BadInput(
            f"A key in FOOTNOTE_API_KEYS is shorter than {SHORTEST_KEY} characters and could be "
            "guessed; use a long random one."
        )
    return key


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "replace")).digest()
