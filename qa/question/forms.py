"""The form of a question: one fact, yes or no, everything on a thing, whatever helps.

The form is that of the closest example in `forms.yaml`. Both are compared without what is asked
about: "Tell me about Pia Lund" is `tell me about something`, and what is asked about is "pia lund".
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from index.embedding.embedder import Embedder
from qa.question.examples import closest, examples
from qa.text import AUXILIARIES, FUNCTION_WORDS, words

Form = Literal["about", "compare", "mention", "open", "yes-no", "fact"]

_SOMETHING = "something"
_LONGEST = 300
"""A longer question, in characters, asks for one fact like any other."""


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What a question asks for."""

    form: Form
    topics: tuple[str, ...]
    """What is asked about: runs of the question's own words, in lower case, in order."""


def asked_for(question: str, embedder: Embedder) -> AskedFor:
    """The form of a question, and what it asks about.

    Raises:
        ModelProblem: when the embedding model cannot be loaded.
    """
    if len(question) > _LONGEST or not words(question):
        return AskedFor("fact", ())
    plain, topics = _without_topics(question)
    form = cast(Form, closest(plain, "forms", embedder)[0])
    if plain.split()[0] in AUXILIARIES:
        form = form if form in ("about", "compare", "mention") else "yes-no"
    elif form == "yes-no":
        form = "fact"
    return AskedFor(form, topics)


def _without_topics(question: str) -> tuple[str, tuple[str, ...]]:
    """The question with each run of its own words as `something`, and these runs."""
    form: list[str] = []
    topics: list[list[str]] = []
    within = False
    for word in words(question):
        if word in FUNCTION_WORDS or word in _form_words():
            form.append(word)
            within = False
        elif within:
            topics[-1].append(word)
        else:
            form.append(_SOMETHING)
            topics.append([word])
            within = True
    return " ".join(form), tuple(" ".join(topic) for topic in topics)


@cache
def _form_words() -> frozenset[str]:
    """The words of the examples."""
    return frozenset(word for text in examples("forms")[1] for word in words(text))
