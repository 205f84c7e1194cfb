"""Fit the reader's confidence and threshold on the development articles.

    python -m training.calibrate --data ../shared/data/reading --folder qa/reading/model

Confidence is a logistic regression (Platt 1999) on the best passage's answerability, its best
span's score and its lead over the next passage. A reading is right when the question was asked
of its own article and its answer has an F1 of at least 0.5. Questions asked of another article
and of their own without the gold passages are wrong by definition; own : other : removed count
2 : 1 : 1, so half of the questions have an answer. The threshold has the best balanced accuracy
in telling own from the other two. Both are also fitted on four articles and tried on the other
four, and the other way round, so that the figures printed are not those of the data fitted on.
"""

import argparse
import json
import random
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.reading import RIGHT, SETTINGS, Case, opened, read_case
from benchmarks.reading_data import load_development
from qa.evaluation.metrics import auroc, balanced_accuracy, expected_calibration_error
from qa.reading.calibration import MOST_LEAD
from qa.reading.onnx_reader import OnnxReader

Floats = NDArray[np.float64]
WEIGHTS = {"own": 2.0, "other": 1.0, "removed": 1.0}
NAMES = ("answerable", "span", "lead", "rank", "intercept")
RANK = 0.7
"""Weight of retrieval's order, chosen by the share of quotes that hold a gold answer."""
_REGULARISATION = 1.0


def features(case: Case) -> list[float]:
    """Of the most answerable passage, in the order of `qa.reading.calibration.Calibration`."""
    ranked = sorted(case.readings, key=lambda reading: -reading.answerable)
    best = ranked[0]
    place = case.readings.index(best)
    lead = best.answerable - ranked[1].answerable if len(ranked) > 1 else MOST_LEAD
    return [best.answerable, best.spans[0].score, min(lead, MOST_LEAD), -place]


def fit(cases: list[Case]) -> Floats:
    """Weights of the features and the intercept, of least log loss.

    No weight is negative: the features are alike, and a passage must not become less likely for
    being more answerable.
    """
    rows = np.array([[*features(case), 1.0] for case in cases])
    right = np.array([case.f1 >= RIGHT for case in cases])
    weights = np.array([WEIGHTS[case.setting] for case in cases])

    def loss(parameters: Floats) -> float:
        z = rows @ parameters
        log_loss = np.logaddexp(0, np.where(right, -z, z))
        return float(
            (weights * log_loss).sum() + _REGULARISATION * (parameters[:-1] ** 2).sum() / 2
        )

    bounds = [(0.0, None)] * (rows.shape[1] - 2) + [(RANK, RANK), (None, None)]
    return np.asarray(minimize(loss, np.zeros(rows.shape[1]), bounds=bounds).x)


def confidence(weights: Floats, cases: list[Case]) -> Floats:
    rows = np.array([[*features(case), 1.0] for case in cases])
    return np.asarray(1 / (1 + np.exp(-(rows @ weights))))


def best_threshold(confidences: Floats, cases: list[Case]) -> float:
    """The least of those with the best balanced accuracy in telling own from the other two."""
    own = [case.setting == "own" for case in cases]
    grid = np.arange(0.02, 0.98, 0.01)
    scores = [balanced_accuracy(list(confidences >= t), own) for t in grid]
    return float(grid[int(np.argmax(scores))])


def cross_fitted(cases: list[Case]) -> tuple[Floats, Floats]:
    """Each case's confidence, and the threshold for it, from the articles of the other half."""
    half = np.array([case.asked.article % 2 for case in cases])
    confidences, thresholds = np.zeros(len(cases)), np.zeros(len(cases))
    for side in (0, 1):
        fitted_on = [case for case, h in zip(cases, half, strict=True) if h != side]
        weights = fit(fitted_on)
        confidences[half == side] = confidence(weights, cases)[half == side]
        thresholds[half == side] = best_threshold(confidence(weights, fitted_on), fitted_on)
    return confidences, thresholds


def report(cases: list[Case]) -> None:
    confidences, thresholds = cross_fitted(cases)
    by = {s: [i for i, case in enumerate(cases) if case.setting == s] for s in SETTINGS}
    own, other, removed = ([float(confidences[i]) for i in by[s]] for s in SETTINGS)
    both = by["own"] + by["other"]
    right = [cases[i].f1 >= RIGHT for i in range(len(cases))]
    accuracy = balanced_accuracy(
        [bool(confidences[i] >= thresholds[i]) for i in both],
        [cases[i].setting == "own" for i in both],
    )
    error = expected_calibration_error(
        [float(confidences[i]) for i in both], [right[i] for i in both]
    )
    print(f"cross-fitted on {len(by['own'])} questions:")
    print(f"  AUROC own / other article   {auroc(own, other):.3f}")
    print(f"  AUROC own / gold removed    {auroc(own, removed):.3f}")
    print(f"  balanced accuracy           {accuracy:.3f} (own and other)")
    print(f"  expected calibration error  {error:.3f} (own and other, half and half)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of SQuAD-format files")
    parser.add_argument("--folder", type=Path, required=True, help="the reader's folder")
    parser.add_argument("--questions", type=int, help="a random sample of so many")
    arguments = parser.parse_args()
    articles, questions = load_development(arguments.data / "wiki_dev.json")
    questions = random.Random(0).sample(questions, arguments.questions or len(questions))
    reader = OnnxReader(arguments.folder)
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder), articles) as library:
        cases = [
            read_case(library, reader, articles, asked, setting)
            for asked in questions
            for setting in SETTINGS
        ]
    write(cases, arguments.folder / "config.json")


def write(cases: list[Case], path: Path) -> None:
    """Fit on everything, print what cross-fitting gives, and renew the config."""
    cases = [case for case in cases if any(reading.spans for reading in case.readings)]
    report(cases)
    weights = fit(cases)
    config = json.loads(path.read_text())
    config["calibration"] = dict(zip(NAMES, (round(float(w), 4) for w in weights), strict=True))
    config["threshold"] = round(best_threshold(confidence(weights, cases), cases), 2)
    path.write_text(json.dumps(config, indent=2) + "\n")
    print(f"shipped: {config['calibration']}, threshold {config['threshold']}")


if __name__ == "__main__":
    main()
