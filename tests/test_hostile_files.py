"""Files made to take all of the memory or time of whoever reads them: each ends soon, in words.

Every file is read in a process of its own, which the kernel ends when it takes more than 40 s of
the processor; a request for more than 1.5 GB of memory is refused to it.
"""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hostile_files import (
    flate,
    forms_within_forms,
    lying_about_its_size,
    many_pages,
    one_page,
    pdf,
    read_apart,
    shown,
    styles_called,
    word,
)
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from index.loading.html import read_html
from index.loading.loader import load_bytes, load_text, normalise
from index.passages import LONGEST, split
from index.sentences import sentence_spans
from index.settings import Settings

TIN = b"Tin is a metal. It is soft and bends."
PAGE = b"<html><body><article><p>" + TIN + b"</p>"
PARAGRAPH = b"<w:p><w:r><w:t>" + TIN + b"</w:t></w:r></w:p>"
STYLES = b'<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    # Word: 55 MB of the shortest elements, which would take 1.2 GB and 27 s.
    "empty.docx": (lambda: word(b"<w:p/>" * 9_000_000 + PARAGRAPH), "unpacks to more than"),
    "styles.docx": (
        lambda: styles_called("a.png", STYLES + b"<w:a/>" * 9_000_000 + b"</w:styles>"),
        "unpacks to more than",
    ),
    "lies.docx": (
        lambda: lying_about_its_size(word(PARAGRAPH * 100_000), "word/document.xml"),
        "damaged Word document",
    ),
    "deep.docx": (
        lambda: word(b"<w:sdt>" * 100_000 + PARAGRAPH + b"</w:sdt>" * 100_000),
        "damaged Word document",
    ),
    # PDF: of less than 1 MB each, streams of 100 MB and of 200 MB, the latter packed twice.
    "stream.pdf": (lambda: one_page(flate(b" " * 100_000_000)), "has no text layer"),
    "twice.pdf": (
        lambda: one_page(flate(flate_only(b" " * 200_000_000), b"/Again true").replace(
            b"/Filter /FlateDecode", b"/Filter [/FlateDecode /FlateDecode]"
        )),
        "has no text layer",
    ),
    "operators.pdf": (lambda: one_page(flate(b"q Q " * 3_000_000)), "has no text layer"),
    "words.pdf": (
        lambda: one_page(flate(b"BT /F1 11 Tf " + b"(%s) Tj " % (TIN * 200) * 2_000 + b"ET")),
        "takes more memory or time",
    ),
    "pages.pdf": (
        lambda: many_pages(20_000, lambda i: shown(b"%s %d" % (TIN, i))),
        "has 20,000 pages, more than 5,000",
    ),
    "tree.pdf": (
        lambda: pdf({
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            **{
                i: b"<< /Type /Pages /Count 1 /Kids [%d 0 R %d 0 R] >>" % (i + 1, i + 1)
                for i in range(2, 40)
            },
            40: b"<< /Type /Page >>",
        }),
        "has no text layer",
    ),
    # Ten to the power of eight forms: PDFium shows each of them again.
    "forms.pdf": (lambda: forms_within_forms(8, 10), "takes more memory or time"),
    "lines.txt": (lambda: b"a\n" * 2_400_000, "has 2,400,000 lines, more than the 200,000"),
    "paragraphs.md": (lambda: b"a\n\n" * 1_200_000, "has 1,200,000 lines"),
    "items.md": (lambda: b"- a\n" * 1_200_000, "has 1,200,000 lines"),
    "line.txt": (lambda: b"x" * 10_000_000, "has 10,000,000 characters, more than the 5,000,000"),
}  # fmt: skip

READ: dict[str, Callable[[], bytes]] = {
    "thousand.pdf": lambda: many_pages(
        1_000, lambda i: b"".join(shown(TIN, 700 - 14 * line) for line in range(6))
    ),
    # Pages of 1 MB over which trafilatura or libxml2 would brood for minutes.
    "breaks.html": lambda: PAGE + b"<br>x" * 200_000,
    "headings.html": lambda: PAGE + b"<h1>x</h1>" * 100_000,
    "attributes.html": lambda: PAGE + b"<p %s>x" % b" ".join(b"a%d=b" % i for i in range(300_000)),
    "at the limit.html": lambda: PAGE + b"<p a=b c=d>x" * 24_000,
    "merges.md": lambda: (
        b"---\na0: &a0 {x: 1}\n%s\n---\nTin is a metal."
        % b"\n".join(
            b"a%d: &a%d {<<: [*a%d, *a%d, *a%d]}" % (i, i, *[i - 1] * 3) for i in range(1, 30)
        )
    ),
    "headings.md": lambda: b"# Tin\n\n" * 190_000 + b"It bends.",
    "elements.md": lambda: b"# Tin\n\nIt bends.\n\n" + b"<div>\n\n" * 20_000,
    "stars.md": lambda: b"# Tin\n\n" + b"*a **b _c " * 400_000,
    "quotes.md": lambda: b"# Tin\n\n" + b">" * 1_000_000 + b"a",
    "paragraphs.md": lambda: b"a\n\n" * 190_000,
    "marks.md": lambda: b"# Tin\n\n" + b"**a" * 140_000,
    "deep.html": lambda: PAGE + b"<div>" * 1_000_000,
    "line.txt": lambda: b"x" * 4_900_000,
    "chinese.txt": lambda: ("锡是一种金属。" * 200_000).encode(),
    "marks.txt": lambda: ("a" + "\u0301\u0316" * 900_000).encode(),
    "emoji.txt": lambda: ("Tin 👩🏽\u200d🚀🏳\ufe0f\u200d🌈" * 300_000).encode(),
    "right to left.txt": lambda: ("\u202eالقصدير معدن\u202c \u200f" * 200_000).encode(),
    "spaces.txt": lambda: b"Tin." + b" \n\t" * 2_000_000 + b"Zinc.",
    "lines.txt": lambda: b"a\n" * 150_000,
    "wrapped.txt": lambda: b"aa bb cc dd ee ff gg hh ii jj kk ll mm nn oo pp\n" * 100_000,
}


def flate_only(content: bytes) -> bytes:
    """The bytes of a compressed stream, without the object around them."""
    return flate(content).split(b"stream\n", 1)[1].removesuffix(b"\nendstream")


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_would_take_too_much_is_refused_in_one_sentence(
    name: str, tmp_path: Path
) -> None:
    make, complaint = REFUSED[name]
    reading = read_apart(tmp_path, name, make())
    assert reading.said is not None
    assert complaint in reading.said
    assert reading.said.split(": ", 1)[0] in ("TooLarge", "UnreadableFile")
    assert "\n" not in reading.said


@pytest.mark.parametrize("name", READ)
def test_a_file_that_is_only_odd_is_read_and_cut(name: str, tmp_path: Path) -> None:
    reading = read_apart(tmp_path, name, READ[name]())
    assert reading.said is None
    assert reading.passages >= 1
    assert reading.longest <= LONGEST


def test_a_page_of_too_many_elements_is_what_it_marks_as_its_article() -> None:
    rest = "<li>x <b>y</b> z</li>" * 15_000
    page = (
        "<html><head><title>Site</title></head><body><nav>Menu</nav><main><h1>Tin</h1>"
        f"<p>It bends.</p><ul>{rest}</ul><form>Your name</form></main><p>Foot</p></body></html>"
    )
    extract = read_html(page)
    assert extract is not None
    assert extract.title == "Tin"
    assert extract.blocks[:3] == ["# Tin", "It bends.", "- x y z"]
    assert len(extract.blocks) == 15_002


CHARACTERS = st.one_of(
    st.characters(),
    st.sampled_from(
        "\0\r\n\t\v\x85\u2028\u2029 .!?#-*>|`\"'[]()\ufeff\u00ad\u200b\u200d\u202e\ud83d"
    ),
    st.characters(categories=["Mn", "Mc", "Me"]),
    st.sampled_from(
        [
            "👩🏽\u200d🚀",
            "🏳\ufe0f\u200d🌈",
            "مرحبا بالعالم. ",
            "שלום עולם. ",
            "锡是金属。",
            "e\u0301",
        ]
    ),
)
TEXTS = st.lists(st.tuples(CHARACTERS, st.integers(1, 200)), min_size=1, max_size=30).map(
    lambda runs: "".join(characters * times for characters, times in runs)
)  # fmt: skip


@given(text=TEXTS)
@limits(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_passages_hold_every_character_once_at_its_place(text: str, settings: Settings) -> None:
    article = load_text(f"Tin bends.\n\n{text}", settings)
    passages = split(article)
    headings = [
        span for span in sentence_spans(article.text) if article.text[slice(*span)].startswith("#")
    ]
    covered = bytearray(len(article.text))
    end_of_last = 0
    for passage in passages:
        assert end_of_last <= passage.start < passage.end <= len(article.text)
        assert passage.end - passage.start <= LONGEST
        covered[passage.start : passage.end] = b"\1" * (passage.end - passage.start)
        end_of_last = passage.end
    for start, end in headings:
        covered[start:end] = b"\1" * (end - start)
    left = [c for c, seen in zip(article.text, covered, strict=True) if not seen]
    assert not "".join(left).strip()


@given(text=TEXTS)
@limits(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_offsets_count_code_points_whatever_the_encoding_of_the_file(
    text: str, settings: Settings
) -> None:
    whole = f"Tin bends.\n\n{text}".encode("utf-16-le", "replace").decode("utf-16-le")
    pasted = load_text(whole, settings)
    if pasted.text.startswith("#"):
        return
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        loaded = load_bytes(whole.encode(encoding), "tin", settings)
        assert loaded.text == pasted.text
        assert split(loaded) == split(pasted)


@given(
    marks=st.text(
        st.characters(categories=["Mn", "Mc", "Me"]), min_size=31, max_size=200
    )
)  # fmt: skip
def test_marks_without_end_get_joiners_and_nothing_is_lost(marks: str) -> None:
    normal = normalise(f"a{marks} b")
    assert normalise(normal) == normal
    assert sorted(unicodedata.normalize("NFD", normal).replace("\u034f", "")) == sorted(
        unicodedata.normalize("NFD", f"a{marks} b").replace("\u034f", "")
    )
    run = 0
    for character in normal:
        run = run + 1 if unicodedata.combining(character) else 0
        assert run <= 30
