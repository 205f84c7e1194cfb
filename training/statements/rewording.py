"""The same said in another way: units, numbers, dates and names abbreviated or spelled out.

Applied to true and false statements alike, so that a changed form tells nothing.
"""

import re
from collections.abc import Callable
from random import Random

from num2words import num2words

from training.statements.strength import same_strength
from training.values import MONTHS

_SPELLED = (
    ("kilometres", "km"), ("kilometers", "km"), ("metres", "m"), ("meters", "m"),
    ("centimetres", "cm"), ("centimeters", "cm"), ("millimetres", "mm"), ("kilograms", "kg"),
    ("grams", "g"), ("hours", "h"), ("minutes", "min"), ("feet", "ft"),
    ("pounds", "lb"), ("ounces", "oz"), ("litres", "l"), ("liters", "l"), ("hectares", "ha"),
    ("square kilometres", "km²"), ("square metres", "m²"), ("square kilometers", "sq km"),
    ("degrees Celsius", "°C"), ("years old", "years of age"),
)  # fmt: skip
_WORDS = (
    ("United States", "US"), ("United States", "USA"), ("United Kingdom", "UK"), ("U.S.", "US"),
    ("United Nations", "UN"), ("European Union", "EU"), ("Doctor", "Dr"), ("Professor", "Prof."),
    ("Saint", "St"), ("Mount", "Mt"), ("Television", "TV"), ("television", "TV"),
    ("and", "&"), ("versus", "vs"), ("World War II", "the Second World War"),
    ("World War I", "the First World War"), ("kilometres per hour", "km/h"),
    ("miles per hour", "mph"), ("twentieth century", "20th century"),
    ("nineteenth century", "19th century"), ("eighteenth century", "18th century"),
)  # fmt: skip
_PERSONAL = "was|is|said|had|has|won|wrote|became|served|died|born"
_TEENS = {num2words(n): str(n) for n in range(2, 21)}
_FULL_DATE = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b")
_AMERICAN_DATE = re.compile(rf"\b({'|'.join(MONTHS)}) (\d{{1,2}}), (\d{{4}})\b")


def reworded(text: str, evidence: str, rng: Random) -> str:
    """The statement with up to two forms changed; what it says stays the same."""
    ways: list[Callable[[str, str, Random], str]] = [
        _units, _words, _numbers, _dates, _percent, _last_name, _initials, _synonym
    ]  # fmt: skip
    rng.shuffle(ways)
    changes = 0
    for way in ways:
        new = way(text, evidence, rng)
        if new != text:
            text, changes = new, changes + 1
        if changes == 2:
            break
    return text


def _units(text: str, evidence: str, rng: Random) -> str:
    if money := re.search(r"[$€£]\d[\d.]* million\b", text):
        return text.replace(money[0], money[0].replace(" million", "m"), 1)
    for long, short in rng.sample(_SPELLED, len(_SPELLED)):
        text_new = re.sub(rf"(\d) {re.escape(long)}\b", rf"\1 {short}", text)
        if text_new == text and len(short) > 1:
            text_new = re.sub(rf"(\d) ?{re.escape(short)}(?!\w)", rf"\1 {long}", text)
        if text_new != text:
            return text_new
    return text


def _words(text: str, evidence: str, rng: Random) -> str:
    long, short = rng.choice(_WORDS)
    if short == "the Second World War" or short == "the First World War":
        return re.sub(rf"(?:the )?{long}(?!I)\b", short, text)
    return re.sub(rf"(?<!\w){re.escape(long)}(?!\w)", short, text, count=1)


def _numbers(text: str, evidence: str, rng: Random) -> str:
    """310,000 ↔ 310000; three ↔ 3; 3,000,000 → 3 million."""
    if found := re.search(r"\b\d{1,3}(?:,\d{3})+\b(?!\.\d)", text):
        value = int(found[0].replace(",", ""))
        if value % 100_000 == 0 and value >= 1_000_000:
            plain = f"{value / 1e6:g} million"
        else:
            plain = rng.choice([str(value), f"{value:,}".replace(",", " ")])
        return text.replace(found[0], plain, 1)
    if found := re.search(r"(?<![\w.,-])[1-9]\d{4,6}(?![\w.,])", text):
        return text.replace(found[0], f"{int(found[0]):,}", 1)
    if found := re.search(rf"(?<![\w-])({'|'.join(_TEENS)})(?![\w-])(?= [a-z]+s\b)", text):
        return text.replace(found[0], _TEENS[found[0]], 1)
    if found := re.search(r"(?<![\w.,$€£/:–-])(?:[2-9]|1\d|20)(?= [a-z]{3,}s\b)", text):
        return text[: found.start()] + num2words(int(found[0])) + text[found.end() :]
    return text


def _dates(text: str, evidence: str, rng: Random) -> str:
    """28 February 2014 ↔ February 28, 2014; the 28th of February 2014; 28 Feb 2014; 2014-02-28."""
    found, day, month, year = _FULL_DATE.search(text), 1, 2, 3
    if found is None:
        found, day, month = _AMERICAN_DATE.search(text), 2, 1
    if found is None:
        return text
    d, m, y = found[day], found[month], found[year]
    forms = [f"{d} {m} {y}", f"{m} {d}, {y}", f"{d} {m[:3]} {y}", f"{m[:3]} {d}, {y}"]
    forms += [f"{y}-{MONTHS.index(m) + 1:02}-{int(d):02}"]
    new = rng.choice([form for form in forms if form != found[0]])
    return text[: found.start()] + new + text[found.end() :]


def _percent(text: str, evidence: str, rng: Random) -> str:
    new = re.sub(r"(\d) ?%", rng.choice([r"\1 percent", r"\1 per cent"]), text)
    return new if new != text else re.sub(r"(\d) per ?cent\b", r"\1%", text)


def _last_name(text: str, evidence: str, rng: Random) -> str:
    """A person's full name of the evidence → the last name, where no other has the same."""
    for name in re.findall(r"\b[A-Z][a-z]+ (?:[A-Z]\. )?[A-Z][a-z]{3,}\b", text):
        last = name.split()[-1]
        once = len(re.findall(rf"\b{last}\b", evidence)) == 1
        if once and re.search(rf"{name}(?:,| (?:{_PERSONAL})\b)", evidence):
            return text.replace(name, last, 1)
    return text


def _initials(text: str, evidence: str, rng: Random) -> str:
    """National Weather Service (NWS): the letters for the name, or the name for the letters."""
    for long, short in re.findall(
        r"((?:[A-Z][\w-]+ (?:(?:of|for|and|the) )*){2,6})\(([A-Z]{2,6})\)", evidence
    ):
        words = [w for w in long.split() if w[0].isupper()][-len(short) :]
        if [w[0] for w in words] != list(short):
            continue
        name = long[long.index(words[0]) :].strip()
        if name in text:
            return text.replace(f"{name} ({short})", name).replace(name, short, 1)
        return re.sub(rf"\b{short}\b", name, text, count=1)
    return text


def _synonym(text: str, evidence: str, rng: Random) -> str:
    for old, new in rng.sample(same_strength(), len(same_strength())):
        if re.search(rf"\b{old}\b", text):
            if old in ("about", "around") and not re.search(rf"\b{old} \d", text):
                continue
            return re.sub(rf"\b{old}\b", new, text, count=1)
    return text
