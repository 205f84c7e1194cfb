"""Another number, unit or date: the statement contradicts the evidence."""

import re
from dataclasses import replace
from random import Random

from training.statements.contrasts import Contrasts
from training.statements.scene import CONTRADICTED, Change, Scene, are_joined, has_word

NUMBER = re.compile(r"(?<![\w.,-])(?<!\d[–/:])\d+(?:,\d{3})*(?:\.\d+)?(?![\w]|[.,:–/-]\d)")
WORDS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_MORE = re.compile(
    r"(?:more than|over|at least|above|exceed\w*|since|after|no fewer than)\s*\W?$", re.I
)
_LESS = re.compile(
    r"(?:less than|under|at most|below|up to|fewer than|before|until|by)\s*\W?$", re.I
)
_ABOUT = re.compile(
    r"(?:about|around|approximately|roughly|nearly|almost|some|circa|c\.|estimated)\s*\W?$", re.I
)
_UNITS = (
    ("mm", "cm", "m", "km"),
    ("mg", "g", "kg"),
    ("millimetres", "centimetres", "metres", "kilometres"),
    ("millimeters", "centimeters", "meters", "kilometers"),
    ("inches", "feet", "yards", "miles"),
    ("inch", "foot", "mile"),
    ("grams", "kilograms", "tonnes", "tons"),
    ("ounces", "pounds", "kilograms"),
    ("square metres", "square kilometres", "hectares", "acres", "square miles"),
    ("litres", "gallons", "millilitres"),
    ("liters", "gallons", "ounces", "oz", "cups"),
    ("seconds", "minutes", "hours", "days", "weeks", "months", "years", "decades", "centuries"),
    ("minute", "hour", "day", "week", "month", "year", "century"),
    ("thousand", "million", "billion", "trillion"),
    ("euros", "dollars", "pounds", "yen", "francs"),
    ("km/h", "mph", "m/s"),
    ("MB", "GB", "TB"),
    ("watts", "kilowatts", "megawatts"),
    ("°C", "°F"),
)


def changed_number(scene: Scene, rng: Random, contrasts: Contrasts) -> Change | None:
    """One number of the clause, which the evidence has too, becomes another."""
    text = scene.clause.statement()
    found = [m for m in NUMBER.finditer(text) if has_word(scene.evidence, m[0])]
    words = [w for w in WORDS if has_word(text, w) and has_word(scene.evidence, w)]
    if words and (not found or rng.random() < 0.3):
        old = rng.choice(words)
        new = next(w for w in rng.sample(WORDS, len(WORDS)) if not has_word(scene.evidence, w))
    elif found:
        match = rng.choice(found)
        old = match[0]
        chosen = _other(match, text, scene.evidence, rng)
        if chosen is None:
            return None
        new = chosen
    else:
        return None
    clause = scene.clause.swapped(old, new)
    return Change(clause, CONTRADICTED, "number") if clause else None


def _other(match: re.Match[str], text: str, evidence: str, rng: Random) -> str | None:
    old, before = match[0], text[: match.start()]
    value = float(old.replace(",", ""))
    ways = {"more": _MORE, "less": _LESS, "about": _ABOUT}
    limit = next((name for name, pattern in ways.items() if pattern.search(before)), "")
    if not limit and rng.random() < 0.35:
        others = {m[0] for m in NUMBER.finditer(evidence)} - {m[0] for m in NUMBER.finditer(text)}
        alike = [o for o in sorted(others) if _is_year(o) == _is_year(old)]
        alike = [o for o in alike if not are_joined(evidence, old, o)]
        if alike:
            return rng.choice(alike)
    for _ in range(8):
        if _is_year(old):
            far = {"more": (8, 60), "less": (-60, -8)}.get(limit)
            step = rng.randint(*far) if far else rng.choice([-1, 1]) * rng.randint(1, 30)
            new = str(int(value) + step * (3 if limit == "about" else 1))
        elif limit:
            factor = {"more": (2, 3, 10), "less": (0.5, 0.2, 0.1), "about": (3, 0.3, 10)}[limit]
            new = _written(value * rng.choice(factor), old)
        else:
            new = _misread(old, value, rng)
        if new != old and not has_word(evidence, new) and new.strip("0.,") != "":
            return new
    return None


def _misread(old: str, value: float, rng: Random) -> str:
    """A digit changed, two digits exchanged, ten times as much, or a few more or fewer."""
    digits = [i for i, c in enumerate(old) if c.isdigit()]
    way = rng.randrange(4)
    if way == 0:
        place = rng.choice(digits)
        digit = rng.choice("123456789".replace(old[place], ""))
        return old[:place] + digit + old[place + 1 :]
    if way == 1 and len(digits) > 1 and digits[1] == digits[0] + 1 and old[1] != "0":
        return old[1] + old[0] + old[2:]
    if way == 2:
        return _written(value * rng.choice([10, 0.1 if value >= 20 else 10, 2]), old)
    return _written(
        value + rng.choice([-1, 1]) * max(1, round(value * rng.uniform(0.05, 0.6))), old
    )


def _written(value: float, like: str) -> str:
    """The value as `like` is written: with thousands separators, with decimals."""
    if "." in like:
        return f"{abs(value):.{len(like.split('.')[1])}f}"
    whole = round(abs(value))
    return f"{whole:,}" if "," in like or (whole >= 10_000 and len(like) > 3) else str(whole)


def _is_year(number: str) -> bool:
    return bool(re.fullmatch(r"1\d{3}|20\d\d", number))


def changed_unit(scene: Scene, rng: Random, contrasts: Contrasts) -> Change | None:
    """450 metres → 450 kilometres; 3 million → 3 billion; $5 → €5."""
    text = scene.clause.statement()
    for units in rng.sample(_UNITS, len(_UNITS)):
        for unit in rng.sample(units, len(units)):
            number = r"(?:\d|\b(?:a|an|one|two|three|four|five|six|ten|several|hundred|million))"
            if not re.search(rf"{number}[ -]?{re.escape(unit)}(?!\w)", text):
                continue
            new = rng.choice([u for u in units if u != unit])
            if has_word(scene.evidence, new):
                continue
            for gap in (" ", ""):
                before = r"[\w.,]+" if gap else r"[\d.,]*\d"
                old_words = re.search(rf"{before}{gap}{re.escape(unit)}(?!\w)", text)
                if old_words:
                    exchanged = old_words[0].replace(unit, new)
                    clause = scene.clause.swapped(old_words[0], exchanged)
                    return Change(clause, CONTRADICTED, "unit") if clause else None
    money = re.search(r"([$€£])(\d)", text)
    if money:
        new = rng.choice("$€£".replace(money[1], ""))
        return _replaced(scene, money[1] + money[2], new + money[2], "unit")
    return None


def _replaced(scene: Scene, old: str, new: str, kind: str) -> Change | None:
    for piece in ("subject", "rest", "lead"):
        text = getattr(scene.clause, piece)
        if old in text:
            return Change(
                replace(scene.clause, **{piece: text.replace(old, new, 1)}), CONTRADICTED, kind
            )
    return None


def changed_date(scene: Scene, rng: Random, contrasts: Contrasts) -> Change | None:
    """Another month, weekday, season, century or decade."""
    text = scene.clause.statement()
    kinds = ("months", "weekdays", "seasons", "order", "rhythm", "parts of the day")
    for kind in rng.sample(kinds, len(kinds)):
        words = contrasts.group(kind)
        for word in words:
            if kind == "months" and not re.search(rf"\b{word} \d|\d {word}\b|in {word}\b", text):
                continue  # May and March are verbs too
            if kind == "order" and not re.search(rf"\b{word} century", text):
                continue
            if has_word(text, word) and has_word(scene.evidence, word):
                new = rng.choice([w for w in words if w != word])
                if not has_word(scene.evidence, new):
                    return _replaced(scene, word, new, "date")
    decade = re.search(r"\b(1\d|20)(\d)0s", text)
    if decade:
        new = f"{decade[1]}{rng.choice('123456789'.replace(decade[2], ''))}0s"
        if new not in scene.evidence:
            return _replaced(scene, decade[0], new, "date")
    return None
