"""PDF → blocks, through PDFium. It runs in a process of its own: see `index.loading.apart`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.errors import TooLarge, UnreadableFile
from index.loading.blocks import Extract, one_line
from index.loading.page_lines import blocks_of_pages
from index.loading.pdf_fields import at_their_places
from index.loading.pdf_lines import PageText, page_text
from index.loading.recognition import (
    EXTRA,
    LONGEST_SIDE,
    MOST_PICTURES,
    NOTE,
    is_installed,
    recognised_lines,
)

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

_MOST_PAGES = 5_000
_NO_LETTERS = re.compile(r"[\x00-\x08\x0e-\x1f\ue000-\uf8ff\ufffd]")
_NO_TITLE = re.compile(
    r"untitled.*|microsoft \w+ - .*|.*\.(?:docx?|tex|dvi|indd|pdf|rtf|odt|qxd|exe|html?)|\W*"
    r"|\(?anonymous\)?",
    re.IGNORECASE,
)
_FEW_CHARACTERS = 10
"""Letters and digits on a page, on average: a scan with a stamp on it has fewer."""
_MANY_UNKNOWN = 0.3
"""Of the characters: so many of which no one can know which letters they are."""
_MUCH = 0.3
"""Of a page, for its pictures."""
_DRAWN = 300
"""Objects of a page without a letter: so many may be letters that were turned into lines."""
_NUMBERED = 5
"""Pages that a note names."""


def read_pdf(data: bytes, name: str, most_characters: int) -> Extract:
    """The text of a PDF with the values of its form fields, and a mark where each page begins.

    Pages without a text layer, or whose fonts do not say which letters they show, are recognised
    where the extra `ocr` is installed.

    Raises:
        UnreadableFile: if it is damaged, needs a password or has no text layer.
        TooLarge: if it has too many pages or too much text.
    """
    from pypdfium2 import PdfiumError

    try:
        document = _open(data, name)
        pages = list(_pages(document, name, most_characters))
        pictures, why = _pictures(pages)
        recognise = is_installed() and len(pictures) > 0 and (bool(why) or _are_few(pictures))
        if recognise:
            pages = _recognised(document, pages, pictures, name)
        elif why:
            raise UnreadableFile(f"{name} {why}; {_advice()}.")
        properties = {key: one_line(text) for key, text in document.get_metadata_dict().items()}
    except PdfiumError as error:
        raise UnreadableFile(
            f"{name} is a damaged PDF; open it in a viewer, save it anew and try that."
        ) from error
    title, author = properties.get("Title", ""), properties.get("Author", "")
    return Extract(
        blocks_of_pages([page.lines for page in pages]),
        named=None if _NO_TITLE.fullmatch(title) else title,
        facts=(("Author", author),) if author else (),
        notes=tuple(([NOTE] if recognise else []) + list(_left_out(pages))),
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


def _pages(document: "PdfDocument", name: str, most_characters: int) -> Iterator[PageText]:
    from pypdfium2.raw import FLATTEN_SUCCESS

    characters = 0
    for i in range(len(document)):
        page = document[i]
        text = page_text(page)
        if document.formenv and page.flatten() == FLATTEN_SUCCESS:  # fields have become words
            page.close()
            page = document[i]
            fields = page_text(page).lines[len(text.lines) :]
            text = replace(text, lines=at_their_places(text.lines, fields))
        if sum(len(line.text) for line in text.lines) < _FEW_CHARACTERS and _is_picture(page):
            text = replace(text, is_picture=True)
        page.close()
        characters += sum(len(line.text) for line in text.lines)
        if characters > most_characters:
            raise TooLarge(
                f"{name} has more than {most_characters:,} characters of text; "
                "split it, or raise FOOTNOTE_MAX_ARTICLE_CHARACTERS."
            )
        yield text


def _is_picture(page: "PdfPage") -> bool:
    """Whether pictures cover much of the page, or it has enough lines for drawn letters."""
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE, FPDFPage_CountObjects

    if FPDFPage_CountObjects(page.raw) >= _DRAWN:
        return True
    width, height = page.get_size()
    covered = 0.0
    for image in page.get_objects([FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = image.get_bounds()
        covered += (right - left) * (top - bottom)
    return bool(covered >= _MUCH * width * height)


def _pictures(pages: Sequence[PageText]) -> tuple[list[int], str]:
    """The pages of which no text can be had, and why it is none of the whole file, if it is so."""
    text = "".join(line.text for page in pages for line in page.lines)
    characters = sum(map(str.isalnum, text))
    unknown = [page.unknown > _MANY_UNKNOWN for page in pages]
    garbled = len(_NO_LETTERS.findall(text)) > _MANY_UNKNOWN * characters
    if garbled or sum(unknown) > len(pages) / 2:
        return list(range(len(pages))), "does not say which letters its fonts show"
    if not characters or (len(pages) > 2 and characters < _FEW_CHARACTERS * len(pages)):
        return [
            i for i, page in enumerate(pages) if page.is_picture
        ], "has no text layer, so it is probably a scan"
    return [i for i, page in enumerate(pages) if page.is_picture or unknown[i]], ""


def _advice() -> str:
    return (
        "there are no pictures on its pages to recognise words in"
        if is_installed()
        else f"install {EXTRA}, which recognises its letters"
    )


def _are_few(pictures: Sequence[int]) -> bool:
    return len(pictures) <= MOST_PICTURES


def _recognised(
    document: "PdfDocument", pages: Sequence[PageText], pictures: Sequence[int], name: str
) -> list[PageText]:
    if not _are_few(pictures):
        raise TooLarge(
            f"{name} has {len(pictures)} pages without a text layer, more than the "
            f"{MOST_PICTURES} that are recognised at once; split it."
        )
    found = list(pages)
    for i in pictures:
        page = document[i]
        scale = LONGEST_SIDE / max(*page.get_size(), 1.0)
        found[i] = PageText(recognised_lines(page.render(scale=scale).to_pil(), scale))
    if not any(page.lines for page in found):
        raise UnreadableFile(f"{name} holds no text; no words were recognised on its pages.")
    return found


def _left_out(pages: Sequence[PageText]) -> Iterator[str]:
    """The notes about what was left out."""
    pictures = [str(i + 1) for i, page in enumerate(pages) if page.is_picture]
    if pictures:
        numbers = ", ".join(pictures[:_NUMBERED]) + (" …" if len(pictures) > _NUMBERED else "")
        advice = (
            f"of so many pages ({len(pictures)}) letters are not recognised; split it"
            if is_installed()
            else f"{EXTRA} recognises their letters"
        )
        yield f"Pages without a text layer were left out ({numbers}); {advice}."
    for what, on_page in (
        ("Words that stand sideways", [page.sideways for page in pages]),
        ("Words whose font does not say which letters it shows", [p.unknown > 0 for p in pages]),
    ):
        if any(on_page):
            yield f"{what} were left out (page {on_page.index(True) + 1})."
