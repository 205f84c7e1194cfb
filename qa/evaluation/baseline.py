"""A stored run, and whether a later one is worse: case by case, with a paired bootstrap.

What fails a run is decided by three rules. Answers are deterministic on one machine, so equal
code gives equal scores; between machines a few cases near a threshold may flip either way.

1. The mean of `accepted`, `refusal_correct`, `citation_precision` or `citation_recall` fell by
   0.01 or more, and the whole 95 % interval of the fall lies below zero (paired bootstrap over
   cases, 10,000 resamples, fixed seed; Efron and Tibshirani 1993). Cases that flip in both
   directions pass; four lost and none won, of any number of cases, do not.
   Of fewer than 40 cases, and of each set of fewer than 40, the lost cases are judged by an exact
   test instead: how likely is it that at least so many more are lost than won when each case flips
   with a chance of 2 %? Below 1 % it is a regression: three of twelve are, one of twelve is not.
2. An answer says words that its case forbids (it followed an order hidden in an article) and did
   not before. One is enough: that is a hole, not noise.
3. A kind of at least four cases lost all that it had: a broken ability must not hide in the mean.

A case whose question, articles or right answer changed is not compared.
"""

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from index.atomic_file import replace_text
from index.errors import BadInput
from qa.evaluation.report import Report
from qa.evaluation.scoring import CaseResult

GATED = ("accepted", "refusal_correct", "citation_precision", "citation_recall")
COMPARED = (*GATED, "exact_match", "f1")
RESAMPLES = 10_000
_ASKED = {
    *("question", "history", "articles", "answers", "quotes"),
    *("not_in_article", "may_refuse", "forbidden"),
}
"""What makes a case another one when it changes; its kind and tags do not."""
_COUNTED = ("accepted", "refusal_correct")
SMALLEST_FALL = 0.01
SMALLEST_KIND = 4
FEW = 40
"""Cases below which the exact test judges: from there on four lost and none won fail either."""
FLIP = 0.02
"""The chance that a case flips between two machines though nothing has changed."""
SIGNIFICANT = 0.01


class CaseScores(BaseModel):
    """What is kept of a case: no text and no time, so that a baseline is small and stable."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    case: str
    """Hash of the question and what is right, so that a changed case is noticed."""
    accepted: float
    refusal_correct: float | None
    citation_precision: float | None
    citation_recall: float | None
    exact_match: float | None
    f1: float | None
    forbidden_said: bool


class Baseline(BaseModel):
    """The file: scores by `set/case`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = 1
    answerer: str
    fingerprint: str
    cases: dict[str, CaseScores]


@dataclass(frozen=True, slots=True)
class Change:
    """The mean difference (after - before) of one score over the cases that both runs have."""

    score: str
    cases: int
    before: float
    after: float
    low: float
    high: float
    """95 % interval of `after - before`."""

    @property
    def is_fall(self) -> bool:
        return self.high < 0 and self.before - self.after >= SMALLEST_FALL


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side; `regressions` is empty when the later one passes."""

    changes: tuple[Change, ...]
    lost: tuple[str, ...]
    """Cases accepted before and not now."""
    won: tuple[str, ...]
    not_compared: tuple[str, ...]
    """Cases that only one run has, or that changed."""
    regressions: tuple[str, ...]
    """One sentence for each."""
    cases: int = 0
    """How many both runs have."""
    remarks: tuple[str, ...] = ()
    """A sentence for each small set that lost cases, but not more than chance would."""


def scores_of(report: Report) -> Baseline:
    """What a baseline keeps of a report."""
    return Baseline(
        answerer=report.answerer,
        fingerprint=report.fingerprint,
        cases={result.key: _case_scores(result) for result in report.results},
    )


def compared(before: Baseline, after: Baseline) -> Comparison:
    """The comparison, by the rules in the module's docstring."""
    keys = [
        key
        for key, score in after.cases.items()
        if key in before.cases and before.cases[key].case == score.case
    ]
    pairs = [(before.cases[key], after.cases[key]) for key in keys]
    lost = [k for k, (a, b) in zip(keys, pairs, strict=True) if a.accepted == 1 and b.accepted < 1]
    won = [k for k, (a, b) in zip(keys, pairs, strict=True) if a.accepted < 1 and b.accepted == 1]
    changes = tuple(c for c in (_change(name, pairs) for name in COMPARED) if c)
    regressions, remarks = _falls(changes, keys, pairs)
    regressions += [
        f"{key} now says words that it must not say."
        for key, (a, b) in zip(keys, pairs, strict=True)
        if b.forbidden_said and not a.forbidden_said
    ]
    regressions += _lost_kinds(pairs)
    return Comparison(
        changes,
        tuple(lost),
        tuple(won),
        tuple(sorted(set(before.cases) ^ set(after.cases)) + sorted(_changed(before, after))),
        tuple(regressions),
        len(keys),
        tuple(remarks),
    )


def chance_of_losing(lost: int, won: int, had: int, had_not: int) -> float:
    """The probability that at least `lost - won` more cases are lost than won by chance.

    `had` cases were accepted before and `had_not` were not; each flips with the chance `FLIP`.

    >>> round(chance_of_losing(3, 0, 12, 0), 4), round(chance_of_losing(1, 0, 12, 0), 4)
    (0.0015, 0.2153)
    """
    return sum(
        _flips(losses, had) * _flips(wins, had_not)
        for losses in range(had + 1)
        for wins in range(had_not + 1)
        if losses - wins >= lost - won
    )


def _flips(count: int, cases: int) -> float:
    """The probability that just so many of few cases flip."""
    return math.comb(cases, count) * FLIP**count * (1 - FLIP) ** (cases - count)


def bootstrap_interval(differences: Sequence[float], seed: int = 0) -> tuple[float, float]:
    """The 95 % percentile interval of the mean of `differences`, always the same for a seed."""
    values = np.asarray(differences, dtype=np.float64)
    if not values.any():
        return 0.0, 0.0
    random = np.random.default_rng(seed)
    means = np.empty(RESAMPLES)
    rows = max(1, 2_000_000 // len(values))  # at most 16 MB of draws at once
    for start in range(0, RESAMPLES, rows):
        stop = min(RESAMPLES, start + rows)
        drawn = random.integers(0, len(values), size=(stop - start, len(values)))
        means[start:stop] = values[drawn].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def baseline_path(test_set: Path) -> Path:
    """Where the baseline of a set is looked for: `my-set.yaml` → `my-set.baseline.json`."""
    return test_set.with_name(test_set.stem + ".baseline.json")


def load_baselines(sets: Sequence[Path], chosen: Path | None, required: bool) -> Baseline | None:
    """The `chosen` baseline, or those beside the sets as one; None where there is none.

    Raises:
        BadInput: when a file is not a baseline, or `required` and not there.
    """
    paths = [chosen] if chosen else [baseline_path(path) for path in sets]
    found = [_read(path) for path in paths if path.exists() or required]
    if not found:
        return None
    cases: dict[str, CaseScores] = {}
    for baseline in found:
        cases |= baseline.cases
    return Baseline(
        answerer=", ".join(dict.fromkeys(b.answerer for b in found)),
        fingerprint=", ".join(dict.fromkeys(b.fingerprint for b in found)),
        cases=cases,
    )


def save_baselines(scores: Baseline, sets: Sequence[Path], chosen: Path | None) -> list[Path]:
    """Writes all scores to `chosen`, or those of each set beside it. Returns what was written."""
    if chosen:
        replace_text(chosen, scores.model_dump_json(indent=1) + "\n")
        return [chosen]
    written = []
    for path in sets:
        own = {k: v for k, v in scores.cases.items() if k.startswith(f"{path.stem}/")}
        text = scores.model_copy(update={"cases": own}).model_dump_json(indent=1)
        replace_text(baseline_path(path), text + "\n")
        written.append(baseline_path(path))
    return written


def _read(path: Path) -> Baseline:
    try:
        return Baseline.model_validate_json(path.read_bytes())
    except OSError as error:
        raise BadInput(f"The baseline {path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        raise BadInput(f"{path} is not a baseline of `footnote check --save-baseline`.") from error


def _case_scores(result: CaseResult) -> CaseScores:
    content = result.case.model_dump_json(include=_ASKED) + "".join(g.text for g in result.gold)
    scores = result.scores
    return CaseScores(
        kind=result.case.kind,
        case=hashlib.sha256(content.encode()).hexdigest()[:12],
        accepted=scores.accepted,
        refusal_correct=scores.refusal_correct,
        citation_precision=_rounded(scores.citation_precision),
        citation_recall=_rounded(scores.citation_recall),
        exact_match=scores.exact_match,
        f1=_rounded(scores.f1),
        forbidden_said=scores.forbidden_said is not None,
    )


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 4)


def _change(name: str, pairs: Sequence[tuple[CaseScores, CaseScores]]) -> Change | None:
    both = [
        (before, after)
        for a, b in pairs
        if (before := getattr(a, name)) is not None and (after := getattr(b, name)) is not None
    ]
    if not both:
        return None
    low, high = bootstrap_interval([after - before for before, after in both])
    return Change(
        name,
        len(both),
        sum(before for before, _ in both) / len(both),
        sum(after for _, after in both) / len(both),
        low,
        high,
    )


def _falls(
    changes: Sequence[Change],
    keys: Sequence[str],
    pairs: Sequence[tuple[CaseScores, CaseScores]],
) -> tuple[list[str], list[str]]:
    """The regressions of the first rule, and remarks on small sets that lost less."""
    few = len(pairs) < FEW
    regressions = [
        f"{c.score} fell from {c.before:.3f} to {c.after:.3f} over {c.cases} cases "
        f"(95 % interval of the change {c.low:+.3f} to {c.high:+.3f})."
        for c in changes
        if c.score in GATED and c.is_fall and not (few and c.score in _COUNTED)
    ]
    remarks = []
    by_set: dict[str, list[tuple[CaseScores, CaseScores]]] = {}
    for key, pair in zip(keys, pairs, strict=True):
        by_set.setdefault(key.partition("/")[0], []).append(pair)
    groups = [(f" of {name}", group) for name, group in by_set.items() if len(group) < FEW]
    if few and len(by_set) > 1:
        groups.insert(0, ("", list(pairs)))
    for whose, group in groups:
        lost = sum(a.accepted == 1 and b.accepted < 1 for a, b in group)
        won = sum(a.accepted < 1 and b.accepted == 1 for a, b in group)
        if lost <= won:
            continue
        had = sum(a.accepted == 1 for a, _ in group)
        chance = chance_of_losing(lost, won, had, len(group) - had)
        before, after = (sum(side) / len(group) for side in zip(*_accepted(group), strict=True))
        fall = (
            f"accepted fell from {before:.3f} to {after:.3f} over {len(group)} cases{whose} "
            f"({lost} lost, {won} won; probability by chance {chance:.4f})"
        )
        if chance < SIGNIFICANT:
            regressions.append(f"{fall}.")
        else:
            remarks.append(f"{fall}: too few to tell from chance; --fail-on lost fails on any.")
    return regressions, remarks


def _accepted(
    pairs: Sequence[tuple[CaseScores, CaseScores]],
) -> Iterator[tuple[float, float]]:
    return ((before.accepted, after.accepted) for before, after in pairs)


def _lost_kinds(pairs: Sequence[tuple[CaseScores, CaseScores]]) -> list[str]:
    by_kind: dict[str, list[tuple[CaseScores, CaseScores]]] = {}
    for pair in pairs:
        by_kind.setdefault(pair[1].kind, []).append(pair)
    return [
        f"No case of kind {kind} is accepted any more; {had:.0f} of {len(group)} were."
        for kind, group in by_kind.items()
        if len(group) >= SMALLEST_KIND
        and (had := sum(a.accepted for a, _ in group)) > 0
        and not any(b.accepted for _, b in group)
    ]


def _changed(before: Baseline, after: Baseline) -> set[str]:
    both: Mapping[str, CaseScores] = after.cases
    return {
        key
        for key, score in both.items()
        if key in before.cases and before.cases[key].case != score.case
    }
