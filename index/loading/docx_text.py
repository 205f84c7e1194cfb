"""The words inside an element of a Word document: runs, notes and equations."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_UNSEEN = (_FALLBACK, f"{W}moveFrom", f"{W}rt")
"""The older copy of a text box, what was moved elsewhere, and how a word is spoken."""
_NOTES = ("footnote", "endnote")

Notes = Mapping[tuple[str, str], str]
"""(`footnote` or `endnote`, its id) → its words."""


def notes_of(document: Any) -> Notes:
    """The footnotes and endnotes of a document; those of a note's own are left out."""
    from docx.oxml import parse_xml

    found: dict[tuple[str, str], str] = {}
    for relation in document.part.rels.values():
        kind = relation.reltype.rpartition("/")[2].removesuffix("s")
        if kind not in _NOTES or relation.is_external:
            continue
        for note in parse_xml(relation.target_part.blob).iterchildren(f"{W}{kind}"):
            if note.get(f"{W}type") is None:  # others are the lines between text and notes
                found[kind, note.get(f"{W}id", "")] = " ".join(words(note, {}).split())
    return found


def words(element: "_Element", notes: Notes) -> str:
    """The words of an element, a note in brackets at its place; a line feed for each break."""
    parts = []
    todo = [element]
    while todo:
        node = todo.pop()
        if node.tag == f"{W}t":
            parts.append(node.text or "")
        elif node.tag in (f"{W}br", f"{W}cr"):
            parts.append("\n")
        elif node.tag == f"{W}tab" and node.getparent().tag == f"{W}r":
            parts.append(" ")
        elif node.tag == f"{W}noBreakHyphen":
            parts.append("-")
        elif node.tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            kind = node.tag.removeprefix(W).removesuffix("Reference")
            if note := notes.get((kind, node.get(f"{W}id", ""))):
                parts.append(f" ({note})")
        elif node.tag == f"{_M}oMath":
            parts.append(_formula(node))
        elif node.tag not in _UNSEEN:
            if node.tag == f"{W}p" and parts:
                parts.append("\n")
            todo += reversed(node)
    return "".join(parts)


def _formula(node: "_Element") -> str:
    """An equation on one line, as one types it: `(a+b)/2`, `r^2`, `√(x)`."""

    def part(name: str) -> str:
        child = node.find(f"{_M}{name}")
        return "" if child is None else "".join(map(_formula, child))

    match node.tag.removeprefix(_M):
        case "t":
            return node.text or ""
        case "f":
            return f"{_grouped(part('num'))}/{_grouped(part('den'))}"
        case "sSup":
            return f"{part('e')}^{_grouped(part('sup'))}"
        case "sSub":
            return f"{part('e')}_{_grouped(part('sub'))}"
        case "sSubSup":
            return f"{part('e')}_{_grouped(part('sub'))}^{_grouped(part('sup'))}"
        case "rad":
            return f"{part('deg')}√({part('e')})"
        case "nary":
            sign = node.find(f"{_M}naryPr/{_M}chr")
            letter = "∫" if sign is None else sign.get(f"{_M}val", "∫")
            return f"{letter}_{_grouped(part('sub'))}^{_grouped(part('sup'))} {part('e')}"
        case "d":
            entries = ("".join(map(_formula, e)) for e in node.iterchildren(f"{_M}e"))
            return f"({', '.join(entries)})"
    return "".join(map(_formula, node))


def _grouped(text: str) -> str:
    return text if text.isalnum() else f"({text})"
