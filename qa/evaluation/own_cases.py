"""The user's own test cases in a database that several processes share.

There a correction is a row, because the data folder of a process need not last; `footnote check`
writes the cases that its own test set lacks into that file, where they can be edited.
"""

from pathlib import Path

from sqlalchemy import Column, Engine, String, Table, Text, insert, select

from index.settings import Settings
from index.storage.database import create_tables, metadata
from index.storage.postgresql import open_postgresql
from qa.evaluation.case_files import read_entries
from qa.evaluation.cases import Case
from qa.evaluation.own_set import append_case, own_set_path

own_cases = Table(
    "own_cases",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("entry", Text, nullable=False),  # the case as JSON
)


def keep_case(engine: Engine, case: Case) -> None:
    """Store a case; its id is new."""
    create_tables(engine, [own_cases])
    with engine.begin() as connection:
        connection.execute(insert(own_cases).values(id=case.id, entry=case.model_dump_json()))


def write_kept_cases(settings: Settings) -> None:
    """Append the kept cases to the user's own test set, where it has none of that id."""
    if settings.database_url is None:
        return
    engine = open_postgresql(settings.database_url)
    try:
        with engine.connect() as connection:
            entries = connection.scalars(select(own_cases.c.entry).order_by(own_cases.c.id)).all()
    finally:
        engine.dispose()
    path = own_set_path(settings)
    there = _ids(path)
    for case in map(Case.model_validate_json, entries):
        if case.id not in there:
            append_case(path, case)


def _ids(path: Path) -> set[object]:
    if not path.exists():
        return set()
    return {e.data.get("id") for e in read_entries(path)[1] if isinstance(e.data, dict)}
