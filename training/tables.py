"""Look-ups, reverse look-ups and superlatives of tables, and near misses beside them."""

import random
from dataclasses import replace

from training.asking import described, most, never, predicate, question, which
from training.names import Names
from training.synthetic import Example, Marked, asked, spread
from training.table_text import Table, make_table, render
from training.values import Values


def answerable(table: Table, page: Marked, rng: random.Random) -> list[Example]:
    """Questions that the table answers, one of each kind that it allows."""
    made: list[Example] = []
    filled = [(at, column) for at, row in enumerate(table.rows) for column in row]
    for at, column in rng.sample(filled, min(3, len(filled))):
        text = question(table.facts[column], table.names[at], rng, table.headers[column + 1], 0.55)
        made.append(page.example("table/cell", text, page.spans[f"{at}:{column}"]))
    for at, column in rng.sample(filled, min(2, len(filled))):
        fact, value = table.facts[column], _with_unit(table, column, table.rows[at][column].text)
        rows = table.rows_with(column, table.rows[at][column].text)
        told = predicate(fact, value, rng)
        spans = [span for row in rows for span in page.spans[f"{row}"]]
        made.append(page.example("table/reverse", which(table.kind, told, rng), spans))
        others = [other for other in table.rows[at] if other != column]
        if len(rows) == 1 and others:
            other = rng.choice(others)
            text = question(table.facts[other], described(table.kind, told), rng, plain=0.9)
            made.append(page.example("table/described", text, page.spans[f"{at}:{other}"]))
            second = _with_unit(table, other, table.rows[at][other].text)
            both = f"{told} and {predicate(table.facts[other], second, rng)}"
            made.append(
                page.example("table/both", which(table.kind, both, rng), page.spans[f"{at}"])
            )
    made += _superlatives(table, page, rng)
    if table.whole and len(table.rows) > 2:
        place, at = rng.choice([("first", 0), ("last", len(table.rows) - 1)])
        text = rng.choice(_LISTED).replace("{noun}", table.kind.noun).replace("{place}", place)
        made.append(page.example("table/order", asked(text, rng), page.spans[f"{at}"]))
    return made


_LISTED = (
    "Which {noun} is listed {place}?",
    "What is the {place} {noun} in the table?",
    "Which {noun} stands {place} in the list?",
    "Which {noun} comes {place} in the table?",
)


def _superlatives(table: Table, page: Marked, rng: random.Random) -> list[Example]:
    made: list[Example] = []
    for column, fact in enumerate(table.facts):
        orders = [row[column].order for row in table.rows if column in row]
        known = [order for order in orders if order is not None]
        if len(known) < len(table.rows) or not table.whole:
            continue
        for adjective, top in ((fact.most, max(known)), (fact.least, min(known))):
            used = sum(adjective in (other.most, other.least) for other in table.facts)
            wording = most(table.kind, adjective, rng) if adjective and used == 1 else ""
            if not wording or rng.random() < 0.3:
                if not (fact.nouns and fact.spec.split()[0] in {"int", "unit", "dec", "money"}):
                    continue
                extreme = rng.choice(
                    ["highest", "largest"] if top == max(known) else ["lowest", "smallest"]
                )
                told = f"has the {extreme} {fact.nouns[0]}"
                wording = which(table.kind, told, rng)
            spans = [
                s for at, order in enumerate(known) if order == top for s in page.spans[f"{at}"]
            ]
            made.append(page.example("table/superlative", wording, spans))
    rng.shuffle(made)
    return made[:2]


def _with_unit(table: Table, column: int, text: str) -> str:
    return f"{text} {table.units[column]}".strip()


def near_misses(
    table: Table, page: Marked, rng: random.Random, names: Names, values: Values
) -> list[Example]:
    """Questions as near to the table as can be that it does not answer."""
    made: list[Example] = []
    kind = table.kind
    for _ in range(2):
        column = rng.randrange(len(table.facts))
        stranger = names.named(table.pattern)
        text = question(table.facts[column], stranger, rng, table.headers[column + 1], 0.6)
        made.append(page.example("table/absent-row", text))
    absent = [fact for fact in kind.facts if fact not in table.facts]
    for fact in rng.sample(absent, min(2, len(absent))):
        text = question(fact, rng.choice(table.names), rng)
        made.append(page.example("table/absent-column", text))
    fact = rng.choice(absent)
    adjectives = [a for f in table.facts for a in (f.most, f.least)]
    adjective = rng.choice([fact.most, fact.least])
    if adjective and adjective not in adjectives:
        made.append(page.example("table/absent-superlative", most(kind, adjective, rng)))
    told = predicate(fact, values.draw(fact.spec).text, rng)
    made.append(page.example("table/absent-value", which(kind, told, rng)))
    for _ in range(2):
        column = rng.randrange(len(table.facts))
        fact = table.facts[column]
        spec = fact.spec
        if table.units[column]:
            spec = "int " + " ".join(spec.split()[1:3])
        value = values.draw(spec).text
        if all(value != cell.text for row in table.rows for cell in row.values()):
            told = predicate(fact, _with_unit(table, column, value), rng)
            made.append(page.example("table/absent-value", which(kind, told, rng)))
    made += _mixed(table, page, rng)
    for at, row in enumerate(table.rows):
        for column in sorted(set(range(len(table.facts))) - set(row)):
            text = question(table.facts[column], table.names[at], rng, table.headers[column + 1])
            made.append(page.example("table/empty-cell", text))
    if rng.random() < 0.5:
        made.append(page.example("table/never", never(kind, rng.choice(table.names), names, rng)))
    return made


def _mixed(table: Table, page: Marked, rng: random.Random) -> list[Example]:
    """Two conditions that hold in two different rows and in none together."""
    if len(table.facts) < 2:
        return []
    first, second = rng.sample(range(len(table.facts)), 2)
    at, other = rng.sample(range(len(table.rows)), 2)
    if first not in table.rows[at] or second not in table.rows[other]:
        return []
    one, two = table.rows[at][first].text, table.rows[other][second].text
    if set(table.rows_with(first, one)) & set(table.rows_with(second, two)):
        return []
    told = predicate(table.facts[first], _with_unit(table, first, one), rng)
    both = f"{told} and {predicate(table.facts[second], _with_unit(table, second, two), rng)}"
    return [page.example("table/no-such-row", which(table.kind, both, rng))]


def examples(rng: random.Random, development: bool) -> list[Example]:
    """The questions of one table, about 45 in 100 of them answerable."""
    names = Names(rng, development)
    values = Values(rng, names, words=False)
    table = make_table(rng, names, values, development)
    if rng.random() < 0.25:  # people by their last names alone
        rows = tuple(
            {
                c: replace(v, text=v.text.split()[-1]) if table.facts[c].spec == "person" else v
                for c, v in row.items()
            }
            for row in table.rows
        )
        table = replace(table, rows=rows)
    page = render(table, rng, names)
    right = answerable(table, page, rng)
    wrong = near_misses(table, page, rng, names, values)
    return spread(right, 3, rng) + spread(wrong, 4, rng)
