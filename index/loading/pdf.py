"""PDF → blocks, through PDFium. It runs in a process of its own: see `index.loading.apart`."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.errors import TooLarge, UnreadableFile
from index.loading.blocks import Extract, one_line
from index.loading.page_line import PageLine
from index.loading.page_lines import blocks_of_pages
from index.loading.pdf_fields import at_their_places
from index.loading.pdf_lines import page_lines

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_MOST_PAGES = 5_000
_NO_LETTERS = re.compile(r"[\x00-\x08\x0e-\x1f\ue000-\uf8ff\ufffd]")
_NO_TITLE = re.compile(
    r"untitled.*|microsoft \w+ - .*|.*\.(?:docx?|tex|dvi|indd|pdf|rtf|odt|qxd|exe|html?)|\W*"
    r"|\(?anonymous\)?",
    re.IGNORECASE,
)
_FEW_CHARACTERS = 10
"""Letters and digits on a page, on average: a scan with a stamp on it has fewer."""


def read_pdf(data: bytes, name: str, most_characters: int) -> Extract:
    """The text of a PDF with the values of its form fields, and a mark where each page begins.

    Raises:
        UnreadableFile: if it is damaged, needs a password or has no text layer.
        TooLarge: if it has too many pages or too much text.
    """
    from pypdfium2 import PdfiumError

    sideways: list[int] = []
    try:
        document = _open(data, name)
        pages = list(_pages(document, name, most_characters, sideways))
        properties = {key: one_line(text) for key, text in document.get_metadata_dict().items()}
    except PdfiumError as error:
        raise UnreadableFile(
            f"{name} is a damaged PDF; open it in a viewer, save it anew and try that."
        ) from error
    _check_letters(pages, name)
    title, author = properties.get("Title", ""), properties.get("Author", "")
    return Extract(
        blocks_of_pages(pages),
        named=None if _NO_TITLE.fullmatch(title) else title,
        facts=(("Author", author),) if author else (),
        notes=(f"Words that stand sideways were left out (page {sideways[0]}).",)
        if sideways
        else (),
    )


def _open(data: bytes, name: str) -> "PdfDocument":
    from pypdfium2 import PdfDocument, PdfiumError
    from pypdfium2.raw import FPDF_ERR_PASSWORD

    try:
        document = PdfDocument(data)
        document.init_forms()
    except PdfiumError as error:
        if error.err_code == FPDF_ERR_PASSWORD:
            raise UnreadableFile(
                f"{name} is protected by a password; remove the protection and try again."
            ) from error
        raise
    if (count := len(document)) > _MOST_PAGES:
        raise TooLarge(f"{name} has {count:,} pages, more than {_MOST_PAGES:,}; split it.")
    return document


def _pages(
    document: "PdfDocument", name: str, most_characters: int, sideways: list[int]
) -> Iterator[list[PageLine]]:
    """The lines of each page; the numbers of those with words that stand sideways are noted."""
    from pypdfium2.raw import FLATTEN_SUCCESS

    characters = 0
    for i in range(len(document)):
        page = document[i]
        lines, some_sideways = page_lines(page)
        if document.formenv and page.flatten() == FLATTEN_SUCCESS:  # fields have become words
            page.close()
            page = document[i]
            with_fields, _ = page_lines(page)
            lines = at_their_places(lines, with_fields[len(lines) :])
        page.close()
        if some_sideways:
            sideways.append(i + 1)
        characters += sum(len(line.text) for line in lines)
        if characters > most_characters:
            raise TooLarge(
                f"{name} has more than {most_characters:,} characters of text; "
                "split it, or raise FOOTNOTE_MAX_ARTICLE_CHARACTERS."
            )
        yield lines


def _check_letters(pages: list[list[PageLine]], name: str) -> None:
    text = "".join(line.text for page in pages for line in page)
    characters = sum(map(str.isalnum, text))
    garbled = len(_NO_LETTERS.findall(text))
    if garbled > 0.3 * characters:
        raise UnreadableFile(
            f"{name} does not say which letters its fonts show; run text recognition (OCR) on it."
        )
    if not characters or (len(pages) > 2 and characters < _FEW_CHARACTERS * len(pages)):
        raise UnreadableFile(
            f"{name} has no text layer, so it is probably a scan; "
            "run text recognition (OCR) on it first."
        )
