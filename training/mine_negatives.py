"""Hard negatives: the passages that BM25 ranks high for a question and that do not answer it."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer

from training.reading_files import Paragraph, Question

Scores = NDArray[np.float32]
Rank = Callable[[Sequence[str], Sequence[str]], csr_matrix]


def BM25(texts: Sequence[str], questions: Sequence[str]) -> csr_matrix:  # noqa: N802 (its name)
    """Question × text scores (Robertson and Zaragoza 2009), k1 1.2 and b 0.75."""
    counter = CountVectorizer(stop_words="english")
    counts = counter.fit_transform(texts).astype(np.float32).tocsr()
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    present = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log(1 + (len(texts) - present + 0.5) / (present + 0.5))
    rows = np.repeat(np.arange(len(texts)), np.diff(counts.indptr))
    norm = 1.2 * (1 - 0.75 + 0.75 * lengths / lengths.mean())
    counts.data *= 2.2 / (counts.data + norm[rows]) * idf[counts.indices]
    return csr_matrix(counter.transform(questions).astype(np.float32) @ counts.T)


def best_others(
    rank: Rank, paragraphs: Sequence[Paragraph], questions: Sequence[Question], n: int
) -> list[list[int]]:
    """For each question the numbers of `n` high paragraphs that hold none of its answers.

    Those of the same article come first, where there are enough; one is from any other.
    """
    lowered = [paragraph.text.lower() for paragraph in paragraphs]
    articles = np.array([paragraph.article for paragraph in paragraphs])
    scores = rank([p.text for p in paragraphs], [q.text for q in questions])
    chosen: list[list[int]] = []
    for number, question in enumerate(questions):
        own = paragraphs[question.paragraph]
        answers = {own.text[start:end].lower() for start, end in question.answers}
        row = scores.getrow(number)
        order = row.indices[np.argsort(-row.data)][:200]
        same = articles[order] == own.article
        near = _fitting(order[same], question.paragraph, answers, lowered, n - 1)
        far = _fitting(order[~same], question.paragraph, answers, lowered, n - len(near))
        chosen.append(near + far)
    return chosen


def _fitting(
    order: NDArray[np.int32], own: int, answers: set[str], lowered: Sequence[str], n: int
) -> list[int]:
    found: list[int] = []
    for other in order:
        if len(found) == n:
            break
        if other != own and not any(answer in lowered[other] for answer in answers):
            found.append(int(other))
    return found
