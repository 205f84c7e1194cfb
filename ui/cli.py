"""`footnote`: the command line of `qa.cli.app`, and `serve`, which also opens the page."""

from typing import Annotated

import typer

from qa.cli.app import app, run


@app.command()
def serve(
    offline: Annotated[
        bool, typer.Option("--offline", help="Refuse every connection that leaves the machine.")
    ] = False,
) -> None:
    """Serve the page, the HTTP API and MCP from one process."""
    from index.settings import read_settings

    settings = read_settings()
    if offline and not settings.offline:
        from index.offline import go_offline

        settings = settings.model_copy(update={"offline": True})
        go_offline()
    from ui.app import serve as serve_page

    serve_page(settings, notify=lambda text: typer.echo(text, err=True))


def main() -> None:
    run(app)
