"""Page furniture that a copied or printed page leaves in the text: found and dropped.

Only whole short blocks are dropped, never a sentence of a paragraph, so that an article about
cookies or newsletters keeps what it says about them. The patterns are of English pages.
"""

import re

from index.loading.blocks import CAPTION
from index.loading.furniture_patterns import (
    COMMENT_HEADING,
    COOKIE_SENTENCE,
    ITEM,
    LINE,
    LINKS_HEADING,
    ONE_NETWORK,
    SAYS,
    SENTENCE,
    SHARE_HEAD,
    TO_YOU,
)

_LONGEST_LINE = 150
_LONGEST_NOTICE = 500
_LONGEST_TAIL = 1 / 3
"""Of the text: what follows a comment form is dropped only up to this share."""


def without_furniture(blocks: list[str]) -> list[str]:
    """The blocks of the article itself; all of them where nothing else would be left."""
    end = _comment_form(blocks)
    kept: list[str] = []
    i = 0
    while i < end:
        if links := _link_list(blocks, i, end):
            i += links
        elif _is_furniture(blocks[i]):
            i += 1
            if SHARE_HEAD.match(_bare(blocks[i - 1])):
                i += _networks(blocks, i, end)
        else:
            kept.append(blocks[i])
            i += 1
    if kept and kept[-1] is not blocks[-1]:
        while kept and kept[-1].startswith("#"):  # a heading that only furniture stood under
            kept.pop()
    return kept or blocks


def _is_furniture(block: str) -> bool:
    if block.startswith(("#", CAPTION)):
        return False
    bare = _bare(block)
    if block.startswith("- "):
        return ITEM.fullmatch(bare[: 2 * _LONGEST_LINE]) is not None
    if len(bare) <= 2 * _LONGEST_LINE and LINE.fullmatch(bare):
        return True
    return _is_cookie_notice(bare)


def _is_cookie_notice(text: str) -> bool:
    """Whether every sentence is one of a cookie notice, and one of them speaks to the visitor."""
    if len(text) > _LONGEST_NOTICE or "cookie" not in text.lower() or SAYS.search(text):
        return False
    sentences = [sentence.strip() for sentence in SENTENCE.findall(text)]
    return bool(TO_YOU.search(text)) and all(COOKIE_SENTENCE.match(s) for s in sentences if s)


def _comment_form(blocks: list[str]) -> int:
    """Where the text ends: at the heading of a comment form that ends the page, if there is one."""
    total = sum(map(len, blocks))
    for i, block in enumerate(blocks):
        if not COMMENT_HEADING.fullmatch(_bare(block)):
            continue
        form = any(_is_furniture(later) for later in blocks[i + 1 : i + 7])
        tail = sum(map(len, blocks[i:]))
        # A form is some 200 characters; below that the share says nothing.
        if (form or i == len(blocks) - 1) and (tail <= 300 or tail <= _LONGEST_TAIL * total):
            return i
    return len(blocks)


def _link_list(blocks: list[str], start: int, end: int) -> int:
    """How many blocks are a list of links from `start` on: its heading and what hangs under it.

    A heading that prose follows is a section of the article, whatever it says.
    """
    if blocks[start].startswith("- ") or not LINKS_HEADING.fullmatch(_bare(blocks[start])):
        return 0
    i = start + 1
    while i < end and not blocks[i].startswith("#") and _is_link(blocks[i]):
        i += 1
    followed_by_prose = i < end and not blocks[i].startswith("#")
    is_heading = blocks[start].startswith("#")
    if i == start + 1 and followed_by_prose and is_heading:
        return 0
    if not is_heading and followed_by_prose and i > start + 1:
        return 1  # a line, not a heading: what is under it may be the article's own list
    return i - start


def _is_link(block: str) -> bool:
    return len(block) <= _LONGEST_LINE and not block.endswith((".", ":", ";", "”", '"'))


def _networks(blocks: list[str], start: int, end: int) -> int:
    i = start
    while i < end and ONE_NETWORK.fullmatch(_bare(blocks[i])):
        i += 1
    return i - start


def _bare(block: str) -> str:
    return re.sub(r"^(?:#{1,6} |- )", "", block).strip()
