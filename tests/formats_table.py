"""One real file of each kind that is read, and the table of `docs/formats.md` that is made of them.

`python tests/formats_table.py` writes the table.
"""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOCUMENTS = Path(__file__).parent / "documents"
PAGE = Path(__file__).parent.parent / "docs" / "formats.md"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: an example, words of it that the stored text holds, and words that it has
    and the text leaves out."""

    name: str
    ending: str
    data: Callable[[], bytes]
    kept: str
    words: tuple[str, ...]
    lost: str = ""
    left_out: tuple[str, ...] = ()
    pages: int = 0


def _file(name: str) -> Callable[[], bytes]:
    return (DOCUMENTS / name).read_bytes


def _zip(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _scan() -> bytes:
    from PIL import Image, ImageDraw, ImageFont

    page = Image.new("L", (640, 200), 255)
    words = "The tide mill grinds 80 kilograms of wheat an hour."
    ImageDraw.Draw(page).text((60, 90), words, fill=0, font=ImageFont.load_default(18))
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def _workbook() -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = workbook.add_worksheet("Boats")
    percent = workbook.add_format({"num_format": "0 %"})
    for i, row in enumerate(
        (
            ("Boat", "Seats", "Full", "Change"),
            ("Aurora", 240, 0.5, -3),
            ("Boreas", 310, 1, 5),
        )
    ):
        sheet.write_row(i, 0, row)
        if i:
            sheet.write(i, 2, row[2], percent)
    workbook.close()
    return out.getvalue()


def _slides() -> bytes:
    from pptx import Presentation
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches

    presentation: Any = Presentation()
    for title, body in (("Ferries", "Two ferries sail to Hallow."), ("Seats", "")):
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text, slide.placeholders[1].text = title, body
    table = slide.shapes.add_table(2, 2, *[Inches(1)] * 4).table
    for (row, column), words in {
        (0, 0): "Boat", (0, 1): "Seats", (1, 0): "Aurora", (1, 1): "240",
    }.items():  # fmt: skip
        table.cell(row, column).text = words
    slide.notes_slide.notes_text_frame.text = "Speak slowly."
    figures = CategoryChartData()
    figures.categories = ["2023", "2024"]
    figures.add_series("Guests", (-310, 402.5))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *[Inches(2)] * 4, figures)
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()


def _opendocument() -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    table = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    rows = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row)
        + "</table:table-row>"
        for row in (
            ("Boat", "Built", "Seats"),
            ("Aurora", "1998", "240"),
            ("Boreas", "2006", "310"),
        )
    )
    style = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"
    return _zip({
        "mimetype": "application/vnd.oasis.opendocument.text",
        "styles.xml": f'<office:document-styles xmlns:office="{office}" xmlns:text="{_TEXT}" '
        f'xmlns:style="{style}"><office:master-styles><style:master-page style:name="Standard">'
        "<style:header><text:p>Page of the harbour</text:p></style:header></style:master-page>"
        "</office:master-styles></office:document-styles>",
        "content.xml": f'<office:document-content xmlns:office="{office}" xmlns:text="{_TEXT}" '
        f'xmlns:table="{table}"><office:body><office:text><text:h text:outline-level="1">Ferries'
        "</text:h><text:p>Two ferries sail to Hallow’s Größe.</text:p>"
        f"<table:table>{rows}</table:table></office:text></office:body></office:document-content>",
    })  # fmt: skip


def _book() -> bytes:
    page = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>{}</body></html>'
    return _zip({
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container version="1.0" '
        'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile '
        'full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        "book.opf": '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" '
        'unique-identifier="i"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<dc:identifier id="i">1</dc:identifier><dc:title>Sailing to Hallow</dc:title>'
        "<dc:creator>Inga Holt</dc:creator></metadata><manifest>"
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>',
        "a.xhtml": page.format("<h1>The storm</h1><p>The sea was calm until noon.</p>"),
    })  # fmt: skip


def _notebook() -> bytes:
    cells = [
        {"cell_type": "markdown", "source": ["# Seals\n", "We count *seals*."]},
        {
            "cell_type": "code",
            "source": "seals = 12\nprint(seals)",
            "outputs": [{"output_type": "stream", "text": ["12\n"]}],
        },
    ]
    return json.dumps({"nbformat": 4, "cells": cells}).encode()


_LATEX = rb"""\documentclass{article}\title{Counting seals}\author{Hanna Moe \and Jon Aas}
\begin{document}\maketitle % a secret remark
\section{Method} We count seals on pictures\footnote{Taken in May.} with area $A=\pi r^2$.
\begin{tabular}{lr} Place & Seals \\ \hline Bergby & 12 \\ Soleby & 7 \\ \end{tabular}
\end{document}"""

KINDS = (
    Kind("Text", ".txt", _file("cp932.txt"), "all words, in some thirty encodings",
         ("髙橋商店は①番出口の隣にある",), "line breaks within paragraphs"),
    Kind("Markdown", ".md", _file("lighthouses.md"), "headings, lists, tables, code, captions",
         ("# Lighthouses", "Lighthouse: Grey Point; Built: 1871"), "emphasis, link addresses",
         ("|---",)),
    Kind("Web page", ".html", _file("byline.html"),
         "the article, its tables and captions; author, date, site, language",
         ("Author: Petra Lind; Published: 8 March 2024", "oak from the old pier"),
         "navigation, what is hidden, comments of readers", ("Coast Weekly",)),
    Kind("PDF", ".pdf", _file("repeated-clause.pdf"),
         "words, tables, form fields, page numbers of quotes", ("notice of ninety days",),
         "running heads and feet, words that stand sideways, pictures", (), 3),
    Kind("Scan, photo", ".png, .jpg, .tiff, .pdf", _scan,
         "words as they are recognised, tables; with the extra `ocr`",
         ("The tide mill grinds 80 kilograms",), "headings, handwriting, drawings", (), 1),
    Kind("Word", ".docx", _file("footnote.docx"),
         "headings, list numbers, tables, notes at their places, equations",
         ("opened in spring (The opening took place on 9 April 1927",),
         "running heads, comments, deleted text"),
    Kind("PowerPoint", ".pptx", _slides,
         "titles, text, tables, charts as tables, notes, slide numbers of quotes",
         ("## Ferries", "Boat: Aurora; Seats: 240", "2024; Guests: 402.5", "Speak slowly."),
         "animations, dates and feet of slides", (), 2),
    Kind("Excel", ".xlsx", _workbook, "each row with its column names, figures as they are shown",
         ("# Boats", "Boat: Aurora; Seats: 240; Full: 50 %; Change: -3"), "formulas, charts"),
    Kind("OpenDocument", ".odt", _opendocument, "headings, lists, tables, notes",
         ("# Ferries", "Two ferries sail to Hallow’s Größe.", "Boat: Boreas; Built: 2006"),
         "running heads", ("Page of the harbour",)),
    Kind("E-book", ".epub", _book, "chapters in order, title and author",
         ("# The storm", "Author: Inga Holt", "calm until noon"), "pictures, page numbers"),
    Kind("RTF", ".rtf",
         lambda: rb"{\rtf1\ansi Two \b ferries\b0  sail to Hallow.\par}",
         "paragraphs, tables", ("Two ferries sail to Hallow.",), "headings are plain paragraphs"),
    Kind("E-mail", ".eml", _file("letter.eml"),
         "subject, sender, recipients, date, body, names of attachments",
         ("From: Ann <ann@mail.example>", "on 14 June in the park"),
         "what is attached, other headers", ("MIME-Version",)),
    Kind("CSV, TSV", ".csv", _file("rows.csv"), "each row with its column names",
         ("club: Blue Herons; code: BHE; titles: 13",), ""),
    Kind("XML", ".xml", _file("data.xml"), "words; the fields of a record as a row",
         ("name: Korla; people: 310; ferry: daily",), "nesting, comments", ("<island",)),
    Kind("LaTeX", ".tex", lambda: _LATEX, "title, author, headings, text, tables, formulas as text",
         ("# Counting seals", "## Method", "(Taken in May.)", "Place: Bergby; Seals: 12"),
         "commands, citations, comments", ("secret",)),
    Kind("Subtitles", ".vtt, .srt", _file("talk.vtt"), "what is said, by whom",
         ("Host: We stand in front of the old mill",), "times, positions", ("-->", "WEBVTT")),
    Kind("Jupyter notebook", ".ipynb", _notebook, "text, code, printed results",
         ("# Seals", "We count seals.", "seals = 12"), "pictures, widgets"),
)  # fmt: skip


def table() -> str:
    """The table in `docs/formats.md`."""
    rows = [f"| {k.name} | {k.ending} | {k.kept} | {k.lost or '–'} |" for k in KINDS]
    return "\n".join(["| kind | ending | kept | left out |", "|---|---|---|---|", *rows]) + "\n\n"


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    old = page[page.index("| kind |") :].partition("\n\n")[0] + "\n\n"
    PAGE.write_text(page.replace(old, table()), encoding="utf-8")
