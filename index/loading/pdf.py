"""PDF → blocks, through pypdf."""

import io
import logging
import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from index.errors import TooLarge, UnreadableFile
from index.loading.blocks import Extract, one_line
from index.loading.page_lines import PageLine, blocks_of_pages
from index.settings import Settings

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_MOST_PAGES = 5_000
_LONGEST_READING_S = 120
"""A page can be made to take seconds; a person who waits longer than this has given up."""

_SHOWS_TEXT = (b"Tj", b"TJ", b"'", b'"')

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
_NO_LETTERS = re.compile(r"[\x00-\x08\x0e-\x1f\ue000-\uf8ff\ufffd]")
_NO_TITLE = re.compile(
    r"untitled.*|microsoft word - .*|.*\.(?:docx?|tex|dvi|indd|pdf|rtf|odt|qxd)|\W*", re.I
)
_FEW_LETTERS = 20
"""Letters on a page, on average: a scan with a stamp or a page number on it has fewer."""


def read_pdf(data: bytes, name: str, settings: Settings) -> Extract:
    """The text layer of a PDF, with its title.

    Raises:
        UnreadableFile: if it is damaged, needs a password or has no text layer.
        TooLarge: if it has too many pages, too much text, or takes too long.
    """
    from pypdf.errors import LimitReachedError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it warns of every oddity on stderr
    try:
        reader = _open(data, name)
        pages = _pages(reader, name, settings)
        title = _metadata_title(reader)
    except (UnreadableFile, TooLarge):
        raise
    except LimitReachedError as error:
        raise TooLarge(
            f"{name} unpacks to more than Footnote reads; print it to a new PDF and try that."
        ) from error
    # A damaged file surfaces as nearly anything: KeyError, TypeError, RecursionError …
    except (PyPdfError, Exception) as error:
        raise UnreadableFile(
            f"{name} is a damaged PDF; open it in a viewer, save it anew and try that."
        ) from error
    blocks = blocks_of_pages(pages)
    first = next((block[2:] for block in blocks[:10] if block.startswith("# ")), None)
    return Extract(title or first, blocks)


def _open(data: bytes, name: str) -> "PdfReader":
    from pypdf import PasswordType, PdfReader

    reader = PdfReader(io.BytesIO(data))
    # Many files are only locked against changes and open with an empty password.
    if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
        raise UnreadableFile(
            f"{name} is protected by a password; remove the protection and try again."
        )
    if (count := len(reader.pages)) > _MOST_PAGES:
        raise TooLarge(f"{name} has {count:,} pages, more than {_MOST_PAGES:,}; split it.")
    return reader


def _pages(reader: "PdfReader", name: str, settings: Settings) -> list[list[PageLine]]:
    deadline = time.monotonic() + _LONGEST_READING_S
    pages = []
    shown = letters = garbled = 0

    def check(operator: bytes, operands: list[Any], *_: object) -> None:
        """Before each operation: one page alone can go on for hours, or be all of the text."""
        nonlocal shown
        if operator in _SHOWS_TEXT:
            shown += _length(operands)
        if shown > settings.max_article_characters:
            raise TooLarge(
                f"{name} has more than {settings.max_article_characters:,} characters of text; "
                "split it, or raise FOOTNOTE_MAX_ARTICLE_CHARACTERS."
            )
        if time.monotonic() > deadline:
            raise TooLarge(
                f"{name} was not read within {_LONGEST_READING_S} seconds; "
                "split it, or give its text."
            )

    for page in reader.pages:
        lines = _lines(page, check)
        check(b"", [])  # pypdf goes on after an error inside a form
        pages.append(lines)
        for line in lines:
            letters += sum(map(str.isalpha, line.text))
            garbled += len(_NO_LETTERS.findall(line.text))
    if letters == 0 or (len(pages) > 2 and letters < _FEW_LETTERS * len(pages)):
        raise UnreadableFile(
            f"{name} has no text layer, so it is probably a scan; "
            "run text recognition (OCR) on it first."
        )
    if garbled > 0.3 * letters:
        raise UnreadableFile(
            f"{name} does not say which letters its fonts show; run text recognition (OCR) on it."
        )
    return pages


def _length(operands: Any) -> int:
    """Characters in the strings of an operation, those of an array among them."""
    return sum(
        len(operand) if isinstance(operand, str | bytes) else _length(operand)
        for operand in operands
        if isinstance(operand, str | bytes | list)
    )


def _lines(page: "PageObject", check: Callable[..., None]) -> list[PageLine]:
    """The lines of a page in the order of its content; `check` sees each operation before it."""
    pieces: list[tuple[str, float, float, bool]] = []

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        scale = abs((tm[2] * cm[1] + tm[3] * cm[3]) or 1.0)
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        bold = font is not None and "bold" in str(font.get("/BaseFont", "")).lower()
        pieces.append((text, size * scale, y, bold))

    page.extract_text(visitor_text=visit, visitor_operand_before=check)
    lines: list[PageLine] = []
    line: list[tuple[str, float, float, bool]] = []
    for text, size, y, bold in pieces:
        first, *others = text.split("\n")
        line.append((first, size, y, bold))
        for other in others:
            lines += _line(line)
            line = [(other, size, y, bold)]
    return lines + _line(line)


def _line(pieces: list[tuple[str, float, float, bool]]) -> list[PageLine]:
    inked = [piece for piece in pieces if piece[0].strip()]
    text = one_line("".join(piece[0] for piece in pieces).translate(_LIGATURES))
    if not inked or not text:
        return []
    _, size, y, _ = max(inked, key=lambda piece: len(piece[0]))
    return [PageLine(text, size, y, all(bold for *_, bold in inked))]


def _metadata_title(reader: "PdfReader") -> str | None:
    title = reader.metadata.title if reader.metadata else None
    title = one_line(str(title or ""))
    return None if _NO_TITLE.fullmatch(title) else title
