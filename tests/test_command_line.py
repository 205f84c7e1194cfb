"""The commands in one process: what they print, and with which code they end."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index.library import open_library
from index.sample import add_sample
from index.settings import Settings
from ui.cli import app, run

FERRY = """\
# The ferry to Skarv

The ferry to Skarv leaves at noon. It carries 40 cars. On Sundays it does not sail.
"""

Footnote = Callable[..., int]


@pytest.fixture
def footnote(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Footnote:
    """The command line in this process, in a folder of its own: its arguments → its exit code."""
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "ferry.md").write_text(FERRY, encoding="utf-8")

    def call(*arguments: object, stdin: str = "") -> int:
        monkeypatch.setattr("sys.argv", ["footnote", *map(str, arguments)])
        typed = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
        monkeypatch.setattr("sys.stdin", typed)
        monkeypatch.delenv("FOOTNOTE_ENV_FILE", raising=False)
        with pytest.raises(SystemExit) as ended:
            run(app)
        return int(ended.value.code or 0)

    return call


Captured = pytest.CaptureFixture[str]


def test_the_version_is_told(footnote: Footnote, capsys: Captured) -> None:
    assert footnote("--version") == 0
    assert capsys.readouterr().out.startswith("footnote 0.")


def test_a_shell_is_told_how_to_complete(
    footnote: Footnote, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As asked from bash; the shell that runs the tests may be another, or none.
    monkeypatch.setattr("shellingham.detect_shell", lambda *_: ("bash", "/bin/bash"))
    assert footnote("--show-completion", "bash") == 0
    assert "_FOOTNOTE_COMPLETE" in capsys.readouterr().out


def test_a_quiet_question_prints_the_bare_answer(footnote: Footnote, capsys: Captured) -> None:
    assert footnote("ask", "-q", "How many cars does the ferry carry?", "ferry.md") == 0
    said = capsys.readouterr()
    assert said.out.strip() in ("40", "40 cars")
    assert said.err == ""


def test_question_and_article_can_come_from_standard_input(
    footnote: Footnote, capsys: Captured
) -> None:
    question = "How many cars does the ferry carry?"
    assert footnote("ask", "-", "ferry.md", "-q", stdin=question + "\n") == 0
    assert footnote("ask", question, "-", "-q", stdin=FERRY) == 0
    first, second = capsys.readouterr().out.split("\n")[:2]
    assert first == second
    assert footnote("ask", "-", "-") == 2
    assert "not both" in capsys.readouterr().err


def test_an_address_of_this_network_is_refused_in_a_sentence(
    footnote: Footnote, capsys: Captured
) -> None:
    assert footnote("ask", "Why?", "http://127.0.0.1:9/page.html") == 2
    assert "127.0.0.1" in capsys.readouterr().err


def test_one_article_of_the_library_is_asked_and_passages_are_counted(
    footnote: Footnote, settings: Settings, capsys: Captured
) -> None:
    with open_library(settings) as library:
        sample = add_sample(library, settings)
        assert add_sample(library, settings) is None  # it holds something now
    assert sample is not None
    assert footnote("add", "ferry.md") == 0
    ferry = capsys.readouterr().out.split()[0]
    question = "How many cars does the ferry carry?"
    assert footnote("ask", question, "--article", ferry, "--k", 1, "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert {p["article_id"] for p in answer["passages"]} == {ferry}
    assert len(answer["passages"]) == 1
    assert footnote("ask", question, "--article", sample.id) == 4
    assert footnote("ask", question, "--article", "0123456789abcdef") == 3
    capsys.readouterr()

    assert footnote("search", "sail on Sundays", "--article", ferry, "--json") == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert "On Sundays it does not sail." in found["text"]
    assert footnote("search", "sail on Sundays", "--k", 1) == 0
    assert "The ferry to Skarv, characters" in capsys.readouterr().out


def test_an_article_is_shown_with_a_quote_marked(
    footnote: Footnote, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert footnote("add", "ferry.md") == 0
    ferry = capsys.readouterr().out.split()[0]
    assert footnote("open", ferry, "--quote", "carries 40 cars") == 0
    assert "It »carries 40 cars«. On Sundays" in capsys.readouterr().out
    assert footnote("show", ferry) == 0
    start = capsys.readouterr().out.index("noon")
    assert footnote("open", ferry, "--place", start, start + 4) == 0
    assert "»noon«" in capsys.readouterr().out
    assert footnote("open", ferry, "--quote", "carries 50 cars") == 2
    assert footnote("open", ferry, "--place", 5, 100_000) == 2
    capsys.readouterr()

    monkeypatch.setenv("FORCE_COLOR", "1")
    assert footnote("open", ferry, "--quote", "noon") == 0
    assert "\x1b[7mnoon\x1b[0m" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    assert footnote("open", ferry, "--quote", "noon") == 0
    said = capsys.readouterr().out
    assert "»noon«" in said
    assert "\x1b" not in said


def test_a_conversation_understands_what_was_said_before(
    footnote: Footnote, capsys: Captured
) -> None:
    lines = "How many cars does the ferry to Skarv carry?\nWhen does it leave?\n\nNot asked?\n"
    assert footnote("chat", "ferry.md", stdin=lines) == 0
    said = capsys.readouterr().out
    assert "[1] “It carries 40 cars.”" in said
    assert "leaves at noon" in said
    assert "Not asked" not in said


def test_a_folder_cannot_name_a_chat_model_unasked(footnote: Footnote, capsys: Captured) -> None:
    Path(".env").write_text("FOOTNOTE_CHAT_MODEL=openai:gpt\n", encoding="utf-8")
    assert footnote("list") == 2
    said = capsys.readouterr().err
    assert "sets FOOTNOTE_CHAT_MODEL, which is not taken from a folder unasked" in said
    assert footnote("--env-file", ".env", "list") == 0
    assert footnote("--env-file", "none.env", "list") == 2
    assert "none.env is no file" in capsys.readouterr().err


def test_settings_come_from_the_environment_then_the_folder_then_the_user(
    footnote: Footnote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index.settings import read_settings, user_file

    assert user_file() == tmp_path / "config" / "footnote" / "footnote.env"
    user_file().parent.mkdir(parents=True)
    user_file().write_text(
        "FOOTNOTE_PASSAGES_READ=2\nFOOTNOTE_PORT=2\nFOOTNOTE_CHAT_RETRIES=2\n"
        "FOOTNOTE_CHAT_MODEL=ollama:own\n",
        encoding="utf-8",
    )
    Path(".env").write_text("FOOTNOTE_PASSAGES_READ=3\nFOOTNOTE_PORT=3\n", encoding="utf-8")
    monkeypatch.setenv("FOOTNOTE_PASSAGES_READ", "4")
    read = read_settings()
    assert (read.passages_read, read.port, read.chat_retries) == (4, 3, 2)
    assert read.chat_model == "ollama:own"
