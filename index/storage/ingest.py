"""Articles, cut into passages, → the vectors and words that the indexes keep of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from index.articles import Article, Passage
from index.embedding.embedder import Embedder
from index.passages import embedding_text, lexical_text, sentence_stretches
from index.storage.generation import Generation
from index.storage.vectors import Matrix
from index.tracing import span

BATCH_PASSAGES = 1000
"""Passages written at once: enough to keep the writing cheap beside the embedding."""
_SLICE = 128  # passages embedded between two reports of progress

Cut = tuple[Article, list[Passage]]
"""An article and all its passages."""


def batches(cut: Iterable[Cut]) -> Iterator[list[Cut]]:
    """Whole articles in groups of at least `BATCH_PASSAGES` passages, the last one smaller."""
    batch: list[Cut] = []
    for article, passages in cut:
        batch.append((article, passages))
        if sum(len(passages) for _, passages in batch) >= BATCH_PASSAGES:
            yield batch
            batch = []
    if batch:
        yield batch


def index_articles(
    generation: Generation,
    embedder: Embedder,
    batch: Sequence[Cut],
    done: Callable[[int], None],
) -> None:
    """Put articles into both indexes; `done` is told the number of passages after each slice."""
    pairs = [(article, passage) for article, passages in batch for passage in passages]
    with span("embed", passages=len(pairs)):
        vectors, sentences = _embed(pairs, embedder, done)
    words = [lexical_text(article, passage) for article, passage in pairs]
    with span("write", passages=len(pairs)):
        generation.add([passage for _, passage in pairs], words, vectors, sentences)


def _embed(
    pairs: Sequence[tuple[Article, Passage]], embedder: Embedder, done: Callable[[int], None]
) -> tuple[Matrix, list[Matrix]]:
    """The vector of each passage, and those of its sentences."""
    texts = [embedding_text(*pair) for pair in pairs]
    # Texts of like length share a slice: the model pads each slice to its longest text.
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    vectors = np.empty((len(texts), embedder.dimension), np.float32)
    sentences: list[Matrix] = [vectors[:0]] * len(texts)
    for i in range(0, len(order), _SLICE):
        part = order[i : i + _SLICE]
        vectors[part], within = embedder.embed_in_context(
            [texts[j] for j in part], [sentence_stretches(*pairs[j]) for j in part]
        )
        for j, rows in zip(part, within, strict=True):
            sentences[j] = rows
        done(len(part))
    # A text without a word that the model knows has no direction; it is put in the middle of all,
    # because a vector that is not of length 1 means damage to whoever reads it.
    lost = ~np.isclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    vectors[lost] = 1 / np.sqrt(embedder.dimension)
    return vectors, sentences
