"""PowerPoint (.pptx) → blocks, through python-pptx: titles, text, tables and notes by slide."""

import io
from collections.abc import Iterator
from typing import Any

from index.errors import UnreadableFile
from index.loading.blocks import Extract, heading, one_line, page_mark
from index.loading.tables import Cell, plain_rows, row_lines

_MOST_DEPTH = 20
"""Of groups of shapes within groups."""


def read_slides(data: bytes, name: str, most_characters: int) -> Extract:
    """The slides in order, each on a page of its own.

    Raises:
        UnreadableFile: if it is damaged.
    """
    from pptx import Presentation

    try:
        presentation: Any = Presentation(io.BytesIO(data))
        slides = [list(_slide(slide)) for slide in presentation.slides]
    # A damaged file surfaces as BadZipFile, KeyError, XMLSyntaxError, AttributeError …
    except Exception as error:
        raise UnreadableFile(
            f"{name} is a damaged PowerPoint presentation; open it in PowerPoint, save it anew "
            "and try that."
        ) from error
    blocks: list[str] = []
    marks = ""
    for slide in slides:
        marks += page_mark()
        if slide:
            blocks += [marks + slide[0], *slide[1:]]
            marks = ""
    properties = presentation.core_properties
    author = one_line(properties.author or "")
    return Extract(
        blocks,
        named=one_line(properties.title or "") or None,
        facts=(("Author", author),) if author else (),
    )


def _slide(slide: Any) -> Iterator[str]:
    title = slide.shapes.title
    if title is not None and (words := one_line(title.text_frame.text)):
        yield heading(2, words)
    for shape in _shapes(slide.shapes):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if shape.has_text_frame:
            yield from filter(None, (one_line(p.text) for p in shape.text_frame.paragraphs))
        elif shape.has_table:
            yield from _table(shape.table)
        elif shape.has_chart:
            yield from _chart(shape.chart)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        notes = slide.notes_slide.notes_text_frame.text
        yield from filter(None, map(one_line, notes.splitlines()))


def _shapes(shapes: Any, depth: int = 0) -> Iterator[Any]:
    """The shapes, those inside groups among them; not dates, numbers and feet of slides."""
    from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER

    running = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
    for shape in shapes:
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP and depth < _MOST_DEPTH:
            yield from _shapes(shape.shapes, depth + 1)
        elif not (shape.is_placeholder and shape.placeholder_format.type in running):
            yield shape


def _table(table: Any) -> list[str]:
    rows = [
        [
            Cell(cell.text, cell.span_width, cell.span_height)
            for cell in row.cells
            if not cell.is_spanned
        ]
        for row in table.rows
    ]
    return row_lines(rows, header_rows=1 if table.first_row else None)


def _chart(chart: Any) -> Iterator[str]:
    """The figures that a chart shows, as the rows of a table."""
    if chart.has_title and (title := one_line(chart.chart_title.text_frame.text)):
        yield title
    try:
        plots = list(chart.plots)
    except ValueError:  # of a kind that python-pptx does not know, such as one in 3D
        plots = []
    for plot in plots:
        columns = [series.values for series in plot.series]
        rows = [
            [label, *("" if value is None else f"{value:g}" for value in values)]
            for label, *values in zip(map(str, plot.categories), *columns, strict=False)
        ]
        names = ["", *(series.name for series in plot.series)]
        yield from plain_rows([names, *rows], header_rows=1)
