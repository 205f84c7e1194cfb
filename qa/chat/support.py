"""Whether what a statement says is in the sentences that it cites.

Every number, date, unit, name, sign and quotation of the statement must be there, most of its
content words must be, and it must not say the opposite. This is a check of words, not of meaning:
a statement that puts the right words into a wrong relation ("Georgia threatens Moscow" for "Moscow
threatens Georgia") passes, which is why the quote is always shown beside it. It errs towards
leaving a true statement out. Names are told by their capitals, so in scripts without capitals
they count as content words, and in German every noun counts as a name.
"""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from qa.chat.names import missing_name, plain, shared_beginning, spelled_out
from qa.chat.negation import reverses
from qa.chat.prompt_text import visible
from qa.quantities import dates, quantities, units, values, without_units
from qa.text import FUNCTION_WORDS, WORD, stem

COVERAGE = 0.6
"""Share of a statement's content words that its cited sentences must hold."""

_QUOTED = re.compile(
    r"“([^”“]+)[”“]|„([^“”„]+)[“”]|«([^»]+)»|\"([^\"]+)\"|‘([^‘’]+(?:’\w[^‘’]*)*)’(?!\w)"
    r"|(?<![\w'])'([^']+(?:'\w[^']*)*)'(?!\w)|「([^」]+)」"
)
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def unsupported(statement: str, cited: Sequence[str], headings: Sequence[str] = ()) -> str | None:
    """What of the statement is missing in the cited sentences, in a few words; `None` if nothing.

    `headings` stand above the cited sentences; what they name counts as named.
    """
    statement = _folded(statement)
    sentences = [_folded(sentence) for sentence in cited]
    source = "\n".join([*sentences, *(_folded(heading) for heading in headings)])
    if missing := _missing_detail(statement, source):
        return missing
    rest = _without_numbers(statement, source)
    only_numbers = bool(quantities(statement)) and not _content(rest)
    if not only_numbers and coverage(rest, source) < COVERAGE:
        return "most of its words"
    if coverage(statement, "\n".join(sentences)) == 0:  # a heading alone carries nothing
        return "all of its words"
    if reverses(statement, sentences):
        return "its yes or no"
    return None


def missing_detail(text: str, source: str) -> str | None:
    """A quotation, number, date, sign or name of the text that is not in the source, or `None`."""
    return _missing_detail(_folded(text), _folded(source))


def _missing_detail(statement: str, source: str) -> str | None:
    if missing := _missing_quotation(statement, source):
        return f"the quotation {missing!r}"
    if missing := _missing_number(statement, source):
        return f"the number {missing}"
    if missing := _missing_date(statement, source):
        return f"the date {missing}"
    if missing := _missing_sign(statement, source):
        return f"the sign {missing}"
    if missing := missing_name(statement, source):
        return f"the name {missing}"
    return None


def coverage(statement: str, source: str) -> float:
    """Share, 0 to 1, of the statement's content words that are in the source; 0 without any."""
    wanted, held = _content(statement), set(_content(source))
    if not wanted:
        return 0.0
    found = sum(word in held or any(_akin(word, other) for other in held) for word in wanted)
    return found / len(wanted)


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", visible(text)).replace("’", "'").replace("‑", "-")
    return _INITIALS.sub(lambda m: m[0].replace(".", ""), text)


def _missing_quotation(statement: str, source: str) -> str | None:
    held = _words(source)
    for match in _QUOTED.finditer(statement):
        quoted = next(group for group in match.groups() if group)
        place = 0
        for part in re.split(r"\.{3}|…|\(…\)", quoted):
            wanted = _words(part)
            place = held.find(wanted, place)
            if wanted.strip() and place < 0:
                return quoted
            place += len(wanted) - 1
    return None


def _words(text: str) -> str:
    words = " ".join(re.findall(r"[^_\W]+", text.casefold()))
    return f" {words} "


def _missing_number(statement: str, source: str) -> str | None:
    held, held_units = values(source), units(source)
    held |= {Decimal(date.month) for date in dates(source)}  # "2021-12-05" for "5 December 2021"
    for quantity in quantities(statement):
        if not quantity.values & held:
            return quantity.text
        if quantity.unit is not None and quantity.unit not in held_units:
            return f"{quantity.text} with its unit"
    return None


def _without_numbers(statement: str, source: str) -> str:
    """Without what was looked at as a number with its unit, or as a spelled out acronym."""
    for quantity in quantities(statement):
        statement = statement.replace(quantity.text, " ", 1)
    statement = without_units(statement, units(source))
    acronyms = spelled_out(statement, source)
    return "".join(
        " " if match.start() in acronyms else match[0]
        for match in re.finditer(rf"{WORD.pattern}|.", statement, re.DOTALL)
    )


def _missing_date(statement: str, source: str) -> str | None:
    held = dates(source)
    for date in dates(statement):
        if not any(date.agrees_with(other) for other in held):
            return "-".join(str(part) for part in (date.year, date.month, date.day) if part)
    return None


def _missing_sign(statement: str, source: str) -> str | None:
    for character in statement:
        symbol = unicodedata.category(character)[0] == "S" or character in "{}\\@#"
        if symbol and character not in source:
            return character
    return None


def _content(text: str) -> list[str]:
    content: list[str] = []
    for match in WORD.finditer(text):
        word = plain(match[0])
        if _UNSPACED.search(word):
            content += [word[i : i + 2] for i in range(max(1, len(word) - 1))]
        elif word not in FUNCTION_WORDS:
            content.append(stem(word))
    return content


def _akin(a: str, b: str) -> bool:
    """Whether two stems are forms of one word, in any language that inflects at the end."""
    if a[:4] != b[:4] or min(len(a), len(b)) < 4:
        return False
    return shared_beginning(a, b) >= 0.65 * max(len(a), len(b))
