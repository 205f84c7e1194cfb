"""What the commands write: files and remarks."""

from pathlib import Path

import typer

from index.errors import BadInput


def say(text: str) -> None:
    """A remark on standard error, beside the result on standard output."""
    typer.echo(text, err=True)


def write(path: Path, text: str) -> None:
    """A file whose folder is made where there is none.

    Raises:
        BadInput: when it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.") from error
