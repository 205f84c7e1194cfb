"""Any file becomes an article or one clear sentence."""

import os
import random
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from index.articles import article_id
from index.errors import BadInput, TooLarge, UnreadableFile
from index.loading.loader import load_bytes, load_file, load_html, load_text, normalise
from index.settings import Settings

NOISE = random.Random(7).randbytes(5_000)
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + NOISE


def zipped(*names: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "content")
    return out.getvalue()


def test_a_text_file_becomes_an_article(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "winter talks.txt"
    path.write_bytes("Talks and walls\r\n\r\nThe café is closed.\r\n".encode("cp1252"))
    article = load_file(path, settings)
    assert article.text == "Talks and walls\n\nThe café is closed."
    assert article.title == "Talks and walls"
    assert article.source == "winter talks.txt"
    assert article.id == article_id(article.text)
    assert article.added_at.tzinfo is not None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Talks and walls\n\nThe talks begin in January.", "Talks and walls"),
        ("The talks begin in January.\n\nThey end in May.", "winter"),
        ("By Ann Smith.\n\n# Talks\n\nThey begin in January.", "Talks"),
        ("Just one line without an end", "winter"),
    ],
)
def test_the_title_of_a_text_file(text: str, title: str, settings: Settings) -> None:
    assert load_bytes(text.encode(), "winter.txt", settings).title == title


def test_a_pasted_text_is_called_by_its_title_or_its_first_words(settings: Settings) -> None:
    text = "The talks begin in January, says the ministry. " * 5
    assert load_text(text, settings, title="  My\ntitle ").title == "My title"
    title = load_text(text, settings).title
    assert title.startswith("The talks begin in January")
    assert title.endswith(" …")
    assert len(title) <= 82
    assert load_text(text, settings).source == "pasted text"


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "a.txt", "a.txt is empty; choose a file with text in it."),
        (b" \n\t\r\n", "a.md", "a.md is empty; choose a file with text in it."),
        (b"\xef\xbb\xbf", "a.txt", "a.txt holds no text; choose one with an article in it."),
        (b"--- *** ---", "a.txt", "a.txt holds no text; choose one with an article in it."),
        (PICTURE, "a.txt", "a.txt is a damaged picture; "),
        (b"RIFF" + NOISE, "a.txt", "a.txt is a picture or a recording; "),
        (NOISE, "a.pdf", "a.pdf holds no text that can be read; "),
        (zipped("notes.txt"), "a.docx", "a.docx is a zip archive; unpack it"),
        (zipped("xl/workbook.xml"), "a.txt", "a.txt holds no text; choose one "),
        (zipped("META-INF/container.xml"), "a.epub", "a.epub holds no text; choose one "),
        (zipped("mimetype", "content.xml"), "a.odt", "a.odt "),
        (zipped("ppt/presentation.xml"), "a.pptx", "a.pptx is a damaged PowerPoint presentation; "),
        (zipped("Index/Document.iwa"), "a.pages", "a.pages is a file of Pages, Numbers or Keynote"),
        (b"PK\x03\x04" + NOISE, "a.docx", "a.docx is a damaged Word document; "),
        (b"PK\x03\x04" + NOISE, "a.zip", "a.zip is a damaged zip archive; "),
        (b"not a pdf at all", "a.pdf", "a.pdf is plain text and not a PDF file; get it anew, "),
        (b"Service unavailable.", "a.xlsx", "a.xlsx is plain text and not a XLSX file; "),
        (b"%PDF-1.7\n" + NOISE, "a.txt", "a.txt is a damaged PDF; "),
        (NOISE, "C:\\secret\\..\\a.bin", "a.bin holds no text that can be read; "),
        (NOISE, "../../etc/passwd", "passwd holds no text that can be read; "),
        (b"", "", "The file is empty; "),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(
    data: bytes, name: str, sentence: str, settings: Settings
) -> None:
    with pytest.raises(UnreadableFile) as caught:
        load_bytes(data, name, settings)
    assert str(caught.value).startswith(sentence)
    assert "\n" not in str(caught.value)


def test_the_content_decides_not_the_ending(settings: Settings) -> None:
    page = b"<!DOCTYPE html><html><body><p>The talks begin in January.</p></body></html>"
    assert load_bytes(page, "a.pdf", settings).text == "The talks begin in January."
    assert load_bytes(b"{\\rtf1 The talks begin.}", "a.doc", settings).text == "The talks begin."
    assert load_bytes(b"# Talks\n\nThey *begin*.", "a", settings).text == "# Talks\n\nThey begin."


def test_files_that_are_not_there_or_not_files(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(UnreadableFile, match=r"^There is no file .*none.txt; check the name\.$"):
        load_file(tmp_path / "none.txt", settings)
    with pytest.raises(UnreadableFile, match="is a folder; name the files in it"):
        load_file(tmp_path, settings)
    with pytest.raises(UnreadableFile, match="cannot be read"):
        load_file(Path("a\x00b.txt"), settings)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(UnreadableFile, match="is not a regular file"):
        load_file(pipe, settings)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "a.txt"
    path.write_text("text")
    path.chmod(0)
    with pytest.raises(UnreadableFile, match=r"^a.txt may not be read; change its permissions\.$"):
        load_file(path, settings)


def test_what_is_over_a_limit_names_the_setting(tmp_path: Path, settings: Settings) -> None:
    small = settings.model_copy(update={"max_file_bytes": 5_000, "max_article_characters": 2_000})
    path = tmp_path / "a.txt"
    path.write_text("word " * 1_200)
    for load in (
        lambda: load_file(path, small),
        lambda: load_bytes(path.read_bytes(), "a.txt", small),
        lambda: load_html(b"<p>" + path.read_bytes(), "a.txt", small),
    ):
        with pytest.raises(TooLarge, match=r"^a.txt is larger than 5,000 .*MAX_FILE_BYTES\.$"):
            load()
    with pytest.raises(
        TooLarge, match=r"^a.txt has .* more than the 2,000 .*MAX_ARTICLE_CHARACTERS"
    ):
        load_bytes(b"word " * 900, "a.txt", small)
    with pytest.raises(
        TooLarge, match=r"^The pasted text has 4,500 characters, more than the 2,000"
    ):
        load_text("word " * 900, small)


@given(data=st.binary(max_size=400), name=st.text(max_size=12))
@limits(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_bytes_become_an_article_in_normal_form_or_one_sentence(
    data: bytes, name: str, settings: Settings
) -> None:
    try:
        article = load_bytes(data, name, settings)
    except BadInput as error:
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert article.text
        assert article.title
        assert normalise(article.text) == article.text


@given(text=st.text(st.sampled_from("ab \n#*-<>/[](){}!`|\\_.:1&;\x00\ud800é"), max_size=300))
@limits(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_pasted_text_becomes_an_article_in_normal_form_or_one_sentence(
    text: str, settings: Settings
) -> None:
    for load in (
        lambda: load_text(text, settings),
        lambda: load_text("# Heading\n" + text, settings),
        lambda: load_html("<html><p>Words</p>" + text, None, settings),
    ):
        try:
            article = load()
        except BadInput as error:
            assert "\n" not in str(error)  # noqa: PT017
        else:
            assert normalise(article.text) == article.text


def test_importing_the_loader_imports_no_reader() -> None:
    code = (
        "import sys, index.loading.loader; "
        "print([m for m in ('trafilatura', 'lxml', 'pypdf', 'docx') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
