"""Tokens, in the word pieces of the reader: what `usage` counts and `max_tokens` bounds.

Where a chat model answered, its server's own count is told instead.
"""

from functools import lru_cache
from importlib.resources import files

from tokenizers import Tokenizer


def count_tokens(text: str) -> int:
    """How many tokens a text has."""
    return len(_tokenizer().encode(text, add_special_tokens=False).ids)


def first_tokens(text: str, most: int) -> str:
    """The beginning of a text that has so many tokens at most."""
    offsets = _tokenizer().encode(text, add_special_tokens=False).offsets
    return text if len(offsets) <= most else text[: offsets[most - 1][1]]


@lru_cache(maxsize=1)
def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_str(
        (files("qa.reading") / "model" / "tokenizer.json").read_text(encoding="utf-8")
    )
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
