"""Kept runs: what is kept, and how it is shown."""

import io
import subprocess
from pathlib import Path

import pytest
from rich.console import Console
from test_report import RESULTS

from index.errors import BadInput
from index.settings import Settings
from qa.evaluation.gate import gated
from qa.evaluation.history import read_history, record
from qa.evaluation.history_views import history_page, print_history
from qa.evaluation.limits import Limits
from qa.evaluation.provenance import provenance
from qa.evaluation.report import Report, make_report


def run(count: int = 5, **limits: float) -> Report:
    report = make_report(RESULTS[:count], made_with=provenance(Settings(passages_read=7)))
    verdict = gated(report, Limits.model_validate(limits), {}, None)
    return report.model_copy(update={"verdict": verdict})


def test_a_kept_run_is_read_again_with_its_figures_and_what_it_was_made_with(
    tmp_path: Path,
) -> None:
    path = tmp_path / "new" / "history.jsonl"
    record(run(), path)
    record(run(1, min_accepted=0.5), path)
    record(run(3, min_accepted=0.5), path)
    runs = read_history(path)
    assert [kept.overall.cases for kept in runs] == [5, 1, 3]
    assert [kept.failed for kept in runs] == [None, False, True]
    assert runs[0].provenance is not None
    assert runs[0].provenance.settings["passages_read"] == "7"
    assert "31 years" not in path.read_text(encoding="utf-8")  # figures, not answers
    assert read_history(path, ["another set"]) == []


def test_the_commit_and_whether_files_were_changed_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert provenance(Settings()).commit is None
    git = ["git", "-c", "user.name=Test", "-c", "user.email=test@example.org"]
    subprocess.run([*git, "init", "--quiet"], check=True)
    Path("file").write_text("1", encoding="utf-8")
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "--quiet", "--message", "Begin"], check=True)
    head = subprocess.check_output(["git", "rev-parse", "HEAD"], text=True)
    assert provenance(Settings()).commit == head[:12]
    Path("file").write_text("2", encoding="utf-8")
    assert provenance(Settings()).commit == head[:12] + "+"


def test_secrets_and_places_are_not_kept(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, chat_api_key="sk-very-secret", strict=False)
    assert provenance(settings).settings == {"strict": "False"}


def test_the_course_of_the_figures_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    for count in (5, 1):
        record(run(count), path)
    runs = read_history(path)
    shown = io.StringIO()
    print_history(runs, Console(file=shown, width=160))
    assert "▄█ 0.40 → 1.00" in shown.getvalue()
    page = history_page(runs)
    assert page.count("<svg") == 4
    assert "<script" not in page


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(BadInput, match="cannot be written"):
        record(run(), tmp_path / "file" / "history.jsonl")


def test_a_line_that_is_no_run_is_told(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    record(run(), path)
    path.write_text(path.read_text(encoding="utf-8") + "{}\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"history\.jsonl:2: "):
        read_history(path)
