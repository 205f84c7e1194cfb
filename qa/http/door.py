"""The door: a key is looked at here, whichever way it came, and wrong ones are slowed down.

Each address may send a few wrong keys a minute. After that nothing that comes from it is looked at
for a while, lest the right one among many guesses be told from the wrong ones; but a key that was
right from there before goes on working, so that nobody is shut out by a neighbour's guesses.

A proxy on this machine says in `X-Forwarded-For` whom it speaks for. What it says can be made up by
another program of this machine, so all that comes from here is counted together as well.
"""

from collections.abc import Callable, Sequence

from starlette.datastructures import Headers
from starlette.types import Scope

from qa.http.addresses import is_loopback
from qa.http.limits import Limit
from qa.http.problems import Refused
from qa.records.people import Key, key_of

WRONG_PER_MINUTE = 10
WRONG_PER_MINUTE_FROM_HERE = 100


class Door:
    """Looks at the keys of one service."""

    def __init__(self, keys: Sequence[Key], limit: Callable[[str, int], Limit]) -> None:
        """`limit` makes the limit of a kind, of so many a minute."""
        self._keys = keys
        self._wrong = limit("wrong keys", WRONG_PER_MINUTE)
        self._wrong_from_here = limit("wrong keys here", WRONG_PER_MINUTE_FROM_HERE)
        self._right: set[tuple[bytes, str]] = set()

    def key(self, given: str, scope: Scope) -> Key | None:
        """The key, if it is one that is known.

        Raises:
            Refused: 429 where too many wrong ones came from the same address.
        """
        address, from_here = client_address(scope)
        found = key_of(given, self._keys)
        if found and (found.digest, address) in self._right:
            return found
        wait = self._wrong.wait_seconds(address, take=not found)
        if from_here:
            wait = max(wait, self._wrong_from_here.wait_seconds("", take=not found))
        if wait:
            raise Refused(
                429,
                f"Too many wrong keys: wait {wait} seconds and try again.",
                {"Retry-After": str(wait)},
            )
        if found:
            self._right.add((found.digest, address))
        return found


def client_address(scope: Scope) -> tuple[str, bool]:
    """The address that a request comes from, and whether it came over this machine itself."""
    client = scope.get("client")
    address = client[0] if client else ""
    if not is_loopback(address):
        return address, False
    forwarded = Headers(scope=scope).getlist("x-forwarded-for")
    last = ",".join(forwarded).rpartition(",")[2].strip()  # which the proxy itself wrote
    return last[:45] or address, True
