"""A PDF becomes paragraphs and headings; what cannot be read is said in one sentence."""

import io

import pytest
from pypdf import PdfReader, PdfWriter

from index.articles import Article
from index.errors import TooLarge, UnreadableFile
from index.loading.loader import load_bytes
from index.settings import Settings

Line = tuple[float, float, str]
"""Size in points, height above the foot of the page, words; in bold where they begin with `**`."""


def pdf(*pages: list[Line], title: str = "") -> bytes:
    """A small PDF, written out by hand: one text object for each line."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>"
        % (len(pages), b" ".join(b"%d 0 R" % (5 + 2 * i) for i in range(len(pages)))),
        b"<< /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
        b" /F2 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >> >>",
        b"<< /Title (%s) >>" % title.encode("cp1252"),
    ]
    for i, lines in enumerate(pages):
        content = b"\n".join(
            b"BT /F%d %f Tf 72 %f Td (%s) Tj ET"
            % (1 + words.startswith("**"), size, y, _escaped(words.lstrip("*")))
            for size, y, words in lines
        )
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font 3 0 R >> >>" % (6 + 2 * i)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % offset for offset in offsets))
    out.write(b"trailer\n<< /Size %d /Root 1 0 R /Info 4 0 R >>\n" % (len(objects) + 1))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def _escaped(words: str) -> bytes:
    return words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("cp1252")


def body(y: float, *lines: str) -> list[Line]:
    return [(11, y - 14 * i, words) for i, words in enumerate(lines)]


def load(data: bytes, settings: Settings, name: str = "talks.pdf") -> Article:
    return load_bytes(data, name, settings)


TALKS = [
    [
        (9, 760, "The Daily, December 2021"),
        (22, 720, "Talks and walls"),
        *body(
            680,
            "Washington says that it is prepared to talk about security guaran-",
            "tees. In the Russian view, that readiness by itself will not be enough",
            "to break through the wall.",
        ),
        *body(
            622,
            "Officials in Moscow have two fears. The first is that the well-known",
            "discussion becomes a marathon with no finish line. The second is well-",
        ),
        (9, 40, "Page 1 of 2"),
    ],
    [
        (9, 760, "The Daily, December 2021"),
        *body(720, "known too: new preconditions at the very last moment (as before)."),
        (15, 680, "What Moscow asks for"),
        *body(650, "Russia wants written guarantees from the alliance, and soon."),
        (9, 40, "Page 2 of 2"),
    ],
]


def test_lines_become_paragraphs_and_large_type_headings(settings: Settings) -> None:
    article = load(pdf(*TALKS), settings)
    assert article.text.split("\n\n") == [
        "# Talks and walls",
        "Washington says that it is prepared to talk about security guarantees. In the Russian "
        "view, that readiness by itself will not be enough to break through the wall.",
        "Officials in Moscow have two fears. The first is that the well-known discussion becomes "
        "a marathon with no finish line. The second is well-known too: new preconditions at the "
        "very last moment (as before).",
        "## What Moscow asks for",
        "Russia wants written guarantees from the alliance, and soon.",
    ]
    assert article.title == "Talks and walls"


def test_the_title_of_the_metadata_counts_where_the_first_page_has_none(
    settings: Settings,
) -> None:
    assert load(pdf(*TALKS, title="10811.exe"), settings).title == "Talks and walls"
    plain = body(700, "Only one line of the body is here.")
    assert load(pdf(plain, title="The talks of 2021"), settings).title == "The talks of 2021"
    for made_up in ("Microsoft Word - talks.docx", "\\(anonymous\\)", "paper.html", "10811.exe"):
        assert load(pdf(plain, title=made_up), settings, "my-talk.pdf").title == "my-talk"


def test_what_is_at_the_edges_only_once_is_kept(settings: Settings) -> None:
    one = pdf(body(760, "A first line at the top of the only page.", "It goes on here."))
    assert load(one, settings).text == "A first line at the top of the only page. It goes on here."


def test_a_line_in_bold_is_a_heading(settings: Settings) -> None:
    lines = [
        (20.0, 720.0, "Talks and walls"),
        *body(680, "Washington says that it is prepared to talk about guarantees."),
        *body(655, "**No preconditions"),
        *body(641, "Ryabkov put that worry into words on Tuesday."),
    ]
    assert load(pdf(lines), settings).text.split("\n\n") == [
        "# Talks and walls",
        "Washington says that it is prepared to talk about guarantees.",
        "## No preconditions",
        "Ryabkov put that worry into words on Tuesday.",
    ]


def test_bullets_become_items(settings: Settings) -> None:
    data = pdf(body(700, "The list asks for:") + body(670, "• no members", "• no missiles"))
    assert load(data, settings).text.split("\n\n") == [
        "The list asks for:",
        "- no members",
        "- no missiles",
    ]


def _encrypted(data: bytes, **passwords: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(algorithm="AES-256", **passwords)  # type: ignore[arg-type]
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_pdf_that_needs_a_password_says_so(settings: Settings) -> None:
    locked = _encrypted(pdf(*TALKS), user_password="secret")
    with pytest.raises(UnreadableFile, match=r"^talks.pdf is protected by a password; "):
        load(locked, settings)


def test_a_pdf_locked_only_against_changes_is_read(settings: Settings) -> None:
    locked = _encrypted(pdf(*TALKS), user_password="", owner_password="secret")
    assert load(locked, settings).text == load(pdf(*TALKS), settings).text


def test_a_scan_says_that_it_has_no_text(settings: Settings) -> None:
    with pytest.raises(UnreadableFile, match=r"^talks.pdf has no text layer.*a scan; there are no"):
        load(pdf([], []), settings)
    stamped = [[(9.0, 40.0, str(i))] for i in range(10)]
    with pytest.raises(UnreadableFile, match="no text layer"):
        load(pdf(*stamped), settings)


@pytest.mark.parametrize("keep", [20, 200, 700])
def test_a_pdf_cut_short_is_damaged(keep: int, settings: Settings) -> None:
    with pytest.raises(UnreadableFile, match=r"^talks.pdf (is a damaged PDF|has no text layer)"):
        load(pdf(*TALKS)[:keep], settings)


def test_a_pdf_with_garbage_in_it_ends_in_an_article_or_one_sentence(settings: Settings) -> None:
    whole = pdf(*TALKS)
    for at in range(0, len(whole), 97):
        broken = whole[:at] + b"\xff<<[(" * 3 + whole[at + 15 :]
        try:
            assert load(broken, settings).text
        except (UnreadableFile, TooLarge) as error:
            assert str(error).startswith("talks.pdf ")  # noqa: PT017


def test_a_pdf_with_too_much_text_or_too_many_pages_is_refused(settings: Settings) -> None:
    small = settings.model_copy(update={"max_article_characters": 200})
    with pytest.raises(TooLarge, match="more than 200 characters"):
        load(pdf(*TALKS), small)
    endless = pdf([(11, 700, "x")]).replace(
        b"/Count 1 /Kids [5 0 R]", b"/Count 6000 /Kids [" + b"5 0 R " * 6000 + b"]"
    )
    with pytest.raises(TooLarge, match=r"has 6,000 pages, more than 5,000; split it\."):
        load(endless, settings)
