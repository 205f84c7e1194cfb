"""Pages without letters: recognised where the extra `ocr` is installed, named where it is not."""

import io
import sys
from pathlib import Path

import pytest
from hostile_files import pdf, stream
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader, PdfWriter

from index.errors import UnreadableFile
from index.loading.loader import load_bytes
from index.settings import Settings

DOCUMENTS = Path(__file__).parent / "documents"
NOTE = "Its words were recognised in pictures of its pages; letters may be wrong."


def printed(*lines: tuple[int, int, str]) -> Image.Image:
    """A page in 100 points an inch, with words at these places."""
    page = Image.new("L", (827, 600), 255)
    font = ImageFont.load_default(17)
    for x, y, words in lines:
        ImageDraw.Draw(page).text((x, y), words, fill=0, font=font)
    return page


PAGE = printed(
    (80, 100, "The lighthouse on Swan Head was built in 1848 and stands"),
    (80, 126, "forty metres above the sea."),
    (80, 220, "Keeper"),
    (400, 220, "Born"),
    (80, 250, "Dahl"),
    (400, 250, "1801"),
    (80, 280, "Olsen"),
    (400, 280, "1822"),
    (80, 310, "Vik"),
    (400, 310, "1815"),
)


def as_file(page: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    page.save(out, kind)
    return out.getvalue()


def beside_a_text(scan: bytes) -> bytes:
    """A PDF of a page with a text layer, and the scan as its second page."""
    writer = PdfWriter()
    for data in ((DOCUMENTS / "no-spaces.pdf").read_bytes(), scan):
        writer.append(PdfReader(io.BytesIO(data)))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.fixture
def _without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without RapidOCR, here and in the process that reads the file."""
    shadow = tmp_path / "shadow"
    shadow.mkdir()
    (shadow / "sitecustomize.py").write_text("import sys; sys.modules['rapidocr'] = None\n")
    monkeypatch.setenv("PYTHONPATH", str(shadow), prepend=":")
    monkeypatch.setitem(sys.modules, "rapidocr", None)


def test_a_scan_in_a_pdf_is_read_with_its_table_and_the_pages_of_the_text_stay(
    settings: Settings,
) -> None:
    article = load_bytes(beside_a_text(as_file(PAGE, "PDF")), "scan.pdf", settings)
    assert article.text.startswith("The reservoir above the town was filled")
    scanned = article.text[article.pages[1] :].split("\n\n")
    assert scanned == [
        "The lighthouse on Swan Head was built in 1848 and stands forty metres above the sea.",
        "Keeper: Dahl; Born: 1801",
        "Keeper: Olsen; Born: 1822",
        "Keeper: Vik; Born: 1815",
    ]
    assert NOTE in article.notes


@pytest.mark.usefixtures("_without_the_extra")
def test_without_the_extra_each_refusal_names_it(settings: Settings) -> None:
    """The codes of the font in the second file count its glyphs: it would say `7KH UHVHUYRLU`."""
    for data, name, why in (
        (as_file(PAGE, "PDF"), "scan.pdf", "has no text layer, so it is probably a scan; install"),
        (
            (DOCUMENTS / "no-letters.pdf").read_bytes(),
            "a.pdf",
            "does not say which letters its fonts show; install",
        ),
        (as_file(PAGE, "JPEG"), "photo.jpg", "is a picture; install"),
    ):
        with pytest.raises(UnreadableFile, match=rf"^{name} {why} footnote-qa\[ocr\], which"):
            load_bytes(data, name, settings)


@pytest.mark.usefixtures("_without_the_extra")
def test_without_the_extra_scanned_pages_beside_others_are_named(settings: Settings) -> None:
    article = load_bytes(beside_a_text(as_file(PAGE, "PDF")), "scan.pdf", settings)
    assert "Swan Head" not in article.text
    assert article.notes == (
        "Pages without a text layer were left out (2); footnote-qa[ocr] recognises their letters.",
    )


def test_letters_of_a_font_of_drawings_are_one_word(settings: Settings) -> None:
    """A font of Type 3 may be of any size: here its letters are 40 times as tall as it says."""
    glyph = stream(b"34 0 0 0 28 40 d1 2 0 26 40 re f")
    words = b"BT /F1 0.25 Tf 72 %d Td (%s) Tj ET"
    content = b"\n".join(words % (700 - 14 * i, b"cabbaccab") for i in range(3))
    data = pdf({
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        4: stream(content),
        5: b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 40 40] /FontMatrix [1 0 0 1 0 0]"
        b" /FirstChar 97 /LastChar 99 /Widths [34 34 34] /Resources << >>"
        b" /CharProcs << /a 6 0 R /b 6 0 R /c 6 0 R >>"
        b" /Encoding << /Type /Encoding /Differences [97 /a /b /c] >> >>",
        6: glyph,
    })  # fmt: skip
    assert load_bytes(data, "a.pdf", settings).text == "cabbaccab cabbaccab cabbaccab"
