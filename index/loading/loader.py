"""Files, pages and pasted text → `Article`."""

import os
import re
from pathlib import Path

from index.articles import Article
from index.errors import TooLarge, UnreadableFile
from index.loading.blocks import Extract
from index.loading.docx import read_docx
from index.loading.encodings import decode, decode_html
from index.loading.file_types import READABLE, about_binary, is_docx, is_pdf, suffix, text_kind
from index.loading.html import looks_like_html, read_html
from index.loading.markdown import read_markdown
from index.loading.normal_form import normalise
from index.loading.pdf import read_pdf
from index.settings import Settings

__all__ = ["load_bytes", "load_file", "load_html", "load_text", "normalise"]

_HEADING = re.compile(r"#{1,6} ")
_LONGEST_TITLE = 200
_LONGEST_FIRST_LINE = 120
"""Characters of a first line that may be a title; a longer one is a paragraph."""
_LONGEST_NAME = 120
_LEAST_LINE = 25
"""Characters of a line in the longest text that is read; most have more than 60."""


def load_file(path: Path, settings: Settings) -> Article:
    """The article in a .txt, .md, .html, .pdf or .docx file, known by its name.

    Raises:
        UnreadableFile: if there is no such file or it holds no text that can be read.
        TooLarge: if the file or its text is over a limit of the settings.
    """
    name = _shown(path.name) or _shown(str(path))
    try:
        if path.is_dir():
            raise UnreadableFile(f"{name} is a folder; name the files in it.")
        if path.exists() and not path.is_file():
            raise UnreadableFile(f"{name} is not a regular file; save its content to one.")
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size > settings.max_file_bytes:
                raise _file_too_large(name, settings)
            data = file.read(settings.max_file_bytes + 1)
    except FileNotFoundError as error:
        raise UnreadableFile(f"There is no file {_shown(str(path))}; check the name.") from error
    except PermissionError as error:
        raise UnreadableFile(f"{name} may not be read; change its permissions.") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise UnreadableFile(
            f"{name} cannot be read ({getattr(error, 'strerror', None) or error}); "
            "copy it to another place and try that."
        ) from error
    return load_bytes(data, path.name, settings)


def load_bytes(data: bytes, name: str, settings: Settings, source: str | None = None) -> Article:
    """The article in the bytes of a file; `name` only hints at its type and title.

    Raises:
        UnreadableFile: if it holds no text that can be read.
        TooLarge: if the bytes or the text are over a limit of the settings.
    """
    name = _shown(re.split(r"[/\\]", name)[-1]) or "The file"
    if len(data) > settings.max_file_bytes:
        raise _file_too_large(name, settings)
    if not data.strip():
        raise UnreadableFile(f"{name} is empty; choose a file with text in it.")
    extract = _extract(data, name, settings)
    stem = name[: len(name) - len(suffix(name))] if suffix(name) else name
    return _article(extract, name, source or name, settings, fallback_title=stem)


def load_text(
    text: str, settings: Settings, title: str | None = None, source: str = "pasted text"
) -> Article:
    """The article in a text: plain, Markdown, or the source of an HTML page.

    Raises:
        UnreadableFile: if there are no words in it.
        TooLarge: if it is over a limit of the settings.
    """
    name = "The " + source if source.islower() else _shown(source)
    _check_length(text, name, settings)
    extract = _extract_text(text, name, settings)
    return _article(extract._replace(title=title or extract.title), name, source, settings)


def load_html(html: bytes | str, url: str | None, settings: Settings) -> Article:
    """The article of a page, without its navigation, comments and forms.

    Raises:
        UnreadableFile: if the page holds no article.
        TooLarge: if the page or its text is over a limit of the settings.
    """
    name = _shown(url) if url else "The page"
    if len(html) > settings.max_file_bytes:
        raise _file_too_large(name, settings)
    extract = read_html(html, url)
    if extract is None:
        raise _no_article(name)
    return _article(extract, name, url or "web page", settings)


def _extract(data: bytes, name: str, settings: Settings) -> Extract:
    if is_pdf(data):
        return read_pdf(data, name, settings)
    if is_docx(data, name):
        return read_docx(data, name, settings)
    is_page = looks_like_html(data[:4096].decode("latin-1")) or suffix(name) in (".html", ".htm")
    text = decode_html(data) if is_page else decode(data)
    if text is None:
        raise UnreadableFile(about_binary(data, name))
    return _extract_text(text, name, settings)


def _extract_text(text: str, name: str, settings: Settings) -> Extract:
    kind = text_kind(text, name)
    if kind != "html":
        _check_lines(text, name, settings)
    match kind:
        case "html":
            if (extract := read_html(text)) is None:
                raise _no_article(name)
            return extract
        case "markdown":
            return read_markdown(text)
        case "plain":
            return Extract(None, normalise(text).split("\n\n"))


def _article(
    extract: Extract, name: str, source: str, settings: Settings, fallback_title: str = ""
) -> Article:
    # Each block is one line already; what is left to do is the characters.
    text = normalise("\n\n".join(extract.blocks))
    if not any(character.isalnum() for character in text):
        raise UnreadableFile(f"{name} holds no text; choose one with an article in it.")
    if all(_HEADING.match(block) for block in text.split("\n\n")):
        raise UnreadableFile(f"{name} holds only headings; choose one with text below them.")
    _check_length(text, name, settings)
    title = _clean_title(extract.title or "") or _first_title(text, fallback_title)
    return Article.of(text, title, _one_line(source) or name)


def _first_title(text: str, fallback: str) -> str:
    """The first heading; else a first line that is short and no sentence; else the file's name."""
    blocks = text.split("\n\n")
    if first := next((block for block in blocks[:5] if _HEADING.match(block)), ""):
        return _clean_title(first)
    line = blocks[0]
    if len(blocks) > 1 and len(line) <= _LONGEST_FIRST_LINE and not line.endswith((".", ":", ";")):
        return _clean_title(line)
    return _clean_title(fallback) or _shortened(line, 80)


def _clean_title(title: str) -> str:
    return _shortened(re.sub(r"^(?:#{1,6} |- )", "", _one_line(title)), _LONGEST_TITLE)


def _shortened(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return text[: text.rfind(" ", 0, longest) if " " in text[:longest] else longest] + " …"


def _shown(name: str) -> str:
    """A file name or address as it may stand in a message: one line, no control characters."""
    return _one_line(name)[:_LONGEST_NAME]


def _one_line(text: str) -> str:
    return normalise(text).replace("\n\n", " ")


def _check_length(text: str, name: str, settings: Settings) -> None:
    if len(text) > settings.max_article_characters:
        raise TooLarge(
            f"{name} has {len(text):,} characters, more than the "
            f"{settings.max_article_characters:,} allowed; "
            "split it, or raise FOOTNOTE_MAX_ARTICLE_CHARACTERS."
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


def _file_too_large(name: str, settings: Settings) -> TooLarge:
    return TooLarge(
        f"{name} is larger than {settings.max_file_bytes:,} bytes; "
        "split it, or raise FOOTNOTE_MAX_FILE_BYTES."
    )


def _no_article(name: str) -> UnreadableFile:
    return UnreadableFile(
        f"{name} is a web page without an article in it; paste the text instead. "
        f"Footnote reads {READABLE}."
    )
