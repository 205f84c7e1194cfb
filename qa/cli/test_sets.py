"""`footnote draft` and `check import`, `export` and `schema`: making and carrying test sets."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from index.errors import BadInput
from qa.cli.output import say, write

if TYPE_CHECKING:
    from qa.evaluation.cases import Case
    from qa.evaluation.drafting import DraftedCase

Format = Literal["squad", "csv", "promptfoo", "ragas"]
Output = Annotated[Path, typer.Option("--output", "-o", help="The file to write.", dir_okay=False)]
MaybeOutput = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Write here, not to the screen.", dir_okay=False),
]


def register(app: typer.Typer, check: typer.Typer) -> None:
    """Adds `draft` to `footnote` and the others to `footnote check`."""
    app.command()(draft)
    check.command("import")(import_set)
    check.command("export")(export_set)
    check.command("schema")(schema)


def draft(
    file: Annotated[Path, typer.Argument(help="The article.", dir_okay=False)],
    output: MaybeOutput = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many cases.")] = 24,
    keep_all: Annotated[
        bool, typer.Option("--yes", "-y", help="Keep every proposal, without asking.")
    ] = False,
) -> None:
    """Propose test cases for an article: questions that it answers, and near misses of them.

    Each is asked and shown with today's answer, for yes, no or edit; where standard input is no
    terminal, or with --yes, all are kept.

    Example: footnote draft article.md -o article.test.yaml
    """
    import sys

    from index.settings import read_settings
    from qa.evaluation.drafting import drafted_text, drafts

    proposed = drafts(file, read_settings(), limit)
    ask = not keep_all and sys.stdin.isatty()
    cases = list(_decided(proposed) if ask else (drafted.case for drafted in proposed))
    text = drafted_text(file, output.parent if output else Path(), cases)
    if output:
        write(output, text)
        say(f"{len(cases)} cases in {output}; footnote check {output} asks them.")
    else:
        typer.echo(text, nl=False)


def import_set(
    file: Annotated[Path, typer.Argument(help="The file to read.", dir_okay=False)],
    output: Output,
    form: Annotated[Format, typer.Option("--from", help="What the file is.")],
    articles: Annotated[
        list[Path] | None,
        typer.Option(
            "--article", help="What cases are asked of that name no article.", dir_okay=False
        ),
    ] = None,
) -> None:
    """Make a test set from a file of another tool.

    Example: footnote check import testset.jsonl --from ragas -o set.yaml
    """
    import os

    from qa.evaluation.exchange.csv_table import from_csv
    from qa.evaluation.exchange.imported import write_set
    from qa.evaluation.exchange.promptfoo import from_promptfoo
    from qa.evaluation.exchange.ragas import from_ragas
    from qa.evaluation.exchange.squad_set import from_squad

    readers = {
        "squad": from_squad,
        "csv": from_csv,
        "promptfoo": from_promptfoo,
        "ragas": from_ragas,
    }
    if output.exists():
        raise BadInput(f"{output} is there already; it was left as it is.")
    folder = output.parent.resolve()
    named = [os.path.relpath(path.resolve(), folder) for path in articles or ()]
    imported = readers[form](file)
    for remark in write_set(imported, output, named):
        say(remark)
    say(f"{len(imported.cases)} cases in {output}; footnote check {output} asks them.")


def export_set(
    test_set: Annotated[Path, typer.Argument(help="The test set.", dir_okay=False)],
    form: Annotated[Format, typer.Option("--to", help="What to write.")],
    output: MaybeOutput = None,
) -> None:
    """Write a test set as a file of another tool.

    Example: footnote check export set.yaml --to promptfoo -o promptfooconfig.yaml
    """
    from index.settings import read_settings
    from qa.evaluation.exchange.csv_table import to_csv
    from qa.evaluation.exchange.promptfoo import to_promptfoo
    from qa.evaluation.exchange.ragas import to_ragas
    from qa.evaluation.exchange.squad_set import to_squad
    from qa.evaluation.run import load_sets

    [loaded] = load_sets([test_set], read_settings())
    writers = {"squad": to_squad, "csv": to_csv, "promptfoo": to_promptfoo, "ragas": to_ragas}
    text = writers[form](loaded)
    if output:
        write(output, text)
    else:
        typer.echo(text, nl=False)


def schema() -> None:
    """Print the JSON schema of test sets, for editors that complete by it."""
    from qa.evaluation.cases import schema as of_sets

    typer.echo(json.dumps(of_sets(), indent=1, ensure_ascii=False))


def _decided(proposed: "Iterator[DraftedCase]") -> "Iterator[Case]":
    """The proposals that a person kept, as they mended them."""
    for drafted in proposed:
        case = drafted.case
        right = "not in the article" if case.not_in_article else " | ".join(map(str, case.answers))
        say(f"\n{case.kind}: {case.question}\n  right: {right}\n  today: {drafted.answer.text}")
        answer = typer.prompt("Keep? [y]es, [n]o, [e]dit, [q]uit", default="y", err=True).lower()
        if answer.startswith("q"):
            return
        if answer.startswith("e"):
            question = typer.prompt("Question", default=case.question, err=True)
            update: dict[str, object] = {"question": question}
            if not case.not_in_article:
                said = typer.prompt("Answer", default=str(case.answers[0]), err=True)
                update["answers"] = (said,)
            yield case.model_copy(update=update)
        elif answer.startswith("y"):
            yield case
