"""The numbers and dates of a text as values, however they are written.

`ten` and `10`, `1,000` and `1000`, `1.5 million` and `1,500,000`, `5 May 2021` and `2021-05-05`
are the same. English number words and month names; digits of any script.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

_UNITS_OF_MEASURE = [
    "percent|per cent|percentage|%",
    "seconds?|secs?",
    "minutes?|mins?",
    "hours?|hrs?",
    "days?",
    "weeks?",
    "months?",
    "years?|yrs?",
    "decades?",
    "centur(?:y|ies)",
    "kilomet(?:er|re)s?|kms?",
    "met(?:er|re)s?",
    "miles?",
    "feet|foot|ft",
    "kilograms?|kilos?|kgs?",
    "tons?|tonnes?",
    "dollars?|usd|\\$",
    "euros?|eur|€",
    "pounds?|gbp|£",
]
_UNITS = [
    re.compile(rf"(?<![^\W\d_])(?:{unit})(?![^\W\d_])", re.IGNORECASE) for unit in _UNITS_OF_MEASURE
]

_ONES_TEXT = """zero one two three four five six seven eight nine ten eleven twelve thirteen
    fourteen fifteen sixteen seventeen eighteen nineteen"""
ONES = _ONES_TEXT.split()
_ORDINALS_TEXT = """zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh
    twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"""
ORDINALS = _ORDINALS_TEXT.split()
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_VALUES = {word: n for words in (ONES, ORDINALS) for n, word in enumerate(words)}
_VALUES |= {word: 10 * n for n, word in enumerate(_TENS, 2)}
_VALUES |= {word.removesuffix("y") + "ieth": 10 * n for n, word in enumerate(_TENS, 2)}
_SCALES = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 1_000,
    "k": 1_000,
    "million": 10**6,
    "mn": 10**6,
    "m": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "trillion": 10**12,
}
_ONE = "|".join(sorted((*ONES, *ORDINALS), key=len, reverse=True))
_TEN = "|".join(f"{ten.removesuffix('y')}(?:y|ieth)" for ten in _TENS)
_BELOW_100 = rf"(?:(?:{_TEN})(?:[\s-]+(?:{_ONE}))?|(?:{_ONE}))\b"
_SCALE = r"(?:dozen|hundred|thousand|million|billion|trillion)s?\b"
_IN_WORDS = rf"(?:{_BELOW_100}|{_SCALE})(?:[\s-]+{_SCALE}|(?<=d)(?:\s+and)?[\s-]+{_BELOW_100})*"
_NUMBER = re.compile(
    r"(?P<digits>(?<![\w.,])(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,’']\d+)*))"
    r"(?P<after>(?:st|nd|rd|th|s)\b|\s?(?:hundred|thousand|k|million|mn|m|billion|bn|trillion)\b)?"
    rf"|(?P<words>\b{_IN_WORDS})",
    re.IGNORECASE,
)
_AFTER = re.compile(r"[\s-]*")
_VAGUE = re.compile(
    r"\b(?:(?:no|any|every|some|the|this|that|each|at least|which) (?:one|second)\b(?! \w)"
    r"|one (?:of|another|or|side|day|hand|thing|can|could|must|should|who|that|point|way|such|is)\b"
    r"|first(?:ly)?\b|second(?:ly)?\b|one['’]s|one,)",
    re.IGNORECASE,
)

_MONTH_NAMES_TEXT = """january february march april may june july august september october november
    december"""
_MONTH_NAMES = _MONTH_NAMES_TEXT.split()
MONTHS = {name: n for n, name in enumerate(_MONTH_NAMES, 1)}
_MONTH = (
    "(?P<month>"
    + "|".join(_MONTH_NAMES)
    + r"|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
)
_YEAR = r"(?P<year>[12]\d{3})(?!\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?!\d)"
_DATES = [
    re.compile(rf"(?<!\d){_DAY}\.?(?: of)? {_MONTH}(?:,? (?:of )?{_YEAR})?", re.IGNORECASE),
    re.compile(rf"\b{_MONTH} (?:the )?{_DAY}(?:,? {_YEAR})?", re.IGNORECASE),
    re.compile(rf"\b{_MONTH},? (?:of )?{_YEAR}", re.IGNORECASE),
]
_ISO = re.compile(r"(?<!\d)([12]\d{3})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.]([12]\d{3})(?!\d)")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as written, and what it may mean: `1.000` is a thousand or one."""

    text: str
    values: frozenset[Decimal]
    unit: int | None
    """Which unit of measure follows, as a number that is the same for all its spellings."""


@dataclass(frozen=True, slots=True)
class Date:
    """A day or a month; what is not written is `None`."""

    year: int | None
    month: int
    day: int | None

    def agrees_with(self, other: "Date") -> bool:
        """Whether both may mean the same time, as far as they go."""
        return (
            self.month == other.month
            and (self.day is None or self.day == other.day)
            and (self.year is None or other.year is None or self.year == other.year)
        )


def quantities(text: str) -> list[Quantity]:
    """The numbers of a text, in order; `one` and `first` where they count nothing are left out."""
    vague = [match.span() for match in _VAGUE.finditer(text)]
    found = []
    for match in _NUMBER.finditer(text):
        if match["words"] and any(a <= match.start() and match.end() <= b for a, b in vague):
            continue
        if match["words"]:
            values = {_value_of_words(match["words"])}
        else:
            scale = _SCALES.get((match["after"] or "").strip().lower(), 1)
            values = {value * scale for value in _values_of_digits(match["digits"])}
        found.append(Quantity(match[0].strip(), frozenset(values), _unit_at(text, match)))
    return found


def values(text: str) -> frozenset[Decimal]:
    """Every value that a number in the text may have, also of the ones `quantities` leaves out."""
    found: set[Decimal] = set()
    for match in _NUMBER.finditer(text):
        if match["words"]:
            found.add(_value_of_words(match["words"]))
        else:
            scale = _SCALES.get((match["after"] or "").strip().lower(), 1)
            found |= {value * scale for value in _values_of_digits(match["digits"])}
    return frozenset(found)


def units(text: str) -> set[int]:
    """Which units of measure a text names."""
    return {n for n, unit in enumerate(_UNITS) if unit.search(text)}


def without_units(text: str, named: set[int]) -> str:
    """The text without the units of measure that `units` has named."""
    for n in named:
        text = _UNITS[n].sub(" ", text)
    return text


def dates(text: str) -> list[Date]:
    """The dates of a text that name a month; `5/6/2021` counts as both of its readings."""
    found = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            month = next(
                n for name, n in MONTHS.items() if name.startswith(parts["month"][:3].lower())
            )
            year, day = parts.get("year"), parts.get("day")
            found.append(Date(int(year) if year else None, month, int(day) if day else None))
    numeric = [(y, m, d) for y, m, d in _ISO.findall(text)]
    for a, b, year in _NUMERIC.findall(text):
        numeric += [(year, a, b), (year, b, a)]
    found += [Date(int(y), int(m), int(d)) for y, m, d in numeric if 1 <= int(m) <= 12]
    # "5 May 2021" also reads as "May 2021"; the fuller one is meant.
    return [
        d for d in found if d.day is not None or not any(o != d and d.agrees_with(o) for o in found)
    ]


def _unit_at(text: str, number: re.Match[str]) -> int | None:
    start = _AFTER.match(text, number.end())
    before = text[max(0, number.start() - 1) : number.start()]
    for n, unit in enumerate(_UNITS):
        if (start and unit.match(text, start.end())) or (before and unit.fullmatch(before)):
            return n
    return None


def _values_of_digits(digits: str) -> set[Decimal]:
    digits = re.sub(r"[ \u00a0\u202f’']", "", digits)
    parts = re.split(r"[.,]", digits)
    separators = re.findall(r"[.,]", digits)
    if len(parts) == 1:
        return {Decimal(int(digits))}
    grouped = all(len(part) == 3 for part in parts[1:]) and len(parts[0]) <= 3
    found = {Decimal(int("".join(parts)))} if grouped else set()
    if len(parts) == 2 and not (grouped and "," in digits):  # "1.000" may be German, "1,000" not
        found.add(Decimal(f"{int(parts[0])}.{parts[1]}"))
    elif not grouped and all(len(part) == 3 for part in parts[1:-1]) and len(set(separators)) == 2:
        found.add(Decimal(f"{int(''.join(parts[:-1]))}.{parts[-1]}"))
    elif not grouped:
        found |= {Decimal(int(part)) for part in parts}  # a date or a version: 12.05.2021
    return found


def _value_of_words(text: str) -> Decimal:
    total = current = 0
    for word in re.split(r"[\s-]+", text.lower()):
        scale = _SCALES.get(word) or _SCALES.get(word.removesuffix("s"))
        if scale:
            current = max(current, 1) * scale
            if scale >= 1_000:
                total, current = total + current, 0
        else:
            current += _VALUES.get(word, 0)  # "and" adds nothing
    return Decimal(total + current)
