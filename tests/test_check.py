"""`footnote check` and `footnote compare` through the real chain, as the shell sees them."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr
from served import served
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from index.library import open_library
from index.loading.loader import load_file
from index.sample import BUNDLED_ARTICLE
from index.settings import Settings
from qa.cli.app import app, run
from qa.evaluation.cases import Case, ExpectedQuote
from qa.evaluation.own_set import append_case, own_set_path
from qa.evaluation.remote_service import ServiceProblem
from qa.evaluation.report import Report, last_report, read_report
from qa.evaluation.run import BUNDLED_SETS, RunPlan, check_sets, default_sets
from qa.http.app import create_app

Footnote = Callable[..., int]

LICENSE = Path(__file__).parent.parent / "LICENSE"

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
    first, second = (check_sets([small_set], settings) for _ in range(2))
    assert without_times(first) == without_times(second)


def test_the_library_of_the_user_is_neither_asked_nor_changed(
    small_set: Path, settings: Settings
) -> None:
    with open_library(settings) as library:
        library.add(load_file(BUNDLED_ARTICLE.parent.parent.parent / "LICENSE", settings))
        before = library.article_ids()
    report = check_sets([small_set], settings)
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
    assert "Failed: 1 of 1 rule." in output
    assert footnote("check", small_set, "--fail-on", "never") == 0
    assert footnote("check", small_set, "--case", "minutes") == 0  # of these none was lost


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["bad.yaml"], "bad.yaml:4: "),
        (["missing.yaml"], "missing.yaml cannot be read"),
        (["small.yaml", "--baseline", "none.json"], "none.json cannot be read"),
        (["small.yaml", "./small.yaml"], "called small"),
        (["small.yaml", "--squad", "x.json"], "not both"),
        (["--squad", "x.json"], "x.json cannot be read"),
        (["small.yaml", "--kind", "whole_article"], "No case of the sets has the kind"),
        (["small.yaml", "--save-baseline", "--case", "egg"], "needs all cases"),
        (["small.yaml", "--against", "ftp://here"], "is no address"),
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
    assert default_sets(settings) == list(BUNDLED_SETS)
    monkeypatch.setattr(
        "qa.evaluation.run.BUNDLED_SETS", (small_set,)
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
                quotes=(ExpectedQuote(text="leaves at noon"),),
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


def test_without_a_limit_or_a_baseline_it_says_that_nothing_was_gated(
    footnote: Footnote, small_set: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small_set.write_text(SET + IMPOSSIBLE.format(n=1), encoding="utf-8")
    assert footnote("check", small_set, "--case", "impossible-1") == 0
    assert "Nothing was gated" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--min-accepted", "0.7", "--min-refusal", "1"], 0),
        (["--min-accepted", "0.8"], 1),
        (["--min-accepted", "0.8", "--fail-on", "never"], 0),
    ],
)
def test_the_exit_code_is_that_of_the_limits_and_of_every_file(
    footnote: Footnote, small_set: Path, tmp_path: Path, options: list[str], code: int
) -> None:
    small_set.write_text(SET + IMPOSSIBLE.format(n=1), encoding="utf-8")  # 3 of 4 are right
    written = {name: tmp_path / f"out.{name}" for name in ("json", "junit", "html")}
    files = [part for name, path in written.items() for part in (f"--{name}", path)]
    assert footnote("check", small_set, *options, *files) == code
    verdict = read_report(written["json"]).verdict
    assert verdict is not None
    assert verdict.failed is bool(code)
    assert ("<failure" in written["junit"].read_text()) is bool(code)
    assert verdict.sentence in written["html"].read_text(encoding="utf-8")


def test_a_project_gates_with_its_own_sets_limits_and_cases_that_must_pass(
    footnote: Footnote, small_set: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(small_set.parent)
    table = "[tool.footnote.check]\nsets = ['small.yaml']\nmin-accepted = 0.75\n"
    Path("pyproject.toml").write_text(table, encoding="utf-8")
    small_set.write_text(SET + IMPOSSIBLE.format(n=1), encoding="utf-8")
    assert footnote("check") == 0
    assert footnote("check", "--min-accepted", "0.9") == 1
    small_set.write_text(SET + IMPOSSIBLE.format(n=1) + "    must_pass: true\n", encoding="utf-8")
    assert footnote("check") == 1
    small_set.write_text("limits: {min-accepted: 1}\n" + SET, encoding="utf-8")
    assert footnote("check") == 0


def test_some_cases_several_times_and_several_at_once(small_set: Path, settings: Settings) -> None:
    plain = check_sets([small_set], settings)
    plan = RunPlan(kinds=("number", "not_in_article"), repeat=3, concurrency=3)
    several = check_sets([small_set], settings, plan=plan)
    assert [result.case.id for result in several.results] == ["minutes", "egg"]
    for result in several.results:
        assert result.repeats is not None
        assert (result.repeats.times, result.repeats.right, result.repeats.answers) == (3, 3, 1)
        (same,) = (r for r in plain.results if r.case.id == result.case.id)
        assert result.answer.text == same.answer.text


def test_a_running_service_is_asked_and_left_as_it_was(small_set: Path, settings: Settings) -> None:
    key = "a-long-enough-key-1"
    keyed = settings.model_copy(update={"api_keys": (SecretStr(key),)})
    with open_library(keyed) as library:
        library.add(load_file(LICENSE, keyed))
        before = library.article_ids()
        with served(create_app(keyed, library)) as address:
            plan = RunPlan(against=address, key=key, concurrency=2)
            report = check_sets([small_set], settings, plan=plan)
            with pytest.raises(ServiceProblem, match=r"401 Unauthorized\. Give a key"):
                check_sets([small_set], settings, plan=RunPlan(against=address))
        assert library.article_ids() == before
    assert report.overall.accepted == 1
    assert report.overall.citation_recall == 1
    assert report.provenance is not None
    assert report.provenance.service == address
    with pytest.raises(ServiceProblem, match="cannot be asked"):
        check_sets([small_set], settings, plan=RunPlan(against=address))


def test_a_service_without_articles_is_asked_about_its_own(
    small_set: Path, settings: Settings
) -> None:
    """One that is not Footnote, and is busy at first."""
    answer = {
        "question": "?",
        "standalone_question": "?",
        "status": "not_in_article",
        "text": "The article does not say.",
        "short_answer": None,
        "confidence": 0.1,
        "citations": [],
        "passages": [],
        "answerer": "another",
        "latency_ms": {},
        "fingerprint": "",
    }
    asked = []

    async def reply(request: Request) -> JSONResponse:
        asked.append(request.url.path)
        if len(asked) == 1:
            return JSONResponse({}, 503, headers={"retry-after": "1"})
        return JSONResponse(answer)

    app = Starlette(routes=[Route("/v1/answer", reply, methods=["POST"])])
    with served(app) as address:
        report = check_sets([small_set], settings, plan=RunPlan(against=address))
        assert len(asked) == 4
        answer["status"] = "sometimes"
        with pytest.raises(ServiceProblem, match="not answer in the answer schema: status"):
            check_sets([small_set], settings, plan=RunPlan(against=address))
    assert [result.right for result in report.results] == [False, False, True]
    assert "takes no articles" in report.notes[0]


def test_runs_that_were_kept_are_shown(
    footnote: Footnote, small_set: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert footnote("check", "history") == 0
    assert "No run was kept" in capsys.readouterr().err
    for _ in range(2):
        assert footnote("check", small_set, "--case", "egg", "--record") == 0
    assert footnote("check", "history", "--html", tmp_path / "history.html") == 0
    assert "1.00 → 1.00" in capsys.readouterr().out
    assert "2 runs" in (tmp_path / "history.html").read_text(encoding="utf-8")
