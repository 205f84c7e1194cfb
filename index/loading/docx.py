"""DOCX → blocks, through python-docx and the XML below it."""

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from index.errors import TooLarge, UnreadableFile
from index.loading.blocks import Extract, heading, item, one_line, table_rows
from index.settings import Settings

if TYPE_CHECKING:
    from lxml.etree import _Element

_MARKUP = 12
"""Bytes of XML for each character of text; Word writes 3 to 10."""
_MOST_TAGS = 3_000_000
"""Of all parts together: an element takes some 120 bytes of memory, however short its tag is."""
_MOST_UNPACKED = 8
"""Times the largest file that is accepted, for all parts together, pictures included."""
_MOST_PARTS = 10_000
"""Pictures included."""
_FIRST_ROW_LABELS = 3
"""Columns from which on a first row without digits is read as the labels of a table."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read_docx(data: bytes, name: str, settings: Settings) -> Extract:
    """The body of a DOCX file: headings by style, lists, tables; no headers or notes.

    Deleted text of tracked changes is left out, inserted text is in.

    Raises:
        UnreadableFile: if it is damaged.
        TooLarge: if it unpacks to more than the limits of the settings allow for.
    """
    import docx

    try:
        _check_size(data, name, settings)
        document: Any = docx.Document(io.BytesIO(data))
        blocks = list(_blocks(document.element.body, _Styles(document)))
        title = one_line(document.core_properties.title or "")
    except (UnreadableFile, TooLarge):
        raise
    # A damaged file surfaces as BadZipFile, KeyError, XMLSyntaxError, zlib.error, ValueError …
    except Exception as error:
        raise UnreadableFile(
            f"{name} is a damaged Word document; open it in Word, save it anew and try that."
        ) from error
    first = next((block for block in blocks if block.startswith("#")), "")
    return Extract(title or first.lstrip("# ") or None, blocks)


def _check_size(data: bytes, name: str, settings: Settings) -> None:
    """Refuse a zip bomb before it is unpacked; zipfile never reads past the size declared."""
    too_much = TooLarge(f"{name} unpacks to more than Footnote reads; split it, or save its text.")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if (
            len(parts) > _MOST_PARTS
            or sum(part.file_size for part in parts) > _MOST_UNPACKED * settings.max_file_bytes
        ):
            raise too_much
        # By what they hold: a document may call its styles `picture.png`.
        markup = [part for part in parts if _is_markup(archive, part)]
        # The styles and the theme come on top of the text.
        most = _MARKUP * settings.max_article_characters + 1_000_000
        if sum(part.file_size for part in markup) > most:
            raise too_much
        tags = 0
        for part in markup:
            with archive.open(part) as file:
                while chunk := file.read(1_000_000):
                    tags += chunk.count(b"<")
                    if tags > _MOST_TAGS:
                        raise too_much


def _is_markup(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part begins like XML, in UTF-8 or UTF-16, or with nothing but spaces."""
    with archive.open(part) as file:
        begins = file.read(1_000).lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    return begins.startswith(b"<") or (not begins and part.file_size > 0)


class _Styles:
    """What the styles of a document say about a paragraph, through the styles they build on."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._known: dict[str, tuple[int | None, bool]] = {}

    def of(self, style_id: str) -> tuple[int | None, bool]:
        """(heading level or None, whether a list item)."""
        if style_id not in self._known:
            self._known[style_id] = self._read(style_id)
        return self._known[style_id]

    def _read(self, style_id: str) -> tuple[int | None, bool]:
        style = next((s for s in self._document.styles if s.style_id == style_id), None)
        for _ in range(10):  # a style may build on itself in a broken file
            if style is None:
                break
            words = (style.name or "").lower()
            kind, _, number = words.rpartition(" ")
            if words == "title" or (kind == "heading" and number.isdigit()):
                return (1 if words == "title" else int(number)), False
            if words.startswith("list"):
                return None, True
            style = getattr(style, "base_style", None)
        return None, False


def _blocks(container: "_Element", styles: _Styles) -> Iterator[str]:
    for element in container:
        if element.tag == f"{_W}p":
            yield from _paragraph(element, styles)
        elif element.tag == f"{_W}tbl":
            yield from _table(element)
        elif element.tag != f"{_W}sectPr":  # content controls and the like wrap paragraphs
            yield from _blocks(element, styles)


def _paragraph(element: "_Element", styles: _Styles) -> Iterator[str]:
    lines = [line for line in _text(element).split("\n") if line.strip()]
    if not lines:
        return
    style = element.find(f"{_W}pPr/{_W}pStyle")
    level, is_item = styles.of("" if style is None else style.get(f"{_W}val", ""))
    outline = element.find(f"{_W}pPr/{_W}outlineLvl")
    if level is None and outline is not None and outline.get(f"{_W}val", "9") in "012345678":
        level = int(outline.get(f"{_W}val", "0")) + 1
    whole = " ".join(lines)
    if level is not None:
        yield heading(level, whole)
    elif is_item or element.find(f"{_W}pPr/{_W}numPr") is not None:
        yield item(whole)
    else:
        yield from map(one_line, lines)


def _table(element: "_Element") -> Iterator[str]:
    rows = [
        [one_line(_text(cell)) for cell in row.iterchildren(f"{_W}tc")]
        for row in element.iterchildren(f"{_W}tr")
    ]
    marked = element.find(f"{_W}tr/{_W}trPr/{_W}tblHeader") is not None
    first = rows[0] if rows else []
    labels = len(first) >= _FIRST_ROW_LABELS and not any(c.isdigit() for c in "".join(first))
    yield from table_rows(rows, header=marked or (labels and all(first)))


def _text(element: "_Element") -> str:
    """The words of an element; text boxes are written twice, the older copy is left out."""
    parts = []
    todo = [element]
    while todo:
        node = todo.pop()
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
        elif node.tag == f"{_W}tab" and node.getparent().tag == f"{_W}r":
            parts.append(" ")
        elif node.tag == f"{_W}noBreakHyphen":
            parts.append("-")
        elif node.tag != _FALLBACK:
            if node.tag == f"{_W}p" and parts:
                parts.append("\n")
            todo += reversed(node)
    return "".join(parts)
