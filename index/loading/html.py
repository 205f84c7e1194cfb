"""HTML → blocks: trafilatura finds the article on the page, this file writes it down."""

import re
from typing import TYPE_CHECKING

from index.loading.blocks import Extract, heading, item, one_line
from index.loading.encodings import decode_html
from index.loading.html_facts import page_facts
from index.loading.html_tables import lay_out_tables
from index.loading.normal_form import xml_characters
from index.loading.tables import plain_rows

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

_LOOKS = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body|article)\b",
    re.IGNORECASE | re.DOTALL,
)
_SITE_NAME = re.compile(r"\s+[|–—·»-]\s+")
_CAPTIONS = (
    ".//figure[not(.//table)]//figcaption | .//*[contains(@class, 'wp-caption-text')]"
    " | .//*[contains(concat(' ', @class, ' '), ' image-caption ')]"
)
_STYLE = "translate(@style, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ \t\n', 'abcdefghijklmnopqrstuvwxyz')"
"""In lower case and without white space."""
_HIDDEN = (
    ".//body//*[@hidden and @hidden != 'until-found'] | .//dialog[not(@open)]"
    f" | .//*[contains({_STYLE}, 'display:none') or contains({_STYLE}, 'visibility:hidden')]"
)
_BROKEN = frozenset({
    "p", "head", "quote", "list", "item", "table", "row", "lb", "br", "div", "li", "ul", "ol", "dl",
    "dt", "dd", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "section", "article",
    "figure", "figcaption", "summary", "details",
})  # fmt: skip
"""Elements that are not part of the line around them, in HTML and in trafilatura's XML."""
_MOST_ELEMENTS = 25_000
"""That trafilatura is given: its time grows with their square."""
_TOO_MANY_ATTRIBUTES = re.compile(
    r"""(<[a-z][^\s/>]*+)
    (?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+){1000,}+""",
    re.IGNORECASE | re.VERBOSE,
)
"""A tag with its attributes; libxml2's time grows with the square of their number."""
_NO_ARTICLE = ("script", "style", "template", "noscript", "head", "nav", "footer", "aside", "form")


def looks_like_html(text: str) -> bool:
    """Whether the text begins like an HTML page."""
    return _LOOKS.match(text[:20_000]) is not None


def read_html(html: bytes | str, url: str | None = None) -> Extract | None:
    """The article of a page and its title; None where the page holds no text.

    The article is found by trafilatura (Barbaresi, ACL 2021), which leaves out navigation,
    comments and forms. Captions of figures, which it would leave out too, are kept. On a page of
    more than 25,000 elements the article is what the page itself marks as `article` or `main`.
    """
    if isinstance(html, bytes):
        decoded = decode_html(html)
        html = decoded.text if decoded else ""
    tree = _parse(html) if html else None
    if tree is None:
        return None
    title, facts = _title(tree), page_facts(tree, url)
    _drop_hidden(tree)
    lay_out_tables(tree)
    _keep_captions(tree)
    small = sum(1 for _ in tree.iter()) <= _MOST_ELEMENTS
    blocks = _article(tree, url) if small else _marked_article(tree)
    return Extract(blocks, title, facts=facts) if blocks else None


def fragment_text(html: str) -> list[str]:
    """The blocks of a piece of HTML inside another format, without looking for an article."""
    tree = _parse(html)
    if tree is None:
        return []
    for unseen in tree.xpath(".//script | .//style | .//template"):
        unseen.drop_tree()
    _keep_captions(tree)
    return [block for line in _lines(tree) if (block := one_line(line))]


def _parse(text: str) -> "HtmlElement | None":
    from lxml.etree import ParserError
    from lxml.html import HTMLParser, document_fromstring

    text = _TOO_MANY_ATTRIBUTES.sub(r"\1", xml_characters(text))
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except ParserError:  # nothing but comments, or empty
        return None


def _article(tree: "HtmlElement", url: str | None) -> list[str]:
    from trafilatura import bare_extraction

    document = bare_extraction(
        tree, url=url, include_comments=False, include_tables=True, include_formatting=True
    )
    body = getattr(document, "body", None)
    if body is not None and (blocks := _blocks(body)):
        return blocks
    return _marked_article(tree)


def _marked_article(tree: "HtmlElement") -> list[str]:
    """The blocks of the only `article` or `main` of a page, or of all of it but the navigation."""
    from lxml.etree import strip_elements

    marked = tree.xpath("(.//article)[last() = 1]") or tree.xpath("(.//main)[last() = 1]")
    body = marked[0] if marked else tree
    strip_elements(body, *_NO_ARTICLE, with_tail=False)
    for element in body.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        tail, text = element.tail, one_line(element.text_content())
        element.clear()
        element.text, element.tail = text and heading(int(element.tag[1]), text), tail
    for element in body.iter("li"):
        element.text = "- " + (element.text or "").lstrip()
    return [block for line in _lines(body) if (block := one_line(line)).strip("#- ")]


def _blocks(body: "_Element") -> list[str]:
    """The blocks of trafilatura's own XML: `head`, `p`, `list`, `quote`, `table`, `code`, `lb`."""
    found: list[str] = []
    for element in body:
        if element.tag == "head":
            level = element.get("rend", "h2")[-1]
            found.append(heading(int(level) if level.isdigit() else 2, _text(element)))
        elif element.tag == "list":
            found += _items(element)
        elif element.tag == "table":
            found += _table(element)
        elif element.tag == "quote" and any(child.tag in _BROKEN for child in element):
            found += [one_line(element.text or ""), *_blocks(element)]
        else:
            found += [one_line(line) for line in _lines(element)]
        found.append(one_line(element.tail or ""))
    return [block for block in found if block.strip("#- ")]


def _items(element: "_Element") -> list[str]:
    ordered = element.get("rend") == "ol"
    found = []
    for number, entry in enumerate(element.iterchildren("item"), 1):
        text = one_line(" ".join(_lines(entry, without="list")))
        found.append(item(text, number if ordered else None))
        for nested in entry.iter("list"):
            if next(nested.iterancestors("item")) is entry:
                found += _items(nested)
    return found


def _table(element: "_Element") -> list[str]:
    rows = [list(row.iter("cell")) for row in element.iter("row")]
    texts = [[_text(cell) for cell in row] for row in rows]
    header = 0
    for row, words in zip(rows, texts, strict=True):
        named = [cell.get("role") == "head" for cell, text in zip(row, words, strict=True) if text]
        if not named or not all(named):
            break
        header += 1
    return plain_rows(texts, header or None)


def _text(element: "_Element") -> str:
    return one_line(" ".join(_lines(element)))


def _lines(element: "_Element", without: str = "") -> list[str]:
    """The text of an element, cut at line breaks and at the blocks inside it."""
    parts: list[str] = []
    # A stack instead of recursion: a hostile page may nest a thousand levels deep.
    todo: list[_Element | str] = [element]
    while todo:
        node = todo.pop()
        if isinstance(node, str):
            parts.append(node)
            continue
        keeps_lines = node.tag in ("code", "pre")
        parts.append((node.text or "") if keeps_lines else _flat(node.text))
        for child in reversed(node):
            broken = "\n" if child.tag in _BROKEN else ""
            todo.append(broken + _flat(child.tail))
            if child.tag != without and isinstance(child.tag, str):
                todo.append(child)
            todo.append(broken)
    return [line for line in "".join(parts).split("\n") if line.strip()]


def _flat(text: str | None) -> str:
    return (text or "").replace("\n", " ")


def _drop_hidden(tree: "HtmlElement") -> None:
    """Take out what a browser does not show: what stands there may be old, or meant for robots."""
    for element in tree.xpath(_HIDDEN):
        if element.getparent() is not None:
            element.drop_tree()


def _keep_captions(tree: "HtmlElement") -> None:
    """Put the caption of each figure before it, as a paragraph."""
    from lxml.html.builder import P

    for element in tree.xpath(_CAPTIONS):
        text = one_line(element.text_content())
        holder = element
        for ancestor in element.iterancestors():
            if ancestor.tag == "figure" or "wp-caption" in ancestor.get("class", "").split():
                holder = ancestor
        if text and holder.getparent() is not None:
            holder.addprevious(P(text))
        element.drop_tree()


def _title(tree: "HtmlElement") -> str | None:
    """The page's own title for the article, without the name of the site."""
    named = "".join(tree.xpath("(.//meta[@property='og:title']/@content)[1]")).strip()
    page = one_line("".join(tree.xpath("(.//head/title)[1]/text()")))
    first = [
        one_line(h1.text_content())
        for h1 in tree.xpath(".//article//h1 | .//main//h1") or tree.xpath(".//h1")
    ]
    first = [h1 for h1 in first if h1]
    if named and not any(h1 in named for h1 in first):
        return one_line(named)
    known = [h1 for h1 in first if h1 in (named or page)]
    if known or first:
        return max(known, key=len) if known else first[0]
    ends = [separator.start() for separator in _SITE_NAME.finditer(page)]
    second = next((one_line(h2.text_content()) for h2 in tree.xpath(".//h2")), None)
    return (page[: ends[-1]] if ends else page) or second or None
