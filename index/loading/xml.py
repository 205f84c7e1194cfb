"""XML → its text; records become rows, `name: Korla; people: 310`."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from index.loading.blocks import Extract, one_line
from index.loading.normal_form import xml_characters
from index.loading.tables import plain_rows

if TYPE_CHECKING:
    from lxml.etree import _Element

_LONGEST_FIELD = 200
"""Characters: what is longer is text, and the name of its element no name of a column."""
_LOOKS = re.compile(
    r"\s*(?:<\?xml\b|<!DOCTYPE\b|<[A-Za-z_][\w.:-]*(?:\s[^<>]*)?/?>)", re.IGNORECASE
)


def looks_like_xml(text: str) -> bool:
    """Whether a text begins as XML does; whether it is can only be seen by reading it."""
    return _LOOKS.match(text[:2_000]) is not None and text.rstrip().endswith(">")


def read_xml(text: str) -> Extract | None:
    """The words of a document, the fields of each record as a row; None where it is no XML."""
    from lxml.etree import XMLParser, XMLSyntaxError, fromstring

    parser = XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = fromstring(xml_characters(text).encode("utf-8", "replace"), parser)
    except XMLSyntaxError:
        return None
    return Extract([block for block in _blocks(root) if block])


def _blocks(root: "_Element") -> Iterator[str]:
    """In the order of the document, without recursion: a hostile one may be deep."""
    todo = [root]
    while todo:
        element = todo.pop()
        children = [child for child in element if isinstance(child.tag, str)]
        if _has_words_between(element):
            yield one_line("".join(element.itertext()))
            continue
        fields = [child for child in children if not len(child) and not _has_attributes(child)]
        if _are_fields(fields) or _has_attributes(element):
            yield _row(element, fields)
            children = [child for child in children if child not in set(fields)]
        elif not children:
            yield one_line(element.text or "")
        todo += reversed(children)


def _has_words_between(element: "_Element") -> bool:
    """Whether there is text beside the children, as in a paragraph with a word in italics."""
    return bool(len(element)) and any(
        (words or "").strip() for words in (element.text, *(child.tail for child in element))
    )


def _has_attributes(element: "_Element") -> bool:
    return not (element.text or "").strip() and any(map(_is_named, element.attrib))


def _is_named(attribute: str | bytes) -> bool:
    """Not of another namespace, as `xml:lang` and `xsi:type` are, which speak to programs."""
    return not str(attribute).startswith("{")


def _are_fields(leaves: "Sequence[_Element]") -> bool:
    """Whether they are the fields of a record: short, and not all of one kind as in a list."""
    return (len({leaf.tag for leaf in leaves}) > 1 or len(leaves) == 1) and all(
        len(leaf.text or "") <= _LONGEST_FIELD for leaf in leaves
    )


def _row(element: "_Element", fields: "Sequence[_Element]") -> str:
    """The attributes and fields by name; of one field alone the text, which needs no name."""
    values: dict[str, list[str]] = {}
    has_parts = any(len(child) for child in element)
    for name, value in element.attrib.items():
        if _is_named(name) and not (has_parts and name == "id"):
            values.setdefault(str(name), []).append(str(value))
    for field in fields:
        values.setdefault(field.tag.rpartition("}")[2], []).append(field.text or "")
    cells = {name.replace("_", " "): one_line(", ".join(texts)) for name, texts in values.items()}
    if len(cells) == 1:
        [(name, text)] = cells.items()
        return text if fields else f"{name}: {text}"
    return "".join(plain_rows([list(cells), list(cells.values())], header_rows=1))
