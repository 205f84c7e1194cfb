"""`footnote verify`: whether the quotes of a receipt still stand."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from qa.records.verification import QuoteStatus


def register(app: typer.Typer) -> None:
    """Adds the command to `footnote`."""
    app.command()(verify)


def verify(
    receipt: Annotated[Path, typer.Argument(help="A file of `footnote ask --receipt`.")],
    article: Annotated[
        list[Path] | None,
        typer.Option(help="Look into this file, not into the library; may be repeated."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say which quotes of a receipt still stand in the article as it is now.

    Exits with 0 when all do, with 1 when some do not, with 2 when the receipt cannot be used.

    Example: footnote verify receipt.json --article article.md
    """
    from index.library import open_library
    from index.loading.loader import load_file
    from index.settings import read_settings
    from qa.records.receipts import read_receipt
    from qa.records.verification import among, in_library, standings

    kept = read_receipt(receipt)
    settings = read_settings()
    if article:
        found = standings(kept, among([load_file(path, settings) for path in article]))
    else:
        with open_library(settings, notify=lambda text: typer.echo(text, err=True)) as library:
            found = standings(kept, in_library(library))
    stand = sum(standing.holds for standing in found)
    if as_json:
        report = {"stand": stand, "quotes": [_as_json(standing) for standing in found]}
        typer.echo(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        typer.echo(_readable(found, stand))
    if stand < len(found):
        raise typer.Exit(1)


def _as_json(standing: "QuoteStatus") -> dict[str, Any]:
    return {
        "answer": standing.answer,
        "n": standing.quote.n,
        "quote": standing.quote.quote,
        "title": standing.title,
        "outcome": standing.outcome,
        "was": {
            "article_id": standing.quote.article_id,
            "start": standing.quote.start,
            "end": standing.quote.end,
        },
        "now": standing.article_id
        and {"article_id": standing.article_id, "start": standing.start, "end": standing.end},
    }


def _readable(found: Sequence["QuoteStatus"], stand: int) -> str:
    if not found:
        return "The receipt holds no quotes: the article did not say."
    lines = []
    for standing in found:
        quote = standing.quote
        words = {
            "stands": f"stands, characters {standing.start}–{standing.end}",
            "moved": f"stands at another place, characters {standing.start}–{standing.end}",
            "gone": "is not in the article any more",
            "no_article": "cannot be looked up: the article is not there",
        }[standing.outcome]
        lines.append(f"answer {standing.answer} [{quote.n}] {words}\n    “{quote.quote}”")
    lines.append(f"{stand} of {len(found)} quotes stand.")
    return "\n".join(lines)
