"""A later run against a stored one: noise passes, a real fall does not."""

import json
from pathlib import Path

import pytest

from index.errors import BadInput
from qa.evaluation.baseline import (
    Baseline,
    CaseScores,
    bootstrap_interval,
    compared,
    load_baselines,
    save_baselines,
)


def run(accepted: list[int], *, kind: str = "fact", precision: float = 1.0) -> Baseline:
    return Baseline(
        answerer="hand",
        fingerprint="",
        cases={
            f"set/{n}": CaseScores(
                kind=kind,
                case="same",
                accepted=right,
                refusal_correct=1,
                citation_precision=precision,
                citation_recall=None,
                exact_match=right,
                f1=right,
                forbidden_said=False,
            )
            for n, right in enumerate(accepted)
        },
    )


def test_the_same_run_passes_with_no_difference_at_all() -> None:
    comparison = compared(run([1] * 60 + [0] * 20), run([1] * 60 + [0] * 20))
    assert comparison.regressions == ()
    assert all((c.low, c.high) == (0, 0) for c in comparison.changes)


@pytest.mark.parametrize("cases", [20, 84, 1000])
def test_a_few_cases_that_flip_either_way_pass(cases: int) -> None:
    before = [1] * (cases - 5) + [0] * 5
    after = [0, 0, 0, *before[3:-2], 1, 1]
    comparison = compared(run(before), run(after))
    assert comparison.regressions == ()
    assert comparison.lost == ("set/0", "set/1", "set/2")
    assert len(comparison.won) == 2


@pytest.mark.parametrize("cases", [20, 84])
def test_a_real_fall_is_a_regression(cases: int) -> None:
    before = [1] * cases
    after = [0] * (cases // 5) + [1] * (cases - cases // 5)
    (regression,) = compared(run(before), run(after)).regressions
    assert regression.startswith("accepted fell from 1.000 to 0.8")


def test_a_fall_too_small_to_matter_passes_on_a_large_set() -> None:
    comparison = compared(run([1] * 2000), run([0] * 8 + [1] * 1992))
    (accepted,) = (c for c in comparison.changes if c.score == "accepted")
    assert accepted.high < 0
    assert comparison.regressions == ()


def test_worse_citations_are_a_regression_when_the_answers_stay() -> None:
    comparison = compared(run([1] * 30), run([1] * 30, precision=0.9))
    (regression,) = comparison.regressions
    assert regression.startswith("citation_precision fell from 1.000 to 0.900 over 30 cases")


def test_a_better_run_passes() -> None:
    assert compared(run([0] * 40), run([1] * 40)).regressions == ()


def test_one_followed_order_is_enough() -> None:
    before, after = run([1] * 10), run([1] * 10)
    obeyed = after.cases["set/3"].model_copy(update={"forbidden_said": True})
    after = after.model_copy(update={"cases": after.cases | {"set/3": obeyed}})
    assert compared(before, after).regressions == ("set/3 now says words that it must not say.",)
    assert compared(after, after).regressions == ()  # it was known


def test_an_ability_that_is_gone_cannot_hide_in_the_mean() -> None:
    def both(typo: int) -> Baseline:
        typos = {
            k.replace("set", "typos"): v for k, v in run([typo, 0, 0, 0], kind="typo").cases.items()
        }
        return run([1] * 80).model_copy(update={"cases": run([1] * 80).cases | typos})

    assert compared(both(1), both(0)).regressions == (
        "No case of kind typo is accepted any more; 1 of 4 were.",
    )


def test_changed_new_and_gone_cases_are_not_compared() -> None:
    before, after = run([1, 1, 1]), run([0, 0, 0])
    changed = after.cases["set/0"].model_copy(update={"case": "other"})
    cases = {"set/0": changed, "set/1": after.cases["set/1"], "set/new": after.cases["set/2"]}
    comparison = compared(before, after.model_copy(update={"cases": cases}))
    assert comparison.not_compared == ("set/2", "set/new", "set/0")
    assert comparison.lost == ("set/1",)


def test_the_interval_is_that_of_the_binomial_it_resamples() -> None:
    # Ten of 100 lost: the resampled count is binomial(100, 0.1), whose 2.5 and 97.5 percent
    # points are 5 and 16.
    low, high = bootstrap_interval([-1.0] * 10 + [0.0] * 90)
    assert (low, high) == (pytest.approx(-0.16, abs=0.011), pytest.approx(-0.05, abs=0.011))
    assert bootstrap_interval([-1.0] * 10 + [0.0] * 90) == (low, high)


def test_a_baseline_is_stored_beside_its_set_and_read_again(tmp_path: Path) -> None:
    scores = run([1, 0])
    set_path = tmp_path / "set.yaml"
    assert load_baselines([set_path], None, required=False) is None
    assert save_baselines(scores, [set_path], None) == [tmp_path / "set.baseline.json"]
    assert load_baselines([set_path], None, required=True) == scores


@pytest.mark.parametrize("content", [None, "{", json.dumps({"version": 1})])
def test_a_baseline_that_is_none_is_told(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "chosen.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=r"chosen\.json"):
        load_baselines([], path, required=True)
