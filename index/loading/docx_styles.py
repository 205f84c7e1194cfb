"""What the styles of a Word document say about a paragraph, through the styles they build on."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from index.loading.docx_text import W

if TYPE_CHECKING:
    from lxml.etree import _Element

_DEEPEST = 10
"""Styles that build on each other; a style may build on itself in a broken file."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a paragraph is meant."""

    heading: int | None = None
    """Its level, from 1; None for what is no heading."""
    is_item: bool = False
    list_id: str = ""
    """The numbered or bulleted list that it belongs to; empty where it is in none."""
    list_level: int = 0


class Styles:
    """The paragraph styles of a document, each looked up once."""

    def __init__(self, document: Any) -> None:
        self._by_id = {style.style_id: style for style in document.styles}
        self._known: dict[str, Style] = {}

    def of(self, properties: "_Element | None") -> Style:
        """The style of a paragraph, and what its own properties say on top of it."""
        if properties is None:
            return self._named("")
        name = properties.find(f"{W}pStyle")
        style = self._named("" if name is None else name.get(f"{W}val", ""))
        outline = properties.find(f"{W}outlineLvl")
        if style.heading is None and outline is not None:
            level = outline.get(f"{W}val", "9")
            if level in tuple("012345678"):
                style = replace(style, heading=int(level) + 1)
        return _with_list(style, properties)

    def _named(self, style_id: str) -> Style:
        if style_id not in self._known:
            self._known[style_id] = self._read(style_id)
        return self._known[style_id]

    def _read(self, style_id: str) -> Style:
        style = self._by_id.get(style_id)
        found = Style()
        chain = []
        for _ in range(_DEEPEST):
            if style is None:
                break
            chain.append(style)
            found = _by_name((style.name or "").lower())
            if found != Style():
                break
            style = getattr(style, "base_style", None)
        for style in reversed(chain):
            properties = style.element.find(f"{W}pPr")
            if properties is not None:
                found = _with_list(found, properties)
        return found


def _by_name(name: str) -> Style:
    kind, _, number = name.rpartition(" ")
    if name == "title" or (kind == "heading" and number.isdigit()):
        return Style(heading=1 if name == "title" else int(number))
    return Style(is_item=name.startswith("list"))


def _with_list(style: Style, properties: "_Element") -> Style:
    list_id = properties.find(f"{W}numPr/{W}numId")
    level = properties.find(f"{W}numPr/{W}ilvl")
    if list_id is not None:
        id_ = list_id.get(f"{W}val", "")
        style = replace(style, list_id="" if id_ == "0" else id_)  # 0 takes it out of its list
    if level is not None and (value := level.get(f"{W}val", "0")) in tuple("012345678"):
        style = replace(style, list_level=int(value))
    return style
