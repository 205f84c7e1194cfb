"""The development set of the support score: what it must have to measure anything."""

from collections import Counter

import pytest

from benchmarks.support import CASES, load_cases, table

ALL = load_cases(CASES)
KINDS = [
    "numbers",
    "units",
    "dates",
    "names",
    "negated",
    "stronger or weaker",
    "details added",
    "two sentences combined",
]


def test_it_has_the_eight_kinds():
    assert list(dict.fromkeys(case.kind for case in ALL)) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_forty_statements_half_of_them_true(kind):
    counts = Counter(case.is_supported for case in ALL if case.kind == kind)
    assert counts[True] >= 20
    assert counts[False] >= 20
    assert abs(counts[True] - counts[False]) <= 1


def test_no_statement_comes_twice_and_none_is_its_evidence():
    statements = [(case.evidence, case.statement) for case in ALL]
    assert len(set(statements)) == len(statements)
    assert not [case for case in ALL if case.statement in case.evidence]


def test_the_table_counts_what_is_shown():
    cases = [case for case in ALL if case.kind == "numbers"]
    true = {case.statement for case in cases if case.is_supported}
    lines = table(cases, lambda case: case.statement in true).splitlines()
    assert lines[1].split() == ["numbers", "21/21", "0/22"]
