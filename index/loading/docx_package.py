"""The zip archive of an Open XML file: held to its limits, and as python-docx can open it."""

import io
import re
import zipfile

from index.errors import TooLarge
from index.settings import Settings

_MARKUP = 12
"""Bytes of XML for each character of text; Word writes 3 to 10."""
_MOST_TAGS = 3_000_000
"""Of all parts together: an element takes some 120 bytes of memory, however short its tag is."""
_MOST_UNPACKED = 8
"""Times the largest file that is accepted, for all parts together, pictures included."""
_MOST_PARTS = 10_000
"""Pictures included."""

_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = (
    (b"officeDocument/relationships", b"officeDocument/2006/relationships"),
    (b"officeDocument/math", b"officeDocument/2006/math"),
    (b"officeDocument/", b"officeDocument/2006/"),
    (b"wordprocessingml/main", b"wordprocessingml/2006/main"),
    (b"presentationml/main", b"presentationml/2006/main"),
    (b"drawingml/", b"drawingml/2006/"),
    (b"", b""),
)
"""Strict names of vocabularies (ISO/IEC 29500-1) and those that all programs write (29500-4)."""
_MAIN_TYPE = re.compile(
    rb"application/vnd\.(?:ms-word\.(?:document|template)\.macroEnabled\.12"
    rb"|openxmlformats-officedocument\.wordprocessingml\.template)\.?(?:main)?\+xml"
)
_DOCUMENT = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def check_size(data: bytes, name: str, settings: Settings) -> None:
    """Refuse a zip bomb before it is unpacked; zipfile never reads past the size declared.

    Raises:
        TooLarge: if it unpacks to more than the limits of the settings allow for.
    """
    too_much = TooLarge(f"{name} unpacks to more than Footnote reads; split it, or save its text.")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if (
            len(parts) > _MOST_PARTS
            or sum(part.file_size for part in parts) > _MOST_UNPACKED * settings.max_file_bytes
        ):
            raise too_much
        # By what they hold: a document may call its styles `picture.png`.
        markup = [part for part in parts if _is_markup(archive, part)]
        # The styles and the theme come on top of the text.
        most = _MARKUP * settings.max_article_characters + 1_000_000
        if sum(part.file_size for part in markup) > most:
            raise too_much
        tags = 0
        for part in markup:
            with archive.open(part) as file:
                while chunk := file.read(1_000_000):
                    tags += chunk.count(b"<")
                    if tags > _MOST_TAGS:
                        raise too_much


def as_usual_document(data: bytes) -> bytes:
    """The same document in the vocabulary and of the type that python-docx knows.

    Strict Open XML differs in the names of its vocabularies alone, a template or a document with
    macros in one line of `[Content_Types].xml`.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        types = archive.read("[Content_Types].xml")
        relations = archive.read("_rels/.rels")
        if _STRICT not in relations and not _MAIN_TYPE.search(types):
            return data
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as usual:
            for part in archive.infolist():
                content = archive.read(part)
                if part.filename == "[Content_Types].xml":
                    content = _MAIN_TYPE.sub(_DOCUMENT, content)
                elif part.filename.endswith((".xml", ".rels")):
                    content = _without_strict(content)
                usual.writestr(part.filename, content)
    return out.getvalue()


def _without_strict(content: bytes) -> bytes:
    for strict, usual in _TRANSITIONAL:
        content = content.replace(_STRICT + strict, b"http://schemas.openxmlformats.org/" + usual)
    return content


def _is_markup(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part begins like XML, in UTF-8 or UTF-16, or with nothing but spaces."""
    with archive.open(part) as file:
        begins = file.read(1_000).lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    return begins.startswith(b"<") or (not begins and part.file_size > 0)
