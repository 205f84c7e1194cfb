"""Where the generations of the index caches are kept, and which one is current."""

from typing import Protocol

from index.storage.generation import Generation
from index.storage.manifest import Manifest


class Caches(Protocol):
    """`FolderCaches`, or `ServerCaches` where several machines share one library."""

    def manifest(self) -> Manifest | None:
        """Which generation is current and what it was made with; None where there is none.

        Raises:
            CacheDamaged: if it does not hold what was written.
        """
        ...

    def make_current(self, manifest: Manifest) -> None:
        """Replace the manifest in one step: whoever reads it sees the old one or the new one."""
        ...

    def create(self) -> Generation:
        """A new, empty generation."""
        ...

    def open(self, name: str, before: Generation | None = None) -> Generation:
        """The generation of that name, as it is now. `before` is the one that was open until now;
        it is closed, or kept and brought up to date.

        Raises:
            CacheDamaged: if one of its two caches cannot be opened.
        """
        ...

    def others(self, current: str) -> list[str]:
        """The names of all generations but the current one."""
        ...

    def delete(self, name: str) -> None:
        """Delete a generation; what is not there is passed over."""
        ...

    def close(self) -> None:
        """Release what all generations share."""
        ...
