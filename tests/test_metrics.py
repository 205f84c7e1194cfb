"""The figures against the official SQuAD evaluation's behaviour, and computed by hand."""

import doctest

import pytest

import qa.evaluation.citation_metrics
import qa.evaluation.metrics
from qa.evaluation.citation_metrics import (
    Span,
    citation_precision,
    citation_recall,
    first_hit,
    hit_at,
    mean_reciprocal_rank,
)
from qa.evaluation.metrics import (
    auroc,
    best_over_golds,
    exact_match_score,
    expected_calibration_error,
    f1_score,
    normalize_answer,
    risk_coverage,
)


@pytest.mark.parametrize(
    "module", [qa.evaluation.metrics, qa.evaluation.citation_metrics], ids=lambda m: m.__name__
)
def test_the_examples_in_the_docstrings_are_true(module) -> None:
    failed, tried = doctest.testmod(module)
    assert tried > 0
    assert failed == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Norman conquest", "norman conquest"),
        ("A an THE", ""),
        ("another theatre, anthem", "another theatre anthem"),  # only whole words are articles
        ("Denver Broncos!", "denver broncos"),
        ("U.S.-led", "usled"),  # punctuation goes without leaving a space
        ("rock 'n' roll", "rock n roll"),
        ("the-end", "theend"),  # punctuation goes before articles do
        ("  two \t spaces\nand a line ", "two spaces and line"),
        ("1,000", "1000"),
        ("“quoted”", "“quoted”"),  # string.punctuation is ASCII
        ("", ""),
    ],
)
def test_normalisation_is_that_of_squad(text: str, expected: str) -> None:
    assert normalize_answer(text) == expected


@pytest.mark.parametrize(
    ("prediction", "gold", "exact", "f1"),
    [
        ("the 10th century", "10th Century.", 1, 1),
        ("Denver Broncos", "Carolina Panthers", 0, 0),
        ("in France", "France", 0, 2 / 3),  # precision 1/2, recall 1
        ("France and Spain", "France", 0, 1 / 2),  # precision 1/3, recall 1
        ("cat cat dog", "cat dog dog", 0, 2 / 3),  # words counted as often as both have them
        ("", "", 1, 1),  # no answer, rightly
        ("France", "", 0, 0),  # an answer where there is none
        ("", "France", 0, 0),
        ("the", "", 1, 1),  # nothing is left of it
    ],
)
def test_exact_match_and_f1_are_those_of_squad(
    prediction: str, gold: str, exact: float, f1: float
) -> None:
    assert exact_match_score(prediction, gold) == exact
    assert f1_score(prediction, gold) == pytest.approx(f1)


PUBLISHED = [
    # (answered, gold, exact match and F1 in per cent), of the metric card that wraps the official
    # script: huggingface.co/spaces/evaluate-metric/squad
    ([("1976", "1976")], 100.0, 100.0),
    ([("1999", "1976")], 0.0, 0.0),
    (
        [
            ("1976", "1976"),
            ("Beyonce", "Beyoncé and Bruno Mars"),  # accents count
            ("climate change", "climate change"),
        ],
        66.666666,
        66.666666,
    ),
]


@pytest.mark.parametrize(("pairs", "exact", "f1"), PUBLISHED)
def test_the_cases_published_with_the_official_script(
    pairs: list[tuple[str, str]], exact: float, f1: float
) -> None:
    def mean(score) -> float:
        return 100 * sum(best_over_golds(score, said, [gold]) for said, gold in pairs) / len(pairs)

    assert mean(exact_match_score) == pytest.approx(exact)
    assert mean(f1_score) == pytest.approx(f1)


def test_the_best_of_several_annotators_counts() -> None:
    golds = ["7 to 10 minutes", "7 to 10"]
    assert best_over_golds(exact_match_score, "7 to 10", golds) == 1
    assert best_over_golds(f1_score, "only 7 to 10", golds) == pytest.approx(6 / 7)
    assert best_over_golds(exact_match_score, "", []) == 1


def test_auroc_counts_the_pairs_that_are_in_order() -> None:
    # Of six pairs: 0.9 beats three, 0.4 beats one, ties one and loses one: 4.5 of 6.
    assert auroc([0.9, 0.4], [0.5, 0.4, 0.1]) == pytest.approx(4.5 / 6)
    assert auroc([0.2], [0.8]) == 0


def test_calibration_error_weighs_each_bin_by_its_size() -> None:
    # Bin 0.9: three at 0.95, two right, gap |0.95 - 2/3|; bin 0.2: one at 0.25, wrong, gap 0.25.
    expected = (3 * (0.95 - 2 / 3) + 0.25) / 4
    assert expected_calibration_error(
        [0.95, 0.95, 0.95, 0.25], [True, True, False, False]
    ) == pytest.approx(expected)


def test_risk_grows_as_less_certain_questions_are_answered() -> None:
    assert risk_coverage([0.2, 0.9, 0.5, 0.5], [0, 1, 1, 0]) == [
        (0.25, 0.0),
        (0.75, pytest.approx(1 / 3)),
        (1.0, 0.5),
    ]


def test_a_quote_counts_only_at_its_place() -> None:
    gold = [Span("a", 100, 120)]
    assert citation_recall([Span("a", 100, 120)], gold) == 1
    assert citation_recall([Span("a", 300, 320)], gold) == 0
    assert citation_recall([Span("b", 100, 120)], gold) == 0


def test_overlapping_citations_are_not_counted_twice() -> None:
    gold = [Span("a", 0, 10), Span("a", 20, 30)]
    cited = [Span("a", 0, 8), Span("a", 4, 10), Span("a", 30, 40)]
    assert citation_recall(cited, gold) == 10 / 20
    assert citation_precision(cited, gold) == 10 / 20


def test_a_passage_is_a_hit_only_with_the_whole_quote() -> None:
    gold = [Span("a", 50, 60)]
    passages = [Span("a", 0, 55), Span("b", 40, 70), Span("a", 40, 60)]
    assert first_hit(passages, gold) == 3
    assert first_hit(passages[:2], gold) == 0


def test_ranks_become_hits_and_reciprocal_ranks() -> None:
    ranks = [1, 3, 0, 6]
    assert hit_at(1, ranks) == 1 / 4
    assert hit_at(5, ranks) == 2 / 4
    assert mean_reciprocal_rank(ranks) == pytest.approx((1 + 1 / 3 + 1 / 6) / 4)
