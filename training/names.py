"""Names that are made up: people of many cultures, places, ships, firms, products.

Training and development use different names: a name belongs to the development data where its
checksum says so, whatever list or syllables it came from.
"""

import random
import zlib
from collections.abc import Callable
from pathlib import Path

import yaml

_LISTS: dict[str, list[str]] = {
    name: words.split()
    for name, words in yaml.safe_load(
        (Path(__file__).parent / "data" / "names.yaml").read_text(encoding="utf-8")
    ).items()
}


class Names:
    """Draws names at random, never the same one twice, from one of the two halves."""

    def __init__(self, rng: random.Random, development: bool) -> None:
        self._rng = rng
        self._development = development
        self._used: set[str] = set()

    def _draw(self, make: Callable[[], str]) -> str:
        for _ in range(500):
            name = make()
            ours = (zlib.crc32(name.encode()) % 5 == 0) == self._development
            if ours and name not in self._used:
                self._used.add(name)
                return name
        return self.syllables(4, 5).capitalize()  # the list is used up

    def syllables(self, least: int = 1, most: int = 3) -> str:
        rng = self._rng
        count = rng.randint(least, most)
        parts = [rng.choice(_LISTS["onsets"]) + rng.choice(_LISTS["vowels"]) for _ in range(count)]
        return "".join(parts) + rng.choice(_LISTS["codas"]).strip("-")

    def first(self, woman: bool) -> str:
        return self._rng.choice(_LISTS["women"] if woman else _LISTS["men"])

    def person(self, woman: bool | None = None) -> str:
        """A first and a last name; no two people of a passage share a last name."""
        last = self._draw(self._last)
        woman = self._rng.random() < 0.5 if woman is None else woman
        title = self._rng.choice(["Dr ", "Professor "]) if self._rng.random() < 0.04 else ""
        middle = f" {self._rng.choice('ABCDEFGHJKLMNPRST')}." if self._rng.random() < 0.06 else ""
        return f"{title}{self.first(woman)}{middle} {last}"

    def _last(self) -> str:
        if self._rng.random() < 0.25:
            return self.syllables(1, 2).capitalize() + self._rng.choice(_LISTS["last_name_endings"])
        last = self._rng.choice(_LISTS["last_names"])
        if self._rng.random() < 0.08:
            return last + "-" + self._rng.choice(_LISTS["last_names"])
        return last

    def surname(self) -> str:
        return self._draw(self._last)

    def place(self) -> str:
        return self._draw(self._place)

    def _place(self) -> str:
        rng = self._rng
        stem = self.syllables(1, 2).capitalize()
        form = rng.random()
        if form < 0.55:
            return stem + rng.choice(_LISTS["place_endings"])
        if form < 0.7:
            return f"{rng.choice(_LISTS['place_beginnings'])} {stem}"
        if form < 0.8:
            return rng.choice(_LISTS["words"]) + rng.choice(
                [" Hill", " Bay", "ton", " Creek", "field", "ford"]
            )
        return self.syllables(2, 3).capitalize()

    def country(self) -> str:
        return self._draw(lambda: self._rng.choice(_LISTS["countries"]))

    def word(self) -> str:
        """A word that names things: a ship, a school, a product."""
        return self._draw(lambda: self._rng.choice(_LISTS["words"]))

    def invented(self) -> str:
        return self._draw(lambda: self.syllables(2, 3).capitalize())

    def firm(self) -> str:
        start = self._rng.choice([self.invented, self.surname, self.word])()
        return f"{start} {self._rng.choice(_LISTS['firm_endings'])}"

    def named(self, pattern: str) -> str:
        """Fill a pattern such as ``the {word} School``."""
        made = pattern
        for slot in ("word", "place", "surname", "invented", "person", "country", "firm"):
            while "{" + slot + "}" in made:
                made = made.replace("{" + slot + "}", str(getattr(self, slot)()), 1)
        while "{number}" in made:
            made = made.replace("{number}", str(self._rng.randint(2, 99)), 1)
        while "{code}" in made:
            letters = "".join(self._rng.choice("ABCDEFHKLMNPRSTVX") for _ in range(2))
            made = made.replace("{code}", f"{letters}-{self._rng.randint(10, 999)}", 1)
        return made
