"""`footnote check`, `check history` and `compare`: the test sets on the command line."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from typer.core import TyperGroup

from index.errors import BadInput
from qa.cli import test_sets
from qa.cli.output import say, write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.settings import Settings
    from qa.evaluation.baseline import Baseline, Comparison
    from qa.evaluation.limits import Limits
    from qa.evaluation.report import Report
    from qa.evaluation.run import RunPlan

Scope = Literal["article", "corpus"]
Unanswerable = Literal["none", "other-article", "removed"]
FailOn = Literal["lost", "regression", "never"]

Sets = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Test sets, YAML or JSONL; without any, those of pyproject.toml, or else the bundled "
        "ones and your own."
    ),
]
JsonFile = Annotated[
    Path | None, typer.Option("--json", help="Write the whole report here.", dir_okay=False)
]
JunitFile = Annotated[
    Path | None, typer.Option("--junit", help="Write JUnit XML here.", dir_okay=False)
]
HtmlFile = Annotated[
    Path | None, typer.Option("--html", help="Write a page with plots here.", dir_okay=False)
]
BaselineFile = Annotated[
    Path | None,
    typer.Option(
        help="Compare with this; by default with SET.baseline.json beside each set.",
        dir_okay=False,
    ),
]
SaveBaseline = Annotated[
    bool,
    typer.Option(
        "--save-baseline", help="Store this run as the baseline, in --baseline or beside each set."
    ),
]
MinAccepted = Annotated[
    float | None,
    typer.Option(min=0, max=1, help="Fail when a smaller share of the cases is accepted."),
]
MinRefusal = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=1,
        help="Fail when a smaller share of what the article does not say is refused.",
    ),
]
MaxSureWrong = Annotated[
    int | None,
    typer.Option(
        min=0, help="Fail when more wrong answers than this have a confidence of 0.8 or more."
    ),
]
FailOnOption = Annotated[
    FailOn | None,
    typer.Option(
        help="Against the baseline: fail on a regression (the default), on any lost case, or never "
        "fail at all."
    ),
]
Kinds = Annotated[list[str] | None, typer.Option("--kind", help="Only cases of this kind.")]
Ids = Annotated[list[str] | None, typer.Option("--case", help="Only the case of this id.")]
Tags = Annotated[list[str] | None, typer.Option("--tag", help="Only cases with this tag.")]
Repeat = Annotated[
    int, typer.Option(min=1, help="Ask each case so often; right is right every time.")
]
Concurrency = Annotated[int, typer.Option(min=1, max=64, help="Ask so many cases at once.")]
Against = Annotated[
    str | None,
    typer.Option(help="Ask a running service at this address, in place of the own chain."),
]
Key = Annotated[
    str | None,
    typer.Option(
        envvar="FOOTNOTE_CHECK_KEY",
        show_envvar=True,
        help="Bearer token for --against.",
    ),
]
Record = Annotated[bool, typer.Option("--record", help="Keep the figures of this run.")]
HistoryFile = Annotated[
    Path | None,
    typer.Option(
        "--history", help="The file of kept runs; by default in the data folder.", dir_okay=False
    ),
]
Squad = Annotated[
    Path | None, typer.Option(help="Run a SQuAD v1 or v2 file instead.", dir_okay=False)
]


class _RunIsTheDefault(TyperGroup):
    """`footnote check SET` is `footnote check run SET`."""

    def parse_args(self, ctx, args):  # type: ignore[no-untyped-def]  # typer's own click
        named = bool(args) and args[0] in self.commands
        return super().parse_args(ctx, args if named else ["run", *args])


commands = typer.Typer(
    cls=_RunIsTheDefault,
    rich_markup_mode=None,
    add_completion=False,
    help="Ask test sets and score the answers; see `footnote check run --help`.",
)


def register(app: typer.Typer) -> None:
    """Adds the commands to `footnote`."""
    app.add_typer(commands, name="check")
    app.command()(compare)
    test_sets.register(app, commands)


@commands.command()
def run(
    sets: Sets = None,
    json_file: JsonFile = None,
    junit_file: JunitFile = None,
    html_file: HtmlFile = None,
    min_accepted: MinAccepted = None,
    min_refusal: MinRefusal = None,
    max_sure_wrong: MaxSureWrong = None,
    fail_on: FailOnOption = None,
    baseline: BaselineFile = None,
    save_baseline: SaveBaseline = False,
    kind: Kinds = None,
    case: Ids = None,
    tag: Tags = None,
    repeat: Repeat = 1,
    concurrency: Concurrency = 1,
    against: Against = None,
    key: Key = None,
    record: Record = False,
    history_file: HistoryFile = None,
    squad: Squad = None,
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
    """Ask test sets, score the answers, and hold them against limits and a baseline.

    The limits can also stand in a set, or in [tool.footnote.check] of pyproject.toml. Exits with 1
    when the gate fails, with 2 when a set is not valid.

    Also: footnote check history, import, export and schema.

    Example: footnote check my-set.yaml --min-accepted 0.9 --html report.html
    """
    from index.settings import read_settings
    from qa.evaluation.baseline import load_baselines
    from qa.evaluation.limits import Limits, first_given
    from qa.evaluation.project_file import read_project
    from qa.evaluation.run import RunPlan, default_sets

    settings = read_settings()
    plan = RunPlan(
        tuple(kind or ()), tuple(case or ()), tuple(tag or ()), repeat, concurrency, against, key
    )
    if squad and (sets or plan != RunPlan()):
        raise BadInput(
            "Give either test sets or --squad FILE, not both; the options that choose cases, "
            "--repeat, --concurrency and --against are for sets."
        )
    if save_baseline and plan.is_partial:
        raise BadInput("--save-baseline needs all cases: leave --kind, --case and --tag out.")
    project = read_project(Path.cwd())
    given = Limits(
        min_accepted=min_accepted,
        min_refusal=min_refusal,
        max_sure_wrong=max_sure_wrong,
        fail_on=fail_on,
    )
    paths = [squad] if squad else list(sets or project.sets) or default_sets(settings)
    stored = load_baselines(paths, baseline, required=baseline is not None and not save_baseline)
    of_sets: Mapping[str, Limits] = {}
    if squad:
        report = _squad_report(squad, scope, sample, seed, unanswerable, json_file, settings)
    else:
        report, of_sets = _set_report(paths, settings, plan)
    comparison = _compared(report, stored, plan)
    report = _judged(
        report, first_given([given, project.limits]), of_sets, None if save_baseline else comparison
    )
    if not (squad or sets or project.sets or plan != RunPlan()):
        _keep_last(report, settings)
    _show(report, comparison, json_file, junit_file, html_file)
    if save_baseline:
        _save_baseline(report, paths, baseline)
    if record or history_file:
        _record(report, history_file, settings)
    if report.verdict and report.verdict.failed:
        raise typer.Exit(1)


@commands.command()
def history(
    history_file: HistoryFile = None,
    html_file: HtmlFile = None,
    sets: Annotated[
        list[str] | None, typer.Option("--set", help="Only runs of exactly these sets.")
    ] = None,
) -> None:
    """Show the runs that were kept with --record, oldest first.

    Example: footnote check history --html history.html
    """
    from index.settings import read_settings
    from qa.evaluation.history import history_path, read_history
    from qa.evaluation.history_views import history_page, print_history
    from qa.evaluation.report_table import console

    path = history_file or history_path(read_settings())
    runs = read_history(path, sets or ())
    if not runs:
        say(f"No run was kept in {path} yet: footnote check --record keeps one.")
        return
    print_history(runs, console())
    if html_file:
        write(html_file, history_page(runs))


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


def _set_report(
    paths: "Sequence[Path]", settings: "Settings", plan: "RunPlan"
) -> "tuple[Report, Mapping[str, Limits]]":
    from qa.evaluation.run import ask_sets, load_sets

    loaded = load_sets(paths, settings)
    limits = {test_set.name: test_set.limits for test_set in loaded}
    return ask_sets(loaded, settings, plan, notify=say), limits


def _squad_report(
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
    return run_squad(plan, settings, beside=json_file, notify=say)


def _compared(report: "Report", stored: "Baseline | None", plan: "RunPlan") -> "Comparison | None":
    """Against the baseline; where only some cases were asked, only those of them."""
    from qa.evaluation.baseline import compared, scores_of

    if stored is None:
        return None
    scores = scores_of(report)
    if plan.is_partial:
        kept = {key: score for key, score in stored.cases.items() if key in scores.cases}
        stored = stored.model_copy(update={"cases": kept})
    return compared(stored, scores)


def _judged(
    report: "Report",
    limits: "Limits",
    of_sets: "Mapping[str, Limits]",
    comparison: "Comparison | None",
) -> "Report":
    from qa.evaluation.gate import gated

    return report.model_copy(update={"verdict": gated(report, limits, of_sets, comparison)})


def _show(
    report: "Report",
    comparison: "Comparison | None",
    json_file: Path | None,
    junit_file: Path | None,
    html_file: Path | None,
) -> None:
    from qa.evaluation.comparison import print_comparison
    from qa.evaluation.report import to_json
    from qa.evaluation.report_html import to_html
    from qa.evaluation.report_junit import to_junit
    from qa.evaluation.report_table import console, print_report, print_verdict

    out = console()
    print_report(report, out)
    if comparison:
        print_comparison(comparison, out)
    if report.verdict:
        print_verdict(report.verdict, out)
    if json_file:
        write(json_file, to_json(report))
    if junit_file:
        write(junit_file, to_junit(report))
    if html_file:
        write(html_file, to_html(report, comparison))


def _keep_last(report: "Report", settings: "Settings") -> None:
    from qa.evaluation.report import save_last

    save_last(report, settings)


def _save_baseline(report: "Report", paths: "Sequence[Path]", chosen: Path | None) -> None:
    from qa.evaluation.baseline import save_baselines, scores_of

    for path in save_baselines(scores_of(report), paths, chosen):
        say(f"Baseline stored: {path}")


def _record(report: "Report", chosen: Path | None, settings: "Settings") -> None:
    from qa.evaluation.history import history_path, record

    path = chosen or history_path(settings)
    record(report, path)
    say(f"Kept in {path}; footnote check history shows it.")
