"""The gate: what fails a run, and that every output says the same of it."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from test_baseline import run as scored_run
from test_report import RESULTS, result
from test_scoring import BUILT, KEPT, answered

from index.errors import BadInput
from qa.evaluation.baseline import chance_of_losing, compared
from qa.evaluation.gate import gated
from qa.evaluation.limits import Limits, first_given
from qa.evaluation.project_file import read_project
from qa.evaluation.report import make_report, to_json
from qa.evaluation.report_html import to_html
from qa.evaluation.report_junit import to_junit
from qa.evaluation.verdict import Verdict

SURE = result("sure", answered(BUILT), 0.8, answers=["31 years"])
UNSURE = result("unsure", answered(BUILT), 0.79, answers=["31 years"])
RIGHT = result("right", answered(KEPT), 0.9, answers=["31 years"])


def verdict(*results, limits: Limits | None = None, comparison=None, **of_sets) -> Verdict:
    report = make_report(results or RESULTS)  # of RESULTS 2 of 5 are accepted, 1 of 2 refused
    return gated(report, limits or Limits(), of_sets, comparison)


@pytest.mark.parametrize(
    ("limits", "failed", "says"),
    [
        (Limits(min_accepted=0.4), False, "2 of 5 cases are accepted, 0.400"),
        (Limits(min_accepted=0.41), True, "the limit is 0.410 or more"),
        (Limits(min_refusal=0.5), False, "1 of 2 questions that the article does not answer"),
        (Limits(min_refusal=0.51), True, "0.500; the limit is 0.510"),
        (Limits(max_sure_wrong=0), False, "0 wrong answers have a confidence of 0.8 or more"),
    ],
)
def test_a_limit_is_kept_or_broken_with_its_figures(
    limits: Limits, failed: bool, says: str
) -> None:
    judged = verdict(limits=limits)
    assert judged.failed is failed
    assert says in judged.judgements[0].figures


def test_only_wrong_answers_that_are_sure_of_themselves_count_as_sure_and_wrong() -> None:
    judged = verdict(SURE, UNSURE, RIGHT, limits=Limits(max_sure_wrong=0))
    assert judged.failed
    assert "1 wrong answers have a confidence of 0.8 or more (set/sure)" in (
        judged.judgements[0].figures
    )


def test_told_what_stands_nearby_is_neither_a_right_refusal_nor_a_wrong_answer() -> None:
    """The status that a service may give beside `answered` and `not_in_article`."""
    nearby = answered(BUILT).model_copy(update={"status": "related", "confidence": 0.95})
    unanswerable = result("a", nearby, 0.95, not_in_article=True)
    answerable = result("b", nearby, 0.95, answers=["31 years"], quotes=[KEPT])
    for one in (unanswerable, answerable):
        assert (one.right, one.refused, one.related, one.sure_wrong) == (False, False, True, False)
        assert one.scores.refusal_correct is None
    report = make_report([unanswerable, answerable])
    assert (report.overall.related, report.overall.refusal_recall) == (1, 0)


def test_a_limit_for_refusals_needs_something_to_refuse() -> None:
    with pytest.raises(BadInput, match="not in the article"):
        verdict(RIGHT, limits=Limits(min_refusal=0.5))


def test_a_case_that_must_pass_fails_the_run_alone() -> None:
    needed = SURE.model_copy(update={"case": SURE.case.model_copy(update={"must_pass": True})})
    judged = verdict(needed, RIGHT)
    assert judged.failed
    assert judged.broken[0].rule == "must_pass set/sure"


def test_the_limits_of_a_set_hold_for_its_cases_alone() -> None:
    other = RIGHT.model_copy(update={"set_name": "other"})
    judged = verdict(SURE, other, set=Limits(min_accepted=1), other=Limits(min_accepted=1))
    assert [(j.rule, j.passed) for j in judged.judgements] == [
        ("min_accepted of set", False),
        ("min_accepted of other", True),
    ]


def test_nothing_gated_is_said_and_passes() -> None:
    judged = verdict()
    assert not judged.failed
    assert judged.sentence.startswith("Nothing was gated: there is no baseline and no limit.")


def test_three_of_twelve_lost_are_a_regression_and_one_is_not() -> None:
    before = scored_run([1] * 12)
    three = compared(before, scored_run([0] * 3 + [1] * 9))
    one = compared(before, scored_run([0] + [1] * 11))
    judged = verdict(comparison=three)
    assert judged.failed
    assert (
        "fell from 1.000 to 0.750 over 12 cases of set (3 lost, 0 won; probability by chance 0.0015"
        in (judged.broken[0].figures)
    )
    passed = verdict(comparison=one)
    assert not passed.failed
    assert "too few to tell from chance" in passed.judgements[0].figures
    assert verdict(comparison=one, limits=Limits(fail_on="lost")).failed
    reported = verdict(comparison=three, limits=Limits(fail_on="never"))
    assert not reported.failed
    assert reported.sentence == "Report only (--fail-on never): 1 of 1 rule would fail."


def test_a_small_set_is_judged_beside_a_large_one() -> None:
    def both(lost: int) -> object:
        small = scored_run([0] * lost + [1] * (12 - lost)).cases
        cases = {key.replace("set", "small"): value for key, value in small.items()}
        large = scored_run([1] * 200)
        return large.model_copy(update={"cases": large.cases | cases})

    assert compared(both(0), both(1)).regressions == ()
    (regression,) = compared(both(0), both(3)).regressions
    assert "over 12 cases of small (3 lost, 0 won" in regression


def test_the_chance_of_losing_is_that_of_the_binomial() -> None:
    # One case: it is lost with the chance of a flip. Two: one of them or both.
    assert chance_of_losing(1, 0, 1, 0) == pytest.approx(0.02)
    assert chance_of_losing(1, 0, 2, 0) == pytest.approx(1 - 0.98**2)
    # As many won as lost is what chance does at least as often as not.
    assert chance_of_losing(1, 1, 10, 10) > 0.5


@pytest.mark.parametrize(
    "limits",
    [
        Limits(),
        Limits(min_accepted=0.3),
        Limits(min_accepted=0.9, fail_on="never"),
        Limits(min_accepted=0.9, max_sure_wrong=0),
        Limits(min_refusal=0.9),
    ],
)
def test_json_junit_and_the_page_say_what_the_exit_code_says(limits: Limits) -> None:
    judged = verdict(limits=limits)
    report = make_report(RESULTS).model_copy(update={"verdict": judged})
    junit = ElementTree.fromstring(to_junit(report).encode())
    assert bool(junit.findall(".//failure")) is judged.failed
    assert sum(int(suite.attrib["failures"]) for suite in junit) == len(junit.findall(".//failure"))
    kept = json.loads(to_json(report))["verdict"]
    assert Verdict.model_validate(kept) == judged
    assert judged.sentence in to_html(report)


def test_the_first_that_gives_a_limit_decides() -> None:
    first = Limits(min_accepted=0.9)
    second = Limits(min_accepted=0.5, fail_on="lost")
    assert first_given([first, second]) == Limits(min_accepted=0.9, fail_on="lost")


def test_a_project_file_names_sets_and_limits(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[tool.footnote.check]\nsets = ['sets/a.yaml']\nmin-accepted = 0.9\nfail-on = 'lost'\n",
        encoding="utf-8",
    )
    inner = tmp_path / "src"
    inner.mkdir()
    (inner / "pyproject.toml").write_text("[project]\nname = 'other'\n", encoding="utf-8")
    project = read_project(inner)
    assert project.sets == (tmp_path / "sets" / "a.yaml",)
    assert project.limits == Limits(min_accepted=0.9, fail_on="lost")


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("min-acepted = 1", "no key min-acepted; known are min-accepted"),
        ("min-accepted = 90", "min-accepted: Input should be less than or equal to 1"),
        ("fail-on = 'sometimes'", "fail-on"),
        ("sets = ", "is not TOML"),
    ],
)
def test_a_wrong_project_file_is_told(tmp_path: Path, table: str, problem: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(f"[tool.footnote.check]\n{table}\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"pyproject\.toml") as raised:
        read_project(tmp_path)
    assert problem in str(raised.value)
