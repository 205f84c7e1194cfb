"""`footnote`: the command line of `qa.cli`, and `serve`, which also opens the page."""

import typer

from qa.cli import app, run


@app.command()
def serve() -> None:
    """Serve the page, the HTTP API and MCP from one process."""
    from index.settings import read_settings
    from ui.app import serve as serve_page

    serve_page(read_settings(), notify=lambda text: typer.echo(text, err=True))


def main() -> None:
    run(app)
