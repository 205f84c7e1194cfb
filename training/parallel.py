"""Two to four things of one kind told side by side, and what is told only of the other one.

Most of its near misses are ones that a change of words in a question cannot make: a role that
only the other of two has, one that nobody has, a predecessor, a second time, a wrong place.
"""

import random

from training.asking import described, most, never, predicate, question, which
from training.kinds import Kind, kinds
from training.names import Names
from training.synthetic import Example, Marked, Span, asked, spread
from training.telling import Teller, plural
from training.things import ASIDES, Thing, make_things
from training.values import Values

_OTHER_UNIT = {
    "metres": "yards",
    "feet": "metres",
    "kilometres": "miles",
    "hectares": "acres",
    "knots": "km/h",
    "degrees": "kelvin",
    "kilograms": "pounds",
    "kg": "pounds",
    "g": "ounces",
    "grams": "ounces",
    "cm": "inches",
    "centimetres": "inches",
    "square kilometres": "square miles",
    "km/h": "mph",
}


def _others(things: list[Thing], thing: Thing, at: int) -> list[Thing]:
    return [other for other in things if other is not thing and at in other.told]


def _holders(things: list[Thing], at: int, value: str) -> list[Thing]:
    return [thing for thing in things if thing.told.get(at) == value]


def _name_near(page: Marked, thing: Thing, value: Span) -> list[Span]:
    """Where the thing is named in the value's sentence, or else the nearest time before it."""
    named = page.spans.get(f"{thing.number}", [])
    inside = [
        span
        for start, end in page.sentences_with([value])
        for span in named
        if start <= span[0] and span[1] <= end
    ]
    before = [span for span in named if span[0] < value[0]]
    return inside or before[-1:] or named


def answerable(kind: Kind, things: list[Thing], page: Marked, rng: random.Random) -> list[Example]:
    """Questions that the passage answers."""
    made: list[Example] = []
    told = [(thing, at) for thing in things for at in thing.told]
    for thing, at in rng.sample(told, min(4, len(told))):
        spans = page.spans[f"{thing.number}:{at}"]
        made.append(page.example("parallel/fact", question(kind.facts[at], thing.name, rng), spans))
    for thing, at in rng.sample(told, min(3, len(told))):
        value = thing.told[at]
        holders = _holders(things, at, value)
        predicated = predicate(kind.facts[at], value, rng)
        places = [span for holder in holders for span in page.spans[f"{holder.number}:{at}"]]
        spans = [
            span
            for holder in holders
            for span in _name_near(page, holder, page.spans[f"{holder.number}:{at}"][0])
        ]
        made.append(page.example("parallel/which", which(kind, predicated, rng), spans, places))
        others = [other for other in thing.told if other != at]
        if len(holders) == 1 and others:
            other = rng.choice(others)
            text = question(kind.facts[other], described(kind, predicated), rng, plain=0.9)
            spans = page.spans[f"{thing.number}:{other}"]
            made.append(page.example("parallel/described", text, spans, [*spans, *places]))
    for thing in things:
        for number, _, _ in thing.asides:
            text = rng.choice(ASIDES[number][2].split(" | ")).replace("{n}", thing.name)
            spans = page.spans[f"aside:{thing.number}:{number}"]
            made.append(page.example("parallel/aside", asked(text, rng), spans))
        if f"place:{thing.number}" in page.spans:
            spans = page.spans[f"place:{thing.number}"]
            text = rng.choice(["Where is {n}?", "In which town is {n}?"]).replace("{n}", thing.name)
            made.append(page.example("parallel/place", asked(text, rng), spans))
            at = rng.choice(list(thing.told))
            text = question(kind.facts[at], f"{thing.name} in {thing.place}", rng)
            spans = page.spans[f"{thing.number}:{at}"]
            made.append(page.example("parallel/with-place", text, spans))
    if len(things) > 1 and rng.random() < 0.15:
        text = rng.choice(
            ["Which {nouns} are described?", "What {nouns} are there?", "Which {nouns} are named?"]
        )
        spans = [
            page.spans[f"{thing.number}"][0] for thing in things if f"{thing.number}" in page.spans
        ]
        made.append(
            page.example(
                "parallel/list", asked(text.replace("{nouns}", plural(kind.noun)), rng), spans
            )
        )
    return made


def near_misses(
    kind: Kind,
    pattern: str,
    things: list[Thing],
    page: Marked,
    rng: random.Random,
    names: Names,
    values: Values,
) -> list[Example]:
    """Questions as near to the passage as can be that it does not answer."""
    made: list[Example] = []

    def add(miss: str, text: str) -> None:
        made.append(page.example(f"parallel/{miss}", text))

    numbers = range(len(kind.facts))
    for thing in things:
        for at in numbers:
            if at not in thing.told and _others(things, thing, at):
                add("other-only", question(kind.facts[at], thing.name, rng, plain=0.85))
    nowhere = [at for at in numbers if not any(at in thing.told for thing in things)]
    for at in rng.sample(nowhere, min(2, len(nowhere))):
        add("no-one", question(kind.facts[at], rng.choice(things).name, rng, plain=0.85))
        adjective = kind.facts[at].most
        used = [f.most for i, f in enumerate(kind.facts) if i not in nowhere]
        if adjective and adjective not in used and rng.random() < 0.3:
            add("no-superlative", most(kind, adjective, rng))
    somewhere = sorted({at for thing in things for at in thing.told})
    for at in rng.sample(somewhere, min(2, len(somewhere))):
        stranger = names.named(pattern)
        if stranger.split()[-1] not in page.text or kind.pronoun != "person":
            add("absent-name", question(kind.facts[at], stranger, rng, plain=0.85))
    for at in rng.sample(somewhere, min(2, len(somewhere))):
        value = values.draw(kind.facts[at].spec).text
        if all(value not in told for thing in things for told in thing.told.values()):
            predicated = predicate(kind.facts[at], value, rng)
            add("absent-value", which(kind, predicated, rng))
            other = rng.choice(somewhere)
            if other != at:
                add(
                    "absent-described",
                    question(kind.facts[other], described(kind, predicated), rng, plain=0.9),
                )
    thing = rng.choice(things)
    at = rng.choice(list(thing.told))
    fact, value = kind.facts[at], thing.told[at]
    predicated = predicate(fact, value, rng)
    for other in numbers:
        if (
            other not in thing.told
            and len(_holders(things, at, value)) == 1
            and _others(things, thing, other)
        ):
            add(
                "described-other-only",
                question(kind.facts[other], described(kind, predicated), rng, plain=0.9),
            )
            break
    if fact.spec == "person" and fact.nouns:
        noun = fact.nouns[0]
        forms = _SUCCESSION + _HOLDER if noun in _OFFICES else _HOLDER
        form = rng.choice(forms).replace("{role}", noun).replace("{v}", value)
        add("predecessor", asked(form.replace("{n}", thing.name), rng))
    unit = fact.spec.split(" ", 3)[-1] if fact.spec.startswith("unit") else ""
    if unit in _OTHER_UNIT and fact.nouns:
        add(
            "wrong-unit",
            asked(f"What is the {fact.nouns[0]} of {thing.name} in {_OTHER_UNIT[unit]}?", rng),
        )
    if rng.random() < 0.15:
        form = rng.choice(_REASONS).replace("{told}", predicated).replace("{n}", thing.name)
        add("no-reason", asked(form, rng))
    if f"place:{thing.number}" in page.spans:
        wrong = rng.choice([other.place for other in things if other.place != thing.place] + [""])
        add("wrong-place", question(fact, f"{thing.name} in {wrong or names.place()}", rng))
    asides = [number for number in range(len(ASIDES)) if number not in [a[0] for a in thing.asides]]
    text = rng.choice(ASIDES[rng.choice(asides)][2].split(" | "))
    if rng.random() < 0.4:
        add("no-aside", asked(text.replace("{n}", thing.name), rng))
    if rng.random() < 0.6:
        add("never", never(kind, thing.name, names, rng))
    return made


_SUCCESSION = (
    "Who was the {role} of {n} before {v}?",
    "Who was the first {role} of {n}?",
    "Who will be the next {role} of {n}?",
    "Who followed {v} as {role} of {n}?",
    "Who is the deputy {role} of {n}?",
    "When did {v} become {role} of {n}?",
    "Who was the former {role} of {n}?",
)
_HOLDER = (
    "Who chose the {role} of {n}?",
    "How old is the {role} of {n}?",
    "What is {v} paid by {n}?",
    "Where does the {role} of {n} live?",
    "What did {v} do before {n}?",
    "Why was {v} chosen for {n}?",
)
_OFFICES = frozenset(
    [
        *("captain", "chief engineer", "head", "head teacher", "director", "chief physician"),
        *("librarian", "head librarian", "manager", "managing director", "chief editor", "editor"),
        *("conductor", "first violin", "coach", "goalkeeper", "president", "rector", "publisher"),
        *("owner", "teacher", "organiser", "foreman", "station master"),
    ]
)
_REASONS = (
    "Why is it that {n} {told}?",
    "Who says that {n} {told}?",
    "Who found out that {n} {told}?",
    "How do we know that {n} {told}?",
    "What is the reason that {n} {told}?",
    "Since when is it known that {n} {told}?",
    "Who was surprised that {n} {told}?",
)


def examples(rng: random.Random, development: bool) -> list[Example]:
    """The questions of one passage, a little under half of them answerable."""
    names = Names(rng, development)
    values = Values(rng, names)
    kind = rng.choice(kinds(development))
    pattern = rng.choice(kind.names)
    things = make_things(kind, pattern, rng, names, values)
    page = Teller(kind, things, names, rng).passage()
    right = answerable(kind, things, page, rng)
    wrong = near_misses(kind, pattern, things, page, rng, names, values)
    return spread(right, 3, rng) + spread(wrong, 4, rng)
