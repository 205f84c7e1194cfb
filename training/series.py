"""Figures period by period, as text and as tables: a year, measure or owner that is not there."""

import random

from training.measures import Group, draw_periods, groups
from training.names import Names
from training.synthetic import Example, Marked, asked, capital, mark, sentence, spread, unmark
from training.values import DAYS, Values

Key = tuple[int, int, str]
"""Whose, which measure, which period."""


def _timed(text: str, period: str) -> str:
    text = text.replace(" in {p}", " on {p}") if period in DAYS else text
    text = text.replace("in {p}", "on {p}") if period in DAYS else text
    return text.replace("{p}", period)


def examples(rng: random.Random, development: bool) -> list[Example]:
    """The questions of one text or table of figures."""
    names = Names(rng, development)
    values = Values(rng, names, words=False)
    group = rng.choice([g for g in groups() if g.development == development])
    pattern = rng.choice(group.whose)
    owners = [names.named(pattern) for _ in range(rng.choice([1, 1, 2]))]
    stranger = names.named(pattern)
    periods = draw_periods(rng.choice(group.periods), rng)
    told_periods = sorted(
        rng.sample(periods, rng.randint(2, min(4, len(periods)))), key=periods.index
    )
    measures = rng.sample(range(len(group.measures)), rng.randint(1, 3))
    share = rng.uniform(0.55, 1.0)
    told: dict[Key, str] = {}
    for owner in range(len(owners)):
        for at in measures:
            for period in told_periods:
                if rng.random() < share:
                    told[owner, at, period] = values.draw(group.measures[at].spec).text
    if not told:
        return []
    if len(owners) == 1 and rng.random() < 0.35:
        page = _table(group, owners[0], told_periods, measures, told, rng)
    else:
        page = _text(group, owners, told, rng, names)
    return _ask(group, owners, stranger, periods, told, page, rng)


def _key(key: Key) -> str:
    return "/".join(str(part) for part in key)


def _text(
    group: Group, owners: list[str], told: dict[Key, str], rng: random.Random, names: Names
) -> Marked:
    keys = list(told)
    if rng.random() < 0.5:
        keys.sort(key=lambda key: (key[0], key[2]))
    elif rng.random() < 0.5:
        rng.shuffle(keys)
    said: list[str] = []
    previous: Key | None = None
    waiting = ""
    for key in keys:
        owner, at, period = key
        measure = group.measures[at]
        value = mark(_key(key), told[key])
        text = _timed(rng.choice(measure.statements), period).replace("{n}", owners[owner])
        text = text.replace("{v}", value)
        same = previous is not None and previous[:2] == key[:2]
        short = f"{'on' if period in DAYS else 'in'} {period} it was {value}"
        if same and waiting and rng.random() < 0.7:
            said.append(sentence(capital(f"{waiting}, and {short}.")))
            waiting = ""
        elif same and not waiting and rng.random() < 0.4:
            said.append(
                sentence(
                    capital(
                        f"the {measure.label} {'on' if period in DAYS else 'in'} {period}"
                        f" was {value}."
                    )
                    if len(owners) == 1
                    else capital(text) + "."
                )
            )
        elif not waiting and "was" in text and text.endswith(value) and rng.random() < 0.6:
            waiting = text
            previous = key
            continue
        else:
            if waiting:
                said.append(sentence(capital(waiting) + "."))
                waiting = ""
            said.append(sentence(capital(text) + "."))
        previous = key
    if waiting:
        said.append(sentence(capital(waiting) + "."))
    for _ in range(rng.randint(0, 2)):
        said.insert(
            rng.randint(0, len(said)), names.named(rng.choice(_REMARKS)).replace("{n}", owners[0])
        )
    blocks = [" ".join(said)]
    if rng.random() < 0.5:
        blocks.insert(
            0,
            rng.choice(["# ", "## ", ""])
            + rng.choice(["Figures", "Report", capital(owners[0]), "In numbers"]),
        )
    return unmark("\n\n".join(blocks))


_REMARKS = (
    "{person} presented the figures.",
    "The figures were checked twice.",
    "Nobody had expected this.",
    "The weather played a part in it.",
    "{person} called the numbers surprising.",
    "The next report about {n} is due in spring.",
    "Older figures were lost in a fire at {place}.",
)


def _table(
    group: Group,
    owner: str,
    periods: list[str],
    measures: list[int],
    told: dict[Key, str],
    rng: random.Random,
) -> Marked:
    """One row a period, or one row a measure."""
    lines = []
    head = (
        rng.choice(["Year", "Period"]) if periods[0].isdigit() else rng.choice(["Period", "Time"])
    )
    if rng.random() < 0.5:
        for period in periods:
            cells = [f"{head}: {period}"]
            cells += [
                f"{capital(group.measures[at].label)}: "
                + mark(_key((0, at, period)), told[0, at, period])
                for at in measures
                if (0, at, period) in told
            ]
            lines.append(sentence("; ".join(cells)))
    else:
        for at in measures:
            cells = [capital(group.measures[at].label)]
            cells += [
                f"{period}: {mark(_key((0, at, period)), told[0, at, period])}"
                for period in periods
                if (0, at, period) in told
            ]
            lines.append(sentence("; ".join(cells)))
    return unmark(
        "\n\n".join([rng.choice(["# ", "## ", "Table 1: ", ""]) + capital(owner), *lines])
    )


def _ask(
    group: Group,
    owners: list[str],
    stranger: str,
    periods: list[str],
    told: dict[Key, str],
    page: Marked,
    rng: random.Random,
) -> list[Example]:
    def question(owner: str, at: int, period: str) -> str:
        measure = group.measures[at]
        form = rng.choice([*measure.questions, f"What was the {measure.label} of {{n}} in {{p}}?"])
        typed = f"{owner} {measure.label} {period}"
        return asked(_timed(form, period).replace("{n}", owner), rng, typed)

    made = []
    keys = list(told)
    for key in rng.sample(keys, min(4, len(keys))):
        text = question(owners[key[0]], key[1], key[2])
        made.append(page.example("series/value", text, page.spans[_key(key)]))
    misses = []
    shown = {key[2] for key in told}
    for owner, at, _ in rng.sample(keys, min(3, len(keys))):
        absent = [p for p in periods if (owner, at, p) not in told]
        if periods[0].isdigit():
            years = [int(p) for p in shown]
            absent += [str(y) for y in range(min(years) - 2, max(years) + 3) if str(y) not in shown]
        near = [p for p in absent if p in shown] or absent
        if near:
            kind = "series/other-measure-or-owner" if near[0] in shown else "series/absent-period"
            misses.append(page.example(kind, question(owners[owner], at, rng.choice(near))))
        outside = [p for p in absent if p not in shown and p not in page.text]
        if outside:
            misses.append(
                page.example(
                    "series/absent-period", question(owners[owner], at, rng.choice(outside))
                )
            )
    used = {key[1] for key in told}
    unused = [at for at in range(len(group.measures)) if at not in used]
    for at in rng.sample(unused, min(2, len(unused))):
        owner, _, period = rng.choice(keys)
        misses.append(page.example("series/absent-measure", question(owners[owner], at, period)))
    owner, at, period = rng.choice(keys)
    misses.append(page.example("series/absent-owner", question(stranger, at, period)))
    return spread(made, 3, rng) + spread(misses, 4, rng)
