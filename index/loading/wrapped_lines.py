"""Lines that were broken at a fixed width, put together into paragraphs again.

A line was wrapped when the first word of the next line would not have fitted on it any more.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

_WIDEST = 130
"""Wider than this in characters, lines are paragraphs of their own."""
_NARROWEST = 30
_SENTENCE_END = re.compile(r"[.!?…:。！？][\"'”’»)\]]*$")
_STARTS_BLOCK = re.compile(r"(?:#{1,6} |- |\d{1,2}[.)] )")
_BETWEEN_WORDS = re.compile(r"[^\W_][-‐]$")
_SUSPENDED = re.compile(r"(?:and|or|to|und|oder|et|ou) ")
"""As in `pre- and post-war`: the hyphen stands for the rest of the word."""
_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")


def looks_wrapped(runs: Sequence[Sequence[str]]) -> bool:
    """Whether the lines of these runs (lines without a blank one between) were cut at a width."""
    pairs = [pair for run in runs for pair in pairwise(run)]
    pairs = [(a, b) for a, b in pairs if not _STARTS_BLOCK.match(a) or not _STARTS_BLOCK.match(b)]
    if not pairs:
        return False
    width = line_width([line for run in runs if len(run) > 1 for line in run])
    goes_on = sum(
        len(a) >= _NARROWEST and b[0].islower() and not _SENTENCE_END.search(a) for a, b in pairs
    )
    full = sum(_is_full(a, b, width) for a, b in pairs) if _NARROWEST <= width <= _WIDEST else 0
    return goes_on >= 0.4 * len(pairs) or full >= 0.75 * len(pairs)


def line_width(lines: Sequence[str]) -> int:
    """The width in characters at which the lines were cut, a few longer ones left aside."""
    lengths = sorted(len(line) for line in lines)
    return lengths[round(0.95 * (len(lengths) - 1))] if lengths else 0


def paragraphs(lines: Sequence[str], width: int, words: frozenset[str] | None = None) -> list[str]:
    """The paragraphs of wrapped lines; a new one begins after a short line that ends a sentence.

    With `words` (`vocabulary` of the whole text), a word that was hyphenated at the end of a line
    is written in one piece, unless the text has it with its hyphen elsewhere. Without, the hyphen
    is taken as one that belongs to the word.
    """
    found: list[list[str]] = []
    previous = ""
    for line in lines:
        ended = _SENTENCE_END.search(previous) and not _is_full(previous, line, width)
        if not found or ended or _STARTS_BLOCK.match(line) or found[-1][0].startswith("#"):
            found.append([line])
        else:
            # Lines in a list: a string that grows by each of 100,000 lines would take minutes.
            found[-1][-1] = _before(found[-1][-1], line, words)
            found[-1].append(line)
        previous = line
    return ["".join(parts) for parts in found]


def vocabulary(lines: Sequence[str]) -> frozenset[str]:
    """The words of the text in lower case, hyphens included; a hyphen that ends a line is not."""
    return frozenset(word.lower() for line in lines for word in _WORD.findall(line.rstrip("-‐ ")))


def _before(line: str, after: str, words: frozenset[str] | None) -> str:
    """The line as it stands before the next: with a space at its end, or without one inside a
    hyphenated word and in CJK writing."""
    if _BETWEEN_WORDS.search(line) and after[:1].isalnum() and not _SUSPENDED.match(after):
        return line[:-1] if words and _is_cut_word(line, after, words) else line
    if _is_cjk(line[-1:]) and _is_cjk(after[:1]):
        return line
    return f"{line} "


def _is_cut_word(before: str, after: str, words: frozenset[str]) -> bool:
    """Whether the hyphen between the lines is only there because the line ended."""
    first, second = _WORD.findall(before.rstrip("-‐")), _WORD.match(after)
    if not first or not second or not after[0].islower():
        return False
    whole, hyphenated = first[-1] + second[0], f"{first[-1]}-{second[0]}"
    return whole.lower() in words or hyphenated.lower() not in words


def ends_sentence(line: str) -> bool:
    """Whether the line ends with a full stop or the like."""
    return _SENTENCE_END.search(line) is not None


def _is_full(line: str, following: str, width: int) -> bool:
    first_word = following.split(" ", 1)[0]
    return len(line) + 1 + len(first_word) > width or (
        _is_cjk(following[:1]) and len(line) >= width - 2
    )


def _is_cjk(character: str) -> bool:
    """Whether it is of a script that puts no spaces between words (Korean does)."""
    if not character or unicodedata.category(character).startswith("M"):
        return False
    return (
        "\u3000" <= character <= "\u30ff"
        or "\u3400" <= character <= "\u9fff"
        or ("\uff01" <= character <= "\uff60")
    )
