"""The history of checks: a line of JSON for each run that was kept with `--record`."""

from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, ValidationError

from index.errors import BadInput
from index.settings import Settings
from qa.evaluation.provenance import Provenance
from qa.evaluation.report import Report, Summary

HISTORY = "check-history.jsonl"


class Run(BaseModel):
    """What is kept of a run: its figures without its answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sets: tuple[str, ...]
    answerer: str
    fingerprint: str
    provenance: Provenance | None
    overall: Summary
    by_kind: dict[str, Summary]
    failed: bool | None
    """By the gate; None where nothing was gated."""


def history_path(settings: Settings) -> Path:
    """Where runs are kept unless another file is named."""
    return settings.data_dir / HISTORY


def record(report: Report, path: Path) -> None:
    """Adds the run at the end of the file, which is made where there is none.

    Raises:
        BadInput: when the file cannot be written.
    """
    verdict = report.verdict
    run = Run(
        sets=report.sets,
        answerer=report.answerer,
        fingerprint=report.fingerprint,
        provenance=report.provenance,
        overall=report.overall,
        by_kind=report.by_kind,
        failed=verdict.failed if verdict and verdict.judgements else None,
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f".{path.name}.lock")), path.open("a", encoding="utf-8") as f:
            f.write(run.model_dump_json() + "\n")
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.") from error


def read_history(path: Path, sets: Sequence[str] = ()) -> list[Run]:
    """The runs in the file, oldest first; with `sets`, only those that asked exactly these.

    Raises:
        BadInput: naming file and line of what is no run.
    """
    if not path.exists():
        return []
    runs = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from error
    for n, line in enumerate(lines, start=1):
        try:
            run = Run.model_validate_json(line)
        except ValidationError as error:
            raise BadInput(f"{path}:{n}: this line is no run of `footnote check`.") from error
        if not sets or set(run.sets) == set(sets):
            runs.append(run)
    return runs
