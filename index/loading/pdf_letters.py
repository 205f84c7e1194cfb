"""Letters of a PDF that PDFium had to guess → U+FFFD, where they do not read like a language.

A font may show letters without saying which: then PDFium takes the code of each for a letter. Often
that is right, as in the bitmap fonts of old TeX files. In others the codes only count the glyphs
of the font, and `The reservoir` comes out as `7KH UHVHUYRLU`.
"""

import unicodedata
from collections import Counter
from dataclasses import replace

from index.loading.pdf_characters import Character

UNKNOWN = "\ufffd"
_ENOUGH = 30
"""Characters by which a font can be judged; it stands as it is with fewer."""
_OFTEN = frozenset("eainostr")
_LEAST_OFTEN = 0.35
"""Of the letters of a text in Latin script, those of `_OFTEN`: 50 to 70 % in the languages of
Europe, and 15 to 25 % of what is none."""
_LEAST_WORDS = 0.6
"""Of the characters, the letters and figures: nine tenths in texts."""
_LEAST_SCRIPT = 0.8
"""Of the letters, those of one script."""


def without_misread(lines: list[list[Character]]) -> list[list[Character]]:
    """The characters of a page, with U+FFFD for each of a font whose codes are no letters."""
    guessed: dict[int, Counter[str]] = {}
    for line in lines:
        for c in line:
            if c.guessed:
                guessed.setdefault(c.type.font, Counter()).update(c.letters)
    misread = {font for font, letters in guessed.items() if not _may_be_words(letters)}
    if not misread:
        return lines
    return [
        [replace(c, letters=UNKNOWN) if c.guessed and c.type.font in misread else c for c in line]
        for line in lines
    ]


def _may_be_words(counts: Counter[str]) -> bool:
    """Whether the characters of a font are about as frequent as in a text.

    >>> _may_be_words(Counter("thereservoirabovethetownwasfilledforthefirsttime"))
    True
    >>> _may_be_words(Counter("7KHUHVHUYRLUDERYHWKHWRZQZDVILOOHGIRUWKHILUVWWLPH"))
    False
    """
    if counts.total() < _ENOUGH:
        return True
    letters = {character: n for character, n in counts.items() if character.isalpha()}
    figures = sum(n for character, n in counts.items() if character.isdecimal())
    if sum(letters.values()) + figures < _LEAST_WORDS * counts.total():
        return False
    scripts: Counter[str] = Counter()
    for letter, n in letters.items():
        scripts[_script(letter)] += n
    if not scripts:
        return True
    script, most = scripts.most_common(1)[0]
    if most < _LEAST_SCRIPT * scripts.total():
        return False
    often = sum(n for letter, n in letters.items() if letter.casefold() in _OFTEN)
    return script != "LATIN" or most < _ENOUGH or often >= _LEAST_OFTEN * most


def _script(letter: str) -> str:
    """The first word of a letter's name; one for the three scripts of Japanese."""
    name = unicodedata.name(letter, "").partition(" ")[0]
    return "CJK" if name in ("HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA") else name
