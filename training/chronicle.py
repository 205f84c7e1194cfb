"""Events of a house by their years: when, what happened then, what did not happen or not twice."""

import random
from functools import cache
from pathlib import Path

import yaml

from training.names import Names
from training.synthetic import Example, asked, capital, mark, sentence, spread, unmark

_HOUSES = (
    "the {word} Mill",
    "{place} Castle",
    "the {surname} Works",
    "the {place} Theatre",
    "the {word} Brewery",
    "{place} Abbey",
    "the {invented} Society",
    "the {word} Inn",
)


@cache
def _events() -> tuple[tuple[str, tuple[str, ...]], ...]:
    file = Path(__file__).parent / "data" / "events.yaml"
    lines = yaml.safe_load(file.read_text(encoding="utf-8"))
    pairs = (line.split(" ;") for line in lines)
    return tuple((told, tuple(questions.split(" | "))) for told, questions in pairs)


def examples(rng: random.Random, development: bool) -> list[Example]:
    """The questions of one chronicle."""
    names = Names(rng, development)
    events = [event for at, event in enumerate(_events()) if (at % 5 == 4) == development]
    house, stranger = (names.named(pattern) for pattern in [rng.choice(_HOUSES)] * 2)
    chosen = rng.sample(events, min(len(events) - 1, rng.randint(3, 6)))
    years = sorted(rng.sample(range(1840, 2020), len(chosen)))
    if rng.random() < 0.25:
        rng.shuffle(years)
    reasons = [rng.choice(_REASONS) if rng.random() < 0.35 else "" for _ in chosen]
    again = [rng.choice([year + rng.randint(3, 40), 0, 0, 0]) for year in years]
    person, place = names.person(), names.place()

    def filled(text: str) -> str:
        return text.replace("{person}", person).replace("{place}", place)

    said = []
    for at, ((told, _), year) in enumerate(zip(chosen, years, strict=True)):
        text = filled(told)
        if at and text.startswith("{n}") and rng.random() < 0.6:
            text = "it" + text[3:]
        text = text.replace("{n}", house)
        when = mark(f"year {at}", str(year))
        if rng.random() < 0.5:
            whole = f"in {when}, " + mark(f"event {at}", text.replace(" in {p}", ""))
        else:
            whole = mark(f"event {at}", text.replace(" in {p}", "")) + f" in {when}"
        if reasons[at]:
            whole += " because " + mark(f"reason {at}", reasons[at])
        said.append(sentence(capital(whole) + "."))
        if again[at]:
            second = mark(f"again {at}", str(again[at]))
            said[-1] += " " + sentence(rng.choice(_SECOND).replace("{y}", second))
    remarks = [
        names.named(text).replace("{n}", house) for text in rng.sample(_REMARKS, rng.randint(0, 2))
    ]
    for remark in remarks:
        said.insert(rng.randint(0, len(said)), remark)
    if rng.random() < 0.3:
        text = "\n\n".join(part for part in (" ".join(said[:2]), " ".join(said[2:])) if part)
    else:
        text = " ".join(said)
    title = (
        f"{rng.choice(['# ', '## ', ''])}{capital(house)}\n\n"
        if rng.random() < 0.5 or "It " in text[:4]
        else ""
    )
    page = unmark(title + text)

    made = []
    for at, ((_, questions), year) in enumerate(zip(chosen, years, strict=True)):
        text = filled(rng.choice(questions)).replace("{n}", house)
        when = page.spans[f"year {at}"] + page.spans.get(f"again {at}", [])
        made.append(page.example("chronicle/when", asked(text, rng), when))
        first = filled(questions[0]).replace("{n}", house)
        if again[at] and _second_time(first):
            text = asked(_second_time(first), rng)
            made.append(page.example("chronicle/second-time", text, page.spans[f"again {at}"]))
        if reasons[at]:
            text = asked(_why(first), rng)
            made.append(page.example("chronicle/why", text, page.spans[f"reason {at}"]))
        text = rng.choice(_THEN).replace("{y}", str(year)).replace("{n}", house)
        made.append(page.example("chronicle/what", asked(text, rng), page.spans[f"event {at}"]))
    misses = []
    for _, questions in rng.sample([e for e in events if e not in chosen], 1 if development else 3):
        text = filled(rng.choice(questions)).replace("{n}", house)
        misses.append(page.example("chronicle/no-event", asked(text, rng)))
    for at in rng.sample(range(len(chosen)), 2):
        questions = chosen[at][1]
        text = filled(rng.choice(questions)).replace("{n}", stranger)
        misses.append(page.example("chronicle/absent-name", asked(text, rng)))
        first = filled(questions[0]).replace("{n}", house)
        if not again[at] and _second_time(first):
            text = asked(_second_time(first), rng)
            misses.append(page.example("chronicle/no-second-time", text))
        if not reasons[at]:
            misses.append(page.example("chronicle/no-why", asked(_why(first), rng)))
    told_years = {*years, *again}
    gaps = [year for year in range(min(years) - 5, max(years) + 5) if year not in told_years]
    near = [year + step for year in years for step in (-2, -1, 1, 2, 10) if year + step in gaps]
    for year in rng.sample(near, 2):
        text = rng.choice(_THEN).replace("{y}", str(year)).replace("{n}", house)
        misses.append(page.example("chronicle/absent-year", asked(text, rng)))
    return spread(made, 3, rng) + spread(misses, 4, rng)


_THEN = (
    "What happened to {n} in {y}?",
    "What happened in {y}?",
    "What happened at {n} in {y}?",
    "What took place in {y}?",
)
_REMARKS = (
    "Few people know its history.",
    "{person} wrote a short book about it.",
    "The winters were hard then.",
    "Old people in {place} still talk of it.",
    "There were quiet years in between.",
    "Much of this was told by {person}.",
)
_REASONS = (
    "the owners had quarrelled",
    "nobody had expected so hard a winter",
    "the town had grown",
    "money was short",
    "the council had asked for it",
    "a law had been changed",
    "the old ways were too slow",
    "the neighbours had complained",
    "the war had begun",
    "a wealthy aunt had left her fortune",
    "the workers wanted shorter days",
    "the river had changed its course",
)
_SECOND = (
    "The same happened again in {y}.",
    "It happened a second time in {y}.",
    "In {y} the same thing happened once more.",
)


def _second_time(question: str) -> str:
    """The question for a year made one for a second time, or nothing for a first thing."""
    if "first" in question or not question.startswith("When "):
        return ""
    return question.rstrip("?") + " for the second time?"


def _why(question: str) -> str:
    return "Why " + question.removeprefix("When ")
