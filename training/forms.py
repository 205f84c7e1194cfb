"""Documents of labels and values (receipts, contact pages), and labels that are not there."""

import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from training.lists import data
from training.names import Names
from training.synthetic import Example, asked, mark, sentence, unmark
from training.values import Values

DEVELOPMENT = frozenset({"booking", "boat survey", "lost property note"})
"""Documents that no training example is made of."""


@dataclass(frozen=True)
class Field:
    label: str
    spec: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    kind: str
    names: tuple[str, ...]
    name_questions: tuple[str, ...]
    fields: tuple[Field, ...]


@cache
def documents() -> tuple[Document, ...]:
    file = Path(__file__).parent / "data" / "forms.yaml"
    return tuple(
        Document(
            entry["kind"],
            tuple(entry["names"].split(" | ")),
            tuple(entry["name_questions"].split(" | ")),
            tuple(_field(line) for line in entry["fields"].strip().splitlines()),
        )
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))
    )


def _field(line: str) -> Field:
    label, spec, questions = (part.strip() for part in line.split(";"))
    return Field(label, spec, tuple(question.strip() for question in questions.split(" | ")))


_LABEL_QUESTIONS = (
    "What is the {label}?",
    'What does it say under "{label}"?',
    "What is given as {label}?",
    "{label}?",
    "Which {label} is given?",
    "What is entered under {label}?",
    "What does the {kind} give as the {label}?",
    "What is the {label} on the {kind}?",
)


def _question(field: Field, kind: str, rng: random.Random) -> str:
    label = field.label if rng.random() < 0.3 else field.label.lower()
    if rng.random() < 0.65:
        text = rng.choice(field.questions)
    else:
        text = rng.choice(_LABEL_QUESTIONS).replace("{label}", label).replace("{kind}", kind)
    return asked(text, rng, label)


_SEPARATORS = (": ", ": ", ": ", ": ", " – ", " - ", " ", " .... ", " = ", ":  ")


def document(rng: random.Random, development: bool) -> list[Example]:
    """One document of a random choice of its kind's labels."""
    names = Names(rng, development)
    values = Values(rng, names, words=False)
    form = rng.choice([d for d in documents() if (d.kind in DEVELOPMENT) == development])
    fields = rng.sample(form.fields, rng.randint(2, len(form.fields) - 2))
    told = {field: values.draw(field.spec).text for field in fields}
    separator = rng.choice(_SEPARATORS)
    upper = rng.random() < 0.15
    named = rng.random() < 0.75
    lines = []
    if named:
        name = names.named(rng.choice(form.names))
        hashes = rng.choice(["# ", "# ", "## ", ""])
        lines.append(sentence(hashes + mark("name", name.upper() if upper else name)))
    if rng.random() < 0.3:
        lines.append(names.named(rng.choice(_GREETINGS)).replace("{kind}", form.kind))
    heading_fact = rng.choice(fields) if rng.random() < 0.25 else None
    for field in fields:
        label = field.label.upper() if upper else field.label
        hashes = "## " if field is heading_fact else ""
        gap = rng.choice([" ", ": "]) if hashes else separator
        lines.append(sentence(f"{hashes}{label}{gap}{mark(field.label, told[field])}"))
    items = _items(form.kind, rng, values)
    for at, (thing, price) in enumerate(items):
        line = rng.choice(["{t}{s}{p}", "1 {t}{s}{p}", "{t}{s}{p}"]) if at % 2 else "{t}{s}{p}"
        line = line.replace("{t}", thing).replace("{s}", separator)
        lines.insert(rng.randint(1, len(lines)), sentence(line.replace("{p}", mark(thing, price))))
    if rng.random() < 0.3:
        lines.append(names.named(rng.choice(_CLOSINGS)))
    page = unmark(("\n\n" if rng.random() < 0.75 else "\n").join(lines))

    made = []
    for field in rng.sample(fields, min(3, len(fields))):
        text = _question(field, form.kind, rng)
        made.append(page.example("form/value", text, page.spans[field.label]))
    if named and rng.random() < 0.4:
        text = asked(rng.choice(form.name_questions), rng)
        made.append(page.example("form/heading", text, page.spans["name"]))
    for thing, _ in rng.sample(items, min(2, len(items))):
        text = asked(rng.choice(_ITEM_QUESTIONS).replace("{t}", thing), rng)
        made.append(page.example("form/item", text, page.spans[thing]))
    absent = [field for field in form.fields if field not in fields]
    alike = [f for f in absent if f.spec.split()[0] in {g.spec.split()[0] for g in fields}]
    near = rng.sample(alike, min(2, len(alike)))
    for field in dict.fromkeys(near + rng.sample(absent, min(2, len(absent)))):
        made.append(page.example("form/absent-label", _question(field, form.kind, rng)))
    if items:
        missing = rng.choice([t for t in data()["goods"] if t not in dict(items)])
        text = asked(rng.choice(_ITEM_QUESTIONS).replace("{t}", missing), rng)
        made.append(page.example("form/absent-item", text))
    others = [d for d in documents() if d is not form and (d.kind in DEVELOPMENT) == development]
    stranger = rng.choice(rng.choice(others).fields)
    used = {word for field in fields for word in field.label.lower().split()}
    if not used & {*stranger.label.lower().split()} and rng.random() < 0.3:
        made.append(page.example("form/other-document", _question(stranger, form.kind, rng)))
    return made


_GREETINGS = (
    "Thank you for your order.",
    "Please keep this {kind} in a safe place.",
    "Everything on this {kind} was read twice.",
    "Please bring it with you.",
    "All entries were checked in {place}.",
)
_CLOSINGS = (
    "Thank you for your visit.",
    "No signature is needed.",
    "Please tell us if anything has changed.",
    "Have a nice day!",
    "{person} wishes you all the best.",
)
_ITEM_QUESTIONS = (
    "How much is the {t}?",
    "What does the {t} cost?",
    "What is the price of the {t}?",
    "How much was paid for the {t}?",
    "What did the {t} cost?",
)


def _items(kind: str, rng: random.Random, values: Values) -> list[tuple[str, str]]:
    """Goods and prices, for the documents that list them."""
    if kind not in {"receipt", "invoice"}:
        return []
    goods = rng.sample(data()["goods"], rng.randint(0, 5))
    return [(thing, values.draw("money 2 190").text) for thing in goods]


def examples(rng: random.Random, development: bool) -> list[Example]:
    """The questions of one document, about half of them answerable."""
    return document(rng, development)
