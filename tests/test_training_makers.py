"""The makers of synthetic training examples: spans, near misses and repeatability."""

import random

import pytest

from training import kinds, synthesise, tables
from training.names import Names
from training.synthetic import Example, as_typed, mark, sentence, unmark
from training.table_text import Table, make_table, render
from training.telling import Teller
from training.things import make_things
from training.values import Values


@pytest.fixture(scope="module", params=list(synthesise.MAKERS))
def made(request: pytest.FixtureRequest) -> list[Example]:
    return synthesise.make(request.param, 600, development=False, seed=7)


def test_every_span_lies_in_its_passage_on_whole_words(made: list[Example]) -> None:
    for example in made:
        for start, end in (*example.answers, *example.relevant):
            text = example.passage[start:end]
            assert text, example
            assert text == text.strip(), example
        for start, end in example.answers:
            before, after = example.passage[:start][-1:], example.passage[end:][:1]
            cut = before.isalnum() or after.isalnum()
            assert not cut, example


def test_an_answer_has_a_relevant_sentence_and_a_near_miss_has_none(made: list[Example]) -> None:
    for example in made:
        assert bool(example.answers) == bool(example.relevant), example


def test_near_misses_and_answerable_questions_are_in_balance(made: list[Example]) -> None:
    assert 0.4 < sum(bool(example.answers) for example in made) / len(made) < 0.6


def test_no_question_has_an_answer_and_none_in_the_same_passage(made: list[Example]) -> None:
    answers: dict[tuple[str, str], bool] = {}
    for example in made:
        key = example.passage, example.question.lower()
        assert answers.setdefault(key, bool(example.answers)) == bool(example.answers), example


def test_no_mark_or_placeholder_is_left_over(made: list[Example]) -> None:
    for example in made:
        for text in (example.passage, example.question):
            assert not set(text) & set("{}\ue000\ue001\ue002"), example


@pytest.mark.parametrize("name", synthesise.MAKERS)
def test_the_same_seed_makes_the_same_examples(name: str) -> None:
    first, second = (synthesise.make(name, 60, development=True, seed=3) for _ in range(2))
    assert first == second
    assert first != synthesise.make(name, 60, development=True, seed=4)


def test_an_answer_in_running_text_is_the_value_told_of_that_thing_alone() -> None:
    rng = random.Random(5)
    for kind in kinds.all_kinds():
        names = Names(rng, development=False)
        values = Values(rng, names)
        things = make_things(kind, kind.names[0], rng, names, values)
        page = Teller(kind, things, names, rng).passage()
        for thing in things:
            for at in range(len(kind.facts)):
                texts = {page.text[a:b] for a, b in page.spans.get(f"{thing.number}:{at}", [])}
                assert texts == ({thing.told[at]} if at in thing.told else set())


def test_a_cell_is_marked_with_what_its_row_and_column_say() -> None:
    rng = random.Random(6)
    for _ in range(50):
        names = Names(rng, development=False)
        table = make_table(rng, names, Values(rng, names), development=False)
        page = render(table, rng, names)
        for at, row in enumerate(table.rows):
            for column, value in row.items():
                assert [page.text[a:b] for a, b in page.spans[f"{at}:{column}"]] == [value.text]


def test_a_superlative_names_the_rows_with_the_most_or_the_least() -> None:
    rng = random.Random(8)
    checked = 0
    while checked < 100:
        names = Names(rng, development=False)
        table = make_table(rng, names, Values(rng, names, words=False), development=False)
        page = render(table, rng, names)
        for example in tables.answerable(table, page, rng):
            if example.kind == "table/superlative":
                best = {
                    at for at in range(len(table.rows)) if page.spans[f"{at}"][0] in example.answers
                }
                assert best in _extremes(table), example
                checked += 1


def _extremes(table: Table) -> list[set[int]]:
    """For each column the rows with its most and those with its least."""
    found = []
    for column in range(len(table.facts)):
        orders = [row[column].order if column in row else None for row in table.rows]
        for top in (max, min):
            known = [order for order in orders if order is not None]
            if known:
                found.append({at for at, order in enumerate(orders) if order == top(known)})
    return found


def test_development_kinds_and_names_are_held_out() -> None:
    training = {kind.noun for kind in kinds.kinds(development=False)}
    held_out = {kind.noun for kind in kinds.kinds(development=True)}
    assert len(held_out) >= 10
    assert not training & held_out
    drawn = [
        {Names(random.Random(at), half).place() for at in range(400)} for half in (True, False)
    ]
    assert not drawn[0] & drawn[1]


def test_marks_may_lie_in_each_other() -> None:
    page = unmark(sentence(f"It is {mark('age', '31')}.") + " Yes.")
    assert page.text == "It is 31. Yes."
    assert page.example("kind", "How old is it?", page.spans["age"]).relevant == ((0, 9),)


def test_a_question_as_typed_has_no_mark_and_keeps_its_names() -> None:
    typed = as_typed("When was the Oak School opened?", random.Random(1))
    assert "?" not in typed
    assert "oak school" in typed.lower()
