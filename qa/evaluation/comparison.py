"""Two runs side by side in the terminal."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from qa.evaluation.baseline import Comparison
from qa.evaluation.report import FIGURES, Report

CASES_SHOWN = 30


def print_settings(before: Report, after: Report, out: Console) -> None:
    """Every figure of both runs, with what they were run with."""
    table = Table(title="Whole runs", title_justify="left")
    for name in ("Figure", "Before", "After", "Change"):
        table.add_column(name, justify="left" if name == "Figure" else "right", no_wrap=True)
    table.add_row("answerer", escape(before.answerer), escape(after.answerer), "")
    table.add_row("fingerprint", escape(before.fingerprint), escape(after.fingerprint), "")
    table.add_row("cases", str(before.overall.cases), str(after.overall.cases), "")
    table.add_section()
    for _, name, value in FIGURES:
        table.add_row(name, *_two(value(before.overall), value(after.overall), ".3f"))
    table.add_section()
    for name, a, b in (
        ("p50 ms", before.overall.latency_p50_ms, after.overall.latency_p50_ms),
        ("p95 ms", before.overall.latency_p95_ms, after.overall.latency_p95_ms),
    ):
        table.add_row(name, *_two(a, b, ".0f"))
    out.print(table)


def print_comparison(comparison: Comparison, out: Console) -> None:
    """The cases that both runs have: what changed, and whether it is a regression."""
    table = Table(title="Cases that both runs have", title_justify="left")
    for name in ("Score", "Cases", "Before", "After", "Change", "95 % interval"):
        table.add_column(name, justify="left" if name == "Score" else "right", no_wrap=True)
    for change in comparison.changes:
        table.add_row(
            change.score,
            str(change.cases),
            *_two(change.before, change.after, ".3f"),
            f"{change.low:+.3f} to {change.high:+.3f}",
            style="red" if change.is_fall else None,
        )
    out.print(table)
    _print_cases("lost", "red", comparison.lost, out)
    _print_cases("won", "green", comparison.won, out)
    _print_cases("not compared (new, gone or changed)", "yellow", comparison.not_compared, out)
    for regression in comparison.regressions:
        out.print(f"[bold red]Regression:[/] {escape(regression)}")
    for remark in comparison.remarks:
        out.print(escape(remark))
    if not comparison.regressions:
        out.print("No regression.")


def _print_cases(what: str, colour: str, keys: tuple[str, ...], out: Console) -> None:
    if keys:
        more = f" … and {len(keys) - CASES_SHOWN} more" if len(keys) > CASES_SHOWN else ""
        shown = escape(", ".join(keys[:CASES_SHOWN]))
        out.print(f"[{colour}]{len(keys)} {what}:[/] {shown}{more}")


def _two(before: float | None, after: float | None, form: str) -> tuple[str, str, str]:
    if before is None or after is None:
        return (
            "–" if before is None else f"{before:{form}}",
            "–" if after is None else f"{after:{form}}",
            "",
        )
    return f"{before:{form}}", f"{after:{form}}", f"{after - before:+{form}}"
