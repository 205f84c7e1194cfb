"""`Limits`: what a run of `footnote check` must reach, on the command line or in a file."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

FailOn = Literal["lost", "regression", "never"]


class Limits(BaseModel):
    """Each is left out where it is None. In a file the names may be written with `-` or `_`."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=lambda name: name.replace("_", "-"),
        populate_by_name=True,
    )

    min_accepted: float | None = Field(
        None, ge=0, le=1, description="The least share of cases that must be accepted, 0 to 1."
    )
    min_refusal: float | None = Field(
        None,
        ge=0,
        le=1,
        description="The least share, of what the article does not say, that must be refused.",
    )
    max_sure_wrong: int | None = Field(
        None, ge=0, description="The most wrong answers that have a confidence of 0.8 or more."
    )
    fail_on: FailOn | None = Field(
        None,
        description="Against a baseline: `regression` (the default) fails on a fall that chance "
        "does not explain, `lost` on any case that was accepted before and is not now. `never` "
        "fails on nothing at all: the run only reports.",
    )


def first_given(limits: Sequence[Limits]) -> Limits:
    """Each limit from the first of `limits` that has it.

    >>> first_given([Limits(min_accepted=0.9), Limits(min_accepted=0.5, max_sure_wrong=0)])
    Limits(min_accepted=0.9, min_refusal=None, max_sure_wrong=0, fail_on=None)
    """
    return Limits.model_validate(
        {
            name: next((v for one in limits if (v := getattr(one, name)) is not None), None)
            for name in Limits.model_fields
        }
    )
