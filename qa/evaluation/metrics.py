"""The figures a reader and an answer are judged by, as short pure functions.

`normalize_answer`, `exact_match_score` and `f1_score` follow the official SQuAD evaluation
(Rajpurkar et al. 2016, `evaluate-v2.0.py`): lower case, no punctuation, no articles, single
spaces; where one of the two sides is empty, the score is 1 if both are and 0 otherwise.
"""

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalize_answer(text: str) -> str:
    """The answer as SQuAD compares it.

    >>> normalize_answer("The  Eiffel Tower!")
    'eiffel tower'
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match_score(prediction: str, gold: str) -> float:
    """1 where both are the same once normalised.

    >>> exact_match_score("the Andes", "Andes.")
    1.0
    """
    return float(normalize_answer(prediction) == normalize_answer(gold))


def f1_score(prediction: str, gold: str) -> float:
    """Harmonic mean of word precision and recall; with no word on one side, all or nothing.

    >>> f1_score("in the Andes", "Andes")
    0.6666666666666666
    >>> f1_score("", ""), f1_score("Andes", "")
    (1.0, 0.0)
    """
    predicted, expected = normalize_answer(prediction).split(), normalize_answer(gold).split()
    if not predicted or not expected:
        return float(predicted == expected)
    shared = sum((Counter(predicted) & Counter(expected)).values())
    return 2 * shared / (len(predicted) + len(expected))


def best_over_golds(
    score: Callable[[str, str], float], prediction: str, golds: Sequence[str]
) -> float:
    """The best score over what several annotators gave; no gold answer counts as the empty one.

    >>> best_over_golds(f1_score, "Peru", ["Chile", "Peru"])
    1.0
    """
    return max(score(prediction, gold) for gold in (golds or [""]))


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """Probability that a positive's score is above a negative's; a tie counts half.

    >>> auroc([0.9, 0.4], [0.4, 0.1])
    0.875
    """
    if not positives or not negatives:
        raise ValueError("auroc needs at least one positive and one negative score")
    labelled = sorted([(s, True) for s in positives] + [(s, False) for s in negatives])
    wins, below, i = 0.0, 0, 0
    while i < len(labelled):
        j = i
        while j < len(labelled) and labelled[j][0] == labelled[i][0]:
            j += 1
        ups = sum(label for _, label in labelled[i:j])
        downs = (j - i) - ups
        wins += ups * (below + downs / 2)
        below += downs
        i = j
    return wins / (len(positives) * len(negatives))


def balanced_accuracy(answered: Sequence[bool], answerable: Sequence[bool]) -> float:
    """Mean of the share of answerable questions answered and of the others refused.

    >>> balanced_accuracy([True, False, False, False], [True, True, False, False])
    0.75
    """
    pairs = list(zip(answered, answerable, strict=True))
    kept = [said for said, truth in pairs if truth]
    refused = [not said for said, truth in pairs if not truth]
    return (sum(kept) / len(kept) + sum(refused) / len(refused)) / 2


def expected_calibration_error(
    confidences: Sequence[float], correct: Sequence[bool], bins: int = 10
) -> float:
    """Mean distance between confidence and accuracy over equal-width bins (Guo et al. 2017).

    >>> round(expected_calibration_error([0.9, 0.9, 0.1], [True, False, False]), 3)
    0.3
    """
    held: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for confidence, right in zip(confidences, correct, strict=True):
        held[min(int(confidence * bins), bins - 1)].append((confidence, right))
    gaps = [abs(sum(c for c, _ in group) - sum(r for _, r in group)) for group in held]
    return sum(gaps) / len(confidences)


def risk_coverage(
    confidences: Sequence[float], correct: Sequence[float]
) -> list[tuple[float, float]]:
    """(coverage, risk) as the threshold falls: the share answered, and 1 - mean score of those.

    Questions of one confidence enter together, since no threshold separates them.

    >>> risk_coverage([0.9, 0.5, 0.1], [1, 1, 0])
    [(0.3333333333333333, 0.0), (0.6666666666666666, 0.0), (1.0, 0.33333333333333337)]
    """
    ranked = sorted(zip(confidences, correct, strict=True), key=lambda pair: -pair[0])
    points, total = [], 0.0
    for n, (confidence, score) in enumerate(ranked, start=1):
        total += score
        if n == len(ranked) or ranked[n][0] != confidence:
            points.append((n / len(ranked), 1 - total / n))
    return points
