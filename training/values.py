"""Values that facts have: numbers, dates, times, money, codes, in the many ways of writing them.

A value is asked for by a specification, a kind and its arguments: ``int 40 900``,
``year 1850 2020``, ``unit 10 500 kilometres``, ``pick red/green/blue``, ``person``.
"""

import random
import re
from dataclasses import dataclass

from training.names import Names

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_SLASH = re.compile(r"(?<!\d)/|/(?!\d)")  # between choices, not in a fraction such as 3/4
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


@dataclass(frozen=True)
class Value:
    """How a value is written, and a number to compare it by (None where there is no order)."""

    text: str
    order: float | None = None


class Values:
    """Draws values, written in one style within a passage (separators, dates, currency)."""

    def __init__(self, rng: random.Random, names: Names, words: bool = True) -> None:
        self._rng = rng
        self._names = names
        self._separator = rng.choice([",", ",", ",", " ", "", "."])
        self._date = rng.choice(["d m y", "d m y", "m d, y", "iso", "d m", "short"])
        self._clock = rng.choice(["24", "24", "12", "dot"])
        self._money = rng.choice(["$", "€", "£", "EUR", "kr", "dollars", "USD"])
        self._cents = rng.random() < 0.6
        self._percent = rng.choice(["%", "%", " %", " percent", " per cent"])
        self._money_words = rng.random() < 0.5
        self._words = words and rng.random() < 0.5
        self._decimal = "," if self._separator in {" ", "."} and rng.random() < 0.3 else "."

    def draw(self, spec: str) -> Value:
        """A value by its specification; ValueError if the kind is not known."""
        kind, _, rest = spec.partition(" ")
        if kind == "pick":
            return Value(self._rng.choice(_SLASH.split(rest)).strip())
        if kind == "name":
            return Value(self._names.named(rest))
        make = getattr(self, f"_make_{kind}", None)
        if make is None:
            raise ValueError(f"no kind of value is called {kind!r} (in {spec!r})")
        value = make(*rest.split(" ", 2)) if rest else make()
        assert isinstance(value, Value)
        return value

    def _integer(self, number: int) -> str:
        if self._words and number <= 12:
            return _SMALL[number]
        return self._grouped(number)

    def _grouped(self, number: int) -> str:
        text = f"{number:,}"
        if number < 10_000 and self._separator == " ":
            return str(number)
        return text.replace(",", self._separator)

    def _number(self, least: str, most: str) -> int:
        low, high = int(least), int(most)
        if high > 50 * max(low, 1):  # spread over the orders of magnitude
            exponent = self._rng.uniform(len(str(max(low, 1))) - 1, len(str(high)) - 1)
            number = int(self._rng.uniform(1, 10) * 10**exponent)
            return min(max(number, low), high)
        number = self._rng.randint(low, high)
        return number - number % 10 if number > 1000 and self._rng.random() < 0.6 else number

    def _make_int(self, least: str, most: str) -> Value:
        number = self._number(least, most)
        return Value(self._integer(number), number)

    def _make_unit(self, least: str, most: str, unit: str) -> Value:
        number = self._number(least, most)
        return Value(f"{self._integer(number)} {unit}", number)

    def _make_dec(self, least: str, most: str, unit: str = "") -> Value:
        number = round(self._rng.uniform(float(least), float(most)), self._rng.choice([1, 1, 2]))
        text = str(number).replace(".", self._decimal)
        return Value(f"{text} {unit}".strip(), number)

    def _make_year(self, least: str = "1850", most: str = "2024") -> Value:
        year = self._rng.randint(int(least), int(most))
        return Value(str(year), year)

    def _make_date(self, least: str = "1900", most: str = "2025") -> Value:
        year = self._rng.randint(int(least), int(most))
        month, day = self._rng.randint(1, 12), self._rng.randint(1, 28)
        name = MONTHS[month - 1]
        text = {
            "d m y": f"{day} {name} {year}",
            "m d, y": f"{name} {day}, {year}",
            "iso": f"{year}-{month:02}-{day:02}",
            "d m": f"{day} {name} {year}",
            "short": f"{day} {name[:3]} {year}",
        }[self._date]
        return Value(text, year * 400 + month * 31 + day)

    def _make_day(self) -> Value:
        """A day of the year, without the year."""
        month, day = self._rng.randint(1, 12), self._rng.randint(1, 28)
        name = MONTHS[month - 1]
        text = f"{name} {day}" if self._date == "m d, y" else f"{day} {name}"
        return Value(text, month * 31 + day)

    def _make_month(self) -> Value:
        month = self._rng.randint(1, 12)
        return Value(MONTHS[month - 1], month)

    def _make_weekday(self) -> Value:
        day = self._rng.randint(0, 6)
        return Value(DAYS[day])

    def _make_time(self, least: str = "5", most: str = "23") -> Value:
        hour = self._rng.randint(int(least), int(most))
        minute = self._rng.choice([0, 0, 15, 30, 45, self._rng.randint(1, 59)])
        if self._clock == "24":
            text = f"{hour:02}:{minute:02}"
        elif self._clock == "dot":
            text = f"{hour}.{minute:02}"
        else:
            text = f"{(hour - 1) % 12 + 1}:{minute:02} {'a.m.' if hour < 12 else 'p.m.'}"
        return Value(text, hour * 60 + minute)

    def _make_hours(self) -> Value:
        opening, closing = self._rng.randint(6, 11), self._rng.randint(14, 22)
        between = self._rng.choice([" to ", "–", " - "])
        if self._clock == "12":
            return Value(f"{opening} a.m.{between}{closing - 12} p.m.")
        return Value(f"{opening:02}:00{between}{closing:02}:{self._rng.choice(['00', '30'])}")

    def _currency(self, amount: str) -> str:
        if self._money in "$€£":
            return f"{self._money}{amount}"
        return f"{amount} {self._money}"

    def _make_money(self, least: str, most: str) -> Value:
        number = self._number(least, most)
        if number < 200 and self._cents:
            cents = self._rng.choice([0, 50, 95, 99, self._rng.randint(1, 99)])
            return Value(self._currency(f"{number}{self._decimal}{cents:02}"), number + cents / 100)
        if number >= 1_000_000 and self._money_words:
            millions = round(number / 1e6, 1)
            if millions >= 1000:
                billions = round(millions / 1000, 1)
                return Value(self._currency(f"{billions:g} billion"), billions * 1e9)
            return Value(self._currency(f"{millions:g} million"), millions * 1e6)
        return Value(self._currency(self._grouped(number)), number)

    def _make_percent(self, least: str = "1", most: str = "99") -> Value:
        number = self._rng.randint(int(least), int(most))
        tenth = f"{self._decimal}{self._rng.randint(1, 9)}" if self._rng.random() < 0.3 else ""
        return Value(f"{number}{tenth}{self._percent}", float(f"{number}.{tenth[1:] or 0}"))

    def _make_person(self) -> Value:
        return Value(self._names.person())

    def _make_place(self) -> Value:
        return Value(self._names.place())

    def _make_country(self) -> Value:
        return Value(self._names.country())

    def _make_firm(self) -> Value:
        return Value(self._names.firm())

    def _make_phone(self) -> Value:
        digits = "".join(str(self._rng.randint(0, 9)) for _ in range(7))
        forms = [
            f"+{self._rng.randint(20, 98)} {digits[:2]} {digits[2:]}",
            f"0{digits[:2]} {digits[2:4]} {digits[4:]}",
            f"({digits[:3]}) {digits[3:]}-{digits[:4]}",
            f"555-{digits[:4]}",
        ]
        return Value(self._rng.choice(forms))

    def _make_email(self) -> Value:
        user = self._rng.choice(["info", "office", "post", "hello", "booking", "desk"])
        if self._rng.random() < 0.5:
            user = self._names.invented().lower()
        host = self._names.invented().lower() + self._rng.choice(["", "-office", "group"])
        return Value(
            f"{user}@{host}.{self._rng.choice(['org', 'com', 'net', 'example', 'no', 'de'])}"
        )

    def _make_web(self) -> Value:
        host = self._names.invented().lower()
        start = self._rng.choice(["www.", "https://", "https://www.", ""])
        return Value(f"{start}{host}.{self._rng.choice(['org', 'com', 'net', 'info', 'eu'])}")

    def _make_code(self) -> Value:
        letters = "".join(self._rng.choice("ABCDEFGHKLMNPRSTVWXZ") for _ in range(2))
        number = self._rng.randint(10, 9999)
        tail = self._rng.choice(["", f"/{number % 9 + 1}", f"-{chr(65 + number % 20)}"])
        return Value(f"{letters}{self._rng.choice(['-', '-', '', ' '])}{number}{tail}")

    def _make_street(self) -> Value:
        number, name = self._rng.randint(1, 180), self._names.word()
        if self._rng.random() < 0.5:
            name = self._names.surname()
        return Value(
            f"{number} {name} {self._rng.choice(['Street', 'Road', 'Lane', 'Avenue', 'Square'])}"
        )
