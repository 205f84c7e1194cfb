"""Fit the reader's confidence and threshold on cases of many domains (`training.reading_cases`).

    python -m training.calibrate --cases runs/reader/cases.json --folder qa/reading/model

Confidence is a logistic regression (Platt 1999) on the best passage's answerability, its best
span's score, its lead over the next passage and its place in retrieval's order. Each domain weighs
the same, and in it what has an answer as much as what has none. A case whose answer is wrong
weighs `WRONG` times as much: to be sure and wrong is worse than to be right and in doubt. The
figures printed are cross-fitted: each case is judged by a fit to the cases of other articles and
passages. The threshold has the best balanced accuracy in telling questions with an answer from
those without.
"""

import argparse
import json
import zlib
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from qa.evaluation.metrics import auroc, expected_calibration_error
from training.reading_cases import ReadingCase

Floats = NDArray[np.float64]
NAMES = ("answerable", "span", "lead", "rank", "intercept")
FOLDS = 5
RIGHT = 0.5
SURE = 0.8
_REGULARISATION = 1.0
WRONG = 2.0
"""With 1, 10 % of the answers at 0.8 and more are wrong and the calibration error is 0.030; with 2,
4.0 % and 0.043; with 3, 0.5 % and 0.078, but only two in five of those answers are left."""


def features(cases: list[ReadingCase]) -> Floats:
    """In the order of `NAMES`."""
    return np.array([[c.answerable, c.span, c.lead, -c.rank, 1.0] for c in cases])


def rights(cases: list[ReadingCase]) -> NDArray[np.bool_]:
    return np.array([case.f1 >= RIGHT for case in cases])


def weights_of(cases: list[ReadingCase]) -> Floats:
    """Every domain's answered and unanswerable cases weigh the same; the mean weight is 1."""
    sizes = Counter((case.domain, case.has_answer) for case in cases)
    weights = np.array([1 / sizes[case.domain, case.has_answer] for case in cases])
    return np.asarray(weights / weights.mean())


def fit(cases: list[ReadingCase]) -> Floats:
    """Weights of least log loss; none is negative, so that more of a sign never makes less sure."""
    rows, right = features(cases), rights(cases)
    weights = weights_of(cases) * np.where(right, 1.0, WRONG)

    def loss(parameters: Floats) -> float:
        z = rows @ parameters
        log_loss = np.logaddexp(0, np.where(right, -z, z))
        return float((weights * log_loss).sum() + _REGULARISATION * (parameters[:-1] ** 2).sum())

    bounds = [(0.0, None)] * (rows.shape[1] - 1) + [(None, None)]
    return np.asarray(minimize(loss, np.zeros(rows.shape[1]), bounds=bounds).x)


def confidence(weights: Floats, cases: list[ReadingCase]) -> Floats:
    return np.asarray(1 / (1 + np.exp(-(features(cases) @ weights))))


def best_threshold(confidences: Floats, cases: list[ReadingCase]) -> float:
    """The one with the best balanced accuracy in telling what has an answer from what has none."""
    has_answer = np.array([case.has_answer for case in cases])
    weights = weights_of(cases)
    grid = np.arange(0.05, 0.95, 0.01)
    hits = [weights[(confidences >= t) == has_answer].sum() for t in grid]
    return float(grid[int(np.argmax(hits))])


def cross_fitted(cases: list[ReadingCase]) -> tuple[Floats, Floats]:
    """Each case's confidence and threshold, from the cases of the other folds."""
    fold = np.array([zlib.crc32(case.group.encode()) % FOLDS for case in cases])
    confidences, thresholds = np.zeros(len(cases)), np.zeros(len(cases))
    for number in range(FOLDS):
        others = [case for case, f in zip(cases, fold, strict=True) if f != number]
        weights = fit(others)
        own = fold == number
        confidences[own] = confidence(weights, cases)[own]
        thresholds[own] = best_threshold(confidence(weights, others), others)
    return confidences, thresholds


def report(cases: list[ReadingCase]) -> None:
    confidences, thresholds = cross_fitted(cases)
    right = rights(cases)
    print(f"cross-fitted on {len(cases)} cases")
    columns = ("cases", "AUROC", "ECE", "kept", "refused", "wrong at 0.8+")
    print(f"{'':16}" + "".join(f"{column:>15}" for column in columns))
    for domain in [*dict.fromkeys(case.domain for case in cases), "all"]:
        chosen = np.array([domain in (case.domain, "all") for case in cases])
        has = np.array([case.has_answer for case in cases]) & chosen
        has_not = ~np.array([case.has_answer for case in cases]) & chosen
        answered = confidences >= thresholds
        sure = (confidences >= SURE) & chosen
        wrong = int((sure & ~right).sum())
        error = expected_calibration_error(list(confidences[chosen]), list(right[chosen]))
        figures = [
            f"{int(chosen.sum())}",
            f"{auroc(list(confidences[has]), list(confidences[has_not])):.3f}",
            f"{error:.3f}",
            f"{answered[has].mean():.3f}",
            f"{1 - answered[has_not].mean():.3f}",
            f"{wrong}/{int(sure.sum())} {100 * wrong / max(1, int(sure.sum())):.1f} %",
        ]
        print(f"{domain:16}" + "".join(f"{figure:>15}" for figure in figures))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=Path, required=True, help="from reading_cases")
    parser.add_argument("--folder", type=Path, help="the reader's folder, whose config is renewed")
    arguments = parser.parse_args()
    cases = [ReadingCase(**raw) for raw in json.loads(arguments.cases.read_text())]
    report(cases)
    weights = fit(cases)
    fitted = dict(zip(NAMES, (round(float(w), 4) for w in weights), strict=True))
    threshold = round(best_threshold(confidence(weights, cases), cases), 2)
    print(f"fitted: {fitted}, threshold {threshold}")
    if arguments.folder:
        path = arguments.folder / "config.json"
        config = json.loads(path.read_text())
        config |= {"calibration": fitted, "threshold": threshold}
        path.write_text(json.dumps(config, indent=2) + "\n")


if __name__ == "__main__":
    main()
