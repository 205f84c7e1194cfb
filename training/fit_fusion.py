"""Fits the weights with which `qa.retrieval.ranking` adds up how well a passage fits a question.

    python -m training.fit_fusion --data ../shared/data/reading/wiki_dev.json

Each article of the file is ingested on its own and its own questions are asked; a passage is right
when it holds a whole gold answer at its place. A softmax over the passages of a question, its
logits the weighted sum of their features, gives the right ones as much probability as it can
(ListNet's top-one loss, Cao et al. 2007); no weight is negative. That looks at the first place
only; so of many weights near those in use, the tenth that finds most among the first five is
averaged. The last eight articles only check. Both are printed, to be copied into
`qa.retrieval.ranking.WEIGHTS`.
"""

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.progress import track
from scipy.optimize import minimize
from scipy.special import logsumexp

from benchmarks.reading_data import Asked, holds, load_development
from index.articles import Article
from index.library import open_library
from index.settings import Settings
from qa.retrieval.passages import CANDIDATES, RESCORED
from qa.retrieval.ranking import WEIGHTS, features, first_choice

Floats = NDArray[np.float64]
CHECKED = 8
"""Articles at the end of the file that the reader never trained on either."""
_REGULARISATION = 1e-3


@dataclass(frozen=True)
class Ranked:
    """One question: a row of features for each passage, and which passages are right."""

    article: int
    rows: Floats
    right: NDArray[np.bool_]


def ranked(article: Article, questions: Sequence[Asked]) -> list[Ranked]:
    """The questions whose answer is among the passages looked at, as `retrieval.passages` does."""
    found = []
    with (
        tempfile.TemporaryDirectory() as folder,
        open_library(Settings(data_dir=Path(folder))) as library,
    ):
        library.add(article)
        for asked in questions:
            candidates = library.search(asked.text, [article.id], CANDIDATES)
            chosen = first_choice(candidates, RESCORED)
            places = [(c.passage.start, c.passage.end) for c in chosen]
            texts = [article.text[start:end] for start, end in places]
            right = np.array([holds(place, asked.golds) for place in places])
            if right.any():
                rows = features(asked.text, chosen, texts).T
                found.append(Ranked(asked.article, rows, right))
    return found


def fit(questions: Sequence[Ranked]) -> Floats:
    """The weights of least loss, none negative."""

    def loss(weights: Floats) -> float:
        total = 0.0
        for question in questions:
            logits = question.rows @ weights
            total += float(logsumexp(logits) - logsumexp(logits[question.right]))
        return total / len(questions) + _REGULARISATION * float(weights @ weights)

    start = np.array(list(WEIGHTS.values()))
    return np.asarray(minimize(loss, start, bounds=[(0.0, None)] * len(start)).x)


def for_five(questions: Sequence[Ranked], neighbours: int = 150) -> Floats:
    """The mean of the tenth of the neighbours of the weights in use with most hits among five."""
    rng, start = np.random.default_rng(1), np.array(list(WEIGHTS.values()))
    tried = [start * np.exp(rng.normal(0, 0.15, len(start))) for _ in range(neighbours)]
    found = [hits(questions, weights, 5) for weights in track(tried, "Trying")]
    best = np.argsort(found)[-neighbours // 10 :]
    return np.asarray(np.mean([tried[number] for number in best], axis=0))


def hits(questions: Sequence[Ranked], weights: Floats, first: int) -> float:
    """Share of the questions with a right passage among the `first` best."""
    found = [q.right[np.argsort(-(q.rows @ weights))[:first]].any() for q in questions]
    return float(np.mean(found))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a SQuAD-format file")
    parser.add_argument("--articles", type=int, default=24, help="so many, from the end")
    arguments = parser.parse_args()
    articles, asked = load_development(arguments.data, arguments.articles)
    questions: list[Ranked] = []
    for number, article in enumerate(track(articles, "Asking")):
        questions += ranked(article, [one for one in asked if one.article == number])
    fitted_on = [q for q in questions if q.article < len(articles) - CHECKED]
    checked = [q for q in questions if q.article >= len(articles) - CHECKED]
    weights = fit(fitted_on)
    of_five = for_five(fitted_on)
    in_use = np.array(list(WEIGHTS.values()))
    for name, weight, other in zip(WEIGHTS, weights, of_five, strict=True):
        print(f'    "{name}": {weight:.2f},  # for five: {other:.2f}')
    for label, each in (("fitted", weights), ("for five", of_five), ("in use", in_use)):
        for part, of in (("fitted on", fitted_on), ("checked on", checked)):
            print(
                f"{label}, {part} {len(of)} questions:"
                f" hit@1 {hits(of, each, 1):.3f}  hit@5 {hits(of, each, 5):.3f}"
            )


if __name__ == "__main__":
    main()
