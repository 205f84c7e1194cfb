"""`Turn`: one thing said before the question."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

MAX_TURN_CHARACTERS = 100_000


class Turn(BaseModel):
    """What a person asked or what Footnote answered. Footnote marks such as `[1]` mean nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Literal["user", "assistant"]
    content: str = Field(max_length=MAX_TURN_CHARACTERS)
