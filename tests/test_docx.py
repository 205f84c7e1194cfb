"""A Word document becomes headings, paragraphs, items, rows and captions."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml

from index.articles import Article
from index.errors import TooLarge, UnreadableFile
from index.loading.loader import load_bytes
from index.settings import Settings

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(write: Callable[[Any], None]) -> bytes:
    document = docx.Document()
    write(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def load(data: bytes, settings: Settings, name: str = "talks.docx") -> Article:
    return load_bytes(data, name, settings)


def talks(document: Any) -> None:
    document.add_heading("Talks and walls", 0)
    document.add_paragraph("Washington is prepared to talk, says the ministry.")
    document.add_heading("What Moscow asks for", 2)
    document.add_paragraph("No new members", style="List Bullet")
    document.add_paragraph("No missiles", style="List Number")
    document.add_paragraph("Ministers meet in Geneva", style="Caption")
    table = document.add_table(rows=0, cols=3)
    for row in (("Missile", "From", "Minutes"), ("Ballistic", "Ukraine", "7")):
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    pair = document.add_table(rows=1, cols=2)
    pair.cell(0, 0).text, pair.cell(0, 1).text = "Author", "Ann Smith"
    document.sections[0].header.paragraphs[0].text = "A running header"


def test_a_document_becomes_its_blocks(settings: Settings) -> None:
    article = load(saved(talks), settings)
    assert article.text.split("\n\n") == [
        "# Talks and walls",
        "Washington is prepared to talk, says the ministry.",
        "## What Moscow asks for",
        "- No new members",
        "1. No missiles",
        "Ministers meet in Geneva",
        "Missile: Ballistic; From: Ukraine; Minutes: 7",
        "Author: Ann Smith",
    ]
    assert article.title == "Talks and walls"
    assert load(saved(talks), settings, "no-ending").id == article.id


def test_the_title_of_the_properties_counts_where_the_text_has_none(settings: Settings) -> None:
    def titled(document: Any) -> None:
        document.core_properties.title = "The talks of 2021"
        document.add_paragraph("Ministers meet in Geneva in January, says the ministry.")

    assert load(saved(titled), settings).title == "The talks of 2021"

    def headed(document: Any) -> None:
        talks(document)
        document.core_properties.title = "10811.exe"

    assert load(saved(headed), settings).title == "Talks and walls"


def test_changes_links_controls_and_breaks_are_read_as_they_look(settings: Settings) -> None:
    xml = (
        f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>Inside a control, </w:t></w:r>"
        "<w:ins><w:r><w:t>inserted</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>deleted</w:delText></w:r></w:del>"
        "<w:hyperlink><w:r><w:tab/><w:t>linked.</w:t></w:r></w:hyperlink>"
        "<w:r><w:br/><w:t>Next line.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    data = saved(lambda document: document.element.body.insert(0, parse_xml(xml)))
    assert load(data, settings).text.split("\n\n") == [
        "Inside a control, inserted linked.",
        "Next line.",
    ]


def test_a_heading_by_a_style_of_ones_own_is_a_heading(settings: Settings) -> None:
    def styled(document: Any) -> None:
        own = document.styles.add_style("Chapter", 1)
        own.base_style = document.styles["Heading 3"]
        document.add_paragraph("The draft", style="Chapter")
        document.add_paragraph("It has 8 articles.")

    assert load(saved(styled), settings).text == "### The draft\n\nIt has 8 articles."


def replaced(data: bytes, part: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return out.getvalue()


def test_a_zip_bomb_is_refused_before_it_is_unpacked(settings: Settings) -> None:
    bomb = replaced(saved(talks), "word/document.xml", b"<a>" + b" " * 70_000_000)
    assert len(bomb) < 200_000
    with pytest.raises(TooLarge, match=r"^talks.docx unpacks to more"):
        load(bomb, settings)


def with_entities(declarations: str, words: str) -> bytes:
    xml = (
        f"<!DOCTYPE d [{declarations}]><w:document {W}><w:body><w:p><w:r><w:t>{words}</w:t></w:r>"
        "</w:p></w:body></w:document>"
    )
    return replaced(saved(talks), "word/document.xml", xml.encode())


def test_an_entity_does_not_bring_in_another_file(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "secret.txt").write_text("secret words")
    uri = (tmp_path / "secret.txt").as_uri()
    data = with_entities(f"<!ENTITY f SYSTEM '{uri}'>", "Some text. &f;")
    assert load(data, settings).text == "Some text."


def test_entities_that_grow_are_refused(settings: Settings) -> None:
    names = [f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "lol " * 10}">' for i in range(9)]
    with pytest.raises(UnreadableFile, match="damaged Word document"):
        load(with_entities("".join(names), "Some text. &e8;"), settings)


@pytest.mark.parametrize("keep", [40, 3_000, -200])
def test_a_document_cut_short_is_damaged(keep: int, settings: Settings) -> None:
    with pytest.raises(UnreadableFile, match=r"^talks.docx is a damaged Word document; "):
        load(saved(talks)[:keep], settings)


def test_a_document_with_a_damaged_part_is_damaged(settings: Settings) -> None:
    data = replaced(saved(talks), "word/document.xml", b"<w:document><w:body>")
    with pytest.raises(UnreadableFile, match=r"^talks.docx is a damaged Word document; "):
        load(data, settings)


def test_a_locked_document_says_that_it_needs_a_password(settings: Settings) -> None:
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(UnreadableFile, match="protected by a password"):
        load(locked, settings)
    with pytest.raises(UnreadableFile, match="an old Office file of a kind that is not read"):
        load(locked[:8] + b"Thumbs", settings, "old.db")
