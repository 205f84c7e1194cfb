"""Bytes or text → what a reader gets out of them: one reader for each kind of file."""

from index.errors import TooLarge, UnreadableFile
from index.loading.apart import read_apart
from index.loading.blocks import Extract
from index.loading.delimited import read_delimited
from index.loading.docx import read_docx
from index.loading.email_message import is_email, read_email
from index.loading.encodings import decode, decode_html
from index.loading.file_types import READABLE, about_binary, binary_kind, suffix, text_kind
from index.loading.html import looks_like_html, read_html
from index.loading.markdown import read_markdown
from index.loading.normal_form import normalise
from index.loading.notebook import read_notebook
from index.loading.xml import read_xml
from index.settings import Settings

_LEAST_LINE = 25
"""Characters of a line in the longest text that is read; most have more than 60."""


def read_bytes(data: bytes, name: str, settings: Settings) -> Extract:
    """What the bytes of a file hold.

    Raises:
        UnreadableFile: if they hold no text that can be read.
        TooLarge: if there is more in them than the settings allow.
    """
    match binary_kind(data, name):
        case "word":
            return read_docx(data, name, settings)
        case "email":
            return read_email(data)
        case None:
            pass
        case kind:
            return read_apart(kind, data, name, settings)
    is_page = looks_like_html(data[:4096].decode("latin-1")) or suffix(name) in (".html", ".htm")
    decoded = decode_html(data) if is_page else decode(data)
    if decoded is None:
        raise UnreadableFile(about_binary(data, name))
    plain = decoded.text.encode("utf-8", "replace")
    # A whole message may have been saved as UTF-16.
    extract = read_email(plain) if is_email(plain) else read_text(decoded.text, name, settings)
    if decoded.guess is None:
        return extract
    note = f"Its encoding was guessed ({decoded.guess}); if letters look wrong, save it as UTF-8."
    return extract._replace(notes=(*extract.notes, note))


def read_text(text: str, name: str, settings: Settings) -> Extract:
    """What a text holds, whatever kind of text it is; `name` as a hint.

    Raises:
        UnreadableFile: if it is a page of the web without an article, or not what its name says.
        TooLarge: if it has too many lines.
    """
    kind = text_kind(text, name)
    if kind == "html":
        if (extract := read_html(text)) is None:
            raise no_article(name)
        return extract
    _check_lines(text, name, settings)
    match kind:
        case "markdown":
            return read_markdown(text)
        case "latex" | "subtitles":
            return read_apart(kind, text.encode("utf-8", "replace"), name, settings)
        case "table":
            extract = read_delimited(text)
        case "notebook":
            extract = read_notebook(text)
        case "xml":
            extract = read_xml(text) or read_markdown(text)  # which may hold pieces of HTML
        case "plain":
            extract = None
    return extract or Extract(normalise(text).split("\n\n"))


def no_article(name: str) -> UnreadableFile:
    """The refusal of a page that is all navigation."""
    return UnreadableFile(
        f"{name} is a web page without an article in it; paste the text instead. "
        f"Footnote reads {READABLE}."
    )


def _check_lines(text: str, name: str, settings: Settings) -> None:
    """Each line costs what a hundred characters do: millions of them would take minutes."""
    most = settings.max_article_characters // _LEAST_LINE
    lines = sum(bool(line.strip()) for line in text.splitlines())
    if lines > most:
        raise TooLarge(
            f"{name} has {lines:,} lines, more than the {most:,} allowed; "
            "split it, or raise FOOTNOTE_MAX_ARTICLE_CHARACTERS."
        )
