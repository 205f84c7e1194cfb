"""Files, pages and pasted text → `Article`."""

import os
import re
from pathlib import Path

from index.articles import Article
from index.errors import TooLarge, UnreadableFile
from index.loading.blocks import Extract
from index.loading.file_types import suffix
from index.loading.formats import no_article, read_bytes, read_text
from index.loading.html import read_html
from index.loading.normal_form import normalise
from index.loading.stored_text import stored_text
from index.loading.tables import is_table_row
from index.settings import Settings

__all__ = ["load_bytes", "load_file", "load_html", "load_text", "normalise"]

STANDARD_INPUT = "standard input"
"""The name of what comes from there: it is no title, as the name of a file may be."""
_HEADING = re.compile(r"#{1,6} ")
_LONGEST_TITLE = 200
_LONGEST_FIRST_LINE = 120
"""Characters of a first line that may be a title; a longer one is a paragraph."""
_LONGEST_NAME = 120
_NEAR_TOP = 5
"""Blocks in which the title of a text stands."""


def load_file(path: Path, settings: Settings, source: str | None = None) -> Article:
    """The article in a file of any kind that is read; `file_types` lists them.

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
    return load_bytes(data, path.name, settings, source)


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
    extract = read_bytes(data, name, settings)
    stem = name[: len(name) - len(suffix(name))] if suffix(name) else name
    stem = "" if name == STANDARD_INPUT else stem
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
    extract = read_text(text, name, settings)
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
        raise no_article(name)
    return _article(extract, name, url or "web page", settings)


def _article(
    extract: Extract, name: str, source: str, settings: Settings, fallback_title: str = ""
) -> Article:
    text, pages = stored_text(extract)
    if not any(character.isalnum() for character in text):
        raise UnreadableFile(f"{name} holds no text; choose one with an article in it.")
    _check_length(text, name, settings)
    # Not of the line with what the file says of itself.
    top, _ = stored_text(Extract(extract.blocks[: _NEAR_TOP + 1]))
    title = (
        _clean_title(extract.title or "")
        or _top_heading(top)
        or _clean_title(extract.named or "")
        or _first_title(top, fallback_title)
    )
    return Article.of(
        text, title, _one_line(source) or name, pages=pages, notes=tuple(extract.notes)
    )


def _top_heading(text: str) -> str:
    """The first heading near the top of the text; empty where there is none."""
    blocks = text.split("\n\n", _NEAR_TOP)[:_NEAR_TOP]
    return _clean_title(next((block for block in blocks if _HEADING.match(block)), ""))


def _first_title(text: str, fallback: str) -> str:
    """A first line that is short and no sentence; else the file's name, or the first words."""
    line, *others = text.split("\n\n", 1)
    is_title = len(line) <= _LONGEST_FIRST_LINE and not line.endswith((".", ":", ";", "。"))
    if others and is_title and any(map(str.isalpha, line)) and not is_table_row(line):
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


def _file_too_large(name: str, settings: Settings) -> TooLarge:
    return TooLarge(
        f"{name} is larger than {settings.max_file_bytes:,} bytes; "
        "split it, or raise FOOTNOTE_MAX_FILE_BYTES."
    )
