"""`footnote backup` and `restore`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from qa.records.backup_format import BackupManifest


def register(app: typer.Typer) -> None:
    """Adds the two commands to `footnote`."""
    app.command()(backup)
    app.command()(restore)


def backup(
    file: Annotated[Path, typer.Argument(help="Where to; an older backup there is replaced.")],
) -> None:
    """Write articles, conversations, feedback and your test set to one file.

    The service may go on meanwhile: the backup holds everything as it was at one moment.

    Example: footnote backup footnote-backup.zip
    """
    from index.settings import read_settings
    from qa.records.backup import write_backup

    manifest = write_backup(read_settings(), file)
    typer.echo(f"{file}: {_summary(manifest)}, {file.stat().st_size:,} bytes")


def restore(
    file: Annotated[Path, typer.Argument(help="A file of `footnote backup`.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of what the library holds.")
    ] = False,
) -> None:
    """Check a backup against its hashes and put it into the library; indexes are made again.

    Example: footnote restore footnote-backup.zip
    """
    from index.settings import read_settings
    from qa.records.restore import restore_backup

    manifest = restore_backup(
        file, read_settings(), lambda text: typer.echo(text, err=True), replace=replace
    )
    typer.echo(f"restored from {file}, made {manifest.made_at}: {_summary(manifest)}")


def _summary(manifest: "BackupManifest") -> str:
    from qa.records.backup_format import OWN_SET, TABLES

    held = [f"{manifest.parts[k.part].rows} {k.part.removesuffix('.jsonl')}" for k in TABLES]
    return ", ".join([*held, *(["your test set"] if OWN_SET in manifest.parts else [])])
