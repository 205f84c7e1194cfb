"""Asks a SQuAD file; a run that was stopped goes on where it was when it is started again."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from index.articles import Article
from index.errors import BadInput
from index.library import Library
from index.settings import Settings
from qa.chain import AnswerChain
from qa.evaluation.provenance import provenance
from qa.evaluation.report import VERSION, Report, make_report
from qa.evaluation.run import ask, temporary_library
from qa.evaluation.scoring import CaseResult
from qa.evaluation.squad import Group, SquadPlan, squad_groups

RUNS = "runs"
"""Folder in the data folder for the records of runs that write no JSON."""


def run_squad(
    plan: SquadPlan,
    settings: Settings,
    *,
    beside: Path | None = None,
    notify: Callable[[str], None] = lambda _: None,
) -> Report:
    """The report on `plan`.

    Each case is written down as soon as it is done: in `<beside>.part.jsonl`, or in the folder
    `runs` of the data folder where `beside` is None. The same plan with the same file, settings
    and models goes on from there; the record is gone once the run is complete.

    Raises:
        BadInput: when the file is not in SQuAD's format, or the record cannot be written.
    """
    made_with = provenance(settings)
    groups = squad_groups(plan)
    total = sum(len(group.cases) for group in groups)
    with temporary_library(settings) as (library, chain):
        key = _key(plan, chain.fingerprint)
        path = _record_path(beside, settings, key)
        done = _read_record(path, key)
        if done:
            notify(f"Going on after {len(done)} of {total} cases, from {path}.")
        elif path.exists():
            notify(f"{path} is the record of another run; starting from the beginning.")
        try:
            with _record(path, key, done) as write, _progress(len(done), total) as advance:
                for result in _rest(plan.file.stem, groups, done, library, chain):
                    done[result.case.id] = result
                    write(result)
                    advance()
        except KeyboardInterrupt:
            notify(f"Stopped; the same command goes on after {len(done)} of {total} cases.")
            raise
    results = [done[placed.case.id] for group in groups for placed in group.cases]
    report = make_report(results, _options(plan), made_with=made_with)
    path.unlink(missing_ok=True)
    return report


def _rest(
    name: str,
    groups: list[Group],
    done: dict[str, CaseResult],
    library: Library,
    chain: AnswerChain,
) -> Iterator[CaseResult]:
    """The cases that are not done; the library holds the articles of one group at a time."""
    for group in groups:
        rest = [placed for placed in group.cases if placed.case.id not in done]
        if not rest:
            continue
        library.add_many(group.articles)
        articles: dict[str, Article] = {article.id: article for article in group.articles}
        for placed in rest:
            yield ask(name, placed, chain.invoke, articles.__getitem__)
        if len(groups) > 1:
            for article_id in articles:
                library.remove(article_id)


def _options(plan: SquadPlan) -> dict[str, str | int | None]:
    return {
        "squad": plan.file.name,
        "scope": plan.scope,
        "sample": plan.sample,
        "seed": plan.seed,
        "unanswerable": plan.unanswerable,
    }


def _key(plan: SquadPlan, fingerprint: str) -> str:
    content = hashlib.sha256(plan.file.read_bytes()).hexdigest()
    parts = [VERSION, content, fingerprint, _options(plan)]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def _record_path(beside: Path | None, settings: Settings, key: str) -> Path:
    if beside:
        return beside.with_name(beside.name + ".part.jsonl")
    return settings.data_dir / RUNS / f"{key}.jsonl"


def _read_record(path: Path, key: str) -> dict[str, CaseResult]:
    """The finished cases by id; none when the record is of another run."""
    done: dict[str, CaseResult] = {}
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
        if json.loads(lines[0]) != {"run": key}:
            return {}
        for line in lines[1:]:
            result = CaseResult.model_validate_json(line)
            done[result.case.id] = result
    except (OSError, ValueError):  # pydantic's errors are ValueErrors
        pass  # no record, or its last line was cut off by the stop: what came before counts
    return done


@contextmanager
def _record(
    path: Path, key: str, done: dict[str, CaseResult]
) -> Iterator[Callable[[CaseResult], None]]:
    """Writes results to the record, which begins with the whole lines of the run before."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps({"run": key}), *(result.model_dump_json() for result in done.values())]
        fresh = path.with_name(path.name + ".new")
        fresh.write_text("\n".join(lines) + "\n", encoding="utf-8")
        os.replace(fresh, path)
        file = path.open("a", encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.") from error
    with file:

        def write(result: CaseResult) -> None:
            file.write(result.model_dump_json() + "\n")
            file.flush()

        yield write


@contextmanager
def _progress(done: int, total: int) -> Iterator[Callable[[], None]]:
    """A bar on standard error; where that is no terminal, a line for every tenth of the way."""
    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task("Asking", total=total, completed=done)
        count = done

        def advance() -> None:
            nonlocal count
            count += 1
            bar.advance(task)
            if not console.is_terminal and count * 10 // total > (count - 1) * 10 // total:
                console.print(f"{count} of {total} cases asked")

        yield advance
