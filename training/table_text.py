"""A table of things of one kind, and how it stands in a passage.

Rows are rendered as the product's own loaders store them (`Header: cell; Header: cell`, one block
a row), and sometimes as a Markdown table or as CSV.
"""

import random
from dataclasses import dataclass

from training.asking import bare
from training.kinds import Fact, Kind, kinds
from training.names import Names
from training.synthetic import Marked, capital, mark, sentence, unmark
from training.values import Value, Values

Row = dict[int, Value]
"""The cells of a row by the number of their column; an empty cell is not in it."""


@dataclass(frozen=True)
class Table:
    kind: Kind
    pattern: str
    """How the things of the table are named."""
    facts: tuple[Fact, ...]
    headers: tuple[str, ...]
    """One for the names, then one for each fact."""
    units: tuple[str, ...]
    """The unit that stands in the header instead of in the cells, or nothing."""
    names: tuple[str, ...]
    rows: tuple[Row, ...]
    whole: bool
    """Whether the passage shows every row of the table."""

    def rows_with(self, column: int, text: str) -> list[int]:
        return [
            at for at, row in enumerate(self.rows) if column in row and row[column].text == text
        ]


def make_table(rng: random.Random, names: Names, values: Values, development: bool) -> Table:
    kind = rng.choice(kinds(development))
    pattern = rng.choice(kind.names)
    facts = tuple(rng.sample(kind.facts, rng.randint(1, min(6, len(kind.facts) - 1))))
    headers, specs, units = [rng.choice([capital(kind.noun), "Name"])], [], []
    for fact in facts:
        header, spec, unit = rng.choice(fact.labels), fact.spec, ""
        if spec.startswith("unit ") and rng.random() < 0.5:
            _, low, high, unit = spec.split(" ", 3)
            spec = f"int {low} {high}"
            header += rng.choice([f" ({unit})", f" in {unit}", f", {unit}"])
        headers.append(header)
        specs.append(spec)
        units.append(unit)
    count = rng.randint(2, 9)
    gaps = rng.random() < 0.3
    rows = []
    for _ in range(count):
        row = {column: values.draw(spec) for column, spec in enumerate(specs)}
        if gaps and len(row) > 1 and rng.random() < 0.5:
            del row[rng.randrange(len(row))]
        rows.append(row)
    return Table(
        kind,
        pattern,
        facts,
        tuple(headers),
        tuple(units),
        tuple(names.named(pattern) for _ in range(count)),
        tuple(rows),
        rng.random() < 0.8,
    )


def render(table: Table, rng: random.Random, names: Names) -> Marked:
    """The passage; cells are marked `row:column`, names `row`."""
    form = rng.choices(["rows", "pipes", "csv"], [70, 15, 15])[0]
    strip = rng.random() < 0.7
    blocks: list[str] = []
    if table.whole and rng.random() < 0.6:
        title = names.named(rng.choice(table.kind.titles))
        blocks.append(rng.choice(["# ", "## ", "", "Table 2: ", "Table 1. "]) + title)
    if table.whole and rng.random() < 0.35:
        blocks.append(names.named(rng.choice(_BEFORE)).replace("{noun}", table.kind.noun))
    grid = []
    headers = list(table.headers)
    place = rng.choice([0, 0, 0, 0, 0, rng.randrange(len(headers))])  # of the names
    headers.insert(place, headers.pop(0))
    for at, row in enumerate(table.rows):
        name = bare(table.names[at]) if strip else capital(table.names[at])
        cells = [mark(f"{at}", name)]
        for column in range(len(table.facts)):
            cells.append(mark(f"{at}:{column}", row[column].text) if column in row else "")
        cells.insert(place, cells.pop(0))
        grid.append(cells)
    if form == "rows":
        blocks += [sentence(_row_line(headers, cells)) for cells in grid]
    elif form == "pipes":
        lines = ["| " + " | ".join(headers) + " |", "|" + "---|" * len(headers)]
        lines += [sentence("| " + " | ".join(cells) + " |") for cells in grid]
        blocks.append("\n".join(lines))
    else:
        lines = [",".join(_quoted(header) for header in headers)]
        lines += [sentence(",".join(_quoted(cell) for cell in cells)) for cells in grid]
        blocks.append("\n".join(lines))
    if table.whole and rng.random() < 0.25:
        blocks.append(names.named(rng.choice(_AFTER)))
    return unmark("\n\n".join(blocks))


def _row_line(headers: list[str], cells: list[str]) -> str:
    return "; ".join(
        f"{header}: {cell}" for header, cell in zip(headers, cells, strict=True) if cell
    )


def _quoted(cell: str) -> str:
    return f'"{cell}"' if "," in cell else cell


_BEFORE = (
    "The list below was drawn up by the office in {place}.",
    "All figures are from {person}, who visited each {noun} last spring.",
    "The following table gives what is known of every {noun}.",
    "{person} compared them for the {place} yearbook.",
    "An entry is added whenever a new {noun} is reported to the register.",
)
_AFTER = (
    "Corrections can be sent to the office in {place}.",
    "The table is brought up to date every year.",
    "Nothing here may be copied without the leave of {person}.",
    "The next list appears in spring.",
)
