"""`Verdict`: whether a run passed its gate, and by which figures. Every output shows this one."""

from pydantic import BaseModel, ConfigDict, Field

NOTHING_GATED = (
    "Nothing was gated: there is no baseline and no limit. --save-baseline keeps this run to "
    "compare later ones with; --min-accepted 0.9 sets a limit."
)


class Judgement(BaseModel):
    """One rule of the gate, held against this run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str = Field(description="The rule, such as `--min-accepted` or `must_pass set/case`.")
    passed: bool
    figures: str = Field(description="One sentence with the figures that decided.")


class Verdict(BaseModel):
    """The judgements of a run, in the order of the rules."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    judgements: tuple[Judgement, ...] = ()
    enforced: bool = Field(True, description="False with `--fail-on never`: nothing fails.")

    @property
    def broken(self) -> tuple[Judgement, ...]:
        return tuple(judgement for judgement in self.judgements if not judgement.passed)

    @property
    def failed(self) -> bool:
        """What the exit code, the JUnit file and the page agree on."""
        return self.enforced and bool(self.broken)

    @property
    def sentence(self) -> str:
        """The verdict as a person reads it."""
        total, broken = len(self.judgements), len(self.broken)
        if not total:
            return NOTHING_GATED
        rules = f"{total} rule{'s' if total > 1 else ''}"
        if not self.enforced:
            return f"Report only (--fail-on never): {broken} of {rules} would fail."
        return f"Failed: {broken} of {rules}." if broken else f"Passed: {rules}."
