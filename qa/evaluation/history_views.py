"""Kept runs as a table in the terminal and as a page with plots."""

from collections.abc import Callable, Sequence
from html import escape

from rich import box
from rich.console import Console
from rich.markup import escape as markup
from rich.table import Table

from qa.evaluation.history import Run
from qa.evaluation.plots import course_plot
from qa.evaluation.report import Summary

SHOWN = 30
"""Runs in the terminal, the latest ones."""

_BLOCKS = "▁▂▃▄▅▆▇█"
_COURSES: tuple[tuple[str, Callable[[Summary], float | None]], ...] = (
    ("Accepted", lambda s: s.accepted),
    ("Citation precision", lambda s: s.citation_precision),
    ("Citation recall", lambda s: s.citation_recall),
    ("Refused of what is not there", lambda s: s.refusal_recall),
)


def print_history(runs: Sequence[Run], out: Console) -> None:
    """A row for each run, and how each figure went."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("Date", "Commit", "Sets"):
        table.add_column(name, no_wrap=name != "Sets")
    for name in ("Cases", "Accepted", "Cite P", "Cite R", "Refuse R", "Sure wrong", "p50 ms"):
        table.add_column(name, justify="right")
    table.add_column("Gate")
    for run in runs[-SHOWN:]:
        summary, made_with = run.overall, run.provenance
        table.add_row(
            f"{made_with.date:%Y-%m-%d %H:%M}" if made_with else "–",
            (made_with.commit if made_with else None) or "–",
            markup(", ".join(run.sets)),
            str(summary.cases),
            *(_figure(value(summary)) for _, value in _COURSES),
            str(summary.sure_wrong),
            f"{summary.latency_p50_ms:.0f}",
            {True: "[red]failed[/]", False: "passed", None: "–"}[run.failed],
        )
    out.print(table)
    for name, value in _COURSES:
        figures = [figure for run in runs if (figure := value(run.overall)) is not None]
        if len(figures) > 1:
            out.print(f"{name:<28} {_bars(figures)} {figures[0]:.2f} → {figures[-1]:.2f}")


def history_page(runs: Sequence[Run]) -> str:
    """A page with a plot for each figure and a table of the runs, without scripts."""
    rows = "".join(
        f"<tr><td>{made.date:%Y-%m-%d %H:%M}</td><td>{escape(made.commit or '–')}</td>"
        f"<td>{escape(', '.join(run.sets))}</td><td>{escape(run.answerer)}</td>"
        f"<td>{run.overall.cases}</td>"
        + "".join(f"<td>{_figure(value(run.overall))}</td>" for _, value in _COURSES)
        + f"<td>{run.overall.sure_wrong}</td>"
        f"<td>{ {True: 'failed', False: 'passed', None: '–'}[run.failed] }</td></tr>"
        for run in reversed(runs)
        if (made := run.provenance)
    )
    heads = "".join(f"<th>{name}</th>" for name, _ in _COURSES)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Footnote check: {len(runs)} runs</title><style>{_STYLE}</style></head><body>"
        f"<h1>{len(runs)} runs</h1>{history_plots(runs)}"
        "<table><thead><tr><th>Date (UTC)</th><th>Commit</th><th>Sets</th><th>Answerer</th>"
        f"<th>Cases</th>{heads}<th>Sure wrong</th><th>Gate</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></body></html>\n"
    )


def history_plots(runs: Sequence[Run]) -> str:
    """A figure for each course, as inline SVG."""
    figures = []
    for name, value in _COURSES:
        points = [
            (f"{made.date:%Y-%m-%d %H:%M}, {made.commit or 'no commit'}", figure)
            for run in runs
            if (made := run.provenance) and (figure := value(run.overall)) is not None
        ]
        if points:
            plot = course_plot(name, points)
            figures.append(f"<figure>{plot}<figcaption>{name}</figcaption></figure>")
    return f'<div class="plots">{"".join(figures)}</div>'


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _bars(figures: Sequence[float]) -> str:
    """Each figure from 0 to 1 as a block.

    >>> _bars([0, 0.5, 1])
    '▁▅█'
    """
    return "".join(_BLOCKS[min(int(figure * len(_BLOCKS)), len(_BLOCKS) - 1)] for figure in figures)


_STYLE = """
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; font: 16px/1.5 system-ui, sans-serif; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 1rem; }
figure { margin: 0; } svg { width: 100%; height: auto; font: 11px system-ui, sans-serif; }
svg text { fill: currentColor; } svg .grid { stroke: currentColor; opacity: .2; }
svg .line { fill: none; stroke: #1f5fa8; stroke-width: 2; } svg .dots { fill: #1f5fa8; }
table { border-collapse: collapse; font-size: .875rem; margin-top: 1rem; }
th, td { padding: .3rem .6rem; text-align: left; border-bottom: 1px solid; }
"""
