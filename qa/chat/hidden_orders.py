"""Sentences of an article that speak to an AI instead of a reader, and text that fakes a prompt.

A chat model sees an article as part of its prompt, so an article can try to give it orders
("indirect prompt injection": Greshake et al. 2023, "Not what you've signed up for"). Two measures
are here: sentences that are recognised as such are kept from every answerer (`qa.chat.withheld`),
and what is shown to a chat model can neither close the block that it stands in, nor pass for a
sentence number or a role, nor hide characters or encoded text from the person who checks it.

Recognition is by patterns and will miss some. What holds even then is `support`: a statement must
rest on the sentence that it cites. What neither can tell is a plain false claim in an article from
a true one; the footnote shows the person what the article says.
"""

import re
import unicodedata
from functools import lru_cache

from qa.chat.order_patterns import DATA_ENDS, ORDERS

_LOOKALIKES = str.maketrans(
    "аеорсухіјѕһԁԛԝοαενικρτυАВЕКМНОРСТХІЅΑΒΕΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijshdqwoaevikptuABEKMHOPCTXISABEHIKMNOPTYX",
)
"""Cyrillic and Greek letters that look like Latin ones."""

_ORDER = re.compile("|".join(f"(?:{pattern})" for pattern in ORDERS), re.IGNORECASE)
_DATA_ENDS = re.compile(DATA_ENDS, re.IGNORECASE)
_RUN_TOGETHER = re.compile(
    r"(?:ignore|disregard|forget|override)(?:all|any|the|your|previous|prior|above|earlier|of)+"
    r"\w{0,20}?(?:instruction|prompt|rule|direction)"
)

_SPACED = re.compile(r"\b(?:\w[ ._*-]){4,}\w\b")
_ENCODED = re.compile(
    r"\b(?:[A-Za-z0-9+/_-]{40,}={0,2}|[A-Za-z0-9+/]{16,}={1,2}|(?:[0-9a-fA-F]{2}[ :]?){20,})"
)


@lru_cache(maxsize=16_384)
def speaks_to_an_ai(sentence: str) -> bool:
    """Whether a sentence gives orders to whatever reads it for a person, or fakes a prompt.

    Hidden characters, letters that only look Latin, and letters set apart are seen through.
    """
    plain = visible(sentence)
    folded = " ".join(unicodedata.normalize("NFKC", plain).split()).replace("’", "'")
    latin = folded.translate(_LOOKALIKES)
    forms = {folded, latin, re.sub(r"[*_`~]", "", latin)}
    if _SPACED.search(latin):
        closed = _SPACED.sub(lambda match: re.sub(r"[ ._*-]", "", match[0]), latin)
        forms.add(closed)
    if _RUN_TOGETHER.search(re.sub(r"[\W_]", "", latin).lower()):
        return True
    return any(_ORDER.search(form) for form in forms)


def pretends_to_end_the_data(sentence: str) -> bool:
    """Whether a sentence poses as the mark after which the person speaks again."""
    return _DATA_ENDS.search(" ".join(visible(sentence).split())) is not None


def visible(text: str) -> str:
    """The text without format, control, private and unassigned characters.

    The joiners U+200C and U+200D go too: a text with them stripped is for comparing, or for a
    model, not for showing. Variation selectors and the tag block can carry a hidden message.
    """
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if character == "\n" or character == "\t":
            kept.append(" ")
        elif category[0] != "C" and not 0xFE00 <= ord(character) <= 0xFE0F:
            kept.append(character)
    return "".join(kept)


def as_data(sentence: str) -> str:
    """One line of plain text for the prompt: no marks that the prompt itself uses.

    Square brackets become round ones, since square ones cite; angle brackets, backticks and rows
    of signs that fence or head a block are replaced; addresses and encoded text are left out.
    """
    text = re.sub(r"!?\[([^\]]*)\]\(\s*[^)\s]*[^)]*\)", r"\1", visible(sentence))
    text = re.sub(r"(?:https?|ftp|file|data|javascript):\S+|www\.\S+", "(address)", text)
    text = _ENCODED.sub("(encoded text)", text)
    text = text.translate(str.maketrans("[]【】［］〔〕<>`{}|", "()()()()‹›'()/"))
    text = re.sub(r"([#=*_~-])\1{2,}", r"\1", text)
    return " ".join(text.split()).lstrip("#>*- ")
