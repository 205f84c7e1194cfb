"""`Report`: the scores of a run, in all and by kind. Its JSON is what `footnote compare` reads."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.atomic_file import replace_text
from index.errors import BadInput
from index.settings import Settings
from qa.evaluation.citation_metrics import hit_at, mean_reciprocal_rank
from qa.evaluation.metrics import auroc, expected_calibration_error
from qa.evaluation.provenance import Provenance
from qa.evaluation.scoring import SURE, CaseResult
from qa.evaluation.verdict import Verdict

VERSION = 2
LAST_CHECK = "last-check.json"


class Summary(BaseModel):
    """Means over cases; None where no case has the figure. Shares are from 0 to 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cases: int
    accepted: float = Field(description="Answered with an accepted answer, or rightly refused.")
    exact_match: float | None = Field(description="SQuAD 2.0.")
    f1: float | None = Field(description="SQuAD 2.0.")
    citation_precision: float | None = Field(
        description="Share of the cited characters that lie in a sentence of a gold quote."
    )
    citation_recall: float | None = Field(
        description="Share of the gold quotes' characters that are cited."
    )
    hit_at_1: float | None = Field(description="First passage holds a whole gold quote.")
    hit_at_5: float | None = Field(description="One of the first five does.")
    mrr: float | None = Field(description="Mean of 1 / rank of the first passage that does.")
    refusal_precision: float | None = Field(description="Of the refused, not in the article.")
    refusal_recall: float | None = Field(description="Of those not in the article, refused.")
    refusal_f1: float | None
    related: float = Field(
        description="Neither answered nor refused, but told what the article says nearby."
    )
    sure_wrong: int = Field(description=f"Wrong answers with a confidence of {SURE} or more.")
    auroc: float | None = Field(
        description="Probability that a right answer has a higher confidence than the rest."
    )
    calibration_error: float = Field(
        description="Expected calibration error of the confidence, ten bins; refusing counts as "
        "no right answer."
    )
    latency_p50_ms: float
    latency_p95_ms: float


class Report(BaseModel):
    """A run of one or more sets."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = VERSION
    sets: tuple[str, ...]
    answerer: str
    fingerprint: str = Field(description="Of the index, the settings and the prompts.")
    options: dict[str, str | int | None] = Field(description="What a SQuAD run was asked to do.")
    notes: tuple[str, ...] = Field(description="What was left out, and why.")
    overall: Summary
    by_kind: dict[str, Summary]
    results: tuple[CaseResult, ...]
    provenance: Provenance | None = Field(None, description="What the run was made with.")
    verdict: Verdict | None = Field(None, description="Of the gate, where the run went through it.")


def make_report(
    results: Sequence[CaseResult],
    options: dict[str, str | int | None] | None = None,
    notes: Iterable[str] = (),
    made_with: Provenance | None = None,
) -> Report:
    """The report on `results`, which are in the order of their sets.

    Raises:
        BadInput: when there are none.
    """
    if not results:
        raise BadInput("No case was asked, so there is nothing to report.")
    kinds = dict.fromkeys(result.case.kind for result in results)
    return Report(
        sets=tuple(dict.fromkeys(result.set_name for result in results)),
        answerer=", ".join(dict.fromkeys(result.answer.answerer for result in results)),
        fingerprint=", ".join(dict.fromkeys(result.answer.fingerprint for result in results)),
        options=options or {},
        notes=tuple(notes),
        overall=summarise(results),
        by_kind={kind: summarise([r for r in results if r.case.kind == kind]) for kind in kinds},
        results=tuple(results),
        provenance=made_with,
    )


def summarise(results: Sequence[CaseResult]) -> Summary:
    """The figures of a non-empty group of cases."""
    scores = [result.scores for result in results]
    ranks = [score.hit_rank for score in scores if score.hit_rank is not None]
    judged = [result for result in results if not result.case.may_refuse]
    refused = [result for result in judged if result.refused]
    unanswerable = [result for result in judged if result.case.not_in_article]
    precision = _mean(result.case.not_in_article for result in refused)
    recall = _mean(result.refused for result in unanswerable)
    confidences = [result.answer.confidence for result in results]
    answered_right = [result.answered_right for result in results]
    right = [c for c, good in zip(confidences, answered_right, strict=True) if good]
    other = [c for c, good in zip(confidences, answered_right, strict=True) if not good]
    latencies = [result.answer.latency_ms.get("total", 0.0) for result in results]
    return Summary(
        cases=len(results),
        accepted=sum(score.accepted for score in scores) / len(scores),
        exact_match=_mean(score.exact_match for score in scores),
        f1=_mean(score.f1 for score in scores),
        citation_precision=_mean(score.citation_precision for score in scores),
        citation_recall=_mean(score.citation_recall for score in scores),
        hit_at_1=hit_at(1, ranks) if ranks else None,
        hit_at_5=hit_at(5, ranks) if ranks else None,
        mrr=mean_reciprocal_rank(ranks) if ranks else None,
        refusal_precision=precision,
        refusal_recall=recall,
        refusal_f1=_refusal_f1(judged),
        related=sum(result.related for result in results) / len(results),
        sure_wrong=sum(result.sure_wrong for result in results),
        auroc=auroc(right, other) if right and other else None,
        calibration_error=expected_calibration_error(confidences, answered_right),
        latency_p50_ms=float(np.percentile(latencies, 50)),
        latency_p95_ms=float(np.percentile(latencies, 95)),
    )


def to_json(report: Report) -> str:
    return report.model_dump_json(indent=1) + "\n"


def read_report(path: Path) -> Report:
    """The report that `footnote check --json` wrote.

    Raises:
        BadInput: when the file is something else.
    """
    try:
        return Report.model_validate_json(path.read_bytes())
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        raise BadInput(
            f"{path} is not a report of `footnote check --json` (version {VERSION})."
        ) from error


def save_last(report: Report, settings: Settings) -> None:
    """Keeps the report of the latest check, for the page that shows how good it is."""
    replace_text(settings.data_dir / LAST_CHECK, to_json(report))


def last_report(settings: Settings) -> Report | None:
    """The report of the latest check of this library, if this version of Footnote made one."""
    path = settings.data_dir / LAST_CHECK
    if not path.exists() or _version(path) != VERSION:
        return None
    return read_report(path)


def _version(path: Path) -> object:
    """Of the report in a file; the present one where it cannot be told, so that reading it will."""
    try:
        return json.loads(path.read_bytes()).get("version")
    except (OSError, ValueError, AttributeError):
        return VERSION


def _refusal_f1(judged: Sequence[CaseResult]) -> float | None:
    both = sum(r.refused and r.case.not_in_article for r in judged)
    either = sum(r.refused for r in judged) + sum(r.case.not_in_article for r in judged)
    return 2 * both / either if either else None


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


FIGURES: tuple[tuple[str, str, Callable[[Summary], float | None]], ...] = (
    ("accepted", "Accepted", lambda s: s.accepted),
    ("exact_match", "EM", lambda s: s.exact_match),
    ("f1", "F1", lambda s: s.f1),
    ("citation_precision", "Cite P", lambda s: s.citation_precision),
    ("citation_recall", "Cite R", lambda s: s.citation_recall),
    ("hit_at_1", "Hit@1", lambda s: s.hit_at_1),
    ("hit_at_5", "Hit@5", lambda s: s.hit_at_5),
    ("mrr", "MRR", lambda s: s.mrr),
    ("refusal_precision", "Refuse P", lambda s: s.refusal_precision),
    ("refusal_recall", "Refuse R", lambda s: s.refusal_recall),
    ("refusal_f1", "Refuse F1", lambda s: s.refusal_f1),
    ("auroc", "AUROC", lambda s: s.auroc),
    ("calibration_error", "ECE", lambda s: s.calibration_error),
)
"""The shares of a summary as (field, short name, value), in the order in which tables show them."""
