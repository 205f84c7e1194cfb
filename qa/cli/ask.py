"""`footnote ask`, `chat` and `search`: questions on the command line."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import BadInput
from qa.cli.library import AsJson, add_named, opened
from qa.cli.output import say

if TYPE_CHECKING:
    from index.library import Library
    from index.settings import Settings
    from qa.answer import Answer

Files = Annotated[
    list[str] | None,
    typer.Argument(
        help="Ask only these files or addresses, which are added to the library; - is standard "
        "input."
    ),
]
Articles = Annotated[
    list[str] | None,
    typer.Option("--article", help="Ask this article of the library, by id; may be repeated."),
]
Passages = Annotated[
    int | None, typer.Option("--k", min=1, max=50, help="How many passages are read.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print the bare answer.")]


def register(app: typer.Typer) -> None:
    """Adds the commands to `footnote`."""
    app.command()(ask)
    app.command()(chat)
    app.command()(search)


def ask(
    question: Annotated[
        str, typer.Argument(help="The question, in plain language; - reads it from standard input.")
    ],
    files: Files = None,
    articles: Articles = None,
    k: Passages = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
    receipt: Annotated[
        Path | None,
        typer.Option(help="Also write a receipt here, for `footnote verify`.", dir_okay=False),
    ] = None,
) -> None:
    """Ask the articles.

    Exits with 4 when the article does not say.

    Example: footnote ask "How long would a missile need to Moscow?" article.md
    """
    from index.settings import read_settings

    if question == "-":
        if "-" in (files or ()):
            raise BadInput("Standard input can be the question or an article, not both.")
        question = sys.stdin.read()
    settings = read_settings()
    with opened(settings, quiet=quiet) as library:
        from qa.chain import answer_chain

        ids = _scope(library, settings, files, articles, quiet=quiet)
        request = {"question": question.strip(), "article_ids": ids, "k": k}
        answer = answer_chain(library, settings).invoke(request)
        if as_json:
            typer.echo(answer.model_dump_json(indent=2))
        else:
            typer.echo(_bare(answer) if quiet else readable(answer))
        if receipt:
            from index.atomic_file import replace_text
            from qa.records.receipts import make_receipt

            replace_text(receipt, make_receipt([answer], library).model_dump_json(indent=2))
    if answer.status == "not_in_article":
        raise typer.Exit(4)


def chat(files: Files = None, articles: Articles = None, k: Passages = None) -> None:
    """Have a conversation in the terminal; an empty line or Ctrl-D ends it.

    Follow-ups are understood by what was said before. Nothing of it is kept.

    Example: footnote chat handbook.pdf
    """
    from index.settings import read_settings

    settings = read_settings()
    with opened(settings) as library:
        from qa.chain import answer_chain

        ids = _scope(library, settings, files, articles)
        chain = answer_chain(library, settings)
        history: list[dict[str, str]] = []
        while question := _next_question():
            request = {"question": question, "history": history, "article_ids": ids, "k": k}
            try:
                answer = chain.invoke(request)
            except BadInput as error:
                say(str(error))
                continue
            typer.echo(f"{readable(answer)}\n")
            history += [
                {"role": "user", "content": question},
                {"role": "assistant", "content": answer.text},
            ]


def search(
    words: Annotated[str, typer.Argument(help="Words, or a question.")],
    articles: Articles = None,
    k: Annotated[int, typer.Option("--k", min=1, max=50, help="How many passages.")] = 5,
    as_json: AsJson = False,
) -> None:
    """Show the passages that are nearest to the words, best first.

    Example: footnote search "parental leave" --k 3
    """
    import json

    from index.settings import read_settings
    from qa.retrieval.passages import retrieve

    settings = read_settings()
    with opened(settings) as library:
        ids = _scope(library, settings, None, articles)
        found = retrieve(library, [words], ids, k)
    if as_json:
        rows = [
            {
                "article_id": one.article.id,
                "title": one.article.title,
                "start": one.passage.start,
                "end": one.passage.end,
                "score": one.score,
                "text": one.text,
            }
            for one in found
        ]
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for n, one in enumerate(found, start=1):
        place = f"{one.passage.start}–{one.passage.end}"
        typer.echo(f"{n}. {one.article.title}, characters {place}  ({one.article.id})")
        typer.echo(f"   {' '.join(one.text.split())}\n")


def readable(answer: "Answer") -> str:
    """The answer with its footnotes, as a person reads it."""
    lines = []
    if answer.standalone_question != answer.question:
        lines.append(f"Understood as: {answer.standalone_question}\n")
    lines.append(answer.text)
    if answer.note:
        lines.append(f"\nNote: {answer.note}")
    if answer.citations:
        lines.append("")
        for c in answer.citations:
            lines.append(f"[{c.n}] “{c.quote}”\n    {c.title}, {c.place}")
    if answer.status == "answered":
        lines.append(f"\nConfidence {answer.confidence:.0%}")
    elif answer.status == "not_in_article" and answer.passages:
        lines.append("\nThe nearest passages:")
        lines.extend(f"- {passage.text}" for passage in answer.passages[:3])
    return "\n".join(lines)


def _bare(answer: "Answer") -> str:
    """The few words that answer, or else the text without its footnote numbers."""
    if answer.status == "answered" and answer.short_answer:
        return answer.short_answer
    text = answer.text
    for citation in answer.citations:
        text = text.replace(f" [{citation.n}]", "")
    return text


def _scope(
    library: "Library",
    settings: "Settings",
    files: list[str] | None,
    articles: list[str] | None,
    *,
    quiet: bool = False,
) -> list[str] | None:
    """The ids of the articles to ask; None for all. An empty library gets the bundled article."""
    for article_id in articles or ():
        library.article(article_id)  # raises NotFound
    ids = [*(articles or ()), *(add_named(library, name, settings).id for name in files or ())]
    if ids:
        return ids
    from index.sample import add_sample

    added = add_sample(library, settings)
    if added and not quiet:
        say(f"The library was empty: added the bundled article, {added.title!r}.")
    return None


def _next_question() -> str:
    """The next line of standard input; empty at its end. A prompt only where a person types."""
    if sys.stdin.isatty():
        sys.stderr.write("> ")
        sys.stderr.flush()
    return sys.stdin.readline().strip()
