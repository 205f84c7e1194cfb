"""Text of an article, or of a turn, as it may stand in a prompt.

An article is part of the prompt of a chat model, so it can try to give the model orders ("indirect
prompt injection": Greshake et al. 2023, "Not what you've signed up for"). No sentence is kept from
the model for that: what speaks to a reader and what speaks to a machine look alike. The text is
shown as data that can neither close its block, nor pass for a sentence number or a role, nor carry
an address or hidden characters. What the model makes of it is checked afterwards, by
`qa.chat.support`: a statement must rest on the sentences that it cites.
"""

import re
import unicodedata

_ENCODED = re.compile(
    r"\b(?:[A-Za-z0-9+/_-]{40,}={0,2}|[A-Za-z0-9+/]{16,}={1,2}|(?:[0-9a-fA-F]{2}[ :]?){20,})"
)


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
