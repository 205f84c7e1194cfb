"""Small plots as inline SVG, coloured by the page's own text and accent colours."""

from collections.abc import Sequence
from html import escape

import numpy as np

from qa.evaluation.metrics import risk_coverage

_WIDTH, _HEIGHT = 360, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 18, 12, 40
_BINS = 10


def risk_coverage_plot(confidences: Sequence[float], right: Sequence[bool], asked: int) -> str:
    """The share of wrong ones among the most confident answers, as more of them are given.

    `confidences` and `right` are those of the answers; of `asked` questions the others were
    refused, so the curve ends at the share that was answered.
    """
    curve = [
        (coverage * len(confidences) / asked, risk)
        for coverage, risk in risk_coverage(confidences, right)
    ]
    worst = max([0.1, *(risk for _, risk in curve)])
    points = " ".join(f"{_x(c):.1f},{_y(risk / worst):.1f}" for c, risk in curve)
    dots = "".join(
        f'<circle cx="{_x(c):.1f}" cy="{_y(risk / worst):.1f}" r="2.5">'
        f"<title>{c:.0%} answered, {risk:.1%} of them wrong</title></circle>"
        for c, risk in curve
        if len(curve) <= 200
    )
    body = f'<polyline class="line" points="{points}"/><g class="dots">{dots}</g>'
    x_ticks = [(share, f"{share:.0%}") for share in (0, 0.25, 0.5, 0.75, 1)]
    y_ticks = [(share, f"{share * worst:.0%}") for share in (0, 0.25, 0.5, 0.75, 1)]
    return _frame(
        "Risk against coverage", "questions answered", "of them wrong", x_ticks, y_ticks, body
    )


def calibration_plot(confidences: Sequence[float], right: Sequence[bool]) -> str:
    """How often answers of a confidence are right; a calibrated reader follows the diagonal."""
    bars = []
    binned = np.minimum((np.asarray(confidences) * _BINS).astype(int), _BINS - 1)
    good = np.asarray(right, dtype=float)
    for n in range(_BINS):
        inside = good[binned == n]
        if inside.size:
            share = float(inside.mean())
            bars.append(
                _bar(
                    n / _BINS,
                    (n + 1) / _BINS,
                    share,
                    f"confidence {n / _BINS:.1f} to {(n + 1) / _BINS:.1f}: "
                    f"{share:.0%} of {inside.size} right",
                )
            )
    diagonal = f'<line class="guide" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>'
    ticks = [(share, f"{share:g}") for share in (0, 0.2, 0.4, 0.6, 0.8, 1)]
    return _frame(
        "Calibration", "confidence", "share right", ticks, ticks, "".join(bars) + diagonal
    )


def latency_plot(milliseconds: Sequence[float]) -> str:
    """How many questions took how long; the slowest hundredth is counted in the last bar."""
    values = np.asarray(milliseconds, dtype=float)
    top = max(float(np.percentile(values, 99)), 1.0)
    counts, edges = np.histogram(np.minimum(values, top), bins=20, range=(0, top))
    most = int(counts.max())
    bars = "".join(
        _bar(
            low / top,
            high / top,
            count / most,
            f"{low:.0f} to {high:.0f} ms: {count} questions",
        )
        for count, low, high in zip(counts, edges[:-1], edges[1:], strict=True)
        if count
    )
    x_ticks = [(share, f"{share * top:.0f}") for share in (0, 0.25, 0.5, 0.75, 1)]
    y_ticks = [(0.0, "0"), (1.0, str(most))]
    return _frame("Latency", "milliseconds", "questions", x_ticks, y_ticks, bars)


def course_plot(name: str, points: Sequence[tuple[str, float]]) -> str:
    """A share, from 0 to 1, over the runs that it was measured in; each point says which."""
    last = max(len(points) - 1, 1)
    places = [(n / last, figure, label) for n, (label, figure) in enumerate(points)]
    line = " ".join(f"{_x(at):.1f},{_y(figure):.1f}" for at, figure, _ in places)
    dots = "".join(
        f'<circle cx="{_x(at):.1f}" cy="{_y(figure):.1f}" r="3">'
        f"<title>{escape(label)}: {figure:.3f}</title></circle>"
        for at, figure, label in places
    )
    body = f'<polyline class="line" points="{line}"/><g class="dots">{dots}</g>'
    ticks = [(share, f"{share:g}") for share in (0, 0.25, 0.5, 0.75, 1)]
    return _frame(name, "runs", "share", [(0.0, "1"), (1.0, str(len(points)))], ticks, body)


def _frame(
    title: str,
    x_name: str,
    y_name: str,
    x_ticks: Sequence[tuple[float, str]],
    y_ticks: Sequence[tuple[float, str]],
    body: str,
) -> str:
    marks = "".join(
        f'<line class="grid" x1="{_x(0)}" x2="{_x(1)}" y1="{_y(at):.1f}" y2="{_y(at):.1f}"/>'
        f'<text x="{_LEFT - 6}" y="{_y(at) + 4:.1f}" text-anchor="end">{escape(label)}</text>'
        for at, label in y_ticks
    ) + "".join(
        f'<text x="{_x(at):.1f}" y="{_HEIGHT - _BOTTOM + 16}" text-anchor="middle">'
        f"{escape(label)}</text>"
        for at, label in x_ticks
    )
    middle = (_TOP + _HEIGHT - _BOTTOM) / 2
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"{marks}{body}"
        f'<text class="axis" x="{_x(0.5):.1f}" y="{_HEIGHT - 6}" text-anchor="middle">'
        f"{escape(x_name)}</text>"
        f'<text class="axis" transform="translate(11 {middle}) rotate(-90)" text-anchor="middle">'
        f"{escape(y_name)}</text></svg>"
    )


def _bar(low: float, high: float, height: float, tip: str) -> str:
    """A bar, 2 units higher than it should be, so that one of height 0 is seen."""
    return (
        f'<rect class="bar" x="{_x(low) + 1:.1f}" width="{_x(high) - _x(low) - 2:.1f}" '
        f'y="{_y(height) - 2:.1f}" height="{_y(0) - _y(height) + 2:.1f}">'
        f"<title>{escape(tip)}</title></rect>"
    )


def _x(share: float) -> float:
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _y(share: float) -> float:
    return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)
