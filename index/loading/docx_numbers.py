"""The numbers that Word puts before the paragraphs of a list: they are in no text of the file."""

from typing import TYPE_CHECKING, Any

from index.loading.docx_text import W

if TYPE_CHECKING:
    from lxml.etree import _Element

_LEVELS = 9
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


class ListNumbers:
    """Counts the numbered paragraphs of a document, which are told to it in their order."""

    def __init__(self, document: Any) -> None:
        numbering = _numbering(document)
        self._levels: dict[str, dict[int, _Element]] = {}
        self._lists: dict[str, _Element] = {}
        self._counts: dict[str, list[int | None]] = {}  # of each definition, by level
        self._begun: set[str] = set()
        for definition in [] if numbering is None else numbering.iterchildren(f"{W}abstractNum"):
            self._levels[definition.get(f"{W}abstractNumId", "")] = {
                _value(level, "ilvl"): level for level in definition.iterchildren(f"{W}lvl")
            }
        for list_ in [] if numbering is None else numbering.iterchildren(f"{W}num"):
            self._lists[list_.get(f"{W}numId", "")] = list_

    def label(self, list_id: str, level: int) -> str | None:
        """What stands before the next paragraph of this list and level, such as `2.1` or `(b)`;
        None for a bullet and for what is no list."""
        list_ = self._lists.get(list_id)
        if list_ is None or not 0 <= level < _LEVELS:
            return None
        definition = _child(list_, "abstractNumId", "")
        levels = self._levels.get(definition, {})
        if level not in levels or _child(levels[level], "numFmt", "decimal") == "bullet":
            return None
        counts = self._counts.setdefault(definition, [None] * _LEVELS)
        if list_id not in self._begun:
            self._begun.add(list_id)
            for override in list_.iterchildren(f"{W}lvlOverride"):
                if override.find(f"{W}startOverride") is not None:
                    counts[min(_value(override, "ilvl"), _LEVELS - 1)] = None
        for i in range(level + 1):
            if counts[i] is None:
                start = _child(levels[i], "start", "1") if i in levels else "1"
                counts[i] = int(start) if start.isdecimal() and len(start) < 9 else 1
            elif i == level:
                counts[i] = (counts[i] or 0) + 1
        counts[level + 1 :] = [None] * (_LEVELS - level - 1)
        text = _child(levels[level], "lvlText", f"%{level + 1}.")
        for i in range(level + 1):
            style = _child(levels[i], "numFmt", "decimal") if i in levels else "decimal"
            text = text.replace(f"%{i + 1}", _written(counts[i] or 1, style))
        return text.strip() or None


def _numbering(document: Any) -> "_Element | None":
    try:
        return document.part.numbering_part.element
    except (KeyError, NotImplementedError, AttributeError):  # no list in the whole document
        return None


def _child(element: "_Element", name: str, default: str) -> str:
    child = element.find(f"{W}{name}")
    return default if child is None else child.get(f"{W}val", default)


def _value(element: "_Element", name: str) -> int:
    value = element.get(f"{W}{name}", "0")
    return int(value) if value.isdecimal() and len(value) < 9 else 0


def _written(number: int, style: str) -> str:
    match style:
        case "lowerLetter" | "upperLetter":  # after z comes aa, then bb
            letters = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 9)
        case "lowerRoman" | "upperRoman":
            letters = _roman(number)
        case _:
            return str(number)
    return letters.upper() if style.startswith("upper") else letters


def _roman(number: int) -> str:
    if number > 3_999:
        return str(number)
    letters = ""
    for value, sign in _ROMAN:
        letters += sign * (number // value)
        number %= value
    return letters
