"""`footnote check`, `compare` and `draft`: the fixed test set on the command line."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from index.errors import BadInput

if TYPE_CHECKING:
    from index.settings import Settings
    from qa.evaluation.report import Report

Scope = Literal["article", "corpus"]
Unanswerable = Literal["none", "other-article", "removed"]

JsonFile = Annotated[
    Path | None, typer.Option("--json", help="Write the whole report here.", dir_okay=False)
]
JunitFile = Annotated[
    Path | None, typer.Option("--junit", help="Write JUnit XML here.", dir_okay=False)
]
HtmlFile = Annotated[
    Path | None, typer.Option("--html", help="Write a page with plots here.", dir_okay=False)
]


def register(app: typer.Typer) -> None:
    """Adds the three commands to `footnote`."""
    app.command()(check)
    app.command()(compare)
    app.command()(draft)


def check(
    sets: Annotated[
        list[Path] | None,
        typer.Argument(help="Test sets, YAML or JSONL; without any, the bundled and your own."),
    ] = None,
    json_file: JsonFile = None,
    junit_file: JunitFile = None,
    html_file: HtmlFile = None,
    baseline: Annotated[
        Path | None,
        typer.Option(
            help="Compare with this; by default with SET.baseline.json beside each set.",
            dir_okay=False,
        ),
    ] = None,
    save_baseline: Annotated[
        bool,
        typer.Option(
            "--save-baseline",
            help="Store this run as the baseline, in --baseline or beside each set.",
        ),
    ] = False,
    squad: Annotated[
        Path | None, typer.Option(help="Run a SQuAD v1 or v2 file instead.", dir_okay=False)
    ] = None,
    scope: Annotated[
        Scope, typer.Option(help="SQuAD: ask the question's own article, or all of them.")
    ] = "article",
    sample: Annotated[
        int | None, typer.Option(min=1, help="SQuAD: ask this many questions, drawn by --seed.")
    ] = None,
    seed: Annotated[int, typer.Option(help="SQuAD: seed of the drawing.")] = 0,
    unanswerable: Annotated[
        Unanswerable,
        typer.Option(
            help="SQuAD: ask every second question where its answer is not: of another article, "
            "or of its own with the paragraphs that hold the answer removed."
        ),
    ] = "none",
) -> None:
    """Ask a fixed test set and score the answers.

    Exits with 1 when a baseline shows a regression, with 2 when a set is not valid.

    Example: footnote check my-set.yaml --html report.html
    """
    from index.settings import read_settings
    from qa.evaluation.baseline import compared, load_baselines, save_baselines, scores_of
    from qa.evaluation.comparison import print_comparison
    from qa.evaluation.report import save_last, to_json
    from qa.evaluation.report_html import to_html
    from qa.evaluation.report_junit import to_junit
    from qa.evaluation.report_table import console, print_report
    from qa.evaluation.run import check_sets, default_sets

    settings = read_settings()
    if squad and sets:
        raise BadInput("Give either test sets or --squad FILE, not both.")
    paths = [squad] if squad else sets or default_sets(settings)
    stored = load_baselines(paths, baseline, required=baseline is not None and not save_baseline)
    if squad:
        report = _check_squad(squad, scope, sample, seed, unanswerable, json_file, settings)
    else:
        report = check_sets(paths, settings, notify=_say)
    print_report(report, console())
    if not squad and not sets:
        save_last(report, settings)

    scores = scores_of(report)
    comparison = compared(stored, scores) if stored else None
    if comparison:
        print_comparison(comparison, console())
    if json_file:
        _write(json_file, to_json(report))
    if junit_file:
        _write(junit_file, to_junit(report))
    if html_file:
        _write(html_file, to_html(report, comparison))
    if save_baseline:
        for path in save_baselines(scores, paths, baseline):
            _say(f"Baseline stored: {path}")
    elif comparison and comparison.regressions:
        raise typer.Exit(1)


def compare(
    before: Annotated[Path, typer.Argument(help="JSON of one run.", dir_okay=False)],
    after: Annotated[Path, typer.Argument(help="JSON of another.", dir_okay=False)],
) -> None:
    """Show what changed between two runs of `footnote check --json`.

    Example: footnote compare before.json after.json
    """
    from qa.evaluation.baseline import compared, scores_of
    from qa.evaluation.comparison import print_comparison, print_settings
    from qa.evaluation.report import read_report
    from qa.evaluation.report_table import console

    first, second = read_report(before), read_report(after)
    print_settings(first, second, console())
    print_comparison(compared(scores_of(first), scores_of(second)), console())


def draft(
    file: Annotated[Path, typer.Argument(help="The article.", dir_okay=False)],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write here, not to the screen.", dir_okay=False),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many cases.")] = 40,
) -> None:
    """Propose test cases for an article, each checked to be answered, for you to edit.

    Example: footnote draft article.md -o article.test.yaml
    """
    from index.settings import read_settings
    from qa.evaluation.question_generation import drafted_set

    text = drafted_set(file, output.parent if output else Path(), read_settings(), limit)
    if output:
        _write(output, text)
    else:
        typer.echo(text, nl=False)


def _check_squad(
    squad: Path,
    scope: Scope,
    sample: int | None,
    seed: int,
    unanswerable: Unanswerable,
    json_file: Path | None,
    settings: "Settings",
) -> "Report":
    from qa.evaluation.squad import SquadPlan
    from qa.evaluation.squad_run import run_squad

    plan = SquadPlan(squad, scope, sample, seed, None if unanswerable == "none" else unanswerable)
    return run_squad(plan, settings, beside=json_file, notify=_say)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.") from error


def _say(text: str) -> None:
    typer.echo(text, err=True)
