"""What a file is, by its content; its name only decides between kinds of text."""

import io
import re
import zipfile
from pathlib import PurePath
from typing import Literal

from index.errors import UnreadableFile
from index.loading.delimited import looks_delimited
from index.loading.email_message import is_email
from index.loading.html import looks_like_html
from index.loading.latex import looks_like_latex
from index.loading.markdown import is_little_but_marks, looks_like_markdown
from index.loading.notebook import looks_like_notebook
from index.loading.recognition import EXTRA, is_installed
from index.loading.subtitles import looks_like_subtitles
from index.loading.xml import looks_like_xml

BinaryKind = Literal["pdf", "picture", "word", "slides", "office", "rtf", "email"]
TextKind = Literal["html", "xml", "notebook", "subtitles", "latex", "table", "markdown", "plain"]

READABLE = (
    "text, Markdown, HTML, PDF, Word, Excel, PowerPoint, OpenDocument, RTF, EPUB, e-mail, CSV, "
    "XML, LaTeX, subtitles and Jupyter notebooks"
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_KINDS = ("WordDocument", "Workbook", "Book", "PowerPoint Document", "__substg1.0_")
"""Streams of an old Word, Excel (two ages of it) and PowerPoint file, and of an Outlook message."""
_ZIP_KINDS: tuple[tuple[re.Pattern[str], BinaryKind], ...] = (
    (re.compile(r"word/document\d*\.xml"), "word"),
    (re.compile(r"ppt/presentation\d*\.xml"), "slides"),
    (re.compile(r"xl/workbook\d*\.(?:xml|bin)"), "office"),
    (re.compile(r"META-INF/container\.xml|content\.xml"), "office"),  # EPUB, OpenDocument
)
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
_OTHER_PICTURES = (b"BM", b"RIFF")
ENDINGS = frozenset({
    "", ".txt", ".text", ".md", ".markdown", ".rst", ".html", ".htm", ".xhtml", ".pdf", ".docx",
    ".docm", ".dotx", ".doc", ".pptx", ".ppt", ".xlsx", ".xls", ".odt", ".ods", ".odp", ".rtf",
    ".epub", ".eml", ".msg", ".csv", ".tsv", ".tab", ".xml", ".tex", ".vtt", ".srt", ".ipynb",
})  # fmt: skip
"""Of the files in a folder that are worth a try; a file that is named is tried whatever it is."""
_MARKDOWN = (".md", ".markdown")
_NEVER_TEXT = (
    ".pdf", ".docx", ".doc", ".xlsx", ".xls", ".pptx", ".ppt", ".odt", ".ods", ".odp", ".epub",
    ".msg",
)  # fmt: skip


def binary_kind(data: bytes, name: str) -> BinaryKind | None:
    """What the bytes are, unless they are a text.

    Raises:
        UnreadableFile: if they are an archive or an old file of a kind that is not read, or one
            that is locked or cut short, with what to do.
    """
    if b"%PDF-" in data[:1024]:  # some begin with a few bytes of something else
        return "pdf"
    if data.startswith(_OLE):
        return _ole_kind(data, name)
    if data.startswith(b"PK\x03\x04"):
        return _zip_kind(data, name)
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if data.startswith(_PICTURES):
        if not is_installed():
            raise UnreadableFile(
                f"{name} is a picture; install {EXTRA}, which recognises the words in it."
            )
        return "picture"
    return "email" if is_email(data) else None


def _ole_kind(data: bytes, name: str) -> BinaryKind:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise UnreadableFile(
            f"{name} is protected by a password; remove the protection and try again."
        )
    if any(stream.encode("utf-16-le") in data for stream in _OLE_KINDS):
        return "office"
    raise UnreadableFile(
        f"{name} is an old Office file of a kind that is not read; save it as PDF."
    )


def _zip_kind(data: bytes, name: str) -> BinaryKind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        what = "Word document" if suffix(name) == ".docx" else "zip archive"
        raise UnreadableFile(
            f"{name} is a damaged {what}; get another copy of it and try that."
        ) from error
    for mark, kind in _ZIP_KINDS:
        if any(mark.fullmatch(part) for part in names):
            return kind
    if any(part.endswith(".iwa") for part in names):
        raise UnreadableFile(f"{name} is a file of Pages, Numbers or Keynote; export it as PDF.")
    raise UnreadableFile(f"{name} is a zip archive; unpack it and add the files in it.")


def about_binary(data: bytes, name: str) -> str:
    """The sentence about bytes that are no text."""
    if data.startswith(_OTHER_PICTURES):
        return f"{name} is a picture or a recording; Footnote reads {READABLE}."
    return f"{name} holds no text that can be read; Footnote reads {READABLE}."


def text_kind(text: str, name: str) -> TextKind:
    """What kind of text it is.

    Raises:
        UnreadableFile: for plain words under the name of a file that never holds them, such as
            the page of an error that was saved as a PDF.
    """
    ending = suffix(name)
    if looks_like_html(text) or (ending in (".html", ".htm", ".xhtml") and "<" in text):
        return "html"
    if looks_like_notebook(text):
        return "notebook"
    if looks_like_subtitles(text):
        return "subtitles"
    if looks_like_xml(text) and ending not in _MARKDOWN:
        return "xml"
    if looks_like_latex(text) or ending == ".tex":
        return "latex"
    if ending in (".csv", ".tsv", ".tab"):
        return "table"
    if ending in _MARKDOWN or looks_like_markdown(text):
        return "plain" if is_little_but_marks(text) else "markdown"
    if ending in _NEVER_TEXT:
        raise UnreadableFile(
            f"{name} is plain text and not a {ending[1:].upper()} file; get it anew, "
            "or call it .txt if the words in it are what you want."
        )
    return "table" if looks_delimited(text) else "plain"


def suffix(name: str) -> str:
    """The ending of a file name in lower case, with its dot."""
    return PurePath(name).suffix.lower()
