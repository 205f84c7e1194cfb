"""schemathesis over the OpenAPI document: no fault of ours, nothing that is not documented."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import positive_data_acceptance
from served import TIN, served

from index.library import open_library
from index.loading.loader import load_text
from index.settings import Settings
from qa.http.app import create_app

EXAMPLES = 40
"""For each operation and mode: what fits the schema, and what does not.

That what fits is accepted is not asked: an article without words, an address of the inner network
and an id that is not there fit the schema, and are refused.
"""


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BaseSchema]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("fuzz"))
    with open_library(settings) as library:
        library.add(load_text(TIN, settings))
        with served(create_app(settings, library)) as address:
            found = schemathesis.openapi.from_url(f"{address}/openapi.json")
            # A body that is too large as well is refused for that first.
            rejection = found.config.checks.negative_data_rejection
            rejection.expected_statuses = [*rejection.expected_statuses, "413"]
            yield found


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_nothing_sent_makes_it_fail_or_answer_undocumented(
    schema: BaseSchema, mode: GenerationMode
) -> None:
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) >= 15
    asked = sum(_fuzz(operation, mode) for operation in operations)
    assert asked >= len(operations) * (EXAMPLES // 4)


def _fuzz(operation: APIOperation, mode: GenerationMode) -> int:
    """Sends generated requests to one operation; their number."""
    count = 0

    @given(case=operation.as_strategy(mode))
    @hypothesis_settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def check(case: Case) -> None:
        nonlocal count
        count += 1
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    with suppress(Unsatisfiable):  # nothing misfits an operation that takes nothing
        check()
    return count
