"""Asks test sets through the real chain, in a library of their own, always in the same order."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.progress import track

from index.articles import Article
from index.errors import BadInput, NotFound
from index.library import Library, open_library
from index.sentences import sentence_spans
from index.settings import Settings
from qa.answer import Answer
from qa.chain import AnswerChain, answer_chain
from qa.evaluation.cases import LIBRARY, PlacedCase, TestSet, load_test_set
from qa.evaluation.own_cases import write_kept_cases
from qa.evaluation.own_set import own_set_path
from qa.evaluation.provenance import provenance
from qa.evaluation.remote_service import RemoteService
from qa.evaluation.report import Report, make_report
from qa.evaluation.scoring import CaseResult, Repeats, judge

SETS = Path(__file__).parent / "sets"
BUNDLED_SETS = tuple(
    SETS / f"{name}.yaml"
    for name in ("security-guarantees", "sister-ships", "town-budget", "water-filter")
)

Ask = Callable[[dict[str, Any]], Answer]
"""A request as the chain takes it → the answer."""


@dataclass(frozen=True, slots=True)
class RunPlan:
    """Which cases are asked, how, and whom."""

    kinds: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    """Empty: all. Of several in one of them, one is enough."""
    repeat: int = 1
    concurrency: int = 1
    against: str | None = None
    """Address of a running service; None: the own chain."""
    key: str | None = None
    """Sent to that service as a bearer token."""

    @property
    def is_partial(self) -> bool:
        return bool(self.kinds or self.ids or self.tags)

    def chosen(self, placed: PlacedCase) -> bool:
        case = placed.case
        return (
            (not self.kinds or case.kind in self.kinds)
            and (not self.ids or case.id in self.ids)
            and (not self.tags or not set(self.tags).isdisjoint(case.tags))
        )


def default_sets(settings: Settings) -> list[Path]:
    """What `footnote check` asks when it is told nothing: the bundled sets, and the user's own."""
    own = own_set_path(settings)
    write_kept_cases(settings)
    return [*BUNDLED_SETS, *([own] if own.exists() else [])]


def check_sets(
    paths: Sequence[Path],
    settings: Settings,
    notify: Callable[[str], None] = lambda _: None,
    library_article: Callable[[str], Article] | None = None,
    plan: RunPlan = RunPlan(),
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """The report on the test sets at `paths`, answered as `settings` and `plan` say.

    `progress` is told (cases asked, all).

    The user's library is only read, and only when a set names articles of it; a process that
    has it open already gives `library_article`, its `Library.article`.

    Raises:
        BadInput: when a set is not valid, two have one name or no case is chosen, before anything
            is asked.
        ServiceProblem: when the service of `plan.against` cannot be asked.
    """
    loaded = load_sets(paths, settings, library_article)
    return ask_sets(loaded, settings, plan, notify, progress)


def ask_sets(
    loaded: Sequence[TestSet],
    settings: Settings,
    plan: RunPlan,
    notify: Callable[[str], None] = lambda _: None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """The report on sets that were loaded; raises what `check_sets` does."""
    made_with = provenance(settings, plan.against)
    notes = [sentence for test_set in loaded for sentence in test_set.skipped]
    for note in notes:
        notify(note)
    chosen = [(test_set, placed) for test_set in loaded for placed in test_set.cases]
    chosen = [(test_set, placed) for test_set, placed in chosen if plan.chosen(placed)]
    if not chosen and any(test_set.cases for test_set in loaded):
        raise BadInput("No case of the sets has the kind, id and tag that were asked for.")
    with _answering(loaded, settings, plan) as (answer, remark):
        notes += [remark] if remark else []
        results = _in_order(chosen, answer, plan, progress)
    return make_report(results, notes=notes, made_with=made_with)


def load_sets(
    paths: Sequence[Path],
    settings: Settings,
    library_article: Callable[[str], Article] | None = None,
) -> list[TestSet]:
    """The sets at `paths`, whose names differ.

    Raises:
        BadInput: when one is not valid, or two have one name.
    """
    names = [path.stem for path in paths]
    for name in names:
        if names.count(name) > 1:
            raise BadInput(
                f"Two of the test sets are called {name}: rename one, to tell them apart."
            )
    own = nullcontext(library_article) if library_article else _library_articles(settings)
    with own as of_library:
        return [load_test_set(path, settings, of_library) for path in paths]


def ask(
    set_name: str, placed: PlacedCase, answer: Ask, article: Callable[[str], Article]
) -> CaseResult:
    """One case, asked once and judged."""
    request = {
        "question": placed.case.question,
        "history": [turn.model_dump() for turn in placed.case.history],
        "article_ids": placed.article_ids,
    }
    return judge(set_name, placed, answer(request), article, _sentences)


@contextmanager
def temporary_library(settings: Settings) -> Iterator[tuple[Library, AnswerChain]]:
    """An empty library that is gone afterwards, and the chain over it."""
    with TemporaryDirectory(prefix="footnote-check-", ignore_cleanup_errors=True) as folder:
        own = settings.model_copy(
            update={"data_dir": Path(folder), "database_url": None, "chroma_url": None}
        )
        with open_library(own) as library:
            yield library, answer_chain(library, own)


@contextmanager
def _answering(
    loaded: Sequence[TestSet], settings: Settings, plan: RunPlan
) -> Iterator[tuple[Ask, str | None]]:
    """Whom to ask about the articles of the sets, and a note for the report."""
    articles = {article.id: article for test_set in loaded for article in test_set.articles}
    if plan.against:
        with RemoteService(plan.against, plan.key) as service:
            note = service.add(articles.values())
            yield service.answer, note
        return
    with temporary_library(settings) as (library, chain):
        library.add_many(tuple(articles.values()))
        yield chain.invoke, None


def _in_order(
    chosen: Sequence[tuple[TestSet, PlacedCase]],
    answer: Ask,
    plan: RunPlan,
    told: Callable[[int, int], None] | None,
) -> list[CaseResult]:
    """The results in the order of the cases, however many are asked at once."""

    def result(one: tuple[TestSet, PlacedCase]) -> CaseResult:
        test_set, placed = one
        article = {article.id: article for article in test_set.articles}.__getitem__
        asked = [ask(test_set.name, placed, answer, article) for _ in range(plan.repeat)]
        return _worst(asked)

    progress = Console(stderr=True)
    results = []
    with ThreadPoolExecutor(max_workers=plan.concurrency) as pool:
        for judged in track(
            pool.map(result, chosen),
            total=len(chosen),
            description="Asking",
            console=progress,
            transient=True,
            disable=not progress.is_terminal,
        ):
            results.append(judged)
            if told:
                told(len(results), len(chosen))
    return results


def _worst(asked: Sequence[CaseResult]) -> CaseResult:
    """The first wrong one of a case that was asked several times, or the first."""
    if len(asked) == 1:
        return asked[0]
    repeats = Repeats(
        times=len(asked),
        right=sum(result.right for result in asked),
        answers=len({(r.answer.status, r.answer.text) for r in asked}),
    )
    return min(asked, key=lambda result: result.right).model_copy(update={"repeats": repeats})


@contextmanager
def _library_articles(settings: Settings) -> Iterator[Callable[[str], Article]]:
    """Articles of the user's library by id; it is opened at the first."""
    opened: list[Library] = []

    def article(article_id: str) -> Article:
        if not opened:
            if not settings.database_url and not settings.data_dir.exists():
                raise NotFound(f"{LIBRARY}{article_id}: there is no library.")
            opened.append(open_library(settings))
        return opened[0].article(article_id)

    try:
        yield article
    finally:
        for library in opened:
            library.close()


@lru_cache(maxsize=8)
def _sentences(article: Article) -> tuple[tuple[int, int], ...]:
    return tuple(sentence_spans(article.text))
