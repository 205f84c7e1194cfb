"""`footnote list`, `show`, `open` and `remove`: the library on the command line."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import BadInput
from qa.cli.add import load
from qa.cli.output import say

if TYPE_CHECKING:
    from index.articles import Article
    from index.library import Library
    from index.settings import Settings

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, the same as over HTTP.")]


def register(app: typer.Typer) -> None:
    """Adds the commands to `footnote`."""
    app.command("list")(list_articles)
    app.command()(show)
    app.command("open")(open_article)
    app.command()(remove)


def list_articles(as_json: AsJson = False) -> None:
    """List the articles of the library."""
    from index.settings import read_settings

    with opened(read_settings()) as library:
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
        say("The library is empty. Add an article: footnote add FILE")


def show(article_id: str) -> None:
    """Print the stored text of an article: the very text that answers quote."""
    from index.settings import read_settings

    with opened(read_settings()) as library:
        typer.echo(library.article(article_id).text)


def open_article(
    article_id: str,
    quote: Annotated[
        str | None, typer.Option(help="Words of the article to mark; white space may differ.")
    ] = None,
    place: Annotated[
        tuple[int, int] | None,
        typer.Option(help="Start and end of what to mark, as a citation names them."),
    ] = None,
) -> None:
    """Print an article with a quote marked.

    Example: footnote open ID --place 2006 2120
    """
    from rich.console import Console
    from rich.text import Text

    from index.settings import read_settings
    from qa.evaluation.quotes import QuoteNotFound, locate

    with opened(read_settings()) as library:
        article = library.article(article_id)
    if quote is not None and place is None:
        try:
            span = locate(quote, [article])
        except QuoteNotFound as error:
            raise BadInput(f"{article_id}: {error}.") from error
        place = (span.start, span.end)
    start, end = place or (0, 0)
    if not 0 <= start <= end <= len(article.text):
        raise BadInput(
            f"{article_id} has {len(article.text)} characters; {start} to {end} is no part of it."
        )
    out = Console(highlight=False)
    if start == end:
        out.print(Text(article.text))
        return
    before, marked, after = article.text[:start], article.text[start:end], article.text[end:]
    if out.color_system and not out.no_color:
        out.print(Text.assemble(before, (marked, "reverse"), after))
    else:
        out.print(Text(f"{before}»{marked}«{after}"))


def remove(article_ids: list[str]) -> None:
    """Remove articles from the library and from every index."""
    from index.settings import read_settings

    with opened(read_settings()) as library:
        for article_id in article_ids:
            library.remove(article_id)
            typer.echo(f"{article_id}  removed")


@contextmanager
def opened(settings: "Settings", *, quiet: bool = False) -> "Iterator[Library]":
    """The library of the settings; what opening it has to say goes to standard error."""
    from index.library import open_library

    with open_library(settings, notify=(lambda _: None) if quiet else say) as library:
        yield library


def add_named(library: "Library", name: str, settings: "Settings") -> "Article":
    """The article of a file, an address or standard input, after it was added."""
    return library.add(load(name, settings)).article
