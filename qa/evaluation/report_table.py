"""The report as tables in the terminal."""

from collections.abc import Callable, Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from qa.evaluation.report import FIGURES, Report, Summary
from qa.evaluation.scoring import SURE, CaseResult
from qa.evaluation.verdict import Verdict

FAILURES_SHOWN = 12
FULL_WIDTH = 140
"""Columns of a terminal below which the figures come in two tables."""

Column = tuple[str, Callable[[Summary], float | None]]


def console() -> Console:
    """Standard output; wide where it is no terminal, so that a log keeps whole rows."""
    plain = Console()
    return plain if plain.is_terminal else Console(width=FULL_WIDTH)


def print_report(report: Report, out: Console) -> None:
    """A row for each kind and one for all, then the first failures."""
    times = (("p50 ms", _p50), ("p95 ms", _p95))
    columns = [*((name, value) for _, name, value in FIGURES), *times]
    out.print(f"[bold]{escape(', '.join(report.sets))}[/] answered by {escape(report.answerer)}")
    if report.provenance:
        out.print(f"[dim]{escape(report.provenance.sentence)}[/]")
    for group in [columns] if out.width >= FULL_WIDTH else [columns[:7], columns[7:]]:
        out.print(_table(report, group))
    for note in report.notes:
        out.print(f"[yellow]{escape(note)}[/]")
    sure = [result.key for result in report.results if result.sure_wrong]
    if sure:
        out.print(f"Wrong with a confidence of {SURE} or more: {escape(', '.join(sure))}")
    if report.overall.related:
        out.print(f"Told what stands nearby, counted neither way: {report.overall.related:.2f}")
    _print_unstable(report, out)
    _print_failures([result for result in report.results if not result.right], out)


def print_verdict(verdict: Verdict, out: Console) -> None:
    """The last lines: each rule that was broken with its figures, then the verdict."""
    for judgement in verdict.judgements:
        mark = "[green]ok[/]" if judgement.passed else "[bold red]failed[/]"
        out.print(f"{mark} {escape(judgement.rule)}: {escape(judgement.figures)}")
    style = "bold red" if verdict.failed else "bold"
    out.print(f"[{style}]{escape(verdict.sentence)}[/]")


def _print_unstable(report: Report, out: Console) -> None:
    repeated = [(r.key, r.repeats) for r in report.results if r.repeats]
    for key, repeats in repeated:
        if repeats.answers > 1:
            out.print(
                f"Not the same each time: {escape(key)}, {repeats.answers} different answers, "
                f"right {repeats.right} times of {repeats.times}"
            )
    if repeated and all(repeats.answers == 1 for _, repeats in repeated):
        out.print(f"Each case was answered the same {repeated[0][1].times} times.")


def _print_failures(failures: list[CaseResult], out: Console) -> None:
    if not failures:
        out.print("No failures.")
        return
    out.print(f"{len(failures)} failure{'' if len(failures) == 1 else 's'}:")
    for result in failures[:FAILURES_SHOWN]:
        said = result.answer.short_answer or result.answer.text
        out.print(
            f"  [bold]{escape(result.case.id)}[/] ({result.case.kind}) "
            f"{escape(result.case.question)}\n    → {escape(_shortened(said))}"
        )
    if len(failures) > FAILURES_SHOWN:
        out.print(f"  … and {len(failures) - FAILURES_SHOWN} more; --html FILE shows them all.")


def _table(report: Report, columns: Sequence[Column]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("Kind", no_wrap=True)
    for name in ("Cases", *(name for name, _ in columns)):
        table.add_column(name, justify="right")
    for kind, summary in report.by_kind.items():
        table.add_row(kind, *_cells(summary, columns))
    table.add_section()
    table.add_row("all", *_cells(report.overall, columns), style="bold")
    return table


def _cells(summary: Summary, columns: Sequence[Column]) -> list[str]:
    figures = [(name, value(summary)) for name, value in columns]
    return [
        str(summary.cases),
        *(
            "–" if figure is None else f"{figure:.0f}" if name.endswith("ms") else f"{figure:.2f}"
            for name, figure in figures
        ),
    ]


def _p50(summary: Summary) -> float:
    return summary.latency_p50_ms


def _p95(summary: Summary) -> float:
    return summary.latency_p95_ms


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 110 else text[:109] + "…"
