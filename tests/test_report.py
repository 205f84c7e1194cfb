"""The report: figures computed by hand, and the same in every form."""

import io
import re
from pathlib import Path
from xml.etree import ElementTree

import lxml.html
import pytest
from lxml import etree
from rich.console import Console
from test_scoring import BUILT, KEPT, answered, scored

from index.errors import BadInput
from index.settings import Settings
from qa.evaluation.baseline import compared, scores_of
from qa.evaluation.plots import calibration_plot, latency_plot, risk_coverage_plot
from qa.evaluation.report import (
    last_report,
    make_report,
    read_report,
    save_last,
    summarise,
    to_json,
)
from qa.evaluation.report_html import to_html
from qa.evaluation.report_junit import to_junit
from qa.evaluation.report_table import print_report
from qa.evaluation.scoring import CaseResult


def result(name: str, answer=None, confidence: float = 0.5, ms: float = 10, **right) -> CaseResult:
    scored_one = scored(
        (answer or answered()).model_copy(
            update={"confidence": confidence, "latency_ms": {"total": ms}}
        ),
        **right,
    )
    return scored_one.model_copy(
        update={"case": scored_one.case.model_copy(update={"id": name, "kind": "fact"})}
    )


RESULTS = [
    result("right", answered(KEPT, short="31 years"), 0.9, 10, answers=["31 years"], quotes=[KEPT]),
    result("wrong", answered(BUILT, short="1858"), 0.6, 20, answers=["31 years"], quotes=[KEPT]),
    result("missed", None, 0.1, 30, answers=["31 years"], quotes=[KEPT]),
    result("refused", None, 0.1, 40, not_in_article=True),
    result("invented", answered(BUILT), 0.5, 50, not_in_article=True),
]


def test_the_figures_of_five_cases_are_those_computed_by_hand() -> None:
    summary = summarise(RESULTS)
    assert summary.cases == 5
    assert summary.accepted == 2 / 5
    assert summary.exact_match == 2 / 5
    assert summary.f1 == 2 / 5
    assert summary.citation_precision == 1 / 2  # of the two answered that have a gold quote
    assert summary.citation_recall == 1 / 3
    assert (summary.hit_at_1, summary.hit_at_5, summary.mrr) == (0, 0, 0)  # no passages
    assert summary.refusal_precision == 1 / 2
    assert summary.refusal_recall == 1 / 2
    assert summary.refusal_f1 == 1 / 2
    assert summary.auroc == 1  # 0.9 is above all the others
    # One right of one at 0.9; at 0.6, 0.5 and twice 0.1 none is an answer that is right.
    assert summary.calibration_error == pytest.approx((0.1 + 0.6 + 0.5 + 0.2) / 5)
    assert summary.latency_p50_ms == 30
    assert summary.latency_p95_ms == pytest.approx(48)


def test_a_figure_without_cases_is_none_and_not_zero() -> None:
    summary = summarise([RESULTS[3]])
    assert summary.citation_recall is None
    assert summary.hit_at_1 is None
    assert summary.auroc is None
    assert summary.refusal_recall == 1


def test_no_results_are_no_report() -> None:
    with pytest.raises(BadInput, match="No case"):
        make_report([])


def test_the_json_is_read_back_as_it_was(tmp_path: Path, settings: Settings) -> None:
    report = make_report(RESULTS, {"seed": 3}, ["a note"])
    path = tmp_path / "report.json"
    path.write_text(to_json(report), encoding="utf-8")
    assert read_report(path) == report
    assert last_report(settings) is None
    save_last(report, settings)
    assert last_report(settings) == report


def test_the_last_report_of_another_version_counts_as_none(settings: Settings) -> None:
    save_last(make_report(RESULTS), settings)
    path = settings.data_dir / "last-check.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"version": 2', '"version": 1', 1), encoding="utf-8")
    assert last_report(settings) is None
    path.write_text("{", encoding="utf-8")
    with pytest.raises(BadInput, match="not a report"):
        last_report(settings)


def test_a_file_that_is_no_report_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"cases": []}', encoding="utf-8")
    with pytest.raises(BadInput, match="not a report"):
        read_report(path)


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> ]]> \x00 \ud7ff"


def hostile_report():
    bad = result("x", answered(BUILT, short=HOSTILE), 0.4, 5, answers=["31"], quotes=[KEPT])
    case = bad.case.model_copy(update={"question": HOSTILE, "id": HOSTILE})
    return make_report([*RESULTS, bad.model_copy(update={"case": case})], notes=[HOSTILE])


def test_the_page_asks_no_other_host_and_runs_nothing() -> None:
    report = hostile_report()
    page = to_html(report, compared(scores_of(report), scores_of(report)))
    root = lxml.html.document_fromstring(page)
    assert {element.tag for element in root.iter(etree.Element)}.isdisjoint(
        {"script", "img", "link", "iframe", "object", "a", "base", "image", "use"}
    )
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not [name for name in attributes if name.startswith("on")]
    assert attributes.isdisjoint({"src", "href", "style", "action", "srcset"})
    assert "url(" not in page
    assert "@import" not in page
    assert "<script>alert(1)</script>" in root.text_content()


def test_the_page_shows_every_failure_and_three_plots() -> None:
    page = to_html(make_report(RESULTS))
    assert page.count("<details>") == 3
    for name in ("wrong", "missed", "invented"):
        assert f"/{name}, " in page
    for fault in ("wrong answer", "refused", "should have refused"):
        assert f">{fault}</span>" in page
    assert page.count("<svg ") == 3
    assert "40.0 % accepted" in page


def test_plots_hold_up_at_the_edges() -> None:
    for confidences in ([0.0], [1.0, 1.0]):
        right = [True] * len(confidences)
        for plot in (
            risk_coverage_plot(confidences, right, len(right)),
            calibration_plot(confidences, right),
            latency_plot([0.0] * len(right)),
        ):
            ElementTree.fromstring(plot)
            assert "nan" not in plot
    ElementTree.fromstring(risk_coverage_plot([], [], 3))  # everything was refused


def test_the_risk_curve_ends_at_the_share_that_was_answered() -> None:
    plot = risk_coverage_plot([0.9, 0.5], [True, False], 4)
    tips = re.findall("<title>(.*?)</title>", plot)
    assert tips == ["25% answered, 0.0% of them wrong", "50% answered, 50.0% of them wrong"]


def test_junit_counts_wrong_cases_and_survives_any_text() -> None:
    root = ElementTree.fromstring(to_junit(hostile_report()).encode())
    (suite,) = root
    assert suite.attrib["tests"] == "6"
    assert suite.attrib["skipped"] == "4"
    wrong = [case.attrib["name"] for case in suite if case.find("skipped") is not None]
    assert wrong[:3] == ["wrong", "missed", "invented"]
    assert "<script>alert(1)</script>" in wrong[3]


@pytest.mark.parametrize("width", [80, 160])
def test_every_figure_is_in_the_table_however_wide_the_terminal(width: int) -> None:
    shown = io.StringIO()
    print_report(make_report(RESULTS), Console(file=shown, width=width))
    text = " ".join(shown.getvalue().split())
    for name in ("Accepted", "EM", "MRR", "AUROC", "ECE"):
        assert name in text
    assert "3 failures" in text
    assert "…" not in text
