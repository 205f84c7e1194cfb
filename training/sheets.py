"""Sheets of one or two things: a heading with the name and a line for each fact."""

import random

from training.asking import bare, never, question
from training.kinds import kinds
from training.names import Names
from training.synthetic import Example, asked, capital, mark, sentence, spread, unmark
from training.values import Values

_SEPARATORS = (": ", ": ", ": ", " – ", " - ", " | ", " ")
_NAME_QUESTIONS = (
    "What is the name of the {noun}?",
    "What is the {noun} called?",
    "Which {noun} is described?",
)


def examples(rng: random.Random, development: bool) -> list[Example]:
    """The questions of one page; a second sheet is of the same kind, with other facts."""
    names = Names(rng, development)
    values = Values(rng, names, words=False)
    kind = rng.choice(kinds(development))
    pattern = rng.choice(kind.names)
    things = [names.named(pattern) for _ in range(rng.choice([1, 1, 2]))]
    separator, dash = rng.choice(_SEPARATORS), rng.choice(["", "", "- ", "* "])
    hashes = rng.choice(["# ", "## ", ""])
    join = rng.choice(["\n\n", "\n\n", "\n\n", "\n"])
    blocks, told = [], []
    for number, name in enumerate(things):
        heading = mark(f"{number}", bare(name) if rng.random() < 0.5 else capital(name))
        lines = [sentence(hashes + heading)]
        chosen = rng.sample(range(len(kind.facts)), rng.randint(2, len(kind.facts) - 2))
        for at in chosen:
            value = mark(f"{number}:{at}", values.draw(kind.facts[at].spec).text)
            label = rng.choice(kind.facts[at].labels)
            lines.append(sentence(f"{dash}{label}{separator}{value}"))
        told.append(chosen)
        blocks.append(join.join(lines))
    page = unmark("\n\n".join(blocks))

    right, wrong = [], []
    for number, name in enumerate(things):
        for at in told[number]:
            text = question(kind.facts[at], name, rng, plain=0.6)
            right.append(page.example("sheet/value", text, page.spans[f"{number}:{at}"]))
        absent = [at for at in range(len(kind.facts)) if at not in told[number]]
        elsewhere = [at for at in absent if any(at in facts for facts in told)]
        for at in rng.sample(absent, min(2, len(absent))) + elsewhere[:2]:
            miss = "sheet/other-only" if at in elsewhere else "sheet/absent-label"
            wrong.append(page.example(miss, question(kind.facts[at], name, rng)))
    if len(things) == 1:
        text = rng.choice(_NAME_QUESTIONS).replace("{noun}", kind.noun)
        right.append(page.example("sheet/name", asked(text, rng), page.spans["0"]))
    at = rng.choice(told[0])
    wrong.append(
        page.example("sheet/absent-name", question(kind.facts[at], names.named(pattern), rng))
    )
    wrong.append(page.example("sheet/never", never(kind, things[0], names, rng)))
    return spread(right, 3, rng) + spread(wrong, 4, rng)
