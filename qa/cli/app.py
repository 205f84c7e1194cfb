"""`footnote`: the command line. Heavy imports wait inside the commands, so that help is instant.

Exit codes:
    0  answered, or done
    1  a regression found by `footnote check`, a quote that `footnote verify` no longer found, or a
       fault of Footnote's own
    2  bad input: a wrong option, an unreadable file, an invalid test set, backup or receipt
    3  no such article
    4  the article does not say (`footnote ask`)
    5  the library or a model cannot be used now; the sentence says what to do
"""

import gc
import json
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import BadInput, FootnoteError, NotFound
from qa.cli import backup, check, receipts

if TYPE_CHECKING:
    from index.articles import Article
    from index.library import Library
    from index.settings import Settings
    from qa.answer import Answer

app = typer.Typer(
    name="footnote",
    help="Ask an article; every statement of the answer carries a verbatim quote.",
    epilog=(
        "Exit codes: 0 done, 1 regression, lost quote or fault, 2 bad input, 3 no such article, "
        "4 the article does not say, 5 library or model not usable now."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
check.register(app)
backup.register(app)
receipts.register(app)


@app.callback(help=app.info.help)
def before_every_command() -> None:
    os.umask(0o077)  # what Footnote writes holds articles and answers: its owner's alone
    if _settings().offline:
        from index.offline import go_offline

        go_offline()


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, the same as over HTTP.")]


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in plain language.")],
    files: Annotated[
        list[Path] | None, typer.Argument(help="Ask only these; they are added to the library.")
    ] = None,
    as_json: AsJson = False,
    receipt: Annotated[
        Path | None,
        typer.Option(help="Also write a receipt here, for `footnote verify`.", dir_okay=False),
    ] = None,
) -> None:
    """Ask the articles.

    Example: footnote ask "How long would a missile need to Moscow?" article.md
    """
    settings = _settings()
    with _open_library(settings) as library:
        from qa.pipeline import open_pipeline

        ids = None
        if files:
            ids = [library.add(_load(path, settings)).article.id for path in files]
        elif not library.articles():
            _add_bundled(library, settings)
        answer = open_pipeline(library, settings).answer({"question": question, "article_ids": ids})
        typer.echo(answer.model_dump_json(indent=2) if as_json else _readable(answer))
        if receipt:
            from index.atomic_file import replace_text
            from qa.records.receipts import make_receipt

            replace_text(receipt, make_receipt([answer], library).model_dump_json(indent=2))
    if answer.status == "not_in_article":
        raise typer.Exit(4)


@app.command()
def add(
    files: Annotated[list[Path], typer.Argument(help="Files, or - for standard input.")],
) -> None:
    """Add articles to the library. The same text twice adds nothing."""
    settings = _settings()
    with _open_library(settings) as library:
        for path in files:
            added = library.add(_load(path, settings))
            word = "added" if added.new else "already there"
            typer.echo(
                f"{added.article.id}  {word}: {added.article.title}, {added.passages} passages"
            )


@app.command("list")
def list_articles(as_json: AsJson = False) -> None:
    """List the articles of the library."""
    with _open_library(_settings()) as library:
        summaries = library.articles()
    if as_json:
        rows = [
            {
                "id": s.id,
                "title": s.title,
                "source": s.source,
                "added_at": s.added_at.isoformat(),
                "characters": s.characters,
                "passages": s.passages,
            }
            for s in summaries
        ]
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for s in summaries:
        typer.echo(f"{s.id}  {s.characters:>9,} characters  {s.passages:>5} passages  {s.title}")
    if not summaries:
        typer.echo("The library is empty. Add an article: footnote add FILE", err=True)


@app.command()
def show(article_id: str) -> None:
    """Print the stored text of an article: the very text that answers quote."""
    with _open_library(_settings()) as library:
        typer.echo(library.article(article_id).text)


@app.command()
def remove(article_ids: list[str]) -> None:
    """Remove articles from the library and from every index."""
    with _open_library(_settings()) as library:
        for article_id in article_ids:
            library.remove(article_id)
            typer.echo(f"{article_id}  removed")


@app.command()
def doctor() -> None:
    """Say which versions, models and indexes are in use, and what would be rebuilt."""
    from qa.cli.doctor import findings

    healthy = True
    for finding in findings(_settings()):
        healthy = healthy and finding.fine
        typer.echo(f"{'ok ' if finding.fine else 'BAD'}  {finding.subject}: {finding.text}")
    if not healthy:
        raise typer.Exit(5)


@app.command()
def mcp() -> None:
    """Serve the Model Context Protocol over standard input and output."""
    from qa.http.mcp import run_stdio

    run_stdio(_settings())


def _settings() -> "Settings":
    from index.settings import read_settings  # 0.1 s: pydantic

    return read_settings()


def _open_library(settings: "Settings") -> "Library":
    from index.library import open_library

    return open_library(settings, notify=lambda text: typer.echo(text, err=True))


def _load(path: Path, settings: "Settings") -> "Article":
    from index.loading.loader import load_file, load_text

    if str(path) == "-":
        return load_text(sys.stdin.read(), settings, source="standard input")
    return load_file(path, settings)


def _add_bundled(library: "Library", settings: "Settings") -> None:
    from index.loading.loader import load_file
    from index.sample import BUNDLED_ARTICLE

    added = library.add(load_file(BUNDLED_ARTICLE, settings))
    typer.echo(
        f"The library was empty: added the bundled article, {added.article.title!r}.", err=True
    )


def _readable(answer: "Answer") -> str:
    lines = []
    if answer.standalone_question != answer.question:
        lines.append(f"Understood as: {answer.standalone_question}\n")
    lines.append(answer.text)
    if answer.note:
        lines.append(f"\nNote: {answer.note}")
    if answer.citations:
        lines.append("")
        for c in answer.citations:
            lines.append(f"[{c.n}] “{c.quote}”\n    {c.title}, characters {c.start}–{c.end}")
    if answer.status == "answered":
        lines.append(f"\nConfidence {answer.confidence:.0%}")
    elif answer.status == "not_in_article" and answer.passages:
        lines.append("\nThe nearest passages:")
        lines.extend(f"- {passage.text}" for passage in answer.passages[:3])
    return "\n".join(lines)


def run(command: typer.Typer) -> None:
    """Runs the command line: whatever goes wrong becomes one sentence and an exit code."""
    # The modules that a question needs are half a million objects that stay. With Python's
    # defaults the collector goes through them again and again: 0.6 of 2.3 s.
    gc.set_threshold(50_000, 20, 20)
    try:
        command()
    except FootnoteError as error:
        typer.echo(f"footnote: {error}", err=True)
        if isinstance(error, BadInput):
            sys.exit(2)
        sys.exit(3 if isinstance(error, NotFound) else 5)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:  # the last resort: a fault of ours, kept for the report
        log = Path(tempfile.gettempdir()) / f"footnote-fault-{os.getpid()}.txt"
        log.write_text(traceback.format_exc(), encoding="utf-8")
        typer.echo(
            f"footnote: a fault of Footnote's own ({type(error).__name__}); nothing was lost. "
            f"Please report it with {log}.",
            err=True,
        )
        sys.exit(1)
    finally:
        gc.freeze()
