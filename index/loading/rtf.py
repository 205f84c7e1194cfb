"""RTF → blocks, through striprtf, which keeps the cells of tables apart."""

from collections.abc import Callable

from index.loading.blocks import Extract, one_line
from index.loading.normal_form import normalise
from index.loading.tables import plain_rows


def read_rtf(data: bytes, name: str, most_characters: int) -> Extract:
    """The paragraphs, and the rows of tables; RTF marks no headings."""
    from striprtf.striprtf import rtf_to_text

    convert: Callable[..., str] = rtf_to_text  # its own annotations are incomplete
    text = convert(data.decode("latin-1"), errors="replace")
    # RTF writes a character beyond the first 65,536 as two.
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    blocks: list[str] = []
    rows: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if line.rstrip().endswith("|"):
            rows.append([one_line(cell) for cell in line.rstrip()[:-1].split("|")])
            continue
        blocks += plain_rows(rows)
        rows = []
        blocks += filter(None, normalise(line).split("\n\n"))
    return Extract(blocks)
