"""The command line as a person meets it: separate processes, exit codes, one sentence on errors."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from scripted_model import Fails, Says, ScriptedModel

from index.sample import BUNDLED_ARTICLE
from index.settings import Settings
from qa.cli.doctor import findings


def footnote(*arguments: str, data: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("FOOTNOTE_")}
    return subprocess.run(
        [sys.executable, "-c", "from ui.cli import main; main()", *arguments],
        env=environment | {"FOOTNOTE_DATA_DIR": str(data)} | settings,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_a_first_question_is_answered_from_the_bundled_article(tmp_path: Path) -> None:
    done = footnote("ask", "How many articles has the draft treaty?", "--json", data=tmp_path)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["status"] == "answered"
    assert "8 articles" in answer["citations"][0]["quote"]
    assert "bundled article" in done.stderr


def test_a_refusal_has_its_own_exit_code(tmp_path: Path) -> None:
    done = footnote("ask", "How high is the Eiffel Tower?", str(BUNDLED_ARTICLE), data=tmp_path)
    assert done.returncode == 4
    assert "The article does not say." in done.stdout


def test_articles_are_added_once_listed_shown_and_removed(tmp_path: Path) -> None:
    file = tmp_path / "tin.md"
    file.write_text("# Tin\n\nTin is a soft metal.\n", encoding="utf-8")
    data = tmp_path / "data"
    added = footnote("add", str(file), data=data)
    again = footnote("add", str(file), data=data)
    assert "added: Tin" in added.stdout
    assert "already there: Tin" in again.stdout
    listed = json.loads(footnote("list", "--json", data=data).stdout)
    assert [row["title"] for row in listed] == ["Tin"]
    assert "Tin is a soft metal." in footnote("show", listed[0]["id"], data=data).stdout
    assert footnote("remove", listed[0]["id"], data=data).returncode == 0
    assert json.loads(footnote("list", "--json", data=data).stdout) == []


def test_a_port_that_is_taken_is_said_before_anything_is_loaded(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = footnote("serve", data=tmp_path, FOOTNOTE_PORT=port)
    assert done.returncode == 2
    assert f"127.0.0.1:{port} (Address already in use)" in done.stderr
    assert "FOOTNOTE_PORT" in done.stderr
    assert "Footnote is at" not in done.stderr
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["ask", "Why?", "no-such-file.md"], 2, "no-such-file.md"),
        (["show", "0000000000000000"], 3, "0000000000000000"),
        (["remove", "0000000000000000"], 3, "0000000000000000"),
    ],
)
def test_an_error_is_one_sentence_and_a_code(
    tmp_path: Path, arguments: list[str], code: int, says: str
) -> None:
    done = footnote(*arguments, data=tmp_path)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_doctor_names_versions_models_and_the_state_of_the_indexes(tmp_path: Path) -> None:
    footnote("add", str(BUNDLED_ARTICLE), data=tmp_path)
    report = footnote("doctor", data=tmp_path)
    assert report.returncode == 0, report.stdout
    for subject in ("chromadb", "embedding model", "answerer", "1 articles"):
        assert subject in report.stdout


@pytest.mark.parametrize(
    ("behaviour", "fine", "said"),
    [(Says("yes"), True, "answered after"), (Fails(401), False, "refused the key")],
)
def test_the_doctor_asks_the_chat_model_one_word(
    settings: Settings, behaviour: Says | Fails, fine: bool, said: str
) -> None:
    with ScriptedModel(behaviour) as model:
        found = list(findings(model.settings(settings, chat_retries=0)))
        (line,) = [finding for finding in found if finding.subject == "chat model"]
    assert len(model.requests) == 1
    assert line.fine is fine
    assert said in line.text
