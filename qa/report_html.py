"""The report as one self-contained page, for people who would rather look than read."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from qa.baseline import Comparison
from qa.plots import calibration_plot, latency_plot, risk_coverage_plot
from qa.report import FIGURES, Report, Summary

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
    answered = [result for result in results if not result.refused]
    failures = [result for result in results if not result.right]
    return _environment.get_template("report.html").render(
        report=report,
        comparison=comparison,
        rows=[*report.by_kind.items(), ("all", report.overall)],
        figures=[
            (name, Summary.model_fields[field].description or "", value)
            for field, name, value in FIGURES
        ],
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
