"""Markdown → blocks, read as CommonMark with tables: the words stay, the marks go."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from index.loading.blocks import Extract, heading, item, one_line
from index.loading.html import fragment_text
from index.loading.tables import plain_rows

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"^#{1,6} +\S", re.MULTILINE)
_MARKS = re.compile(
    r"^```|\]\((?:https?:|[./#])[^)\s]{0,500}\)|\*\*[^\s*][^*\n]*\*\*", re.MULTILINE
)
_LONGEST_FRONT_MATTER = 20_000
_MARK_CHARACTERS = "*_`~[]<>|!\\&"
_MOST_MARKS = 300_000
"""In 5,000,000 characters, the most that are read, those are one in 17."""


def looks_like_markdown(text: str) -> bool:
    """Whether a text without a name uses marks that are hardly anything but Markdown."""
    sample = text[:100_000]
    return _HEADING.search(sample) is not None or len(_MARKS.findall(sample)) >= 2


def is_little_but_marks(text: str) -> bool:
    """Whether so much could be a mark of Markdown that no one wrote it to be read.

    Such a text is nothing as Markdown either, and it would take 10 µs and 1 kB a mark to find out.
    """
    return sum(map(text.count, _MARK_CHARACTERS)) > _MOST_MARKS


def read_markdown(text: str) -> Extract:
    """The blocks of a Markdown text, and the title of its front matter or first heading.

    Emphasis, links, code fences, comments and other HTML become the words inside them. The alt
    text of an image is a paragraph, unless the image has a caption in italics.
    """
    from markdown_it import MarkdownIt

    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT_MATTER.match(text[:_LONGEST_FRONT_MATTER])
    tokens = (
        MarkdownIt("commonmark")
        .enable(["table", "strikethrough"])
        .parse(text[front.end() :] if front else text)
    )
    blocks = [block for block in _blocks(tokens) if block.strip("#- ")]
    title = _front_title(front[1] or "") if front else None
    first = next((block for block in blocks if block.startswith("# ")), None)
    return Extract(blocks, title or (first and first[2:]))


def _front_title(front: str) -> str | None:
    import yaml

    if "<<" in front:  # merged mappings can double at every line, for hours
        return None
    try:
        fields = yaml.safe_load(front)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    title = fields.get("title") if isinstance(fields, dict) else None
    return one_line(title) or None if isinstance(title, str) else None


def _blocks(tokens: list["Token"]) -> Iterator[str]:
    numbers: list[int | None] = []  # of each open list: the next number, or None for bullets
    begins_item = False
    rows: list[list[str]] = []
    for i, token in enumerate(tokens):
        match token.type:
            case "ordered_list_open":
                numbers.append(int(token.attrs.get("start", 1)))
            case "bullet_list_open":
                numbers.append(None)
            case "ordered_list_close" | "bullet_list_close":
                numbers.pop()
            case "list_item_open":
                begins_item = True
            case "table_open":
                rows = []
            case "tr_open":
                rows.append([])
            case "table_close":
                yield from plain_rows(rows, header_rows=1)
            case "fence" | "code_block":
                # A comment in code is no heading.
                yield from (one_line(line).lstrip("# ") for line in token.content.splitlines())
            case "html_block":
                yield from fragment_text(token.content)
            case "inline" if tokens[i - 1].type in ("th_open", "td_open"):
                rows[-1].append(" ".join(_lines(token.children or [])))
            case "inline" if tokens[i - 1].type == "heading_open":
                words = " ".join(_lines(token.children or []))
                yield heading(int(tokens[i - 1].tag[1]), words)
            case "inline":
                lines, captions = _paragraph(token.children or [])
                if begins_item and numbers and lines:
                    lines[0] = item(lines[0], numbers[-1])
                    number = numbers[-1]
                    numbers[-1] = number + 1 if number is not None else None
                    begins_item = False
                yield from lines
                yield from captions


def _paragraph(inline: list["Token"]) -> tuple[list[str], list[str]]:
    """The lines of a paragraph, and what is said of the images in it.

    The caption of an image, in italics or bold under it, says more than its alternative text.
    """
    alts = [words for token in inline if token.type == "image" and (words := _alt(token))]
    lines = [line for line in _lines(inline) if line]
    if any(token.type == "image" for token in inline) and lines and _is_emphasised(inline):
        return [" ".join(lines)], []
    return lines, alts


def _alt(image: "Token") -> str:
    """What is said about an image: its title, or its alt text unless that is a file name."""
    words = one_line(str(image.attrs.get("title") or "")) or one_line(image.content)
    return "" if PurePosixPath(words).suffix.lower() in _IMAGE_SUFFIXES else words


_IMAGE_SUFFIXES = {".jpg", ".jpeg", ".png", ".gif", ".svg", ".webp"}


def _is_emphasised(inline: list["Token"]) -> bool:
    """Whether all words of a paragraph are in italics or bold."""
    depth = 0
    for token in inline:
        if token.type in ("em_open", "strong_open"):
            depth += 1
        elif token.type in ("em_close", "strong_close"):
            depth -= 1
        elif token.type in ("text", "code_inline") and token.content.strip() and not depth:
            return False
    return True


def _lines(inline: list["Token"]) -> list[str]:
    """The words of a paragraph; a hard line break begins a new line."""
    parts = []
    for token in inline:
        match token.type:
            case "text" | "code_inline":
                parts.append(token.content)
            case "softbreak":
                parts.append(" ")
            case "hardbreak":
                parts.append("\n")
            case "html_inline" if token.content.lower().startswith("<br"):
                parts.append("\n")
    return [one_line(line) for line in "".join(parts).split("\n")]
