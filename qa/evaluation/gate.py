"""The gate: a run, its limits and its baseline → a `Verdict`.

What is judged, each only where it is asked for:

- cases with `must_pass: true`, one by one;
- the limits of the command line or of `pyproject.toml` over all cases, and the limits that a set
  names itself over its own;
- the baseline: every lost case with `fail_on: lost`, else what `qa.evaluation.baseline` calls a
  regression.
"""

from collections.abc import Iterator, Mapping, Sequence

from index.errors import BadInput
from qa.evaluation.baseline import Comparison
from qa.evaluation.limits import Limits
from qa.evaluation.report import Report, summarise
from qa.evaluation.scoring import SURE, CaseResult
from qa.evaluation.verdict import Judgement, Verdict


def gated(
    report: Report,
    limits: Limits,
    of_sets: Mapping[str, Limits],
    comparison: Comparison | None,
) -> Verdict:
    """The verdict on `report`; `of_sets` holds the limits that sets bring along, by set name.

    Raises:
        BadInput: when a limit needs cases that the run does not hold.
    """
    judgements = [_must_pass(result) for result in report.results if result.case.must_pass]
    judgements += _within(limits, report.results, "")
    for name, own in of_sets.items():
        results = [result for result in report.results if result.set_name == name]
        if results:
            judgements += _within(own, results, f" of {name}")
    if comparison and comparison.cases:
        judgements.append(_against_baseline(comparison, limits))
    return Verdict(judgements=tuple(judgements), enforced=limits.fail_on != "never")


def _must_pass(result: CaseResult) -> Judgement:
    said = "it is right" if result.right else f"it is wrong: {_said(result)!r}"
    return Judgement(
        rule=f"must_pass {result.key}", passed=result.right, figures=f"{result.key}: {said}."
    )


def _within(limits: Limits, results: Sequence[CaseResult], whose: str) -> Iterator[Judgement]:
    summary = summarise(results)
    if (least := limits.min_accepted) is not None:
        right = sum(result.right for result in results)
        yield Judgement(
            rule=f"min_accepted{whose}",
            passed=summary.accepted >= least,
            figures=f"{right} of {len(results)} cases{whose} are accepted, "
            f"{summary.accepted:.3f}; the limit is {least:.3f} or more.",
        )
    if (least := limits.min_refusal) is not None:
        if summary.refusal_recall is None:
            raise BadInput(
                f"A limit for refusals{whose} needs a case that is not in the article; "
                "there is none among those asked."
            )
        unanswerable = [r for r in results if r.case.not_in_article and not r.case.may_refuse]
        refused = sum(result.refused for result in unanswerable)
        yield Judgement(
            rule=f"min_refusal{whose}",
            passed=summary.refusal_recall >= least,
            figures=f"{refused} of {len(unanswerable)} questions{whose} that the article does not "
            f"answer are refused, {summary.refusal_recall:.3f}; the limit is {least:.3f} or more.",
        )
    if (most := limits.max_sure_wrong) is not None:
        sure = [result.key for result in results if result.sure_wrong]
        which = f" ({', '.join(sure)})" if sure else ""
        yield Judgement(
            rule=f"max_sure_wrong{whose}",
            passed=len(sure) <= most,
            figures=f"{len(sure)} wrong answers{whose} have a confidence of {SURE} or more{which}; "
            f"the limit is {most}.",
        )


def _against_baseline(comparison: Comparison, limits: Limits) -> Judgement:
    lost, won, cases = len(comparison.lost), len(comparison.won), comparison.cases
    figures = f"{lost} lost and {won} won of {cases} cases that the baseline has too."
    if limits.fail_on == "lost":
        which = f" Lost: {', '.join(comparison.lost)}." if lost else ""
        return Judgement(rule="no case lost", passed=not lost, figures=figures + which)
    return Judgement(
        rule="no regression",
        passed=not comparison.regressions,
        figures=" ".join((figures, *comparison.regressions, *comparison.remarks)),
    )


def _said(result: CaseResult) -> str:
    return " ".join((result.answer.short_answer or result.answer.text).split())[:110]
