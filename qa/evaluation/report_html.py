"""The report as one self-contained page, for people who would rather look than read."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from qa.answer import NOT_IN_ARTICLE
from qa.evaluation.baseline import Comparison
from qa.evaluation.plots import calibration_plot, latency_plot, risk_coverage_plot
from qa.evaluation.report import FIGURES, Report, Summary
from qa.evaluation.scoring import CaseResult

_SHORT = 110
"""Characters of an answer in the line of a failure."""

_TILES = (
    ("citation_precision", "of what is cited is right"),
    ("hit_at_1", "right passage found first"),
    ("hit_at_5", "right passage among five"),
    ("refusal_precision", "of the refusals are right"),
    ("refusal_recall", "of what is not there is refused"),
)

FAILURES_SHOWN = 500
"""A page with more is slow to open; the JSON has them all."""

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,  # questions and articles are strangers' text
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def to_html(report: Report, comparison: Comparison | None = None) -> str:
    """The page, without scripts and without a request to anywhere."""
    results = report.results
    confidences = [result.answer.confidence for result in results]
    answered = [result for result in results if result.answered]
    failures = [result for result in results if not result.right]
    return _environment.get_template("report.html").render(
        report=report,
        comparison=comparison,
        rows=[*report.by_kind.items(), ("all", report.overall)],
        figures=[
            (name, Summary.model_fields[field].description or "", value)
            for field, name, value in FIGURES
        ],
        tiles=_tiles(report.overall),
        fault=_fault,
        right=_right,
        said=_said,
        failures=failures[:FAILURES_SHOWN],
        failures_left=max(0, len(failures) - FAILURES_SHOWN),
        failed=len(failures),
        risk=Markup(
            risk_coverage_plot(
                [result.answer.confidence for result in answered],
                [result.right for result in answered],
                len(results),
            )
        ),
        calibration=Markup(
            calibration_plot(confidences, [result.answered_right for result in results])
        ),
        latency=Markup(
            latency_plot([result.answer.latency_ms.get("total", 0.0) for result in results])
        ),
    )


def _tiles(summary: Summary) -> list[tuple[str, str, str]]:
    """Name, figure and description of what a person looks at first, save what no case has."""
    shares = [
        (name, f"{share:.0%}", Summary.model_fields[field].description or "")
        for field, name in _TILES
        if (share := getattr(summary, field)) is not None
    ]
    return [
        *shares,
        ("median time", f"{summary.latency_p50_ms:.0f} ms", "From the question to the answer."),
    ]


def _fault(result: CaseResult) -> str:
    """What went wrong, in a word or two."""
    if result.scores.forbidden_said is not None:
        return "said what is forbidden"
    if result.refused:
        return "refused"
    if not result.answered:
        return "related sentences only"
    return "should have refused" if result.case.not_in_article else "wrong answer"


def _right(result: CaseResult) -> str:
    if result.case.not_in_article:
        return "to refuse"
    answers = [a if isinstance(a, str) else " + ".join(a) for a in result.case.answers]
    return _shortened(" or ".join(answers) or " … ".join(gold.text for gold in result.gold))


def _said(result: CaseResult) -> str:
    if result.refused:
        return NOT_IN_ARTICLE
    return _shortened(result.answer.short_answer or result.answer.text)


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"
