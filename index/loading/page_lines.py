"""Printed lines with their place and size → headings and paragraphs.

A PDF holds neither: both are read from the layout. What is repeated at the same height of many
pages is a running header or footer; larger or bold type is a heading; a wider gap, or a short
line that ends a sentence, ends a paragraph.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from index.loading.blocks import heading, one_line, page_mark
from index.loading.page_line import PageLine
from index.loading.page_tables import with_rows
from index.loading.wrapped_lines import ends_sentence, line_width, paragraphs, vocabulary

_LARGER = 1.12
"""Times the size of the body: type from here on is a heading."""
_WIDER = 1.3
"""Times the usual distance of two lines: a gap from here on ends a paragraph."""
_EDGE = 2
"""Lines from the top and from the bottom of a page where headers and footers stand."""
_OFTEN = 3
"""Pages on which a header or footer is repeated; a document of six pages or fewer may have two
of them. Not a share of the pages: the header may change with each chapter."""
_LONGEST_HEADING = 200
_PAGE_NUMBER = re.compile(
    r"(?:page|p\.)? ?[-–—]* ?(?:(?P<number>\d{1,4})|[ivxl]{1,7}) ?[-–—]*(?: ?(?:of|/) ?\d+)?", re.I
)
_FIRST_WORD = re.compile(r"(?:[\W\d]+ )?\S+")
_SENTENCE = re.compile(r"(?:\S+ ){3,}\S+[.!?…。！？]")
_APART = 1.3
"""Times the usual distance of two lines: so far a running foot is from the text, at least."""
_BULLET = re.compile(r"[•·▪‣◦●○■□➢\uf0b7\uf0a7–-] ")


def blocks_of_pages(pages: Sequence[Sequence[PageLine]]) -> list[str]:
    """The blocks of all pages, without running headers, footers and page numbers.

    The mark of each page stands behind the first word on it.
    """
    body = _body_size(pages)
    gap = _usual_gap(pages, body)
    pages = [with_rows(page) for page in _without_running_lines(pages, body, gap)]
    lines = [line for page in pages for line in page]
    words = vocabulary([line.text for line in lines])
    width = line_width([line.text for line in lines if line.size < body * _LARGER])
    sizes = sorted({_rounded(line.size) for line in lines if _is_large(line, body)}, reverse=True)
    blocks: list[str] = []
    for group in _groups(list(_with_marks(pages)), body, gap):
        first = group[0]
        text = one_line(" ".join(line.text for line in group))
        if first.is_row:
            blocks.append(text)
        elif _is_large(first, body) and len(text) <= _LONGEST_HEADING:
            blocks.append(heading(sizes.index(_rounded(first.size)) + 1, text))
        elif _is_bold_heading(group):
            blocks.append(heading(len(sizes) + 1, text))
        else:
            parts = paragraphs([_bulleted(line.text) for line in group], width, words)
            blocks += parts
    return blocks


def _with_marks(pages: Sequence[Sequence[PageLine]]) -> Iterator[list[PageLine]]:
    """The pages with the mark of each; behind a word, so that lines are joined as without it."""
    empty = 1
    for page in pages:
        if not page:
            empty += 1
            continue
        text = page[0].text
        word = _FIRST_WORD.match(text)
        at = word.end() if word else 0
        yield [replace(page[0], text=f"{text[:at]}{page_mark(at) * empty}{text[at:]}"), *page[1:]]
        empty = 1


def _groups(
    pages: Sequence[Sequence[PageLine]], body: float, gap: float
) -> Iterator[list[PageLine]]:
    """Lines that stand together: the same kind of type, without a gap between them.

    A paragraph goes on at the top of the next page or column where its last line ends no sentence.
    """
    group: list[PageLine] = []
    for page in pages:
        for i, line in enumerate(page):
            if group and not _goes_on(group[-1], line, body, gap, next_page=i == 0):
                yield group
                group = []
            group.append(line)
    if group:
        yield group


def _goes_on(last: PageLine, line: PageLine, body: float, gap: float, *, next_page: bool) -> bool:
    if line.is_row or last.is_row or not (_has_letters(line) and _has_letters(last)):
        return False
    large = _is_large(line, body)
    if large != _is_large(last, body) or (large and _rounded(line.size) != _rounded(last.size)):
        return False
    if line.bold != last.bold and (line.bold or ends_sentence(last.text) or len(last.text) < 60):
        return False
    down = last.y - line.y
    if next_page or down < 0:
        return not large and not line.bold and not ends_sentence(last.text)
    return down <= _WIDER * (max(gap, 1.2 * line.size) if large else gap)


def _is_large(line: PageLine, body: float) -> bool:
    return line.size >= body * _LARGER and _has_letters(line)


def _has_letters(line: PageLine) -> bool:
    """Lines of figures alone are rows of a table that has no more to it."""
    return any(map(str.isalpha, line.text))


def _is_bold_heading(group: Sequence[PageLine]) -> bool:
    text = group[-1].text
    return (
        all(line.bold for line in group)
        and len(group) <= 2
        and sum(len(line.text) for line in group) <= _LONGEST_HEADING / 2
        and not text.endswith((".", ":", ";", ","))
    )


def _bulleted(text: str) -> str:
    return _BULLET.sub("- ", text, count=1) if _BULLET.match(text) else text


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _body_size(pages: Sequence[Sequence[PageLine]]) -> float:
    """The size that most characters are printed in."""
    characters: Counter[float] = Counter()
    for page in pages:
        for line in page:
            characters[_rounded(line.size)] += len(line.text)
    return characters.most_common(1)[0][0] if characters else 0.0


def _usual_gap(pages: Sequence[Sequence[PageLine]], body: float) -> float:
    """The most frequent distance of two lines of the body, in points."""
    gaps = Counter(
        round(a.y - b.y, 0)
        for page in pages
        for a, b in pairwise(page)
        if 0 < a.y - b.y < 4 * body and _rounded(a.size) == _rounded(b.size) == body
    )
    often = [gap for gap, n in gaps.items() if n >= 0.3 * max(gaps.values())]
    return min(often) + 0.5 if often else 1.3 * body  # the smallest of the frequent ones


def _without_running_lines(
    pages: Sequence[Sequence[PageLine]], body: float, gap: float
) -> list[list[PageLine]]:
    edges = [_edges(page) for page in pages]
    seen = Counter(key for page in edges for key in {_place(line, body) for line in page})
    often = _OFTEN if len(pages) > 2 * _OFTEN else 2
    repeated = {key for key, n in seen.items() if n >= often}
    numbering = Counter(
        int(number["number"]) - i
        for i, page in enumerate(edges)
        for line in page
        if (number := _PAGE_NUMBER.fullmatch(line.text)) and number["number"]
    )

    def is_number(line: PageLine, page: int) -> bool:
        number = _PAGE_NUMBER.fullmatch(line.text)
        if not number or not number["number"] or number["number"] != line.text:
            return number is not None
        first = int(number["number"]) - page
        return numbering[first] > 1 or (first == 1 and line.in_margin)

    kept = []
    for i, page in enumerate(pages):
        running = {
            id(line)
            for line in edges[i]
            if is_number(line, i)
            or (_place(line, body) in repeated and not _is_text(line, page, gap))
        }
        kept.append([line for line in page if id(line) not in running])
    return kept


def _is_text(line: PageLine, page: Sequence[PageLine], gap: float) -> bool:
    """Whether a line that other pages repeat is a sentence of the text all the same: it stands
    outside the margins, or as near to the next line as the lines of the text do."""
    if not _SENTENCE.fullmatch(line.text):
        return False
    near = min((abs(line.y - other.y) for other in page if other is not line), default=math.inf)
    return not line.in_margin or near <= _APART * gap


def _edges(page: Sequence[PageLine]) -> list[PageLine]:
    by_height = sorted(page, key=lambda line: line.y)
    return by_height[:_EDGE] + by_height[max(_EDGE, len(by_height) - _EDGE) :]


def _place(line: PageLine, body: float) -> tuple[str, int]:
    """What makes two lines the same header: the words and the height, whatever the page number."""
    text = line.text.lower()
    return (text if _is_large(line, body) else re.sub(r"\d+", "#", text)), round(line.y / 4)
