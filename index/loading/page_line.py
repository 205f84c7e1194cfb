"""A printed line of a page, with its place and its type."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a line with a wide gap before and after it; its sides, in points."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of a page: `size` and the height `y` above the foot of the page, in points."""

    text: str
    size: float
    y: float
    bold: bool = False
    in_margin: bool = False
    """Whether it stands where running heads and feet do."""
    cells: tuple[Segment, ...] = ()
    """The line in pieces, where it has wide gaps."""
    is_row: bool = False
    """Whether it is a row of a table, written as `index.loading.tables` does."""
