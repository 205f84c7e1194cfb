"""Asks test sets through the real chain, in a library of their own, always in the same order."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import track

from index.articles import Article
from index.errors import BadInput, NotFound
from index.library import Library, open_library
from index.sentences import sentence_spans
from index.settings import Settings
from qa.chain import AnswerChain, answer_chain
from qa.evaluation.cases import LIBRARY, PlacedCase, TestSet, load_test_set
from qa.evaluation.own_cases import write_kept_cases
from qa.evaluation.own_set import own_set_path
from qa.evaluation.report import Report, make_report
from qa.evaluation.scoring import CaseResult, judge

BUNDLED_SET = Path(__file__).parent / "sets" / "security-guarantees.yaml"


def default_sets(settings: Settings) -> list[Path]:
    """What `footnote check` asks when it is told nothing: the bundled set, and the user's own."""
    own = own_set_path(settings)
    write_kept_cases(settings)
    return [BUNDLED_SET, *([own] if own.exists() else [])]


def check_sets(
    paths: Sequence[Path],
    settings: Settings,
    notify: Callable[[str], None] = lambda _: None,
    library_article: Callable[[str], Article] | None = None,
) -> Report:
    """The report on the test sets at `paths`, answered as `settings` say.

    The user's library is only read, and only when a set names articles of it; a process that
    has it open already gives `library_article`, its `Library.article`.

    Raises:
        BadInput: when a set is not valid or two have one name, before anything is asked.
    """
    names = [path.stem for path in paths]
    for name in names:
        if names.count(name) > 1:
            raise BadInput(
                f"Two of the test sets are called {name}: rename one, to tell them apart."
            )
    own = nullcontext(library_article) if library_article else _library_articles(settings)
    with own as of_library:
        loaded = [load_test_set(path, settings, of_library) for path in paths]
    notes = [sentence for test_set in loaded for sentence in test_set.skipped]
    with temporary_library(settings) as (library, chain):
        for test_set in loaded:
            for article in test_set.articles:
                library.add(article)
        results = [result for test_set in loaded for result in _asked(test_set, chain)]
    for note in notes:
        notify(note)
    return make_report(results, notes=notes)


def ask(
    set_name: str,
    placed: PlacedCase,
    chain: AnswerChain,
    article: Callable[[str], Article],
) -> CaseResult:
    """One case through the chain, judged."""
    request = {
        "question": placed.case.question,
        "history": placed.case.history,
        "article_ids": placed.article_ids,
    }
    return judge(set_name, placed, chain.invoke(request), article, _sentences)


@contextmanager
def temporary_library(settings: Settings) -> Iterator[tuple[Library, AnswerChain]]:
    """An empty library that is gone afterwards, and the chain over it."""
    with TemporaryDirectory(prefix="footnote-check-", ignore_cleanup_errors=True) as folder:
        own = settings.model_copy(
            update={"data_dir": Path(folder), "database_url": None, "chroma_url": None}
        )
        with open_library(own) as library:
            yield library, answer_chain(library, own)


def _asked(test_set: TestSet, chain: AnswerChain) -> Iterator[CaseResult]:
    articles = {article.id: article for article in test_set.articles}
    progress = Console(stderr=True)
    for placed in track(
        test_set.cases,
        description=test_set.name,
        console=progress,
        transient=True,
        disable=not progress.is_terminal,
    ):
        yield ask(test_set.name, placed, chain, articles.__getitem__)


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
