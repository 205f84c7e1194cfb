"""The numbers, units and dates of a text: which of a statement's its source lacks.

Number words are read by text2num, digits by Babel, units by Pint and dates by dateparser. `ten` and
`10`, `1.5 million` and `1,500,000`, `90 minutes` and `1.5 hours`, `5 May 2021` and `2021-05-05` are
the same; a bare number is compared with every number, and a unit that nobody knows is none.
"""

import calendar
import datetime
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pint
from babel.numbers import NumberFormatError, parse_decimal
from text_to_num import find_numbers

from qa.text import FUNCTION_WORDS

COUNTED = 2
"""The greatest number that is left alone as a word: "one of the two" is often counted, not read."""

_CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen"}
_OTHER_CURRENCIES = ("yuan", "rouble", "ruble", "rupee", "franc", "peso", "krone", "krona", "cent")
_SCALES = {"k": 1e3, "mn": 1e6, "m": 1e6, "bn": 1e9, "tn": 1e12}
_ISO = re.compile(r"(?<![\w-])\d{4}-\d\d-\d\d(?![\w-])")
_NUMBER = re.compile(
    r"(?P<sign>[$€£¥])? ?(?<![^\W_])(?<![^\W\d_]-)"
    r"(?P<digits>(?<![\d.,])\d{1,3}(?: \d{3})+(?![.,]?\d)|\d+(?:[.,’']\d+)*)"
    r"(?P<ordinal>(?:st|nd|rd|th|s)?)(?![^\W\d_]\d)"
    r"(?: ?(?P<scale>1000(?:000)*|100|k|mn|m|bn|tn)(?![^\W_]))?"
    r"(?P<unit>[ -]?(?:per cent|(?:degrees? )?[^\W\d_]+|%|° ?[CF]?)(?![^\W_]))?"
)
_CONNECTED = re.compile(r"\s*(?:to|and|or|by|[-–—,x×])\s*")
_MONTH = re.compile(
    rf"\b(?:{'|'.join(filter(None, calendar.month_abbr))})|\d[-/.]\d+[-/.]\d", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as written, what it may mean, and its unit where Pint knows it."""

    text: str
    values: tuple[float, ...]
    unit: Any | None
    start: int
    end: int
    """With the unit; where only the number ends is `end_of_number`."""
    end_of_number: int

    def found_in(self, others: "Sequence[Quantity]") -> "Quantity | None":
        """The one of the others that says the same number, and the same unit where this has one.

        A bare number has the units of those beside it: "75 hectares, of which 30 are vineyards".
        """
        if self.unit is None:
            return next((o for o in others if _share(self.values, o.values)), None)
        alike = [o for o in others if o.unit and o.unit.dimensionality == self.unit.dimensionality]
        for other in alike:
            if _share(_in_base_units(self), _in_base_units(other)):
                return other
        if not any(other.unit == self.unit for other in alike):
            return None
        bare = (other for other in others if other.unit is None)
        return next((other for other in bare if _share(self.values, other.values)), None)


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
            and (self.day is None or other.day is None or self.day == other.day)
            and (self.year is None or other.year is None or self.year == other.year)
        )


def missing_quantity(statement: str, source: str) -> str | None:
    """The first number, unit or date of the statement that the source lacks; `None` without."""
    held, held_dates = quantities(source, counted=0), dates(source)
    for date in dates(statement):
        if not any(date.agrees_with(other) for other in held_dates):
            return "-".join(str(part) for part in (date.year, date.month, date.day) if part)
    parts = [float(part) for d in held_dates for part in (d.year, d.month, d.day) if part]
    for quantity in quantities(statement):
        if not _share(quantity.values, parts) and quantity.found_in(held) is None:
            return quantity.text
    return None


def as_in(source: str, statement: str) -> str:
    """The statement with its quantities as the source writes them, where they are the same."""
    statement = _ISO.sub(_in_words, statement)
    held = quantities(source, counted=0)
    for quantity in reversed(quantities(statement)):
        other = quantity.found_in(held)
        if other is None:
            continue
        both = quantity.unit is not None and other.unit is not None
        end = quantity.end if both else quantity.end_of_number
        written = source[other.start : other.end if both else other.end_of_number]
        statement = f"{statement[: quantity.start]}{written}{statement[end:]}"
    return statement


def quantities(text: str, counted: int = COUNTED) -> list[Quantity]:
    """The numbers of a text in order, words up to `counted` left out.

    "7 to 10 km" are two, and both have the unit.
    """
    digits, places = _in_digits(text, counted)
    matches = list(_NUMBER.finditer(digits))
    found = [_quantity(match, places) for match in matches]
    for n in range(len(found) - 2, -1, -1):
        between = digits[matches[n].end("digits") : matches[n + 1].start("digits")]
        if found[n].unit is None and _CONNECTED.fullmatch(between):
            # The unit stands behind the later one: `end` stays where this number ends.
            found[n] = replace(found[n], unit=found[n + 1].unit)
    return found


def _in_digits(text: str, counted: int) -> tuple[str, list[int]]:
    """The text with number words in digits, and where each of its characters stands in `text`;
    at the end, where that ends."""
    tokens = [_Token(match[0], *match.span()) for match in re.finditer(r"\w+|\W", text)]
    digits, places, last = "", list[int](), 0
    for number in find_numbers(tokens, "en", counted + 1):
        start, end = tokens[number.start].start, tokens[number.end - 1].end
        if any(character.isdigit() for character in text[start:end]):
            continue
        digits += text[last:start] + number.text
        places += [*range(last, start), *[start] * len(number.text)]
        last = end
    return digits + text[last:], [*places, *range(last, len(text) + 1)]


@dataclass(frozen=True, slots=True)
class _Token:
    """A word or a sign, as text2num takes it."""

    word: str
    start: int
    end: int

    def text(self) -> str:
        return self.word

    def nt_separated(self, previous: "_Token") -> bool:
        return False

    def not_a_number_part(self) -> bool:
        return False


def dates(text: str) -> list[Date]:
    """The dates of a text that name a month."""
    found = []
    for written, day, is_whole in _dates(text):
        year = re.search(r"(?<!\d)\d{4}(?!\d)", written)
        found.append(Date(int(year[0]) if year else None, day.month, day.day if is_whole else None))
    return found


def _dates(text: str) -> Iterator[tuple[str, Any, bool]]:
    from dateparser.date import DateDataParser  # 0.3 s: only where a chat model says something
    from dateparser.search import search_dates

    options = {"REQUIRE_PARTS": ["month"], "PARSERS": ["absolute-time"]}
    parser = DateDataParser(languages=["en"], settings=options)
    for written, day in search_dates(text, languages=["en"], settings=options) or ():
        # "may" and "march" are verbs as well, and dateparser takes 7-10 for a day in July.
        if _MONTH.search(written) and any(c.isdigit() or c.isupper() for c in written):
            yield written, day, parser.get_date_data(written).period == "day"


def _quantity(match: re.Match[str], places: Sequence[int]) -> Quantity:
    scale, unit = match["scale"] or "", (match["unit"] or "").strip(" -")
    end_of_number = match.end("scale") if scale else match.end("ordinal")
    if scale == "m" and not match["sign"]:  # 5 m are metres, $5 m are millions
        scale, unit, end_of_number = "", "m", match.end("ordinal")
    factor = _SCALES.get(scale) or (float(scale) if scale else 1.0)
    values = tuple(value * factor for value in _readings(match["digits"].replace(" ", "")))
    named = _unit(_CURRENCIES.get(match["sign"] or "", unit))
    start = match.start("digits") if named is None or not match["sign"] else match.start("sign")
    end = end_of_number if named is None else match.end()
    return Quantity(
        match.string[start:end].strip(),
        values,
        named,
        places[start],
        places[end],
        places[end_of_number],
    )


def _readings(digits: str) -> set[float]:
    """As written in English, and where that is a fraction, such as 1.000, also as in German."""
    readings: set[float] = set()
    for locale in ("en", "de"):
        try:
            value = float(parse_decimal(digits, locale, strict=True))
        except NumberFormatError:
            continue
        if not readings or value > max(readings):
            readings.add(value)
    return readings or {float(part) for part in re.findall(r"\d+", digits)}  # 5.12.2021


def _share(some: Sequence[float], others: Sequence[float]) -> bool:
    return any(math.isclose(a, b, rel_tol=1e-6) for a in some for b in others)


def _in_base_units(quantity: Quantity) -> tuple[float, ...]:
    units = _units()
    return tuple(
        float(units.Quantity(value, quantity.unit).to_base_units().magnitude)
        for value in quantity.values
    )


def _in_words(day: re.Match[str]) -> str:
    try:
        found = datetime.date.fromisoformat(day[0])
    except ValueError:
        return day[0]
    return f"{found.day} {calendar.month_name[found.month]} {found.year}"


@cache
def _unit(name: str) -> Any | None:
    """What Pint calls so; English words that happen to be units, such as "in", are none."""
    if not name or name.lower() in FUNCTION_WORDS or name.lower() in {"degree", "degrees", "°"}:
        return None
    name = re.sub(r"^(?:degrees? |° ?)", "deg", name.replace("per cent", "percent"))
    name = {"degCelsius": "degC", "degFahrenheit": "degF"}.get(name, name)
    for spelling in (name, name.lower()):
        try:
            return _units().parse_units(spelling)
        except Exception:  # Pint raises five kinds of error for words that are no units
            continue
    return None


@cache
def _units() -> Any:
    registry: Any = pint.UnitRegistry(autoconvert_offset_to_baseunit=True)
    for currency in {*_CURRENCIES.values(), *_OTHER_CURRENCIES} - {"pound"}:
        registry.define(f"{currency} = [{currency}]")
    return registry
