"""Jupyter notebooks → their text, code and printed results."""

import json
from collections.abc import Iterator
from typing import Any

from index.loading.blocks import Extract, one_line
from index.loading.markdown import read_markdown


def looks_like_notebook(text: str) -> bool:
    """Whether the text is a JSON object with the cells of a notebook."""
    return text.lstrip()[:1] == "{" and '"cells"' in text and '"cell_type"' in text


def read_notebook(text: str) -> Extract | None:
    """The cells in order; None where it is no notebook. Pictures are left out."""
    try:
        notebook = json.loads(text)
        blocks = [block for cell in notebook["cells"] for block in _cell(cell)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    first = next((block for block in blocks if block.startswith("# ")), None)
    return Extract(blocks, title=first and first[2:])


def _cell(cell: dict[str, Any]) -> Iterator[str]:
    source = _joined(cell.get("source", ""))
    if cell["cell_type"] == "markdown":
        yield from read_markdown(source).blocks
        return
    yield from _lines(source)
    for output in cell.get("outputs", ()):
        printed = output.get("text") or output.get("data", {}).get("text/plain") or ""
        yield from _lines(_joined(printed))


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _lines(text: str) -> Iterator[str]:
    # A comment in code is no heading.
    return (line for raw in text.splitlines() if (line := one_line(raw).lstrip("# ")))
