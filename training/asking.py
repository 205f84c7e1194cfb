"""Questions about the facts of a kind, in many wordings."""

import random

from training.kinds import Fact, Kind
from training.names import Names
from training.synthetic import asked

_NOUN_FORMS = (
    "What is the {label} of {n}?",
    "What {label} does {n} have?",
    "What is {n}'s {label}?",
    "Do you know the {label} of {n}?",
    "Can you tell me the {label} of {n}?",
    "What was given as the {label} of {n}?",
    "{n}: what is the {label}?",
)
_LABEL_FORMS = (
    'What does it say under "{label}" for {n}?',
    "What is given for {n} under {label}?",
    "{label} of {n}?",
    "For {n}, what is the entry {label}?",
)
_THERE = (
    "Which {noun} {told}?",
    "What {noun} {told}?",
    "Which of them {told}?",
    "Which is the {noun} that {told}?",
    "Can you name the {noun} that {told}?",
)
_PERSON_THERE = ("Who {told}?", "Which {noun} {told}?", "Who of them {told}?")


def question(fact: Fact, name: str, rng: random.Random, label: str = "", plain: float = 0.7) -> str:
    """A question for a fact of the thing called `name`; `label` is the one that the reader sees."""
    if rng.random() < plain:
        form = rng.choice(fact.questions)
    elif fact.nouns and rng.random() < 0.7:
        form = rng.choice(_NOUN_FORMS).replace("{label}", rng.choice(fact.nouns))
    else:
        form = rng.choice(_LABEL_FORMS).replace("{label}", label or rng.choice(fact.labels))
    short = f"{bare(name)} {rng.choice(fact.labels).lower()}"
    if rng.random() < 0.4:
        short = f"{rng.choice(fact.labels).lower()} {bare(name)}"
    return asked(form.replace("{n}", name), rng, short)


def predicate(fact: Fact, value: str, rng: random.Random) -> str:
    return rng.choice(fact.predicates).replace("{v}", value)


def which(kind: Kind, told: str, rng: random.Random) -> str:
    """The question for the thing of which the predicate `told` is true."""
    forms = _PERSON_THERE if kind.pronoun == "person" else _THERE
    form = rng.choice(forms).replace("{noun}", kind.noun).replace("{told}", told)
    return asked(form, rng)


def described(kind: Kind, told: str) -> str:
    """A thing by what is told of it instead of by its name: "the bridge that spans the Arn"."""
    return f"the {kind.noun} that {told}"


def never(kind: Kind, name: str, names: Names, rng: random.Random) -> str:
    """A question that none of the kind's facts answers."""
    form = rng.choice(kind.never).replace("{n}", name)
    return asked(names.named(form), rng)


def bare(name: str) -> str:
    return name.removeprefix("the ")


_MOST = (
    "Which {noun} is the {adjective}?",
    "What is the {adjective} {noun}?",
    "Which of them is the {adjective}?",
    "Name of the {adjective} {noun}?",
    "Which is the {adjective} {noun}?",
)


def most(kind: Kind, adjective: str, rng: random.Random) -> str:
    text = rng.choice(_MOST).replace("{noun}", kind.noun).replace("{adjective}", adjective)
    return asked(text, rng)
