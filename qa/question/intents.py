"""What a message wants: an answer from the article, or something of Footnote or of the whole.

The kind is that of the closest example in `intents.yaml`, by the embedding model (a nearest
neighbour; the examples of `question` are what keeps ordinary questions out of the other kinds).

The examples' vectors by the default model are in `intents.npy`, since to embed them takes a second
of processor time; after a change of the examples write them anew:

    python -m qa.question.intents
"""

from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import yaml
from numpy.typing import NDArray

from index.embedding.embedder import DEFAULT_MODEL, Embedder, load_embedder

Intent = Literal[
    "greeting", "thanks", "help", "more", "summary", "title", "author", "date", "length", "question"
]

CLOSE = 0.55
"""Cosine from which a message counts as one of an example's kind; below it, it is a question."""
LONGEST = 120
"""A longer message, in characters, is a question."""

_EXAMPLES = Path(__file__).parent / "intents.yaml"
_VECTORS = Path(__file__).parent / "intents.npy"


def intent_of(message: str, embedder: Embedder) -> Intent:
    """The kind of a message.

    Raises:
        ModelProblem: when the embedding model cannot be loaded.
    """
    if len(message) > LONGEST or not any(character.isalpha() for character in message):
        return "question"
    kinds, vectors = _examples(embedder)
    likeness = vectors @ np.asarray(embedder.embed([_plain(message)])[0])
    best = int(np.argmax(likeness))
    return kinds[best] if likeness[best] >= CLOSE else "question"


def _plain(message: str) -> str:
    """In lower case and without marks, which the model would take for a difference."""
    return " ".join(message.lower().replace("’", "'").split()).strip(" ?!.")


@cache
def _examples(embedder: Embedder) -> tuple[tuple[Intent, ...], NDArray[np.float32]]:
    """The kinds and the vectors of the examples, shape (examples, dimension)."""
    kinds, texts = examples()
    if embedder.name == DEFAULT_MODEL:
        return kinds, np.load(_VECTORS).astype(np.float32)
    return kinds, embedder.embed(texts)


def examples() -> tuple[tuple[Intent, ...], list[str]]:
    """The kind of each example, and the examples as they are embedded."""
    phrases: dict[Intent, list[str]] = yaml.safe_load(_EXAMPLES.read_text(encoding="utf-8"))
    kinds = tuple(kind for kind, of_kind in phrases.items() for _ in of_kind)
    return kinds, [_plain(phrase) for of_kind in phrases.values() for phrase in of_kind]


if __name__ == "__main__":
    np.save(_VECTORS, load_embedder(DEFAULT_MODEL).embed(examples()[1]).astype(np.float16))
