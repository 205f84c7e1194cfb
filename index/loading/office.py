"""Office files, e-books and Outlook messages → blocks, through Apache Tika.

Tika is compiled to native code and comes as one package (iscc-tika) without a Java machine. It
runs in a process of its own: see `index.loading.apart`.
"""

import re
from io import BytesIO
from pathlib import PurePath
from typing import TYPE_CHECKING
from zipfile import ZipFile

from index.errors import UnreadableFile
from index.loading.blocks import Extract, one_line
from index.loading.html_blocks import blocks_of
from index.loading.outlook import MESSAGE, message_row

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MARKUP = 12
"""Characters of XHTML for each of text, at most."""
_COMMENTS = ".//*[contains(@class, 'annotation') or contains(@class, 'comment')]"
_LEFT_OUT = (
    ".//*[@class='embedded' or @class='package-entry' or @class='slide-master-content']"
    " | .//*[@class='header' or @class='footer' or @class='outside'] | .//a[@name and not(text())]"
)
"""Pictures and files inside the file, and what is printed on every page or slide alike."""
_ATTACHED = ".//*[@class='package-entry']/h1[1]/text()"
_SHEETS = re.compile("spreadsheet|ms-excel")
_NOTES = ".//*[@class='footnote' or @class='endnote']"


def read_office(data: bytes, name: str, most_characters: int) -> Extract:
    """The text of a file with its headings, lists, tables and notes; comments are left out.

    Raises:
        UnreadableFile: if it is damaged, or locked with a password.
    """
    from iscc_tika import Extractor
    from lxml.html import HTMLParser, document_fromstring

    extractor = Extractor().set_extract_string_max_length(_MARKUP * most_characters)
    try:
        whole = bytearray(_without_running_heads(data))
        page, properties = extractor.set_xml_output(True).extract_bytes_to_string(whole)
    except Exception as error:  # whatever went wrong inside comes as a TypeError with Java's words
        if "EncryptedDocument" in str(error) or "password" in str(error).lower():
            raise UnreadableFile(
                f"{name} is protected by a password; remove the protection and try again."
            ) from error
        raise UnreadableFile(
            f"{name} is damaged; open it in the program that made it, save it anew and try that."
        ) from error
    parser = HTMLParser(encoding="utf-8")
    body = document_fromstring(page.encode("utf-8", "replace"), parser=parser).find("body")
    if body is None:
        return Extract([])
    kind = " ".join(properties.get("Content-Type", ()))
    notes = ("Comments in the file were left out.",) if _drop(body, _COMMENTS) else ()
    attached = [one_line(name) for name in body.xpath(_ATTACHED)] if kind == MESSAGE else []
    _drop(body, _LEFT_OUT)
    for note in body.xpath(_NOTES):
        _put_in_place(note)
    named = one_line(" ".join(properties.get("dc:title", ())[:1])) or None
    if kind == MESSAGE:
        _drop(body, "./dl[1]")
    blocks = blocks_of(body)
    if kind == MESSAGE:
        blocks[1:1] = message_row(properties)
    return Extract(
        blocks + (["Attachments: " + ", ".join(attached)] if attached else []),
        # The headings of a workbook are the names of its sheets.
        title=(named or PurePath(name).stem or None) if _SHEETS.search(kind) else None,
        named=named,
        facts=_facts(properties),
        notes=notes,
    )


def _without_running_heads(data: bytes) -> bytes:
    """An OpenDocument file without its styles, where the text of heads, feet and slide masters is.

    Tika would give that as text of the document. Headings and lists are in the content itself.
    """
    if not data.startswith(b"PK"):
        return data
    with ZipFile(BytesIO(data)) as archive:
        if not {"content.xml", "styles.xml"} <= set(archive.namelist()):
            return data
        out = BytesIO()
        with ZipFile(out, "w") as copy:
            for part in archive.infolist():
                if part.filename != "styles.xml":
                    copy.writestr(part, archive.read(part))
    return out.getvalue()


def _drop(body: "HtmlElement", path: str) -> int:
    elements = body.xpath(path)
    for element in elements:
        element.drop_tree()
    return len(elements)


def _put_in_place(note: "HtmlElement") -> None:
    """A note in brackets in the sentence that it belongs to, not as a paragraph that cuts it."""
    words = one_line(note.text_content())
    tail = note.tail
    note.clear()
    note.tag, note.text, note.tail = "span", f" ({words})" if words else "", tail


def _facts(properties: dict[str, list[str]]) -> tuple[tuple[str, str], ...]:
    authors = ", ".join(map(one_line, properties.get("dc:creator", ())))
    return (("Author", authors),) if authors else ()
