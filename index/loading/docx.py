"""Word (.docx) → blocks, through python-docx and the XML below it."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from index.errors import TooLarge, UnreadableFile
from index.loading.blocks import Extract, heading, item, one_line
from index.loading.docx_numbers import ListNumbers
from index.loading.docx_package import as_usual_document, check_size
from index.loading.docx_styles import Styles
from index.loading.docx_text import W, notes_of, words
from index.loading.tables import Cell, row_lines
from index.settings import Settings

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_COLUMNS = 100
"""That a merged cell may cover."""


def read_docx(data: bytes, name: str, settings: Settings) -> Extract:
    """The body of a Word document: headings by style, lists with their numbers, tables,
    equations, footnotes and endnotes at their places; no running headers and no comments.

    Deleted text of tracked changes is left out, inserted text is in.

    Raises:
        UnreadableFile: if it is damaged.
        TooLarge: if it unpacks to more than the limits of the settings allow for.
    """
    import docx

    try:
        check_size(data, name, settings)
        document: Any = docx.Document(io.BytesIO(as_usual_document(data)))
        blocks = list(_Body(document).blocks(document.element.body))
        properties = document.core_properties
        title, author = one_line(properties.title or ""), one_line(properties.author or "")
        has_comments = any("comments" in part.reltype for part in document.part.rels.values())
    except (UnreadableFile, TooLarge):
        raise
    # A damaged file surfaces as BadZipFile, KeyError, XMLSyntaxError, zlib.error, ValueError …
    except Exception as error:
        raise UnreadableFile(
            f"{name} is a damaged Word document; open it in Word, save it anew and try that."
        ) from error
    return Extract(
        blocks,
        named=title or None,
        facts=(("Author", author),) if author else (),
        notes=("Comments in the document were left out.",) if has_comments else (),
    )


class _Body:
    """Reads the elements of a document in order: the numbers of its lists count on."""

    def __init__(self, document: Any) -> None:
        self._styles = Styles(document)
        self._numbers = ListNumbers(document)
        self._notes = notes_of(document)

    def blocks(self, container: "_Element") -> Iterator[str]:
        for element in container:
            if element.tag == f"{W}p":
                yield from self._paragraph(element)
            elif element.tag == f"{W}tbl":
                yield from self._table(element)
            elif element.tag != f"{W}sectPr":  # content controls and the like wrap paragraphs
                yield from self.blocks(element)

    def _paragraph(self, element: "_Element") -> Iterator[str]:
        lines = [line for line in words(element, self._notes).split("\n") if line.strip()]
        if not lines:
            return
        properties = element.find(f"{W}pPr")
        style = self._styles.of(properties)
        label = self._numbers.label(style.list_id, style.list_level)
        whole = " ".join([label, *lines] if label else lines)
        if style.heading is not None:
            yield heading(style.heading, whole)
        elif label:
            yield one_line(whole)
        elif style.is_item or style.list_id:
            yield item(whole)
        else:
            yield from map(one_line, lines)

    def _table(self, element: "_Element") -> list[str]:
        rows = list(element.iterchildren(f"{W}tr"))
        header = sum(row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows)
        above: dict[int, str] = {}  # column → the words of its cell in the row above
        table = []
        for row in rows:
            cells = []
            column = 0
            for cell in row.iterchildren(f"{W}tc"):
                across = _span(cell)
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                goes_on = merge is not None and merge.get(f"{W}val") != "restart"
                text = above.get(column, "") if goes_on else one_line(words(cell, self._notes))
                cells.append(Cell(text, columns=across))
                above[column] = text
                column += across
            table.append(cells)
        return row_lines(table, header or None)


def _span(cell: "_Element") -> int:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    value = "" if span is None else span.get(f"{W}val", "")
    return min(max(int(value), 1), _MOST_COLUMNS) if value.isdecimal() and len(value) < 9 else 1
