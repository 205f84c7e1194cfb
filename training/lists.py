"""Numbered rules and steps, bulleted lists, and definitions of words."""

import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

import yaml

from training.names import Names
from training.synthetic import Example, asked, capital, mark, sentence, unmark
from training.values import Values


@cache
def data() -> dict[str, list[str]]:
    file = Path(__file__).parent / "data" / "lists.yaml"
    data: dict[str, list[str]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return data


def half(entries: list[str], development: bool) -> list[str]:
    """A fifth of the entries is kept for the development data."""
    return [entry for at, entry in enumerate(entries) if (at % 5 == 4) == development]


def _filled(text: str, rng: random.Random, names: Names, values: Values) -> str:
    fixed = {
        "noun": rng.choice(["gate", "boiler house", "kitchen", "shed", "tower", "stage", "office"]),
        "ord": rng.choice(["1st", "3rd", "4th", "5th", "10th", "15th"]),
        "days": rng.choice(["two", "3", "4", "five", "6", "7", "10", "12", "14"]),
        "time": values.draw("time 6 22").text,
        "money": values.draw("money 5 90").text,
    }
    for slot, value in fixed.items():
        text = text.replace("{" + slot + "}", value)
    return names.named(text)


def _heading(text: str, rng: random.Random) -> list[str]:
    return [rng.choice(["# ", "## ", "", ""]) + text] if rng.random() < 0.6 else []


JOINS = ("\n\n", "\n\n", "\n\n", "\n")


def rules(rng: random.Random, names: Names, values: Values, development: bool) -> list[Example]:
    """Numbered rules or steps: what a number says, what is said of a matter, absent numbers."""
    group, word = rng.choice(
        [
            ("rules", "rule"),
            ("rules", "rule"),
            ("rules", "point"),
            ("rules", "article"),
            ("steps", "step"),
        ]
    )
    entries = half(data()[group], development)
    chosen = rng.sample(entries, min(len(entries) - 1, rng.randint(3, 8)))
    if len(chosen) < 2:
        return []
    first = 1 if rng.random() < 0.75 else rng.randint(2, 20)
    form = rng.choice(["{i}. ", "{i}) ", "({i}) ", "{i}. ", "{W} {i}: ", "§ {i} ", "{W} {i}. "])
    lines = []
    told: list[tuple[int, list[str], str]] = []
    for at, entry in enumerate(chosen):
        questions, text = (part.strip() for part in entry.split(" ; "))
        number = first + at
        start = form.replace("{i}", str(number)).replace("{W}", word.capitalize())
        body = _filled(text, rng, names, values)
        lines.append(sentence(start + mark(f"{number}", body)))
        told.append((number, questions.split(" | "), body))
    title = names.named(
        rng.choice(
            [
                "House rules of the {word} House",
                "{place} camp",
                "Rules of the club",
                "How it is done",
                "Instructions",
                "{word} Society",
            ]
        )
    )
    page = unmark(rng.choice(JOINS).join(_heading(title, rng) + lines))
    made = []
    ask = (
        "What does {w} {i} say?",
        "What is {w} {i}?",
        "What is said in {w} {i}?",
        "What does {w} number {i} say?",
        "{W} {i}?",
        "What does the {o} {w} say?",
    )
    ordinals = [
        "zeroth",
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
    ]

    def numbered(number: int) -> str:
        forms = ask if first == 1 and number <= 10 else ask[:5]
        text = rng.choice(forms).replace("{w}", word).replace("{W}", word.capitalize())
        ordinal = ordinals[number] if number <= 10 else ""
        return asked(text.replace("{i}", str(number)).replace("{o}", ordinal), rng)

    for number, questions, _ in rng.sample(told, min(3, len(told))):
        made.append(page.example("rules/number", numbered(number), page.spans[f"{number}"]))
        text = asked(rng.choice(questions), rng)
        made.append(page.example("rules/matter", text, page.spans[f"{number}"]))
    last = told[-1][0]
    for number in {last + 1, last + rng.randint(1, 9), max(1, first - 1)} - {t[0] for t in told}:
        made.append(page.example("rules/absent-number", numbered(number)))
    absent = [entry for entry in entries if entry not in chosen]
    for entry in rng.sample(absent, min(3, len(absent))):
        text = asked(rng.choice(entry.split(" ; ")[0].split(" | ")), rng)
        made.append(page.example("rules/absent-matter", text))
    return made


def bullets(rng: random.Random, names: Names, values: Values, development: bool) -> list[Example]:
    """Lists: every item of the asked one is an answer; and a list that is not there."""
    entries = half(data()["lists"], development)
    mine = rng.sample(entries, min(len(entries) - 2, rng.randint(1, 3)))
    dash = rng.choice(["- ", "* ", "• ", "– ", ""])
    join = rng.choice(JOINS)
    blocks = []
    listed: dict[str, list[str]] = {}
    for entry in mine:
        what, items = (part.strip() for part in entry.split(" ; "))
        count = rng.randint(2, 6)
        if "/" in items:
            options = items.split("/")
            drawn = rng.sample(options, min(count, len(options)))
        elif "{" in items:
            drawn = [names.named(items) for _ in range(count)]
        else:
            drawn = [values.draw(items).text for _ in range(count)]
        listed[what] = drawn
        marked = [mark(f"{what}:{item}", item) for item in drawn]
        if rng.random() < 0.3:
            text = ", ".join(marked[:-1]) + " and " + marked[-1]
            blocks.append(
                sentence(capital(rng.choice([f"the {what} are {text}.", f"the {what}: {text}"])))
            )
            continue
        start = rng.choice(
            [f"The {what}:", f"## {capital(what)}", capital(what), f"These are the {what}."]
        )
        blocks.append(join.join([start, *[sentence(dash + item) for item in marked]]))
    page = unmark("\n\n".join(blocks))
    made = []
    forms = (
        "What are the {what}?",
        "Which are the {what}?",
        "Which {what} are there?",
        "Can you list the {what}?",
        "What {what} are named?",
    )
    for what, items in listed.items():
        spans = [span for item in items for span in page.spans[f"{what}:{item}"]]
        text = asked(rng.choice(forms).replace("{what}", what), rng)
        made.append(page.example("list/items", text, spans))
    absent = [entry.split(" ; ")[0].strip() for entry in entries if entry not in mine]
    for what in rng.sample(absent, min(len(mine), len(absent))):
        made.append(
            page.example("list/absent", asked(rng.choice(forms).replace("{what}", what), rng))
        )
    return made


def definitions(
    rng: random.Random, names: Names, values: Values, development: bool
) -> list[Example]:
    """Words and what they mean, and words that are not explained."""
    del values
    everything = [text for line in data()["definitions"] for text in line.split("/")]
    meanings = half(everything, development)
    chosen = rng.sample(meanings, min(len(meanings) - 2, rng.randint(2, 4)))
    words = [rng.choice([names.invented().lower(), names.invented()]) for _ in chosen]
    gap = rng.choice([": ", " – ", " - ", " = ", " means ", " is "])
    lines = [
        sentence(capital(mark(f"word {word}", word)) + gap + mark(word, text))
        for word, text in zip(words, chosen, strict=True)
    ]
    page = unmark(rng.choice(JOINS).join(_heading("Words of the dialect", rng) + lines))
    forms = (
        "What is a {w}?",
        "What does {w} mean?",
        "What is the meaning of {w}?",
        'What is meant by "{w}"?',
        "What does the word {w} stand for?",
    )
    reverse = ("What is the word for {m}?", "What is {m} called?", "Which word means {m}?")
    made = []
    for word, text in zip(words, chosen, strict=True):
        made.append(
            page.example(
                "definition/meaning",
                asked(rng.choice(forms).replace("{w}", word), rng),
                page.spans[word],
            )
        )
        made.append(
            page.example(
                "definition/word",
                asked(rng.choice(reverse).replace("{m}", text), rng),
                page.spans[f"word {word}"],
            )
        )
    for _ in range(2):
        stranger = names.invented().lower()
        made.append(
            page.example(
                "definition/absent", asked(rng.choice(forms).replace("{w}", stranger), rng)
            )
        )
    for text in rng.sample([text for text in meanings if text not in chosen], 2):
        made.append(
            page.example(
                "definition/absent-meaning", asked(rng.choice(reverse).replace("{m}", text), rng)
            )
        )
    return rng.sample(made, min(8, len(made)))


_MAKERS: tuple[Callable[[random.Random, Names, Values, bool], list[Example]], ...] = (
    rules,
    rules,
    bullets,
    definitions,
)


def examples(rng: random.Random, development: bool) -> list[Example]:
    """The questions of one page of one of the kinds above."""
    names = Names(rng, development)
    return rng.choice(_MAKERS)(rng, names, Values(rng, names, words=False), development)
