"""An article as HTML in which every place can be found again by its offset.

Each block is an element with `data-start`: its text content is exactly
`article.text[start : start + len(content)]`, so the page's script marks a quote by counting
code points. Each sentence is a `<span class="sentence">` with its own place, to be picked when
a person says where the right answer stands.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from index.articles import Article
from index.sentences import sentence_spans
from ui.render.escape import attribute, text

_BLOCK = re.compile(r"\S[\s\S]*?(?=\n\n|\Z)")
_HEADING = re.compile(r"(#{1,6}) ")


def render_article(article: Article) -> str:
    """The article, whole, in a pane that scrolls, under a bar to find one's way in it."""
    return (
        f'<div class="fn-shown">{_bar(article)}'
        '<div class="fn-pane" role="region" tabindex="0" '
        f'aria-label="Article: {attribute(article.title)}">{_article(article)}</div></div>'
    )


def headings(article_text: str) -> list[tuple[int, int, str]]:
    """(level from 2 on, start, words) of each heading."""
    return [
        (int(tag[1]), start, article_text[start:end])
        for tag, start, end in blocks(article_text)
        if tag.startswith("h")
    ]


def _bar(article: Article) -> str:
    items = "".join(
        f'<li class="fn-level-{level}"><button type="button" data-do="section" '
        f'data-start="{start}">{text(words)}</button></li>'
        for level, start, words in headings(article.text)
    )
    outline = ""
    if items.count("<li") > 1:
        outline = (
            '<details class="fn-menu fn-outline"><summary>Outline</summary>'
            f'<div><ul aria-label="Sections">{items}</ul></div></details>'
        )
    return (
        f'<div class="fn-bar">{outline}<strong title="{attribute(article.title)}">'
        f"{text(article.title)}</strong>"
        '<search><input type="search" placeholder="Find in the article" '
        'aria-label="Find in the article"><output aria-live="polite"></output></search></div>'
    )


def render_preview(articles: Sequence[Article]) -> str:
    """Articles before they are added: the text that answers will quote."""
    if not articles:
        return (
            '<div class="fn-empty"><h2>Preview</h2><p>Before an article is added you see here '
            "the text that answers will quote.</p></div>"
        )
    shown = "".join(
        f'<section class="fn-preview"><p class="fn-soft"><strong>{text(article.title)}</strong>, '
        f"{text(article.source)}, {len(article.text):,} characters</p>{_article(article)}</section>"
        for article in articles
    )
    return (
        '<div class="fn-pane" role="region" tabindex="0" aria-label="Preview: the text that '
        f'answers will quote">{shown}</div>'
    )


def _article(article: Article) -> str:
    parts = [
        f'<article class="fn-article" data-article="{attribute(article.id)}" '
        f'aria-label="{attribute(article.title)}" lang="">'
    ]
    spans = sentence_spans(article.text)
    first = 0
    in_list = False
    shown_page = 1
    for tag, start, end in blocks(article.text):
        if (page := article.page(start) or 1) > shown_page:
            parts.append(f'<div class="fn-page" role="separator">Page {page}</div>')
            shown_page = page
        if (tag == "li") != in_list:
            parts.append("<ul>" if tag == "li" else "</ul>")
            in_list = tag == "li"
        while first < len(spans) and spans[first][1] <= start:
            first += 1
        inside = _inside(spans, first, start, end)
        parts.append(f'<{tag} data-start="{start}">')
        parts.append(_sentences(article.text, start, end, inside))
        parts.append(f"</{tag}>")
    parts.append("</ul></article>" if in_list else "</article>")
    return "".join(parts)


def blocks(article_text: str) -> Iterator[tuple[str, int, int]]:
    """(HTML tag, start, end) of each block; the place leaves out the Markdown mark."""
    for match in _BLOCK.finditer(article_text):
        start, end = match.span()
        block = match[0]
        if heading := _HEADING.match(block):
            level = min(len(heading[1]) + 1, 6)  # the page's own title is its h1
            yield f"h{level}", start + heading.end(), end
        elif block.startswith("- "):
            yield "li", start + 2, end
        else:
            yield "p", start, end


def section_of(article_text: str, offset: int) -> str:
    """The nearest heading above `offset`, without its mark; empty where there is none."""
    section = ""
    for tag, start, end in blocks(article_text):
        if start > offset:
            break
        if tag.startswith("h"):
            section = article_text[start:end]
    return section


def _inside(
    spans: list[tuple[int, int]], first: int, start: int, end: int
) -> list[tuple[int, int]]:
    """The sentences from `first` on that begin before `end`, cut to the block's own place."""
    found = []
    for s, e in islice(spans, first, None):
        if s >= end:
            break
        found.append((max(s, start), min(e, end)))
    return found


def _sentences(article_text: str, start: int, end: int, spans: list[tuple[int, int]]) -> str:
    parts = []
    done = start
    for s, e in spans:
        parts.append(text(article_text[done:s]))
        parts.append(
            f'<span class="sentence" data-from="{s}" data-to="{e}">{text(article_text[s:e])}</span>'
        )
        done = e
    parts.append(text(article_text[done:end]))
    return "".join(parts)
