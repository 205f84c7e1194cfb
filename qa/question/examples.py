"""Kinds of messages, each told by example phrases in a file that a person can read.

A message is of the kind of the example that is closest to it, by the embedding model. The vectors
of the examples by the default model lie beside their file, since to embed them takes a second of
processor time; after a change of any examples write them anew:

    python -m qa.question.examples
"""

from functools import cache
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from index.embedding.embedder import DEFAULT_MODEL, Embedder, load_embedder

_FOLDER = Path(__file__).parent
SETS = ("intents", "forms")


def closest(message: str, name: str, embedder: Embedder) -> tuple[str, float]:
    """The kind of the closest example of the set `name`, and how close that is (cosine).

    Raises:
        ModelProblem: when the embedding model cannot be loaded.
    """
    kinds, vectors = _embedded(name, embedder)
    likeness = vectors @ np.asarray(embedder.embed([plain(message)])[0])
    best = int(np.argmax(likeness))
    return kinds[best], float(likeness[best])


def plain(message: str) -> str:
    """In lower case and without marks, which the model would take for a difference."""
    return " ".join(message.lower().replace("’", "'").split()).strip(" ?!.")


@cache
def examples(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The kind of each example of a set, and the examples as they are embedded."""
    phrases: dict[str, list[str]] = yaml.safe_load(
        (_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    )
    kinds = tuple(kind for kind, of_kind in phrases.items() for _ in of_kind)
    return kinds, tuple(plain(phrase) for of_kind in phrases.values() for phrase in of_kind)


def vectors_file(name: str) -> Path:
    """Where the vectors of a set's examples are kept."""
    return _FOLDER / f"{name}.npy"


@cache
def _embedded(name: str, embedder: Embedder) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """The kinds and the vectors of the examples, shape (examples, dimension)."""
    kinds, texts = examples(name)
    if embedder.name == DEFAULT_MODEL:
        return kinds, np.load(vectors_file(name)).astype(np.float32)
    return kinds, embedder.embed(texts)


if __name__ == "__main__":
    for each in SETS:
        found = load_embedder(DEFAULT_MODEL).embed(examples(each)[1])
        np.save(vectors_file(each), found.astype(np.float16))
