"""`footnote check` and `footnote compare` through the real chain, as the shell sees them."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from index.library import open_library
from index.loading.loader import load_file
from index.sample import BUNDLED_ARTICLE
from index.settings import Settings
from qa.cli.app import app, run
from qa.evaluation.cases import Case, Quote
from qa.evaluation.own_set import append_case, own_set_path
from qa.evaluation.report import Report, last_report, read_report
from qa.evaluation.run import BUNDLED_SET, check_sets, default_sets

Footnote = Callable[..., int]

SET = """\
articles: [article.md]
cases:
  - id: minutes
    kind: number
    question: How many minutes would a hypersonic missile need to reach Moscow?
    answers: ["5 minutes"]
    quotes: ["A hypersonic missile would need 5 minutes"]
  - id: follow
    kind: follow_up
    history:
      - {role: user, content: "How many articles does the draft treaty have?"}
      - {role: assistant, content: "It has 8 articles. [1]"}
    question: Which ministry published it?
    answers: ["Foreign Ministry"]
    quotes: ["The Russian Foreign Ministry published its draft treaty"]
  - id: egg
    kind: not_in_article
    question: How long do I boil an egg?
    not_in_article: true
"""
IMPOSSIBLE = """\
  - id: impossible-{n}
    kind: fact
    question: What does Ryabkov stress, question {n}?
    answers: ["zebra"]
    quotes: ["put up with no preconditions"]
"""


@pytest.fixture
def footnote(monkeypatch: pytest.MonkeyPatch) -> Footnote:
    """The command line in this process: its arguments → its exit code."""
    monkeypatch.setenv("FOOTNOTE_READER", "sentences")

    def call(*arguments: object) -> int:
        monkeypatch.setattr("sys.argv", ["footnote", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            run(app)
        return int(ended.value.code or 0)

    return call


@pytest.fixture
def small_set(tmp_path: Path) -> Path:
    shutil.copy(BUNDLED_ARTICLE, tmp_path / "article.md")
    path = tmp_path / "small.yaml"
    path.write_text(SET, encoding="utf-8")
    return path


def without_times(report: Report) -> list[dict[str, object]]:
    results = json.loads(report.model_dump_json())["results"]
    for result in results:
        del result["answer"]["latency_ms"]
    return results


def test_a_set_is_asked_through_the_chain_and_reported_in_every_form(
    footnote: Footnote, small_set: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {name: tmp_path / "reports" / f"out.{name}" for name in ("json", "junit", "html")}
    options = [part for name, path in files.items() for part in (f"--{name}", path)]
    assert footnote("check", small_set, *options) == 0
    assert "follow_up" in capsys.readouterr().out
    report = read_report(files["json"])
    assert [result.case.id for result in report.results] == ["minutes", "follow", "egg"]
    minutes, follow, egg = report.results
    assert minutes.right
    assert minutes.scores.hit_rank == 1
    assert minutes.scores.citation_recall == 1
    assert "treaty" in follow.answer.standalone_question
    assert egg.refused
    assert '<testcase classname="small.number" name="minutes"' in files["junit"].read_text()
    assert "<svg" in files["html"].read_text(encoding="utf-8")


def test_two_runs_say_the_same(small_set: Path, settings: Settings) -> None:
    fast = settings.model_copy(update={"reader": "sentences"})
    first, second = (check_sets([small_set], fast) for _ in range(2))
    assert without_times(first) == without_times(second)


def test_the_library_of_the_user_is_neither_asked_nor_changed(
    small_set: Path, settings: Settings
) -> None:
    with open_library(settings) as library:
        library.add(load_file(BUNDLED_ARTICLE.parent.parent.parent / "LICENSE", settings))
        before = library.article_ids()
    report = check_sets([small_set], settings.model_copy(update={"reader": "sentences"}))
    with open_library(settings) as library:
        assert library.article_ids() == before
    asked = {p.article_id for result in report.results for p in result.answer.passages}
    assert asked.isdisjoint(before)


def test_a_regression_exits_with_one_and_is_explained(
    footnote: Footnote, small_set: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = "".join(IMPOSSIBLE.format(n=n) for n in range(4))
    small_set.write_text(SET + cases, encoding="utf-8")
    assert footnote("check", small_set, "--save-baseline") == 0
    stored = small_set.with_name("small.baseline.json")
    baseline = json.loads(stored.read_text())
    for name, scores in baseline["cases"].items():
        if "impossible" in name:
            scores["accepted"] = 1.0  # as if an earlier version had answered them
    stored.write_text(json.dumps(baseline), encoding="utf-8")
    capsys.readouterr()

    assert footnote("check", small_set) == 1
    output = " ".join(capsys.readouterr().out.split())
    assert "4 lost: small/impossible-0" in output
    assert "Regression: accepted fell from 1.000 to 0.429" in output


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["bad.yaml"], "bad.yaml:4: "),
        (["missing.yaml"], "missing.yaml cannot be read"),
        (["small.yaml", "--baseline", "none.json"], "none.json cannot be read"),
        (["small.yaml", "./small.yaml"], "called small"),
        (["small.yaml", "--squad", "x.json"], "not both"),
        (["--squad", "x.json"], "x.json cannot be read"),
    ],
)
def test_a_bad_set_exits_with_two_and_one_sentence(
    footnote: Footnote,
    small_set: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    problem: str,
) -> None:
    monkeypatch.chdir(small_set.parent)
    Path("bad.yaml").write_text(SET.replace("kind: number", "kind: numbre"), encoding="utf-8")
    assert footnote("check", *arguments) == 2
    errors = capsys.readouterr().err
    assert problem in errors
    assert "Traceback" not in errors


def test_without_arguments_the_bundled_set_and_the_users_own_are_asked(
    footnote: Footnote,
    settings: Settings,
    small_set: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert default_sets(settings) == [BUNDLED_SET]
    monkeypatch.setattr(
        "qa.evaluation.run.BUNDLED_SET", small_set
    )  # `make check` asks the long one
    notes = tmp_path / "notes.md"
    notes.write_text("# Boats\n\nThe ferry to Skarv leaves at noon.\n", encoding="utf-8")
    with open_library(settings) as library:
        article = library.add(load_file(notes, settings)).article
    for case_id, article_id in (("ferry", article.id), ("gone", "0123456789abcdef")):
        append_case(
            own_set_path(settings),
            Case(
                id=case_id,
                kind="feedback",
                question="When does the ferry leave?",
                articles=(f"library:{article_id}",),
                quotes=(Quote(text="leaves at noon"),),
            ),
        )
    assert footnote("check") == 0
    report = last_report(settings)
    assert report is not None
    assert report.sets == ("small", "my-test-set")
    own = [result for result in report.results if result.set_name == "my-test-set"]
    assert [result.case.id for result in own] == ["ferry"]
    assert own[0].right
    assert "gone is left out" in capsys.readouterr().out


def test_compare_shows_what_changed(
    footnote: Footnote, small_set: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    assert footnote("check", small_set, "--json", before) == 0
    report = read_report(before)
    wrong = report.results[0].scores.model_copy(update={"accepted": 0.0})
    changed = report.results[0].model_copy(update={"scores": wrong})
    other = report.model_copy(update={"results": (changed, *report.results[1:])})
    after.write_text(other.model_dump_json(), encoding="utf-8")
    capsys.readouterr()
    assert footnote("compare", before, after) == 0
    output = capsys.readouterr().out
    assert "1 lost: small/minutes" in output
    assert "No regression." in output
    assert footnote("compare", before, small_set) == 2
