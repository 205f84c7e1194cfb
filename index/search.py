"""The passages that may answer a question, each with its two scores."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from index.articles import Passage
from index.storage.generation import Generation
from index.storage.passage_rows import count_passages, passages_by_id, read_passages
from index.storage.vectors import Vector
from index.tracing import span

EXACT_PASSAGES = 300
"""Up to so many passages in scope, every one is scored; over it, only the best of each index.

Chroma hands over about 22 passages a millisecond with the vectors of their sentences, so that 300
cost what a filtered query does."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage and how well it fits the question."""

    passage: Passage
    dense: float
    """Cosine similarity of the embeddings, -1 to 1."""
    lexical: float
    """BM25 score; 0 where no word is shared."""
    sentence: float
    """Highest cosine similarity of the question and a sentence of the passage."""


def find_candidates(
    connection: Connection,
    generation: Generation,
    question: str,
    vector: Vector,
    article_ids: Sequence[str] | None,
    n: int,
) -> list[Candidate]:
    """All passages in scope if they are few, else the `n` best of each index, in no set order.

    A passage that only one index found gets the exact score of the other too, so both scores
    are comparable over all candidates.

    Raises:
        CacheDamaged: if one of the indexes fails or lacks a passage.
    """
    if count_passages(connection, generation.name, article_ids) <= EXACT_PASSAGES:
        passages = read_passages(connection, generation.name, article_ids)
        with span("bm25"):
            lexical = generation.lexical.best(question, len(passages), article_ids)
    else:
        with span("nearest"):
            nearest = generation.vectors.nearest(vector, n, article_ids)
        with span("bm25"):
            best = generation.lexical.best(question, n, article_ids)
        # What is in the indexes but not in the database is being added or removed just now.
        passages = passages_by_id(connection, generation.name, [*{*nearest, *best}])
        lexical = generation.lexical.scores(question, [passage.id for passage in passages])
    if not passages:
        return []
    ids = [passage.id for passage in passages]
    with span("vectors", passages=len(ids)):
        cosines = generation.vectors.get(ids) @ vector
        sentences = generation.vectors.closest_sentences(ids, vector)
    dense: list[float] = np.clip(cosines, -1, 1).tolist()  # rounding may lead over 1
    return [
        Candidate(passage, cosine, lexical.get(passage.id, 0.0), sentence)
        for passage, cosine, sentence in zip(passages, dense, sentences, strict=True)
    ]
