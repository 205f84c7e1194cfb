"""Running text about two to four things of one kind, told side by side.

Values are marked `thing:fact`, full names `thing`, asides `aside:number`, places `place:thing`.
"""

import random

from training.kinds import Kind
from training.names import Names
from training.synthetic import Marked, capital, mark, sentence, unmark
from training.things import Thing

_PLURAL = {"was": "were", "is": "are", "has": "have"}
_PREPOSITIONS = frozenset(
    ["in", "on", "by", "at", "for", "to", "of", "from", "under", "with", "into", "until", "over"]
)


def plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("sh", "ch", "s", "x")) else "s")


class Teller:
    """Writes the sentences of one passage."""

    def __init__(self, kind: Kind, things: list[Thing], names: Names, rng: random.Random) -> None:
        self._kind = kind
        self._things = things
        self._names = names
        self._rng = rng
        self._placed: set[int] = set()

    def passage(self) -> Marked:
        rng = self._rng
        layouts = ["grouped", "grouped", "contrast", "headed", "named"]
        layout = rng.choice([*layouts, "former", "former"] if len(self._things) == 2 else layouts)
        blocks: list[str] = []
        title_hashes, hashes = rng.choice([("# ", "## "), ("", ""), ("## ", "### ")])
        if rng.random() < 0.5:
            blocks.append(title_hashes + self._names.named(rng.choice(self._kind.titles)))
        if layout == "former":
            blocks.append(self._introduction())
        if layout == "contrast":
            blocks.append(" ".join(self._contrasts()))
        elif layout == "named":
            told = [
                self._single(thing, at, self._full(thing))
                for thing in self._things
                for at in thing.told
            ]
            told += [self._aside(thing, a, False) for thing in self._things for a in thing.asides]
            rng.shuffle(told)
            blocks += _paragraphs(told, rng)
        else:
            for thing in self._things:
                text = self._group(thing, layout)
                if layout == "headed":
                    blocks.append(sentence(hashes + capital(self._full(thing))))
                    blocks.append(text)
                elif blocks and len(self._things) > 1 and rng.random() < 0.4:
                    blocks[-1] += (" " if blocks[-1].endswith((".", "\ue002")) else "\n\n") + text
                else:
                    blocks.append(text)
        return unmark("\n\n".join(blocks))

    def _full(self, thing: Thing) -> str:
        name = mark(f"{thing.number}", thing.name)
        if thing.place and thing.number not in self._placed:
            self._placed.add(thing.number)
            return f"{name} in {mark(f'place:{thing.number}', thing.place)}"
        return name

    def _introduction(self) -> str:
        one, two = (mark(f"{thing.number}", thing.name) for thing in self._things)
        nouns = plural(self._kind.noun)
        forms = [
            f"Two {nouns} are compared here, {one} and {two}.",
            f"{capital(one)} and {two} are two {nouns} that are often mixed up.",
            f"This page is about two {nouns}: {one} and {two}.",
            f"People who speak of the {nouns} mean {one} and {two}.",
        ]
        return sentence(self._rng.choice(forms))

    def _group(self, thing: Thing, layout: str) -> str:
        """The sentences about one thing: first by its name, then mostly by a pronoun."""
        rng = self._rng
        facts = list(thing.told)
        rng.shuffle(facts)
        first = self._full(thing)
        if layout == "former":
            second = thing is self._things[1]
            options = [
                "the latter",
                f"the second {self._kind.noun}",
                f"the other {self._kind.noun}",
            ]
            first = rng.choice(
                options if second else ["the former", f"the first {self._kind.noun}", first]
            )
        if layout == "headed" and rng.random() < 0.5:
            first = thing.pronoun
        said: list[str] = []
        waiting = list(thing.asides)
        at = 0
        after_aside = False
        while at < len(facts):
            reference = first if not said else self._reference(thing, clear=after_aside)
            after_aside = False
            if at + 1 < len(facts) and rng.random() < 0.45:
                said.append(self._double(thing, facts[at], facts[at + 1], reference))
                at += 2
            else:
                said.append(self._single(thing, facts[at], reference))
                at += 1
            if waiting and rng.random() < 0.4:
                said.append(self._aside(thing, waiting.pop(), True))
                after_aside = True
        said += [self._aside(thing, aside, False) for aside in waiting]
        return " ".join(said) or sentence(f"{capital(first)} is not described here.")

    def _reference(self, thing: Thing, clear: bool) -> str:
        """A pronoun or another short name; no pronoun where it could mean something else."""
        person = self._kind.pronoun == "person"
        short = thing.name.split()[-1] if person else f"the {self._kind.noun}"
        options = [short, short, mark(f"{thing.number}", thing.name)]
        return self._rng.choice(options if clear else [*options, *[thing.pronoun] * 4])

    def _predicate(self, thing: Thing, at: int) -> str:
        form = self._rng.choice(self._kind.facts[at].predicates)
        return form.replace("{v}", mark(f"{thing.number}:{at}", thing.told[at]))

    def _single(self, thing: Thing, at: int, reference: str) -> str:
        rng = self._rng
        fact = self._kind.facts[at]
        value = mark(f"{thing.number}:{at}", thing.told[at])
        form = rng.random()
        if fact.statements and form < 0.3:
            name = reference if thing.name in reference else mark(f"{thing.number}", thing.name)
            told = rng.choice(fact.statements).replace("{v}", value).replace("{n}", name)
            return sentence(capital(told) + ".")
        if fact.nouns and form < 0.5:
            noun = rng.choice(fact.nouns)
            own = _possessive(reference)
            told = f"{own} {noun} is {value}" if own else f"the {noun} of {reference} is {value}"
            return sentence(capital(told) + ".")
        return sentence(capital(f"{reference} {self._predicate(thing, at)}") + ".")

    def _double(self, thing: Thing, one: int, two: int, reference: str) -> str:
        first, second = self._predicate(thing, one), self._predicate(thing, two)
        forms = [
            f"{reference} {first} and {second}.",
            f"{reference} {first}, and {thing.pronoun} {second}.",
        ]
        verb, _, participle = first.partition(" ")
        if verb == "was" and thing.name in reference:
            forms += [
                f"{reference}, {participle}, {second}.",
                f"{participle}, {reference} {second}.",
            ]
        if self._kind.facts[one].nouns:
            noun = self._rng.choice(self._kind.facts[one].nouns)
            value = mark(f"{thing.number}:{one}", thing.told[one])
            own = _possessive(reference)
            if thing.name in reference:
                forms += [f"{reference}, whose {noun} is {value}, {second}."] * 2
            elif own:
                forms.append(f"{reference} {second}; {own} {noun} is {value}.")
        if thing.name in reference:
            who = "who" if self._kind.pronoun == "person" else "which"
            forms += [f"{reference}, {who} {first}, {second}."] * 2
        return sentence(capital(self._rng.choice(forms)))

    def _aside(self, thing: Thing, aside: tuple[int, str, str], near: bool) -> str:
        number, statement, value = aside
        name = mark(f"{thing.number}", thing.name)
        if near and self._rng.random() < 0.4 and not statement.startswith("{n}"):
            name = {"he": "him", "she": "her"}.get(thing.pronoun, "it")
        value = mark(f"aside:{thing.number}:{number}", value)
        return sentence(capital(statement.replace("{v}", value).replace("{n}", name)) + ".")

    def _shared(self, one: Thing, two: Thing, at: int) -> str:
        """One verb for two: "A has 310 pupils and B 120", "A and B are 9 and 12 m long"."""
        form = self._rng.choice(self._kind.facts[at].predicates)
        before, after = form.split("{v}")
        first, second = (mark(f"{thing.number}:{at}", thing.told[at]) for thing in (one, two))
        names = self._full(one), self._full(two)
        verb, _, rest = before.partition(" ")
        if verb in _PLURAL and self._rng.random() < 0.3:
            told = f"{names[0]} and {names[1]} {_PLURAL[verb]} {rest}{first} and {second}{after}"
            return sentence(capital(f"{told}, respectively."))
        word = before.split()[-1] if before.strip() else ""
        kept = f"{word} " if word in _PREPOSITIONS else ""
        joined = self._rng.choice([" and ", ", ", ", but "])
        return sentence(
            capital(f"{names[0]} {before}{first}{after}{joined}{names[1]} {kept}{second}.")
        )

    def _contrasts(self) -> list[str]:
        """Sentences that tell a fact of one thing and the same, or another, of the next."""
        rng = self._rng
        left = [(thing, at) for thing in self._things for at in thing.told]
        left.sort(key=lambda pair: (pair[1], pair[0].number))
        if rng.random() < 0.4:
            rng.shuffle(left)
        said = []
        while left:
            thing, at = left.pop(0)
            other = next((pair for pair in left if pair[0] is not thing), None)
            if other is None or rng.random() < 0.25:
                said.append(self._single(thing, at, self._full(thing)))
                continue
            left.remove(other)
            different = thing.told[at] != other[0].told[other[1]]
            if other[1] == at and different and rng.random() < 0.5:
                said.append(self._shared(thing, other[0], at))
                continue
            one = f"{self._full(thing)} {self._predicate(thing, at)}"
            two = f"{self._full(other[0])} {self._predicate(other[0], other[1])}"
            joined = rng.choice(
                [
                    f"{one}, while {two}.",
                    f"{one}; {two}.",
                    f"{one}, but {two}.",
                    f"{one}, and {two}.",
                    f"whereas {one}, {two}.",
                ]
            )
            said.append(sentence(capital(joined)))
        said += [
            self._aside(thing, aside, False) for thing in self._things for aside in thing.asides
        ]
        return said


def _possessive(reference: str) -> str:
    return {"it": "its", "he": "his", "she": "her"}.get(reference, "")


def _paragraphs(sentences: list[str], rng: random.Random) -> list[str]:
    at = rng.randint(2, max(2, len(sentences)))
    return [" ".join(part) for part in (sentences[:at], sentences[at:]) if part]
