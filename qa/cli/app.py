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
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Annotated

import typer

from index.errors import BadInput, FootnoteError, NotFound
from qa.cli import add, ask, backup, check, library, receipts

app = typer.Typer(
    name="footnote",
    help="Ask an article; every statement of the answer carries a verbatim quote.",
    epilog=(
        "Exit codes: 0 done, 1 regression, lost quote or fault, 2 bad input, 3 no such article, "
        "4 the article does not say, 5 library or model not usable now."
    ),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
ask.register(app)
add.register(app)
library.register(app)
check.register(app)
backup.register(app)
receipts.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"footnote {version('footnote-qa')}")
        raise typer.Exit


@app.callback(help=app.info.help)
def before_every_command(
    env_file: Annotated[
        Path | None,
        typer.Option(
            help="Read settings from this file too, such as a .env that names a chat model.",
            dir_okay=False,
        ),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    os.umask(0o077)  # what Footnote writes holds articles and answers: its owner's alone
    if env_file:
        os.environ["FOOTNOTE_ENV_FILE"] = str(env_file)
    from index.settings import read_settings  # 0.1 s: pydantic

    if read_settings().offline:
        from index.offline import go_offline

        go_offline()


@app.command()
def doctor() -> None:
    """Say which versions, models and indexes are in use, and what would be rebuilt."""
    from index.settings import read_settings
    from qa.cli.doctor import findings

    healthy = True
    for finding in findings(read_settings()):
        healthy = healthy and finding.fine
        typer.echo(f"{'ok ' if finding.fine else 'BAD'}  {finding.subject}: {finding.text}")
    if not healthy:
        raise typer.Exit(5)


@app.command()
def mcp() -> None:
    """Serve the Model Context Protocol over standard input and output."""
    from index.settings import read_settings
    from qa.http.mcp import run_stdio

    run_stdio(read_settings())


def run(command: typer.Typer) -> None:
    """Runs the command line: whatever goes wrong becomes one sentence and an exit code."""
    # The modules that a question needs are half a million objects that stay. With Python's
    # defaults the collector goes through them again and again: 0.6 of 2.3 s.
    gc.set_threshold(50_000, 20, 20)
    try:
        command(prog_name="footnote")
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
