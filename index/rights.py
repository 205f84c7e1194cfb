"""`Rights`: what one user of a library may see of it, and whether they may change it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.errors import BadInput, NotAllowed

SPACE = r"[\w.-]{1,40}"
"""What the name of a space looks like."""


@dataclass(frozen=True, slots=True)
class Rights:
    """Articles in no space are seen by everybody."""

    spaces: frozenset[str] | None = None
    """Those whose articles are seen; None: every space."""
    may_change: bool = True
    """Whether articles may be added and removed."""

    @property
    def see_all(self) -> bool:
        """Whether there is nothing that is not seen."""
        return self.spaces is None

    def admit(self, spaces: frozenset[str]) -> bool:
        """Whether an article that belongs to these spaces is seen."""
        return self.spaces is None or not spaces or bool(spaces & self.spaces)

    def shown(self, spaces: Iterable[str]) -> tuple[str, ...]:
        """Those of an article's spaces that may be known of."""
        return tuple(sorted(s for s in spaces if self.spaces is None or s in self.spaces))

    def check_change(self) -> None:
        """Raises NotAllowed where articles may not be added and removed."""
        if not self.may_change:
            raise NotAllowed(
                "Your key may ask; to add and remove articles takes one with the role manage."
            )

    def space_of_addition(self, wanted: str | None) -> str:
        """The space that an article is added to; empty for none. None asks for the usual one.

        Raises:
            BadInput: if it is no name of a space.
            NotAllowed: if it is none of theirs.
        """
        if wanted and not re.fullmatch(SPACE, wanted):
            raise BadInput("The name of a space is 1 to 40 letters, digits, `.`, `_` and `-`.")
        if self.spaces is None:
            return wanted or ""
        own = sorted(self.spaces)
        if wanted is None:
            return own[0] if own else ""
        if wanted not in self.spaces and (wanted or own):
            raise NotAllowed(
                f"You may add to {' and '.join(own)}; leave out `space`, or name one of them."
                if own
                else "You belong to no space: leave out `space`."
            )
        return wanted


ALL = Rights()
