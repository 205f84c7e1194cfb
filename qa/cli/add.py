"""`footnote add`: files, folders, patterns, addresses and standard input into the library."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import BadInput

if TYPE_CHECKING:
    from index.articles import Article
    from index.library import AddResult, Library
    from index.settings import Settings

Source = tuple[Path | str, str]
"""A file, an address or `-`, and what it is called as the source of an article."""


def register(app: typer.Typer) -> None:
    """Adds the command to `footnote`."""
    app.command()(add)


def add(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|FOLDER|PATTERN|URL|-",
            help="A folder is read with all folders in it; - is standard input.",
        ),
    ],
    replace: Annotated[
        bool, typer.Option("--replace", help="Remove the earlier text of the same file or address.")
    ] = False,
    space: Annotated[
        str | None,
        typer.Option(help="Add to this space: only keys that belong to it see the articles."),
    ] = None,
    watch: Annotated[
        bool,
        typer.Option("--watch", help="Go on: add what is new or changed in the folders named."),
    ] = False,
) -> None:
    """Add articles to the library. The same text twice adds nothing.

    What cannot be read is said, and the rest is added; the exit code is then 2.

    Example: footnote add notes/ 'reports/**/*.pdf' https://example.org/article
    """
    from index.library import open_library
    from index.settings import read_settings

    settings = read_settings()
    with open_library(settings, notify=lambda text: typer.echo(text, err=True)) as library:
        failed = _add_all(library, list(_sources(names)), settings, space, replace=replace)
        if watch:
            _watch(library, names, settings, space)
    if failed:
        raise typer.Exit(2)


def load(source: Path | str, settings: "Settings", name: str | None = None) -> "Article":
    """The article of a file, an address of the web, or `-` for standard input.

    Raises:
        BadInput: if there is no text in it that can be read.
    """
    if str(source) == "-":
        from index.loading.loader import STANDARD_INPUT, load_bytes

        return load_bytes(sys.stdin.buffer.read(), STANDARD_INPUT, settings)
    if _is_address(str(source)):
        from index.loading.fetch import PageFetcher

        return PageFetcher(settings).article(str(source))
    from index.loading.loader import load_file

    return load_file(Path(source), settings, name)


def _is_address(name: str) -> bool:
    return name.startswith(("http://", "https://"))


def _sources(names: Iterable[str]) -> Iterator[Source]:
    from index.loading.folders import files_of

    for name in names:
        if name == "-" or _is_address(name):
            yield name, name
            continue
        found = files_of(name)
        if not found:
            typer.echo(f"footnote: {name} holds no file of a kind that is read.", err=True)
        yield from ((file.path, file.source) for file in found)


def _add_all(
    library: "Library",
    sources: list[Source],
    settings: "Settings",
    space: str | None,
    *,
    replace: bool,
) -> int:
    """Adds each of them and says so in a line; the number of those that failed."""
    from rich.console import Console
    from rich.progress import track

    screen = Console(stderr=True)
    failed = new = 0
    steps = track(
        sources,
        "Adding",
        console=screen,
        transient=True,
        disable=len(sources) < 2 or not screen.is_terminal,
    )
    for source, name in steps:
        try:
            article = load(source, settings, name)
        except BadInput as error:
            failed += 1
            typer.echo(f"footnote: {error}", err=True)
            continue
        added = library.add(article, replace=replace, space=space)
        new += added.new
        typer.echo(_line(added, replace=replace))
        for note in article.notes:
            typer.echo(f"    {note}", err=True)
    if len(sources) != 1:
        known = len(sources) - new - failed
        typer.echo(f"{new} added, {known} already there, {failed} not read", err=True)
    return failed + (not sources)


def _line(added: "AddResult", *, replace: bool) -> str:
    word = "added" if added.new else "already there"
    line = f"{added.article.id}  {word}: {added.article.title}, {added.passages} passages"
    if not added.earlier:
        return line
    earlier = ", ".join(added.earlier)
    if replace:
        return f"{line}, in the place of {earlier}"
    return f"{line}; an earlier text of it is {earlier} (--replace would remove that)"


def _watch(
    library: "Library", names: Iterable[str], settings: "Settings", space: str | None
) -> None:
    """Adds what changes in the folders, in the place of what was there, until interrupted."""
    from watchfiles import Change, watch

    from index.loading.folders import files_of

    folders = [name for name in names if Path(name).is_dir()]
    if not folders:
        raise BadInput("--watch needs a folder to watch; name one.")
    typer.echo(f"Watching {', '.join(folders)}; end with Ctrl-C.", err=True)
    for changes in watch(*folders):
        changed = {Path(path).resolve() for kind, path in changes if kind != Change.deleted}
        sources: list[Source] = [
            (file.path, file.source)
            for folder in folders
            for file in files_of(folder)
            if file.path.resolve() in changed
        ]
        if sources:
            _add_all(library, sources, settings, space, replace=True)
