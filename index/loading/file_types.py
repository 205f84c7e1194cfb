"""What a file is, by its first bytes; its name only decides between kinds of text."""

import io
import zipfile
from pathlib import PurePath
from typing import Literal

from index.errors import UnreadableFile
from index.loading.html import looks_like_html
from index.loading.markdown import is_little_but_marks, looks_like_markdown

TextKind = Literal["html", "markdown", "plain"]

READABLE = "text, Markdown, HTML, PDF or Word (.docx)"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIPPED = {
    "xl/": "an Excel workbook",
    "ppt/": "a PowerPoint presentation",
    "META-INF/container.xml": "an e-book (EPUB)",
    "content.xml": "an OpenDocument file",
}
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")


def is_pdf(data: bytes) -> bool:
    """Whether it is a PDF; some begin with a few bytes of something else."""
    return b"%PDF-" in data[:1024]


def is_docx(data: bytes, name: str) -> bool:
    """Whether it is a Word document.

    Raises:
        UnreadableFile: if it is another kind of zip archive, or a Word document that is locked,
            too old or cut short, with what to do.
    """
    if data.startswith(_OLE):
        raise UnreadableFile(_about_ole(data, name))
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        what = "Word document" if suffix(name) == ".docx" else "zip archive"
        raise UnreadableFile(
            f"{name} is a damaged {what}; get another copy of it and try that."
        ) from error
    if "word/document.xml" in names:
        return True
    for mark, what in _ZIPPED.items():
        if any(part.startswith(mark) for part in names):
            raise UnreadableFile(f"{name} is {what}; save its text as {READABLE}.")
    raise UnreadableFile(f"{name} is a zip archive; unpack it and add the files in it.")


def about_binary(data: bytes, name: str) -> str:
    """The sentence about bytes that are no text."""
    if data.startswith(_PICTURES):
        return f"{name} is a picture or a recording; Footnote reads {READABLE}."
    return f"{name} holds no text that can be read; Footnote reads {READABLE}."


def text_kind(text: str, name: str) -> TextKind:
    """What kind of text it is.

    Raises:
        UnreadableFile: for RTF, which is text only on the face of it.
    """
    if text.startswith("{\\rtf"):
        raise UnreadableFile(f"{name} is an RTF document; save it as {READABLE}.")
    if looks_like_html(text) or (suffix(name) in (".html", ".htm", ".xhtml") and "<" in text):
        return "html"
    if suffix(name) in (".md", ".markdown") or looks_like_markdown(text):
        return "plain" if is_little_but_marks(text) else "markdown"
    return "plain"


def suffix(name: str) -> str:
    """The ending of a file name in lower case, with its dot."""
    return PurePath(name).suffix.lower()


def _about_ole(data: bytes, name: str) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return f"{name} is protected by a password; remove the protection and try again."
    return f"{name} is in an old Office format; save it as .docx or PDF and try that."
