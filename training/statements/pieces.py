"""Text out of chosen words of a parse, and what hangs on a word."""

import re
from collections.abc import Iterable

from spacy.tokens import Doc, Token

_DASH_LEFT = re.compile(r"(?:[,;:]|\s[-–—])+$")


def text_of(doc: Doc, chosen: Iterable[int]) -> str:
    """The words at `chosen` in order, without doubled spaces and commas that lost their words."""
    text = "".join(doc[i].text_with_ws if i + 1 < len(doc) else doc[i].text for i in sorted(chosen))
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ([,.;:])", r"\1", text)
    text = re.sub(r",(?:\s*,)+", ",", text).strip()
    text = re.sub(r"^[,;:\s]+", "", text)
    return _DASH_LEFT.sub("", text).strip()


def subtree(token: Token) -> set[int]:
    return {t.i for t in token.subtree}


def child(token: Token, *dependencies: str) -> Token | None:
    return next((t for t in token.children if t.dep_ in dependencies), None)


def root_of(doc: Doc) -> Token | None:
    """The main verb of a text that the parser takes for one sentence."""
    roots = [t for t in doc if t.dep_ == "ROOT" and t.pos_ != "PUNCT"]
    return roots[0] if len(roots) == 1 else None


def is_contiguous(indices: set[int]) -> bool:
    return bool(indices) and max(indices) - min(indices) + 1 == len(indices)


def lower_start(doc: Doc, text: str, first: int) -> str:
    """`text`, which begins at word `first`, as it is written in the middle of a sentence."""
    token = doc[first]
    proper = token.tag_ in ("NNP", "NNPS") or token.ent_type_ in ("PERSON", "ORG", "GPE", "NORP")
    if (
        (proper and token.pos_ != "DET")
        or token.text == "I"
        or token.text[1:] != token.text[1:].lower()
    ):
        return text
    return text[:1].lower() + text[1:]
